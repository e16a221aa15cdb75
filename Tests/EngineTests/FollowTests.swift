import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// What can keep history from being carried out; that it is carried out as it was is for TwinTests.
@Suite struct FollowTests {
  /// An engine that followed a fixture up to its last command.
  private func follow(
    _ fixture: EngineFixture, _ capacities: LedgerCapacities = World.capacities,
    replacing: (Command) -> Command = { $0 }, changing: (Effect) -> Effect? = { $0 }
  ) -> (FollowedOrder?, FollowFault?) {
    var then = Engine(capacities: World.capacities)
    var now = Engine(capacities: capacities)
    var outcome = EffectBuffer()
    var recorded = EffectBuffer()
    var scratch = EffectBuffer()
    var followed: FollowedOrder?
    for (place, stamped) in fixture.commands.enumerated() {
      then.step(stamped, into: &outcome)
      let isLast = place == fixture.commands.count - 1
      recorded.removeAll()
      for index in 0..<outcome.count {
        let effect = isLast ? changing(outcome[index]) : outcome[index]
        if let effect { recorded.append(effect) }
      }
      var own = stamped
      own.command = replacing(stamped.command)
      do throws(FollowFault) {
        followed = try now.follow(own, recorded, into: &scratch)
      } catch {
        return (nil, error)
      }
    }
    return (followed, nil)
  }

  private func ordered() -> EngineFixture {
    let fixture = EngineFixture.trading()
    fixture.send(World.anna, World.rb2701, .buy, .open, 3, at: World.yuan(3_500))
    return fixture
  }

  @Test func bothVerdictsAreTold() {
    let (followed, fault) = follow(ordered())
    #expect(fault == nil)
    #expect(followed?.recorded == .taken(3) && followed?.verdict == .taken(3))
  }

  @Test func aChangedOutcomeIsNoticed() {
    let fixture = ordered()
    let empty = follow(fixture, changing: { _ in nil })
    #expect(empty.1 == .outcomeMissing)
    let elsewhere = follow(
      fixture,
      changing: { effect in
        guard case .sendOrder(var child) = effect else { return effect }
        child.fundAccount = FundAccountID(77)
        return .sendOrder(child)
      })
    #expect(elsewhere.1 == .outOfStep)
    let other = follow(
      fixture,
      changing: { effect in
        guard case .report(var report) = effect else { return effect }
        report.order = OrderID(raw: report.order.raw + 1)
        return .report(report)
      })
    #expect(other.1 == .outOfStep)
    let tooMany = follow(
      fixture,
      changing: { effect in
        guard case .sendOrder(var child) = effect else { return effect }
        child.lots = 4
        return .sendOrder(child)
      })
    #expect(tooMany.1 == .outOfStep)
  }

  @Test func smallerTablesAreNoticed() {
    let fixture = ordered()
    fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: World.yuan(3_500))
    var capacities = World.capacities
    capacities.orders = 1
    #expect(follow(fixture, capacities).1 == .noRoom)
    capacities = World.capacities
    capacities.children = 1
    #expect(follow(fixture, capacities).1 == .noRoom)
  }

  /// A mass cancel, followed by an engine that has a task in front of it: what left then leaves,
  /// and what was over is over, where nothing could leave too.
  @Test(arguments: [true, false])
  func aMassCancelIsOverWhenItWas(_ isLinked: Bool) throws {
    let fixture = EngineFixture.trading()
    let sent = fixture.send(World.anna, World.rb2701, .buy, .open, 3, at: World.yuan(3_500)).sent[0]
    fixture.accept(sent.child)
    if !isLinked {
      fixture.step(.counterLinkDown(CounterLinkDown(fundAccount: sent.fundAccount)))
      fixture.drain()
    }
    fixture.step(.timeReached)
    let place = fixture.commands.count - 1
    // In the same turn, so that the task in front has not had its own yet.
    let asked = fixture.step(
      .massCancel(
        MassCancel(
          session: SessionID(1), account: World.anna, requestID: ClOrdID("all")!,
          instrument: .none, side: .unknown)), at: fixture.time)
    #expect(asked.cancels.count == (isLinked ? 1 : 0))
    var then = Engine(capacities: World.capacities)
    var now = Engine(capacities: World.capacities)
    var outcome = EffectBuffer()
    var scratch = EffectBuffer()
    for (index, stamped) in fixture.commands.enumerated() {
      then.step(stamped, into: &outcome)
      var own = stamped
      if index == place {
        own.command = .setLineAction(
          SetLineAction(line: .riskDegree, level: .liquidate, action: .liquidate))
      }
      _ = try now.follow(own, outcome, into: &scratch)
    }
    #expect(now.hasWork && !then.hasWork)
    let number = now.ledger.childNumber(
      sent.child, day: now.market.tradingDay, shard: now.shard)
    try #require(number != 0)
    let child = now.ledger.child(number)
    #expect(child.pointee.cancelRequested && child.pointee.cancelRequestID == ClOrdID("all")!)
    #expect(now.ledger.isCancelSent(child: number) == isLinked)
    #expect(now.ledger.fundAccount(sent.fundAccount).pointee.waitingMessages == 0)
  }

  /// Five orders, each the largest there is, of a contract without margin: taken then. At ten times
  /// their value the fifth is beyond what an amount can be.
  @Test func anOrderBeyondTheRangeOfAmountsIsNotCarriedOut() {
    let fixture = EngineFixture.trading()
    let huge = InstrumentID(UInt32(World.instrumentCount))
    let price = Price(units: Ranges.priceMaximum)
    let free = RateSet(
      marginLong: TwoPartRate(), marginShort: TwoPartRate(), feeOpen: TwoPartRate(),
      feeClose: TwoPartRate(), feeCloseToday: TwoPartRate())
    fixture.step(
      .defineInstrument(
        DefineInstrument(
          code: InstrumentCode("huge")!, commodity: World.rb, deliveryYear: 2027, deliveryMonth: 9,
          lastTradingDay: .none, multiplier: 10, tick: World.yuan(1), minimumLimitLots: 1,
          maximumLimitLots: Ranges.orderLotsMaximum, minimumMarketLots: 0, maximumMarketLots: 0)))
    fixture.step(
      .setRates(
        SetRates(ownerKind: .platform, ownerID: 0, scope: .instrument(huge), rates: free)))
    fixture.step(
      .dayReference(
        DayReference(
          instrument: huge, preSettlement: price, preClose: .none, upperLimit: price,
          lowerLimit: World.yuan(1), openInterest: 0)))
    for setting in [AccountSetting.positionCap, .marginCap] {
      fixture.step(.setAccount(SetAccount(account: World.anna, setting: setting, value: .min)))
    }
    for _ in 0..<5 {
      let effects = fixture.send(
        World.anna, huge, .buy, .open, Ranges.orderLotsMaximum, at: price)
      #expect(effects.reports.first?.execType == .new, "\(effects)")
    }
    #expect(follow(fixture).1 == nil)
    let (_, fault) = follow(fixture) { command in
      guard case .setRates(var set) = command, set.scope == .instrument(huge) else {
        return command
      }
      set.rates.marginLong.byValue = Rate(units: Ranges.rateByValueMaximum)
      return .setRates(set)
    }
    guard case .beyondRange(let refusal)? = fault else {
      Issue.record("followed: \(String(describing: fault))")
      return
    }
    #expect(refusal.rule == .amountOverflow && refusal.limit == Ranges.marginMaximum)
  }
}
