import Domain
import Ledger
import MarketData

/// How far what a clause is held against may move before it can stand otherwise; `.max` = as far as
/// it likes.
public struct ClauseRoom: BitwiseCopyable {
  /// Of its figure, either way.
  public private(set) var figure = Int128.max
  /// Of what it is a percentage of, either way, while its figure moves as far as it may.
  public private(set) var base = Int128.max

  mutating func narrow(figure: Int128, base: Int128 = .max) {
    self.figure = min(self.figure, figure)
    self.base = min(self.base, base)
  }

  /// Its figure stands still, whatever prices do.
  mutating func holdFigure() { figure = .max }
}

/// Where a subject stands by a clause, and how far from standing otherwise.
public struct ClauseStanding: BitwiseCopyable {
  /// Which levels are passed (`ClauseState.reached`).
  public var reached: UInt8 = 0
  public var room = ClauseRoom()
}

extension SchemeCheck {
  /// Where a subject stands by a clause without an order; of a SINGLE clause, with one instrument.
  /// Shares of open interest and OVERNIGHT kinds say nothing of their room.
  public static func stands(
    _ clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund, _ instrument: InstrumentID,
    _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> ClauseStanding {
    var standing = ClauseStanding()
    guard !clause.pointee.kind.isOvernight else {
      standing.reached = reached(clause, fund, instrument, ledger, market)
      return standing
    }
    let reader = ClauseReader(clause: clause, fund: fund, order: nil)
    let reading = reader.read(instrument, ledger, market)
    for level in [LineLevel.warn, .liquidate] {
      let threshold = clause.pointee.level(level)
      if reader.isOver(reading.before, reading, threshold) {
        standing.reached |= ClauseState.bit(level)
      }
      reader.narrow(&standing.room, reading.before, threshold)
    }
    // A level of 0 on nothing held leaves no room; and nothing that a price could use up.
    if reading.before == 0, reader.isOfPrices, reader.holdsNothing(instrument, ledger) {
      standing.room.holdFigure()
    }
    return standing
  }
}

extension ClauseReader {
  /// Takes in how far a value is from passing a threshold, or from not passing it (`isOver`).
  func narrow(_ room: inout ClauseRoom, _ value: Int128, _ threshold: Int64) {
    guard threshold != .min, !measure.isShare else { return }
    let limit = Int128(scaled(threshold))
    guard isRatio else {
      return room.narrow(figure: value > limit ? value - limit - 1 : limit - value)
    }
    let base = fund.base(clause.pointee.basis)
    guard base > 0 else {
      // Whatever is above 0 is over, as long as the base is not.
      return room.narrow(figure: value > 0 ? value - 1 : -value, base: -base)
    }
    // Over = above 0: half of the way there, or back, is left to the figure, half to the base.
    let over = value * Int128(Rate.unitsPerOne) - limit * base
    let half = (over > 0 ? over - 1 : -over) / 2
    room.narrow(
      figure: half / Int128(Rate.unitsPerOne),
      base: limit == 0 ? base - 1 : min(half / limit, base - 1))
  }
}

extension SchemeFund {
  /// What a look at the subject's clauses is taken with.
  public var lookTerms: Schemes.LookTerms {
    Schemes.LookTerms(
      netValue: netValue, equity: equity, allowedLoss: allowedLoss, share: share, period: period)
  }
}
