import Domain
import Gateway
import Session
import Testing
import Wire

@testable import Runtime

/// A counter that takes ten messages a second, over real sockets: who comes first, who comes too
/// late, and that nothing is lost.
@Suite(.timeLimit(.minutes(10))) struct PacedMessagesTests {
  private static let quota = 10

  private static func house() throws -> House {
    var files = HouseFiles()
    files.texts["fund-accounts.json5"] = files.texts["fund-accounts.json5"]?.replacing(
      "user: 'user-a',", with: "user: 'user-a', messageQuota: \(quota),")
    files.openDesk()
    files.texts["controllers.json5"] = """
      { controllers: [
        { name: 'chief', password: { generate: true }, allAccounts: true,
          rights: ['watch', 'liquidate'] },
      ] }
      """
    return try House(files)
  }

  /// Alice is long thirty lots.
  private static func holding(
    _ house: House
  ) throws -> (alice: ScriptedTerminal, bob: ScriptedTerminal) {
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try bob.place("b-1", .sell, lots: 30)
    try bob.report(.workingConfirmed, of: "b-1")
    try alice.place("a-1", .buy, lots: 30)
    try alice.wait(for: "thirty lots") { terminal in
      terminal.reports.contains { $0.clOrdID == ClOrdID("a-1") && $0.state == .filled }
    }
    return (alice, bob)
  }

  /// Where the first report of a kind about an order stands among all that were heard: what the
  /// counter answers comes in the order in which it was asked.
  private static func place(
    of kind: ExecType, _ id: String, _ terminal: ScriptedTerminal
  ) throws -> Int {
    try terminal.report(kind, of: id)
    return try #require(
      terminal.reports.firstIndex { $0.execType == kind && $0.clOrdID == ClOrdID(id) })
  }

  /// Twelve openings, then exits, of a lot each.
  private static func burst(
    _ alice: ScriptedTerminal, _ openings: String, exits: ClosedRange<Int>
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for number in 1...12 {
      bytes += try ScriptedTerminal.bytes(alice.order("\(openings)-\(number)", .buy, at: 3_000))
    }
    for number in exits {
      bytes += try ScriptedTerminal.bytes(
        alice.order("c-\(number)", .sell, at: 3_200, offset: .closeToday))
    }
    return bytes
  }

  /// What waits and what has left, as the page of metrics tells it: over a link that takes two
  /// messages a second, and is gone before all of them have left.
  @Test func whatWaitsIsOnThePage() throws {
    let north = try ScriptedCounter()
    var files = HouseFiles(bobsCounter: "south")
    let lots =
      "positions: [{ instrument: 'SHFE.rb@2', side: 'long', lots: 40, openPrice: 3100 }]"
    func money(_ yuan: Int) -> String { "allowedLoss: \(yuan)" }
    files.texts["fund-accounts.json5"] = files.texts["fund-accounts.json5"]?
      .replacing("user: 'user-a',", with: "user: 'user-a', messageQuota: 2,")
      .replacing(money(10_000_000), with: "\(money(10_000_000)), \(lots)", maxReplacements: 1)
    files.texts["operation-accounts.json5"] = files.texts["operation-accounts.json5"]?
      .replacing(money(5_000_000), with: "\(money(5_000_000)), \(lots)", maxReplacements: 1)
    let house = try House(files, played: ["north": north.address])
    let server = try MetricsServer(house.metrics, at: .loopback(port: 0))
    try north.letIn()
    try house.log.wait(for: "linkReady fundAccount=fund-a")
    try north.openMarket(house.instrument)
    let alice = try house.terminal("alice")
    for number in 1...40 { try alice.place("c-\(number)", .sell, at: 3_200, offset: .close) }
    try alice.report(.new, of: "c-40")
    _ = try north.nextOrder()
    north.close()
    try house.log.wait(for: "linkEnded fundAccount=fund-a")

    // What has not left stays. A second after the last that did there is room for two again, as
    // there was on the pages before the first order, which still may be the newest.
    func label(_ name: String, _ more: String = "") -> String {
      "\(name){fund_account=\"fund-a\"\(more)}"
    }
    let closing = label("sluice_messages_waiting", ",class=\"close\"")
    let page = try MetricsPage.wait(server, for: "orders that wait, and room for two") { page in
      page.value(closing) != 0 && page.value(label("sluice_message_quota_left")) == 2
    }
    let waiting = try #require(page.value(closing))
    let left = try #require(page.value("sluice_children_total"))
    #expect(waiting + left == 40 && left > 0, "\(waiting), \(left)")
    #expect(page.value(label("sluice_message_quota")) == 2)
    #expect(page.value(label("sluice_messages_waiting", ",class=\"cancel\"")) == 0)
    #expect(page.value(label("sluice_messages_waiting", ",class=\"liquidation\"")) == 0)
    #expect(page.value("sluice_message_quota{fund_account=\"fund-b\"}") == 0)
    #expect(page.value("sluice_message_quota_left{fund_account=\"fund-b\"}") == 0)

    // What is taken back before it left never leaves.
    try alice.send(OrderEntry.MassCancel(requestID: ClOrdID("all")!, account: Name("alice")!))
    try alice.wait(for: "its answer") { $0.massCancels.count == 1 }
    let after = try MetricsPage.wait(server, for: "none that waits") { $0.value(closing) == 0 }
    #expect(after.value("sluice_children_total") == left)
    try alice.wait(for: "the end of what had not left") { terminal in
      terminal.reports.count { $0.execType == .cancelled } == Int(waiting)
    }
  }

  @Test func aBurstLeavesByItsTurnAndALiquidationBeforeAll() throws {
    let house = try Self.house()
    let desk = try ScriptedDesk(house, "chief")
    try desk.wait("to be let in") { $0.accepted != nil }
    let (alice, bob) = try Self.holding(house)
    // In one write: more openings than there is room for, then twenty exits, then two cancels.
    var burst = try Self.burst(alice, "o", exits: 1...20)
    for target in ["o-1", "o-2"] {
      burst += try ScriptedTerminal.bytes(
        OrderEntry.CancelOrder(
          requestID: ClOrdID("x-" + target)!, account: Name("alice")!,
          targetClOrdID: ClOrdID(target)!))
    }
    try alice.socket.send(burst)
    try alice.wait(for: "an answer to the last exit") {
      $0.reports.contains { $0.clOrdID == ClOrdID("c-20") }
    }
    // What opens finds room at once or is refused; it does not wait.
    let refused = alice.reports.filter { $0.execType == .rejected }
    #expect(refused.count >= 2 && refused.count < 12)
    for report in refused {
      #expect(RuleID(rawValue: report.refusal.rule) == .fundMessageQuota)
      #expect(report.refusal.limit == Int64(Self.quota))
      #expect(report.clOrdID.string.hasPrefix("o-"))
    }
    // All of the rest arrives.
    let opened = (1...(12 - refused.count)).map { "o-\($0)" }
    for id in ["o-1", "o-2"] { try alice.report(.cancelled, of: id) }
    for number in 1...20 { try alice.report(.workingConfirmed, of: "c-\(number)") }
    // Cancels go before exits that were asked for earlier, exits in the order in which they came.
    let exits = try (1...20).map { try Self.place(of: .workingConfirmed, "c-\($0)", alice) }
    #expect(exits == exits.sorted())
    for id in ["o-1", "o-2"] {
      #expect(try Self.place(of: .cancelled, id, alice) < exits[0], "\(id)")
    }

    // A liquidation takes back what works, and what has not left yet, and closes all of it.
    try alice.socket.send(Self.burst(alice, "p", exits: 21...25))
    try alice.wait(for: "an answer to the last of them") {
      $0.reports.contains { $0.clOrdID == ClOrdID("c-25") }
    }
    #expect(try desk.ask(.forceLiquidation, .operationAccount, "alice", "out") == .none)
    try alice.wait(for: "the forced order to work") { terminal in
      terminal.reports.contains { $0.clOrdID.isForced && $0.execType == .workingConfirmed }
    }
    let forced = try #require(
      alice.reports.firstIndex { $0.clOrdID.isForced && $0.execType == .workingConfirmed })
    for id in opened.dropFirst(2) {
      #expect(try Self.place(of: .cancelled, id, alice) < forced, "\(id)")
    }
    try desk.wait("all lots to be offered") { $0.liquidations.last?.lotsWorking == 30 }

    // Somebody takes what is offered: nothing was lost on the way.
    try bob.place("b-2", .buy, lots: 30, at: 3_200)
    try desk.wait("the end of the liquidation") { $0.liquidations.last?.phase == .ended }
    #expect(desk.liquidations.last?.end == .done && desk.liquidations.last?.lotsHeld == 0)
    try alice.wait(for: "all that was forced to be filled") { terminal in
      terminal.reports.filter { $0.clOrdID.isForced && $0.execType == .trade }
        .reduce(0) { $0 + $1.lastLots } == 30
    }
    try bob.wait(for: "all of it") { terminal in
      terminal.reports.contains { $0.clOrdID == ClOrdID("b-2") && $0.state == .filled }
    }
    try house.prove([alice, bob])
  }
}
