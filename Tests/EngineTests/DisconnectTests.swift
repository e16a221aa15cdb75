import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// What becomes of orders when an account's last session is gone.
@Suite struct DisconnectTests {
  private static let price = World.yuan(3_500)

  /// anna may have two sessions and has one; her orders: opening 1, opening 2, closing 3.
  private static func fixture(
    _ orders: DisconnectCancel, graceSeconds: Int64 = 10
  ) -> EngineFixture {
    let fixture = EngineFixture.trading(before: [
      set(.sessions, 2), set(.cancelOnDisconnect, Int64(orders.rawValue)),
      set(.disconnectGraceSeconds, graceSeconds),
    ])
    fixture.hold(World.anna, World.rb2701, .long, 3, at: price)
    fixture.step(logon(1))
    fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    fixture.send(World.anna, World.rb2705, .sell, .open, 2, at: World.yuan(3_600))
    fixture.send(World.anna, World.rb2701, .sell, .closeToday, 3, at: World.yuan(3_510))
    fixture.send(World.amir, World.rb2701, .buy, .open, 4, at: price)
    return fixture
  }

  private static func set(_ setting: AccountSetting, _ value: Int64) -> Command {
    .setAccount(SetAccount(account: World.anna, setting: setting, value: value))
  }

  private static func logon(
    _ session: UInt64, _ account: OperationAccountID = World.anna, verified: Bool = true
  ) -> Command {
    .logon(
      Logon(
        session: SessionID(session), account: account, passwordVerified: verified,
        address: NetworkAddress(ipv4: 1), mac: .none, terminalName: FixedText(),
        terminalVersion: FixedText()))
  }

  private static func closed(
    _ session: UInt64, _ account: OperationAccountID = World.anna
  ) -> Command {
    .sessionClosed(SessionClosed(session: SessionID(session), account: account))
  }

  /// Lots of the orders whose children are asked to be cancelled.
  private static func cancelledLots(_ fixture: EngineFixture, _ effects: [Effect]) -> [Lots] {
    effects.cancels.map { fixture.child($0.child)?.lots ?? 0 }
  }

  @Test(
    arguments: [(.off, []), (.opening, [1, 2]), (.all, [1, 2, 3])] as [(DisconnectCancel, [Lots])])
  func ordersGoWhenTheGraceTimeIsOver(orders: DisconnectCancel, lots: [Lots]) {
    let fixture = Self.fixture(orders)
    #expect(fixture.step(Self.closed(1)).isEmpty)
    let end = fixture.time.adding(seconds: 10)
    #expect(fixture.nextDeadline == (orders == .off ? .never : end))
    #expect(fixture.step(.timeReached, at: end.adding(nanoseconds: -1)).isEmpty)
    #expect(!fixture.hasWork)
    fixture.step(.timeReached, at: end)
    let effects = fixture.drain().flatMap { $0 }
    #expect(Self.cancelledLots(fixture, effects) == lots)
    let notices = effects.notices(.disconnectCancel)
    #expect(notices.map(\.scopeID) == (orders == .off ? [] : [World.anna.raw]))
    #expect(notices.map(\.limit) == (orders == .off ? [] : [10]))
    #expect(fixture.nextDeadline == .never)
    // Once: nothing more comes of it.
    fixture.step(.timeReached, at: end.adding(seconds: 100))
    #expect(fixture.drain().isEmpty)
  }

  @Test func whoIsBackInTimeKeepsTheOrders() {
    let fixture = Self.fixture(.all)
    fixture.step(Self.closed(1))
    let end = fixture.time.adding(seconds: 10)
    // A logon that is refused is nobody's coming back.
    fixture.step(Self.logon(2, verified: false))
    #expect(fixture.nextDeadline == end)
    fixture.step(Self.logon(3), at: end.adding(nanoseconds: -1))
    #expect(fixture.nextDeadline == .never)
    fixture.step(.timeReached, at: end.adding(seconds: 1))
    #expect(fixture.drain().isEmpty)
    #expect(fixture.cancels.isEmpty)
    // The next loss has all of its time.
    fixture.step(Self.closed(3))
    #expect(fixture.nextDeadline == fixture.time.adding(seconds: 10))
  }

  @Test func onlyTheLastSessionCounts() {
    let fixture = Self.fixture(.all, graceSeconds: 0)
    fixture.step(Self.logon(2))
    #expect(fixture.step(Self.closed(1)).isEmpty)
    #expect(Self.cancelledLots(fixture, fixture.step(Self.closed(2))) == [1, 2, 3])
    #expect(!fixture.hasWork)
  }

  @Test func withoutGraceTheyGoInTheSameStep() {
    let fixture = Self.fixture(.opening, graceSeconds: 0)
    let effects = fixture.step(Self.closed(1))
    #expect(Self.cancelledLots(fixture, effects) == [1, 2])
    #expect(effects.notices(.disconnectCancel).count == 1)
    #expect(fixture.nextDeadline == .never)
  }

  /// A gateway that starts says of each account that nobody is there: those that waited wait anew,
  /// although their time is over by the clock.
  @Test func aNewRunBeginsTheTimeAnew() {
    let fixture = Self.fixture(.all)
    fixture.step(Self.closed(1))
    let late = fixture.time.adding(seconds: 3_600)
    fixture.step(Self.closed(0), at: late)
    fixture.drain()
    #expect(fixture.cancels.isEmpty)
    #expect(fixture.nextDeadline == late.adding(seconds: 10))
    fixture.step(.timeReached, at: late.adding(seconds: 10))
    fixture.drain()
    #expect(fixture.cancels.count == 3)
    // Of an account that does not wait it says nothing.
    fixture.step(Self.closed(0))
    fixture.step(Self.closed(0, World.amir))
    #expect(fixture.nextDeadline == .never)
  }

  @Test func switchedOffWhileItRunsItEndsNothing() {
    let fixture = Self.fixture(.all)
    fixture.step(Self.closed(1))
    fixture.step(Self.set(.cancelOnDisconnect, 0))
    #expect(fixture.nextDeadline == .never)
    fixture.step(Self.set(.cancelOnDisconnect, .min))
    #expect(fixture.step(Self.set(.cancelOnDisconnect, 3)).refusals.count == 1)
    #expect(fixture.step(Self.set(.disconnectGraceSeconds, 86_401)).refusals.count == 1)
  }

  /// A part whose link is down goes when the link is back.
  @Test func whatCannotBeAskedNowIsAskedLater() {
    let fixture = Self.fixture(.all, graceSeconds: 0)
    for sent in fixture.sent.suffix(4) { fixture.accept(sent.child) }
    let funds = Set(fixture.sent.suffix(4).map(\.fundAccount))
    for fund in funds { fixture.linkDown(fund) }
    fixture.drain()
    fixture.step(Self.closed(1))
    fixture.drain()
    #expect(fixture.cancels.isEmpty)
    for fund in funds { fixture.link(fund) }
    fixture.drain()
    #expect(fixture.cancels.count == 3)
  }

  /// 600 orders are more than a step does; who comes back in between comes too late, and orders
  /// that are sent then are not meant.
  @Test func manyOrdersGoInSlices() {
    let fixture = EngineFixture.trading(before: [
      Self.set(.cancelOnDisconnect, 2), Self.set(.disconnectGraceSeconds, 1),
    ])
    fixture.step(Self.logon(1))
    for _ in 0..<600 {
      fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: Self.price)
    }
    fixture.step(Self.closed(1))
    fixture.step(.timeReached, at: fixture.nextDeadline)
    let first = fixture.step(.continueWork)
    #expect((1...Engine.unitsPerStep).contains(first.cancels.count))
    fixture.step(Self.logon(2))
    fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: Self.price)
    for slice in fixture.drain() { #expect(slice.cancels.count <= Engine.unitsPerStep) }
    #expect(fixture.cancels.count == 600)
    #expect(Set(fixture.cancels.map(\.child.raw)).count == 600)
  }

  /// Accounts go in the order of their ends, each by its own time.
  @Test func eachAccountHasItsOwnTime() {
    let fixture = EngineFixture.trading(before: [
      Self.set(.cancelOnDisconnect, 2), Self.set(.disconnectGraceSeconds, 20),
      .setAccount(SetAccount(account: World.amir, setting: .cancelOnDisconnect, value: 2)),
      .setAccount(SetAccount(account: World.amir, setting: .disconnectGraceSeconds, value: 5)),
    ])
    for (session, account) in [(UInt64(1), World.anna), (2, World.amir)] {
      fixture.step(Self.logon(session, account))
      fixture.send(account, World.rb2701, .buy, .open, 1, at: Self.price)
    }
    fixture.step(Self.closed(1))
    let annasEnd = fixture.time.adding(seconds: 20)
    fixture.step(Self.closed(2, World.amir))
    let amirsEnd = fixture.time.adding(seconds: 5)
    for (end, next) in [(amirsEnd, annasEnd), (annasEnd, Timestamp.never)] {
      #expect(fixture.nextDeadline == end)
      fixture.step(.timeReached, at: end)
      fixture.drain()
      #expect(fixture.nextDeadline == next)
    }
    #expect(fixture.cancels.map(\.child) == [fixture.sent[1].child, fixture.sent[0].child])
  }

  @Test func theSameCommandsGiveTheSameState() {
    let fixture = Self.fixture(.opening)
    fixture.step(Self.closed(1))
    let waiting = fixture.stateHash
    fixture.step(.timeReached, at: fixture.nextDeadline)
    fixture.drain()
    let again = EngineFixture()
    for stamped in fixture.commands { again.step(stamped.command, at: stamped.time) }
    #expect(again.stateHash == fixture.stateHash)
    #expect(again.cancels == fixture.cancels)
    #expect(waiting != fixture.stateHash)
  }
}
