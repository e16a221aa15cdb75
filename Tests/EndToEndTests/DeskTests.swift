import Client
import Config
import Domain
import Gateway
import Session
import Testing
import Wire

@testable import Runtime

/// Risk controllers over real sockets: bars, kill switches and notices, and a gateway that starts
/// again in between.
@Suite(.timeLimit(.minutes(10))) struct DeskTests {
  private static func house() throws -> House {
    var files = HouseFiles()
    files.openDesk()
    files.texts["controllers.json5"] = """
      { controllers: [
        { name: 'chief', password: { generate: true }, allAccounts: true, sessions: 2,
          rights: ['watch', 'bar', 'kill', 'liquidate'] },
        { name: 'junior', password: { generate: true }, accounts: ['alice'], rights: ['bar'],
          addresses: ['10.0.0.0/8'] },
        { name: 'closer', password: { generate: true }, accounts: ['alice'],
          rights: ['liquidate'] },
      ] }
      """
    return try House(files)
  }

  @Test func aBarAndAKillSwitchStopATerminalOverSockets() throws {
    let house = try Self.house()
    let alice = try house.terminal("alice")
    let desk = try ScriptedDesk(house, "chief")
    try desk.wait("to be let in") { $0.accepted != nil }
    #expect(try desk.ask(.barOpening, .operationAccount, "alice", "too fast") == .none)
    #expect(try Self.rule(of: alice, "a-1") == .barredByController)
    #expect(try desk.ask(.releaseOpening, .operationAccount, "alice", "checked") == .none)
    #expect(try Self.rule(of: alice, "a-2") == .none)
    #expect(try desk.ask(.killSwitch, .platform, "", "nobody knows") == .none)
    try alice.wait(for: "the working order to be cancelled") {
      $0.reports.contains { $0.clOrdID.string == "a-2" && $0.state == .cancelled }
    }
    #expect(try Self.rule(of: alice, "a-3") == .killSwitch)
    // All of it is in the log, with who and why, and no password is.
    try house.log.wait(for: "control kind=barOpening controller=chief", "reason=\"too fast\"")
    try house.log.wait(for: "control kind=killSwitch controller=chief scope=platform")
    #expect(house.log.found(try house.password(ofController: "chief").string) == [])
  }

  /// What was stopped stays so when the gateway starts again; who did it and why is still known.
  @Test func switchesOutlastARestart() throws {
    let house = try Self.house()
    var desk: ScriptedDesk? = try ScriptedDesk(house, "chief")
    try desk?.wait("to be let in") { $0.accepted != nil }
    #expect(try desk?.ask(.killSwitch, .product, "product-a", "stop") == RuleID.none)
    desk = nil
    house.stop()
    try house.startAgain()
    try house.awaitLinks(times: 2)
    let again = try ScriptedDesk(house, "chief")
    try again.wait("to be let in") { $0.accepted != nil }
    let alice = try house.terminal("alice")
    #expect(try Self.rule(of: alice, "b-1") == .killSwitch)
    _ = again.client.standing(at: again.now)
    try again.wait("what is in place") { $0.standingEnds == 1 }
    #expect(again.rows.map { $0.scopeName.string } == ["product-a"])
    #expect(again.rows.map { $0.controller.string } == ["chief"])
    #expect(again.rows.map { $0.reason.string } == ["stop"])
    #expect(try again.ask(.releaseKillSwitch, .product, "product-a", "go on") == .none)
    #expect(try Self.rule(of: alice, "b-2") == .none)
  }

  @Test func noticesComeMissedOnesFirst() throws {
    let house = try Self.house()
    let desk = try ScriptedDesk(house, "chief")
    try desk.wait("to be let in") { $0.accepted != nil }
    #expect(try desk.ask(.barOpening, .operationAccount, "bob", "first") == .none)
    let watcher = try ScriptedDesk(house, "chief")
    try watcher.wait("to be let in") { $0.accepted != nil }
    _ = watcher.client.subscribeNotices(after: 0, at: watcher.now)
    try watcher.wait("what was missed") { $0.completes == 1 }
    let controls = watcher.notices.filter { $0.control != .unknown }
    #expect(controls.map { $0.reason.string } == ["first"])
    #expect(try desk.ask(.releaseOpening, .operationAccount, "bob", "second") == .none)
    try watcher.wait("what is new") { $0.notices.last?.reason.string == "second" }
    let numbers = watcher.notices.map(\.number)
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
  }

  // MARK: Liquidations

  /// Alice is long two lots and has one more working to open.
  private static func alicesPosition(
    _ house: House
  ) throws -> (alice: ScriptedTerminal, bob: ScriptedTerminal) {
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a-1", .buy, lots: 3)
    try alice.report(.workingConfirmed, of: "a-1")
    try bob.place("b-1", .sell, lots: 2)
    try alice.report(.trade, of: "a-1")
    try bob.report(.trade, of: "b-1")
    return (alice, bob)
  }

  /// Both have heard that what was forced is filled, by bob's second order.
  private static func awaitTheFill(_ alice: ScriptedTerminal, _ bob: ScriptedTerminal) throws {
    try bob.report(.trade, of: "b-2")
    try alice.wait(for: "the forced order to be filled") {
      $0.reports.contains { $0.clOrdID.isForced && $0.state == .filled }
    }
  }

  @Test func aControllerHasAPositionClosedAndIsToldHowItGoes() throws {
    let house = try Self.house()
    let (alice, bob) = try Self.alicesPosition(house)
    let desk = try ScriptedDesk(house, "closer")
    try desk.wait("to be let in") { $0.accepted != nil }
    let watcher = try ScriptedDesk(house, "chief")
    try watcher.wait("to be let in") { $0.accepted != nil }
    _ = watcher.client.subscribeLiquidations(at: watcher.now)
    try watcher.wait("those that run") { $0.liquidationsComplete == 1 }
    #expect(watcher.liquidations.isEmpty)

    var control = DeskProtocol.Control(
      kind: .forceLiquidation, scopeKind: .operationAccount, name: FixedText("alice")!,
      reason: FixedText("over limit")!)
    control.instrument = house.instrument
    control.side = .long
    #expect(try desk.ask(control) == .none)
    // What opened is cancelled first, then what is held is offered.
    try alice.report(.cancelled, of: "a-1")
    try desk.wait("both lots to be offered") {
      $0.liquidations.last?.lotsHeld == 2 && $0.liquidations.last?.lotsWorking == 2
    }
    #expect(desk.liquidations.first?.phase == .cancelling)
    #expect(try Self.rule(of: alice, "a-2") == .liquidating)
    let forced = try #require(alice.reports.first { $0.clOrdID.isForced })
    #expect(forced.side == .sell && forced.offset == .closeToday && forced.lots == 2)
    let close = try bob.order("b-2", .buy, lots: 2)
    try bob.send(close)
    for heard in [desk, watcher] {
      try heard.wait("its end") { $0.liquidations.last?.phase == .ended }
      let end = try #require(heard.liquidations.last)
      #expect(end.end == .done && end.lotsHeld == 0 && end.lotsWorking == 0 && end.orders == 1)
      #expect(end.controller.string == "closer" && end.instrument == house.instrument)
    }
    #expect(try Self.rule(of: alice, "a-3") == .none)
    try Self.awaitTheFill(alice, bob)
    try house.log.wait(
      for: "control kind=forceLiquidation controller=closer", "reason=\"over limit\"")
    try house.prove([alice, bob])
  }

  @Test func aStopEndsItOverSockets() throws {
    let house = try Self.house()
    let (alice, _) = try Self.alicesPosition(house)
    let desk = try ScriptedDesk(house, "closer")
    try desk.wait("to be let in") { $0.accepted != nil }
    #expect(
      try desk.ask(.forceLiquidation, .operationAccount, "bob", "no")
        == .accountNotBoundToController)
    #expect(try desk.ask(.forceLiquidation, .operationAccount, "alice", "close") == .none)
    try desk.wait("it to work") { $0.liquidations.last?.lotsWorking == 2 }
    #expect(try desk.ask(.stopLiquidation, .operationAccount, "alice", "enough") == .none)
    try desk.wait("its end") { $0.liquidations.last?.phase == .ended }
    #expect(desk.liquidations.last?.end == .stopped && desk.liquidations.last?.lotsHeld == 2)
    #expect(try Self.rule(of: alice, "a-2") == .none)
  }

  @Test func aSwitchThatFlattensClosesOverSockets() throws {
    let house = try Self.house()
    let (alice, bob) = try Self.alicesPosition(house)
    let desk = try ScriptedDesk(house, "chief")
    try desk.wait("to be let in") { $0.accepted != nil }
    #expect(try desk.ask(.killAndFlatten, .product, "product-a", "stop") == .none)
    try desk.wait("it to work") { $0.liquidations.last?.lotsWorking == 2 }
    #expect(try Self.rule(of: alice, "a-2") == .killSwitch)
    try bob.place("b-2", .buy, lots: 2)
    try desk.wait("its end") { $0.liquidations.last?.phase == .ended }
    #expect(desk.liquidations.last?.end == .done)
    _ = desk.client.standing(at: desk.now)
    try desk.wait("what is in place") { $0.standingEnds == 1 }
    #expect(desk.rows.map(\.kind) == [.killSwitch])
    try Self.awaitTheFill(alice, bob)
    try house.prove([alice, bob])
  }

  @Test func nobodyElseIsLetIn() throws {
    let house = try Self.house()
    func rule(_ name: String, _ password: FixedText<128>) throws -> RuleID? {
      let desk = try ScriptedDesk(house, name, password: password)
      try desk.wait("a word on the logon") { $0.accepted != nil || $0.end != nil }
      return desk.end?.rule
    }
    #expect(try rule("chief", LogonTests.wrong) == .loginCredentials)
    #expect(try rule("nobody", LogonTests.wrong) == .loginCredentials)
    #expect(try rule("alice", house.password(of: "alice")) == .loginCredentials)
    #expect(try rule("junior", house.password(ofController: "junior")) == .ipWhitelist)
    #expect(
      try LogonTests.refusal(house, "chief", password: house.password(ofController: "chief"))
        == .loginCredentials)
    try house.log.wait(for: "controllerLogonRefused controller=junior rule=ip-whitelist")
  }

  /// The rule that refused an order; none when it was taken.
  private static func rule(of terminal: ScriptedTerminal, _ id: String) throws -> RuleID {
    try terminal.send(
      OrderEntry.NewOrder(
        clOrdID: ClOrdID(id)!, account: Name(terminal.account)!,
        instrument: terminal.house.instrument, exchange: .shfe, side: .buy, offset: .open,
        hedge: .speculation, type: .limit, timeInForce: .day,
        price: Price(units: 3_000 * Price.unitsPerYuan), lots: 1))
    try terminal.wait(for: "an answer to \(id)") {
      $0.reports.contains { $0.clOrdID.string == id }
    }
    let report = terminal.reports.first { $0.clOrdID.string == id }
    return RuleID(rawValue: report?.refusal.rule ?? 0) ?? .none
  }
}

/// A controller's client on a socket, driven by hand.
final class ScriptedDesk {
  let house: House
  private let socket: PatientSocket
  var client: DeskClient
  var accepted: DeskProtocol.LogonAccepted?
  var answers: [DeskProtocol.ControlAnswer] = []
  var notices: [DeskProtocol.Notice] = []
  var rows: [DeskProtocol.StandingRow] = []
  var completes = 0
  var standingEnds = 0
  var liquidations: [DeskProtocol.LiquidationProgress] = []
  var liquidationsComplete = 0
  var board = AccountsBoard()
  var pictures = 0
  var end: DeskLinkEnd?
  private var unread: [UInt8] = []

  var now: Int64 { StartedGateway.clock().monotonic }

  init(_ house: House, _ controller: String, password: FixedText<128>? = nil) throws {
    self.house = house
    socket = try PatientSocket(to: house.deskAddress)
    client = DeskClient(
      DeskLogon(
        controller: Name(controller)!, clientName: FixedText("scripted")!,
        clientVersion: FixedText("1")!, heartbeatIntervalSeconds: 60),
      password: try password ?? house.password(ofController: controller),
      at: StartedGateway.clock().monotonic)
    client.connected(at: now)
    try send()
  }

  deinit { socket.close() }

  func send() throws {
    var pending: [UInt8] = []
    client.sendPending {
      pending = Array($0)
      return $0.count
    }
    if !pending.isEmpty { try socket.send(pending) }
  }

  /// Reads until it is so.
  func wait(_ what: String, _ isSo: (ScriptedDesk) -> Bool) throws {
    let deadline = Deadline()
    while !isSo(self) {
      try send()
      unread += try socket.read(by: deadline, what)
      let bytes = unread
      let consumed = bytes.withUnsafeBytes { client.received($0, at: now) { take($0) } }
      unread.removeFirst(consumed)
      if socket.end != nil, !isSo(self) { throw Overdue(what: "\(what): the connection is closed") }
    }
  }

  private func take(_ event: DeskEvent) {
    switch event {
    case .loggedOn(let accepted): self.accepted = accepted
    case .answer(let answer): answers.append(answer)
    case .notice(let notice): notices.append(notice)
    case .standingRow(let row): rows.append(row)
    case .noticesComplete: completes += 1
    case .standingEnd: standingEnds += 1
    case .liquidation(let progress): liquidations.append(progress)
    case .liquidationsComplete: liquidationsComplete += 1
    case .accounts(let event):
      board.take(event)
      if case .complete = event { pictures += 1 }
    case .ended(let end): self.end = end
    case .businessReject, .noticesTruncated: break
    }
  }

  /// Asks for an action; the rule that refused it, none when it was done.
  func ask(
    _ kind: ControlKind, _ scope: ScopeKind, _ name: String, _ reason: String
  ) throws -> RuleID {
    try ask(
      DeskProtocol.Control(
        kind: kind, scopeKind: scope, name: FixedText(name)!, reason: FixedText(reason)!))
  }

  func ask(_ control: DeskProtocol.Control) throws -> RuleID {
    let id = client.control(control, at: now)
    try wait("an answer to \(control.kind)") { desk in
      desk.answers.contains { $0.requestID == id }
    }
    return RuleID(rawValue: answers.last?.refusal.rule ?? 0) ?? .none
  }
}
