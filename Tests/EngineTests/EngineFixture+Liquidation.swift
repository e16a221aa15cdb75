import Domain
import Engine
import Ledger
import Messages

// What controllers ask for, and what comes of it.
extension EngineFixture {
  @discardableResult func force(
    _ account: OperationAccountID, _ instrument: InstrumentID = .none,
    _ extent: LiquidationExtent = .all
  ) -> [Effect] {
    step(
      .forceLiquidate(
        ForceLiquidate(
          who: Name("wei")!, account: account, product: .none, instrument: instrument,
          side: .unknown, hedge: .unknown, extent: extent)))
  }

  @discardableResult func stop(_ account: OperationAccountID) -> [Effect] {
    step(
      .stopLiquidation(
        StopLiquidation(who: Name("wei")!, account: account, product: .none)))
  }

  /// A daily-loss line, in yuan.
  @discardableResult func setLine(
    _ account: OperationAccountID, warn: Int64, liquidate: Int64
  ) -> [Effect] {
    step(
      .setAccountLine(
        SetAccountLine(
          account: account, line: .dailyLoss, basis: .unknown, mode: .unknown,
          warn: warn * Money.unitsPerYuan, liquidate: liquidate * Money.unitsPerYuan)))
  }

  /// The best prices, in yuan; the last price stays.
  func quote(_ instrument: InstrumentID, bid: Int64?, ask: Int64?) {
    func price(_ yuan: Int64?) -> Price { yuan.map { World.yuan($0) } ?? .none }
    step(
      .tick(
        Tick(
          instrument: instrument, last: .none, bid: price(bid), bidLots: 1, ask: price(ask),
          askLots: 1, upperLimit: .none, lowerLimit: .none, preSettlement: .none, volume: 0,
          openInterest: 0, exchangeTime: time)))
  }

  /// Why an opening order of one lot is refused; nil when it is not.
  func refusal(_ account: OperationAccountID) -> RuleID? {
    let order = newOrder(
      account, World.rb2701, .buy, .open, 1, at: World.yuan(3_400))
    if case .refused(let refusal) = explain(order).verdict { return refusal.rule }
    return nil
  }

  /// Lets time pass: timers fire when they are due, and what waits is worked off. What that did is
  /// in `passed`.
  func pass(seconds: Int64) {
    passed = []
    let end = time.adding(seconds: seconds)
    while engine.nextDeadline <= end {
      passed += step(.timeReached, at: max(engine.nextDeadline, time))
      passed += drain().joined()
    }
    passed += step(.timeReached, at: max(end, time))
    passed += drain().joined()
  }

  /// Anna and Amir have so many lots of rebar each, at a price, a second after all is set.
  func holdEqually(_ lots: Lots, platform: Int64?, _ set: () -> Void) {
    let price = World.yuan(3_500)
    tick(World.rb2701, price)
    quote(World.rb2701, bid: 3_499, ask: 3_501)
    set()
    if let platform {
      step(.setPlatform(SetPlatform(setting: .schemeLiquidation, value: platform)))
    }
    hold(World.anna, World.rb2701, .long, lots, at: price)
    hold(World.amir, World.rb2701, .long, lots, at: price)
    pass(seconds: 1)
  }

  /// Level two of the clause on rb's lots falls, maybe to what is there.
  @discardableResult func lowerLevel(to lots: Int64) -> [Effect] {
    let clause = SchemeTests.clause(.totalPositionLots, .commodity, World.rb.raw, two: lots)
    let effects = step(.setSchemeClause(clause)) + drain().joined()
    passed = []
    pass(seconds: 1)
    return effects + passed
  }

  var commandCount: Int { commands.count }

  func cancels(of account: OperationAccountID, _ instrument: InstrumentID) -> Int32 {
    let number = engine.ledger.firstPosition(engine.ledger.holder(of: account), instrument)
    return number == 0 ? 0 : engine.ledger.position(number).pointee.cancels
  }
}

extension [Effect] {
  var liquidations: [LiquidationProgress] {
    compactMap { if case .liquidationProgress(let progress) = $0 { progress } else { nil } }
  }
}
