import Domain
import Storage

/// What an exchange allows a fund account in each of its instruments a day, and how much of it is
/// kept back (AMS manual, note 13). Unset = `Int64.min`.
public struct FundQuota: BitwiseCopyable {
  public static let exchangeCount = 6
  public var cancels: Int64
  /// Traded lots, opened and closed.
  public var lots: Int64
  public var cancelReserve: Int64
  public var lotsReserve: Int64

  public init(cancels: Int64, lots: Int64, cancelReserve: Int64 = 0, lotsReserve: Int64 = 0) {
    self.cancels = cancels
    self.lots = lots
    self.cancelReserve = cancelReserve
    self.lotsReserve = lotsReserve
  }
}

/// What a fund account did in an instrument today, and what still works there.
public struct FundActivity: Equatable, Sendable {
  public var cancels: Int64 = 0
  public var workingOrders: Int64 = 0
  public var tradedLots: Int64 = 0
  public var workingLots: Int64 = 0
}

extension Ledger {
  /// A fund account's quota at an exchange; nil when there is none.
  @inline(__always)
  public func quota(
    _ id: FundAccountID, _ fund: UnsafePointer<FundAccountRecord>, _ exchange: Exchange
  ) -> UnsafePointer<FundQuota>? {
    guard fund.pointee.quotaExchanges >> exchange.index & 1 == 1 else { return nil }
    return UnsafePointer(quotas.at(id.index * FundQuota.exchangeCount + exchange.index))
  }

  public mutating func setQuota(_ id: FundAccountID, _ exchange: Exchange, _ quota: FundQuota) {
    quotas.at(id.index * FundQuota.exchangeCount + exchange.index).pointee = quota
    let bit = UInt8(1) << exchange.index
    let fund = fundAccounts.at(id.raw)
    if quota.cancels == .min, quota.lots == .min {
      fund.pointee.quotaExchanges &= ~bit
    } else {
      fund.pointee.quotaExchanges |= bit
    }
  }

  /// Of a holder in an instrument, from its first record on, under every hedge flag.
  public func activity(ofHead head: UnsafePointer<PositionRecord>?) -> FundActivity {
    var activity = FundActivity()
    activity.cancels = Int64(head?.pointee.cancels ?? 0)
    var next = head
    while let record = next {
      add(record.pointee.long, to: &activity)
      add(record.pointee.short, to: &activity)
      activity.tradedLots += record.pointee.overClosed
      next = record.pointee.sibling == 0 ? nil : position(record.pointee.sibling)
    }
    return activity
  }

  private func add(_ side: PositionSideRecord, to activity: inout FundActivity) {
    activity.workingOrders += Int64(side.workingOrders)
    activity.workingLots += Int64(side.workingOpen) + Int64(side.frozen)
    activity.tradedLots += Int64(side.openedToday) + Int64(side.closedToday)
  }

  /// Lots opened today and working to open in an instrument, both sides and every hedge flag.
  public func openedLots(ofHead head: UnsafePointer<PositionRecord>?) -> Int64 {
    var total: Int64 = 0
    var next = head
    while let record = next {
      total += Int64(record.pointee.long.openedToday) + Int64(record.pointee.long.workingOpen)
      total += Int64(record.pointee.short.openedToday) + Int64(record.pointee.short.workingOpen)
      next = record.pointee.sibling == 0 ? nil : position(record.pointee.sibling)
    }
    return total
  }

  /// The same in a commodity.
  public func openedLots(of figures: UnsafePointer<CommodityFigures>) -> Int64 {
    let working = sideLots(of: figures, hedge: .unknown, held: false)
    return Int64(figures.pointee.openedToday) + working.long + working.short
  }
}
