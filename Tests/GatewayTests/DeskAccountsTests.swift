import Client
import Domain
import Engine
import Follower
import Ledger
import Messages
import Testing
import Wire

@testable import Gateway

/// Controllers' pictures of accounts: whole at first, then what changed, and only what is theirs.
@Suite struct DeskAccountsTests {
  // MARK: Whole, then what changed

  @Test func aPictureIsWholeThenOnlyWhatChangedNoMoreOftenThanAsked() throws {
    var desk = try FollowedDesk.watched()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.all, from: chief)
    let first = Rows(desk.drawn(chief))
    #expect(first.begins.map(\.picture) == [1])
    #expect(first.begins.first?.tradingDay == SmallHouse.day)
    #expect(first.accounts.map { $0.account.string } == ["alice", "bob"])
    #expect(first.products.map { $0.product.string } == ["product-1"])
    #expect(first.funds.map { $0.fundAccount.string } == ["fund-1", "fund-2"])
    #expect(first.links.map(\.state) == [.up, .up])
    // The platform's floor holds for everybody.
    #expect(first.lines.map(\.rule) == [RuleID.riskDegree.rawValue, RuleID.riskDegree.rawValue])
    #expect(first.positions.isEmpty && first.orders.isEmpty)
    #expect(first.completes.map(\.rows) == [UInt32(first.count)])
    #expect(first.completes.first?.sequence == desk.desk.gateway.sequencer.engine.sequence)

    desk.trade(GatewayDesk.order("a-1", lots: 1), filled: 1, from: desk.alice)
    #expect(Rows(desk.drawn(chief, after: 99)).count == 0)
    let second = Rows(desk.drawn(chief, after: 1))
    #expect(second.begins.isEmpty)
    #expect(second.accounts.map { $0.account.string } == ["alice"])
    #expect(second.positions.map(\.todayLots) == [1])
    #expect(second.funds.map { $0.fundAccount.string } == ["fund-1"])
    #expect(second.products.count == 1)
    #expect(second.links.isEmpty)
    #expect(second.completes.map(\.rows) == [UInt32(second.count)])
    #expect(desk.drawn(chief, after: 1_000).isEmpty)
  }

  /// What changed twice in between is told once, as it is; the last state is never missing.
  @Test func whatChangedTwiceIsToldOnceAsItIs() throws {
    var desk = try FollowedDesk.watched()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe([.accounts, .positions], from: chief)
    _ = desk.drawn(chief)
    for id in ["a-1", "a-2", "a-3"] {
      desk.trade(GatewayDesk.order(id, lots: 1), filled: 1, from: desk.alice)
    }
    let rows = Rows(desk.drawn(chief, after: 100))
    #expect(rows.positions.map(\.todayLots) == [3])
    #expect(rows.accounts.map(\.margin) == [Money(yuan: 10_500)])
    #expect(rows.count == 2)
  }

  @Test func whatIsGoneIsToldAsGone() throws {
    var desk = try FollowedDesk.watched()
    let chief = try desk.logOnDesk("chief")
    desk.trade(GatewayDesk.order("a-1", lots: 2), filled: 1, from: desk.alice)
    desk.subscribe([.positions, .orders], from: chief)
    var board = AccountsBoard()
    for event in desk.drawn(chief) { board.take(event) }
    #expect(board.pictures[7]?.positions.count == 1)
    #expect(board.pictures[7]?.orders.values.map(\.leavesLots) == [1])
    desk.trade(
      GatewayDesk.order("a-2", side: .sell, offset: .closeToday, lots: 1), filled: 1,
      from: desk.alice)
    let link = LinkID(index: 0)
    let child = desk.desk.orders(at: link)[0]
    desk.desk.send(desk.desk.counters[link]!.filled(child, lots: 1), from: link)
    desk.settle()
    desk.trade(
      GatewayDesk.order("a-3", side: .sell, offset: .closeToday, lots: 1), filled: 1,
      from: desk.alice)
    let events = desk.drawn(chief, after: 100)
    let rows = Rows(events)
    #expect(rows.positions.map(\.todayLots) == [0])
    #expect(rows.orders.map { $0.clOrdID.string } == ["a-1"])
    #expect(rows.orders.map(\.state) == [.filled])
    for event in events { board.take(event) }
    #expect(board.pictures[7]?.positions.isEmpty == true)
    #expect(board.pictures[7]?.orders.isEmpty == true)
  }

  @Test func twoPicturesAreEachToldInTheirOwnTime() throws {
    var desk = try FollowedDesk.watched()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.accounts, every: 100, number: 1, from: chief)
    desk.subscribe(.accounts, every: 300, number: 2, from: chief)
    _ = desk.drawn(chief)
    var told: [UInt64: Int] = [:]
    for step in 0..<6 {
      desk.trade(GatewayDesk.order("s-\(step)", lots: 1), filled: 0, from: desk.alice)
      for row in Rows(desk.drawn(chief, after: 100)).accounts {
        told[row.requestID, default: 0] += 1
      }
    }
    #expect(told == [1: 6, 2: 2])
  }

  @Test(arguments: [
    (UInt32(0), Int64(500)), (1, 100), (99, 100), (100, 100), (101, 101), (60_000, 60_000),
    (60_001, 60_000), (.max, 60_000),
  ])
  func intervalsOfPicturesAreHeldWithinTheirBounds(
    _ asked: UInt32, _ milliseconds: Int64
  ) throws {
    var desk = try FollowedDesk.watched()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.accounts, every: asked, from: chief)
    _ = desk.drawn(chief)
    #expect(desk.follower.deadline == desk.now + milliseconds * FollowedDesk.millisecond)
  }

  // MARK: Who may see what

  @Test func whoMayNotWatchSeesNothing() throws {
    var desk = try FollowedDesk.watched()
    let blind = try desk.logOnDesk("blind")
    desk.subscribe(.all, from: blind)
    let heard = desk.desk.desk(blind)
    #expect(heard.rejects.map(\.refusal.rule) == [RuleID.notPermitted.rawValue])
    #expect(heard.rejects.map(\.requestID) == [7])
    #expect(desk.drawn(blind).isEmpty)
  }

  /// Alice is his, bob is not, both are of one product: neither its sums nor those of its fund
  /// accounts are shown, whether orders can be sent is.
  @Test func aControllerSeesTheAccountsThatAreHisAndNoSumOfOthers() throws {
    var desk = try FollowedDesk.watched()
    let junior = try desk.logOnDesk("junior")
    let bob = try desk.logOn("bob")
    desk.trade(GatewayDesk.order("b-1", account: "bob", lots: 1), filled: 0, from: bob)
    desk.trade(GatewayDesk.order("a-1", lots: 2), filled: 1, from: desk.alice)
    for (scope, name) in [(ScopeKind.none, ""), (.product, "product-1")] {
      desk.subscribe(.all, scope, name, from: junior)
      let rows = Rows(desk.drawn(junior))
      #expect(rows.accounts.map { $0.account.string } == ["alice"])
      #expect(Set(rows.lines.map { $0.account.string }) == ["alice"])
      #expect(rows.positions.map { $0.name.string } == ["alice"])
      #expect(rows.orders.map { $0.clOrdID.string } == ["a-1"])
      #expect(rows.products.isEmpty && rows.funds.isEmpty)
      #expect(rows.links.map { $0.fundAccount.string } == ["fund-1", "fund-2"])
    }
    desk.subscribe(.all, .fundAccount, "fund-1", from: junior)
    let fund = Rows(desk.drawn(junior))
    #expect(fund.count == 1 && fund.links.count == 1)
  }

  @Test func aNameThatIsNotHisIsRefusedAsOneThatNobodyHas() throws {
    var desk = try FollowedDesk.watched()
    let junior = try desk.logOnDesk("junior")
    for name in ["bob", "nobody"] {
      desk.subscribe(.all, .operationAccount, name, from: junior)
      let rejects = desk.desk.desk(junior).rejects
      #expect(
        rejects.map(\.refusal.rule) == [RuleID.accountNotBoundToController.rawValue])
      #expect(rejects.map { $0.refusal.scopeName.string } == ["junior"])
    }
    // Of what is more than an account he is not told whether there is such a one.
    desk.subscribe(.all, .product, "nobody", from: junior)
    let rows = Rows(desk.drawn(junior))
    #expect(rows.completes.map(\.rows) == [0])
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.all, .product, "nobody", from: chief)
    desk.desk.heard(chief) { #expect($0.rejects.count == 1) }
  }

  @Test func whatBecomesHisOrNoLongerIsBeginsAWholePicture() throws {
    var desk = try FollowedDesk.watched()
    let junior = try desk.logOnDesk("junior")
    desk.subscribe([.accounts, .products, .fundAccounts], from: junior)
    #expect(Rows(desk.drawn(junior)).accounts.count == 1)
    let id = ControllerID(1)
    desk.take(
      .bindController(BindController(controller: id, account: SmallHouse.bob, bound: true)))
    let both = Rows(desk.drawn(junior, after: 100))
    #expect(both.begins.map(\.picture) == [2])
    #expect(both.accounts.map { $0.account.string } == ["alice", "bob"])
    // All of the product is his now: so are its sums.
    #expect(both.products.count == 1 && both.funds.count == 2)
    desk.take(
      .bindController(BindController(controller: id, account: SmallHouse.alice, bound: false)))
    let one = Rows(desk.drawn(junior, after: 100))
    #expect(one.begins.map(\.picture) == [3])
    #expect(one.accounts.map { $0.account.string } == ["bob"])
    #expect(one.products.isEmpty && one.funds.isEmpty)
  }

  @Test func whoseRightIsTakenAwayIsToldThatItIsOver() throws {
    var desk = try FollowedDesk.watched()
    let junior = try desk.logOnDesk("junior")
    desk.subscribe(.accounts, from: junior)
    _ = desk.drawn(junior)
    desk.trade(GatewayDesk.order("a-1", lots: 1), filled: 0, from: desk.alice)
    desk.take(
      .setController(SetController(controller: ControllerID(1), setting: .rights, value: 0)))
    let rows = Rows(desk.drawn(junior, after: 100))
    #expect(rows.ends.map(\.reason) == [.notPermitted])
    #expect(rows.count == 0)
    #expect(desk.follower.deadline == .max)
  }

  // MARK: Asked for, and no more

  @Test func whatMakesNoSenseIsRefused() throws {
    var desk = try FollowedDesk.watched()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe([], from: chief)
    desk.subscribe(.all, number: 0, from: chief)
    desk.subscribe(.all, .operationAccount, "", from: chief)
    desk.subscribe(.all, .none, "alice", from: chief)
    desk.subscribe(.all, .counter, "north", from: chief)
    let rules = desk.desk.desk(chief).rejects.map(\.refusal.rule)
    #expect(
      rules == [RuleID](repeating: .badCommand, count: 4).map(\.rawValue)
        + [RuleID.accountNotBoundToController.rawValue])
    #expect(desk.drawn(chief).isEmpty)
  }

  @Test func aSessionHasAtMostEightAndTheSameNumberBeginsAnew() throws {
    var desk = try FollowedDesk.watched()
    let chief = try desk.logOnDesk("chief")
    for number in UInt64(1)...9 { desk.subscribe(.accounts, number: number, from: chief) }
    let heard = desk.desk.desk(chief)
    #expect(heard.rejects.map(\.requestID) == [9])
    #expect(heard.rejects.map(\.refusal.rule) == [RuleID.capacity.rawValue])
    #expect(heard.rejects.map(\.refusal.limit) == [8])
    let first = Rows(heard.accounts + desk.drawn(chief))
    #expect(Set(first.completes.map(\.requestID)) == Set(1...8))
    desk.subscribe(.links, number: 3, from: chief)
    let again = Rows(desk.drawn(chief))
    #expect(again.begins.map(\.requestID) == [3])
    #expect(again.links.count == 2 && again.accounts.isEmpty)
  }

  @Test func nothingFollowsTheEnd() throws {
    var desk = try FollowedDesk.watched()
    let chief = try desk.logOnDesk("chief")
    for number in UInt64(1)...3 { desk.subscribe(.accounts, number: number, from: chief) }
    _ = desk.drawn(chief)
    desk.desk.send(DeskProtocol.UnsubscribeAccounts(requestID: 2), from: chief)
    desk.trade(GatewayDesk.order("a-1", lots: 1), filled: 0, from: desk.alice)
    let rest = Rows(desk.drawn(chief, after: 100))
    #expect(rest.ends.map(\.requestID) == [2])
    #expect(Set(rest.accounts.map(\.requestID)) == [1, 3])
    desk.desk.send(DeskProtocol.UnsubscribeAccounts(requestID: 0), from: chief)
    desk.trade(GatewayDesk.order("a-2", lots: 1), filled: 0, from: desk.alice)
    let none = Rows(desk.drawn(chief, after: 100))
    #expect(none.ends.map(\.requestID) == [0])
    #expect(none.count == 0)
    #expect(desk.follower.deadline == .max)
  }

  /// Who is gone is forgotten; who comes back gets a whole picture.
  @Test func whoComesBackGetsAWholePicture() throws {
    var desk = try FollowedDesk.watched()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.accounts, from: chief)
    _ = desk.drawn(chief)
    desk.desk.gateway.terminalClosed(chief)
    desk.settle()
    #expect(desk.follower.deadline == .max)
    let again = try desk.logOnDesk("chief")
    desk.subscribe(.accounts, from: again)
    let rows = Rows(desk.drawn(again))
    #expect(rows.begins.map(\.picture) == [1])
    #expect(rows.accounts.count == 2)
  }
}
