import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// Tasks that take more than a step, followed by an engine whose queue is another: what history
/// shows is carried out when it shows it, the rest with the turn it was asked for in.
@Suite struct FollowWorkTests {
  private let anna = World.anna
  private let north1 = World.north1
  private let price = World.yuan(3_500)

  /// The engine that made history, and one that follows it under other settings.
  private final class Pair {
    var then: Engine
    var now: Engine
    private var outcome = EffectBuffer()
    private var scratch = EffectBuffer()

    init(_ capacities: LedgerCapacities = World.capacities) {
      then = Engine(capacities: capacities)
      now = Engine(capacities: capacities)
    }

    /// - Parameter others: what the second one is told in place of a command, by its place.
    func follow(_ fixture: EngineFixture, _ others: [Int: Command] = [:]) throws {
      for (place, stamped) in fixture.commands.enumerated() {
        then.step(stamped, into: &outcome)
        var own = stamped
        own.command = others[place] ?? stamped.command
        _ = try now.follow(own, outcome, into: &scratch)
        let isReady = (then.isReady, now.isReady)
        #expect(isReady.0 == isReady.1, "\(stamped)")
      }
    }

    func child(_ id: OrderID) -> ChildRecord? {
      let number = now.ledger.childNumber(id, day: now.market.tradingDay, shard: now.shard)
      return number == 0 ? nil : now.ledger.child(number).pointee
    }

    func cancels(_ account: OperationAccountID, _ id: InstrumentID) -> (then: Int32, now: Int32) {
      let number = then.ledger.firstPosition(then.ledger.holder(of: account), id)
      let other = now.ledger.firstPosition(now.ledger.holder(of: account), id)
      return (
        number == 0 ? 0 : then.ledger.position(number).pointee.cancels,
        other == 0 ? 0 : now.ledger.position(other).pointee.cancels
      )
    }
  }

  /// Has everybody looked at, as a task.
  private static let lookAtAll = Command.setLineAction(
    SetLineAction(line: .riskDegree, level: .liquidate, action: .liquidate))

  private static let kill = Command.killSwitch(
    KillSwitch(
      request: ControllerTests.request(), scopeKind: .operationAccount, scopeID: World.anna.raw,
      isOn: true))

  /// Anna has an order at work, and its link is down. The place of the command behind, in whose
  /// stead another engine begins a task.
  private func cutOff() -> (fixture: EngineFixture, sent: SendOrder, place: Int) {
    let fixture = EngineFixture.trading(before: ControllerTests.controllers)
    let sent = fixture.send(anna, World.rb2701, .buy, .open, 3, at: price).sent[0]
    fixture.accept(sent.child)
    fixture.linkDown(north1)
    fixture.drain()
    fixture.step(.timeReached)
    return (fixture, sent, fixture.commands.count - 1)
  }

  /// A kill switch asked for the cancel while its link was down, so that nothing left; the counter
  /// had cancelled the order meanwhile. It is a cancel that somebody here had asked for.
  @Test func aKillSwitchIsOverWithItsTurnThoughNothingShowsIt() throws {
    let (fixture, sent, place) = cutOff()
    #expect(fixture.step(Self.kill).cancels.isEmpty)
    fixture.linkUp(north1)
    fixture.confirmCancel(sent.child)
    #expect(!fixture.hasWork)
    let pair = Pair()
    try pair.follow(fixture, [place: Self.lookAtAll])
    #expect(pair.cancels(anna, World.rb2701) == (1, 1))
  }

  /// The same of the end of a session, whose task has no end to be seen either.
  @Test func soAreTheOrdersOfALostSession() throws {
    let fixture = EngineFixture.trading(before: [
      .setAccount(
        SetAccount(
          account: anna, setting: .cancelOnDisconnect,
          value: Int64(DisconnectCancel.all.rawValue))),
      .setAccount(SetAccount(account: anna, setting: .disconnectGraceSeconds, value: 0)),
    ])
    fixture.step(
      .logon(
        Logon(
          session: SessionID(7), account: anna, passwordVerified: true,
          address: NetworkAddress(ipv4: 1), mac: .none, terminalName: FixedText(),
          terminalVersion: FixedText())))
    let sent = fixture.send(anna, World.rb2701, .buy, .open, 3, at: price).sent[0]
    fixture.accept(sent.child)
    fixture.linkDown(north1)
    fixture.drain()
    fixture.step(.timeReached)
    let place = fixture.commands.count - 1
    let told = fixture.step(
      .sessionClosed(SessionClosed(session: SessionID(7), account: anna)))
    #expect(told.notices(.disconnectCancel).count == 1)
    fixture.linkUp(north1)
    fixture.confirmCancel(sent.child)
    let pair = Pair()
    try pair.follow(fixture, [place: Self.lookAtAll])
    #expect(pair.cancels(anna, World.rb2701) == (1, 1))
  }

  /// The link came back, the cancel left and was refused: who comes to the kill switch only then
  /// asks for it anew, and waits for ever.
  @Test func aCancelThatWasRefusedIsNotAskedForAnew() throws {
    let (fixture, sent, place) = cutOff()
    fixture.step(Self.kill)
    fixture.linkUp(north1)
    fixture.resynced(north1)
    #expect(fixture.cancels.map(\.child) == [sent.child])
    fixture.rejectCancel(sent.child)
    for _ in 0..<3 { fixture.step(.continueWork) }
    let pair = Pair()
    try pair.follow(fixture, [place: Self.lookAtAll])
    #expect(pair.child(sent.child)?.cancelRequested == false)
    #expect(pair.now.ledger.fundAccount(north1).pointee.waitingMessages == 0)
  }

  /// What this engine alone has to look at is done, though history has no slice for it.
  @Test func looksOfItsOwnDoNotWaitForEver() throws {
    let fixture = EngineFixture.trading()
    for _ in 0..<3 { fixture.step(.timeReached) }
    let pair = Pair()
    try pair.follow(fixture, [fixture.commands.count - 3: Self.lookAtAll])
    let hasWork = pair.now.hasWork
    #expect(!hasWork)
  }

  /// More accounts than a step has units: who has them looked at in front of the day's expiry needs
  /// more slices than who has not. The day begins in the same step for both, whichever has more to
  /// do.
  @Test(arguments: [true, false])
  func aDayBeginsWhenItDid(_ isSlower: Bool) throws {
    var capacities = World.capacities
    capacities.operationAccounts = 400
    let many = (0..<380).map { index in
      Command.defineOperationAccount(
        DefineOperationAccount(name: Name("account-\(index)")!, product: World.beta))
    }
    let fixture = EngineFixture.trading(before: many, capacities: capacities)
    let sent = fixture.send(anna, World.rb2701, .buy, .open, 3, at: price).sent[0]
    fixture.accept(sent.child)
    let time = fixture.time.adding(seconds: 24 * 3600)
    fixture.step(isSlower ? .timeReached : Self.lookAtAll, at: time)
    let place = fixture.commands.count - 1
    fixture.beginDay(World.tuesday, nightDate: 0, at: time)
    fixture.send(anna, World.rb2701, .buy, .open, 1, at: price)
    let pair = Pair(capacities)
    try pair.follow(fixture, [place: isSlower ? Self.lookAtAll : .timeReached])
    let day = pair.now.market.tradingDay
    #expect(day == World.tuesday)
    let holder = pair.now.ledger.holder(pair.now.ledger.holder(of: anna)).pointee
    #expect(holder.workingOrders == 1)
  }

  /// A forced order has to wait behind others, and its turn comes in the step that sent it.
  @Test func aForcedOrderThatWaitsAndLeavesInOneStepIsFollowed() throws {
    let fixture = EngineFixture.trading()
    fixture.tick(World.rb2701, price)
    fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
    fixture.hold(anna, World.rb2701, .long, 10, at: price)
    fixture.hold(World.amir, World.rb2701, .long, 5, at: price)
    fixture.set(north1, .messageQuota, 2)
    func close() -> [Effect] {
      fixture.send(anna, World.rb2701, .sell, .closeToday, 1, at: World.yuan(3_510))
    }
    #expect(close().sent.count == 1)
    #expect(close().sent.count == 1)
    #expect(close().waits.count == 1)
    fixture.force(World.amir)
    fixture.step(.timeReached, at: fixture.time.adding(seconds: 1))
    let effects = fixture.step(.continueWork)
    let waiting = try #require(effects.waits.first)
    #expect(effects.waits.count == 1)
    #expect(effects.sent.map(\.child).contains(waiting.child))
    let pair = Pair()
    try pair.follow(fixture)
    #expect(pair.child(waiting.child)?.state == .sent)
    #expect(pair.now.ledger.fundAccount(north1).pointee.waitingMessages == 0)
  }
}
