import Domain
import Exchange

/// What a recording of ticks is about, from its first tick.
public struct RecordingFacts: Equatable, Sendable {
  public var instrument: InstrumentCode
  public var tradingDate: CalendarDate

  /// Nil when there is no such file, or no tick in it.
  public init?(path: String) {
    guard let tick = TickFile(path, TickFileReader.Options()).next() else { return nil }
    instrument = tick.instrument
    tradingDate = tick.tradingDate
  }
}
