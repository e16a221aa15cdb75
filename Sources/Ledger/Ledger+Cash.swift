import Domain
import MarketData
import Storage

// Money that comes and goes, and what is there when an engine starts.
extension Ledger {
  /// Books a confirmed cash movement. Nil when done; else the available amount that was not
  /// enough (decisions 6).
  ///
  /// - Parameter isDone: it has been moved already, whatever was available.
  public mutating func moveCash(
    _ account: OperationAccountID, allowedLoss: Money, notToLose: Money, isDone: Bool = false
  ) -> Money? {
    let record = holders.at(holder(of: account).raw)
    let total = allowedLoss + notToLose
    if !isDone, total.units < 0, -total > record.pointee.available {
      return record.pointee.available
    }
    let isFirst =
      record.pointee.netDepositsEver.units == 0
      && record.pointee.openingEquity.units == 0
    if isFirst {
      // A first day's first cash is its opening equity (decisions 1).
      record.pointee.openingEquity += total
    } else {
      record.pointee.netCash += total
    }
    record.pointee.netDepositsEver += total
    record.pointee.allowedLossEver += allowedLoss
    lineRecords.at(account.raw).pointee.highEquity += total
    shiftNetValue(holder(of: account), by: total)
    disturb(holder(of: account))
    return nil
  }

  /// Sets the closing equity of the last settlement (genesis).
  public mutating func setOpeningBalance(
    _ holder: HolderID, allowedLoss: Money, notToLose: Money
  ) {
    let record = holders.at(holder.raw)
    if let account = operationAccount(holder) {
      let before = record.pointee.openingEquity
      lineRecords.at(account.raw).pointee.highEquity += allowedLoss + notToLose - before
    }
    disturb(holder)
    record.pointee.openingEquity = allowedLoss + notToLose
    record.pointee.netDepositsEver = allowedLoss + notToLose
    record.pointee.allowedLossEver = allowedLoss
  }

  /// What a genesis position is made of.
  public struct OpeningPosition: BitwiseCopyable {
    public var side: PositionSide
    public var hedge: HedgeFlag
    public var lots: Lots
    public var openPrice: Price
    public var markPrice: Price
    public var openDay: UInt32

    public init(
      side: PositionSide, hedge: HedgeFlag, lots: Lots, openPrice: Price, markPrice: Price,
      openDay: UInt32
    ) {
      self.side = side
      self.hedge = hedge
      self.lots = lots
      self.openPrice = openPrice
      self.markPrice = markPrice
      self.openDay = openDay
    }
  }

  /// Adds lots held since before the first day. False when there is no room, or when lots of the
  /// same side are marked from another price.
  public mutating func addOpeningPosition(
    _ holder: HolderID, _ instrumentID: InstrumentID,
    _ instrument: UnsafePointer<InstrumentRecord>, _ opening: OpeningPosition
  ) -> Bool {
    let record = holders.at(holder.raw)
    guard freeLots > 0,
      hasRoomForPosition(
        holder, instrumentID, instrument.pointee.commodity, opening.hedge),
      record.pointee.rangeLots + opening.lots <= Ranges.holderLotsMaximum,
      let number = ensurePosition(
        holder, instrumentID, instrument.pointee.commodity, opening.hedge,
        yesterdayMark: opening.markPrice)
    else { return false }
    let position = mutablePosition(number)
    let side = sidePointer(position, opening.side)
    let cost = costPointer(position, opening.side)
    if side.pointee.yesterday > 0, cost.pointee.yesterdayMark != opening.markPrice {
      return false
    }
    cost.pointee.yesterdayMark = opening.markPrice
    addYesterday(side, cost, price: opening.openPrice, lots: opening.lots, day: opening.openDay)
    if record.pointee.isInSchemes {
      countScheme(
        fill: number, instrument, opening.side, lots: opening.lots, traded: 0, result: .zero)
    }
    record.pointee.heldLots += opening.lots
    record.pointee.rangeLots += opening.lots
    withFigures(mutableFigures(position.pointee.figures), opening.hedge) { flags in
      if opening.side == .long {
        flags.pointee.heldLong += opening.lots
      } else {
        flags.pointee.heldShort += opening.lots
      }
    }
    remargin(number, instrument)
    mark(number, at: instrument.pointee.mark, multiplier: instrument.pointee.multiplier)
    return true
  }

  /// Takes what a counter says a fund account owns: equity follows it, and what its available is
  /// short of ours by is kept apart, over the day switch too, until the counter says otherwise.
  ///
  /// What went in or out at the counter since its last word is cash of today. Nobody splits it: it
  /// counts to the max allowed loss (rules.md 3a). So does what an account without money is found
  /// to have; that is its opening equity (decisions 1).
  ///
  /// - Parameter netCash: cash in less cash out of this trading day; `.none` = it was not told.
  /// - Returns: by how much equity differed besides.
  public mutating func setCounterFunds(
    _ fundAccount: FundAccountID, equity: Money, available: Money, netCash: Money = .none
  ) -> Money {
    let record = holders.at(holder(of: fundAccount).raw)
    let before = record.pointee.equity
    bookCounterCash(fundAccount, netCash)
    let difference = equity - record.pointee.equity
    if record.pointee.netDepositsEver == .zero, record.pointee.openingEquity == .zero {
      countDeposit(record, difference)
    }
    record.pointee.openingEquity += difference
    shiftNetValue(holder(of: fundAccount), by: equity - before)
    record.pointee.availableAdjustment = .zero
    record.pointee.availableAdjustment = min(available - record.pointee.available, .zero)
    return difference
  }

  /// Cash that moved at the counter since it told its cash of the day before. Its first word ever
  /// says what is in the opening state already.
  private mutating func bookCounterCash(_ fundAccount: FundAccountID, _ netCash: Money) {
    guard !netCash.isNone else { return }
    let fund = fundAccounts.at(fundAccount.raw)
    let moved = netCash - fund.pointee.counterCash
    let isKnown = fund.pointee.knowsCounterCash
    fund.pointee.knowsCounterCash = true
    fund.pointee.counterCash = netCash
    let record = holders.at(holder(of: fundAccount).raw)
    guard isKnown, abs((record.pointee.netDeposits + moved).units) <= Ranges.cashMaximum,
      countDeposit(record, moved)
    else { return }
    record.pointee.netCash += moved
  }

  /// False, and nothing counted, beyond what a holder can have had in all.
  @discardableResult
  private func countDeposit(_ record: UnsafeMutablePointer<HolderRecord>, _ amount: Money) -> Bool {
    let deposits = record.pointee.netDepositsEver + amount
    let allowed = record.pointee.allowedLossEver + amount
    guard max(abs(deposits.units), abs(allowed.units)) <= Ranges.cashMaximum else { return false }
    record.pointee.netDepositsEver = deposits
    record.pointee.allowedLossEver = allowed
    return true
  }

  /// Something passed its proven range at a holder: it may only close until an operator looks.
  public mutating func barByOverflow(_ holder: HolderID) {
    holders.at(holder.raw).pointee.barredByOverflow = 1
  }
}
