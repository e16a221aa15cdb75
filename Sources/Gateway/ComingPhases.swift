import Domain
import Messages
import Storage

/// The newest phase of each instrument that a counter told of a trading day still to come.
struct ComingPhases: ~Copyable {
  struct Row: BitwiseCopyable {
    /// 0 = nothing was told.
    var day: UInt32
    var phase: TradingPhase
  }

  private let rows: Table<Row>
  /// The next one to look at since the day began.
  private var next: Int

  init(instruments: Int) {
    rows = Table(capacity: instruments)
    next = instruments
  }

  mutating func keep(_ instrument: InstrumentID, _ phase: TradingPhase, of day: TradingDay) {
    rows.at(instrument.raw).pointee = Row(day: day.yyyymmdd, phase: phase)
  }

  /// A trading day has begun: `take` gives what was told of it.
  mutating func dayStarted() { next = 0 }

  /// Whether `take` has given everything since the day began.
  var isTaken: Bool { next == rows.capacity }

  /// The next instrument whose phase was told of the day; nil when that was all.
  mutating func take(of day: TradingDay) -> (instrument: InstrumentID, phase: TradingPhase)? {
    while next < rows.capacity {
      let row = rows.at(next)
      next += 1
      guard row.pointee.day == day.yyyymmdd else { continue }
      row.pointee.day = 0
      return (InstrumentID(UInt32(next - 1)), row.pointee.phase)
    }
    return nil
  }
}
