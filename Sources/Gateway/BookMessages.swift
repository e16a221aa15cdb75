import Domain
import Engine
import Ledger
import MarketData
import Wire

/// What the books say of an account, as messages.
public enum BookMessages {
  /// One side of a position; `number` is its record's.
  public static func position(
    _ number: UInt32, _ side: PositionSide, _ account: Name, _ names: borrowing Names,
    _ engine: borrowing Engine, at time: Timestamp
  ) -> OrderEntry.PositionUpdate {
    let position = engine.ledger.position(number)
    let lots = position.pointee.side(side)
    let cost = position.pointee.cost(side)
    let instrument = engine.market.instrument(position.pointee.instrument)
    let multiplier = instrument.pointee.multiplier
    // At the price of the holder's own figures, so that positions add up to funds; without a price
    // nothing was gained or lost, and with an option neither: it was paid for in cash.
    let mark = position.pointee.markedAt
    let isOption = position.pointee.isOption
    let value = mark.isNone ? 0 : Int64(lots.held) * mark.units
    let gain = mark.isNone || isOption ? 0 : value - cost.markBasis
    // Where closing does not tell today's lots apart, it takes the oldest first.
    let frozenYesterday = min(lots.frozen - lots.frozenToday, lots.yesterday)
    return OrderEntry.PositionUpdate(
      account: account, instrument: names.instruments.name(position.pointee.instrument.raw),
      exchange: instrument.pointee.exchange, side: side, hedge: position.pointee.hedge,
      todayLots: lots.today, yesterdayLots: lots.yesterday,
      frozenTodayLots: lots.frozen - frozenYesterday, frozenYesterdayLots: frozenYesterday,
      workingOpenLots: lots.workingOpen, openCost: Money(units: cost.openBasis * multiplier),
      positionCost: Money(units: cost.markBasis * multiplier), margin: lots.margin,
      positionProfit: Money(units: side.sign * gain * multiplier),
      tradingDay: engine.market.tradingDay, time: time, openedLots: lots.openedToday,
      closedLots: lots.closedToday, frozenMargin: lots.frozenMargin, markPrice: mark,
      optionValue: isOption ? Money(units: side.sign * value * multiplier) : .none)
  }

  public static func account(
    _ holder: HolderID, _ account: Name, _ engine: borrowing Engine, at time: Timestamp
  ) -> OrderEntry.AccountUpdate {
    let money = engine.ledger.holder(holder)
    return OrderEntry.AccountUpdate(
      account: account, tradingDay: engine.market.tradingDay, time: time,
      openingEquity: money.pointee.openingEquity, netCash: money.pointee.netCash,
      balance: money.pointee.equity - money.pointee.positionProfit,
      equity: money.pointee.equity, available: money.pointee.available,
      margin: money.pointee.margin, frozenMargin: money.pointee.frozenMargin,
      frozenFee: money.pointee.frozenFees, closeProfit: money.pointee.closeProfit,
      positionProfit: money.pointee.positionProfit, fees: money.pointee.fees,
      premium: money.pointee.premium, frozenPremium: money.pointee.frozenPremium,
      marketEquity: money.pointee.marketEquity)
  }
}
