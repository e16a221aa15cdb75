import Domain
import Wire

/// Lots of one instrument that an account opened and has not closed yet, as its reports tell.
public struct DayHolding: Equatable, Sendable {
  public private(set) var long: Int64 = 0
  public private(set) var short: Int64 = 0

  public init() {}

  /// Takes in a report of a fill.
  public mutating func note(_ report: OrderEntry.ExecutionReport) {
    let lots = Int64(report.lastLots)
    switch (report.side, report.offset) {
    case (.buy, .open): long += lots
    case (.sell, .open): short += lots
    case (.buy, _): short -= lots
    case (.sell, _): long -= lots
    case (.unknown, _): break
    }
  }
}
