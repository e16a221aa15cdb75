import Client
import Domain
import Gateway
import Glibc
import Session
import Terminal
import Testing
import Wire

@testable import Runtime

/// Pictures of accounts over real sockets, and `sluice desk` that shows them.
@Suite(.timeLimit(.minutes(10))) struct DeskAccountsTests {
  static func house() throws -> House {
    var files = HouseFiles()
    files.openDesk()
    files.texts["controllers.json5"] = """
      { controllers: [
        { name: 'chief', password: { generate: true }, allAccounts: true, sessions: 3,
          rights: ['watch', 'bar'] },
        { name: 'junior', password: { generate: true }, accounts: ['alice'], rights: ['watch'] },
      ] }
      """
    return try House(files)
  }

  static func order(
    _ house: House, _ id: String, of account: String
  ) -> OrderEntry.NewOrder {
    OrderEntry.NewOrder(
      clOrdID: ClOrdID(id)!, account: Name(account)!, instrument: house.instrument,
      exchange: .shfe, side: .buy, offset: .open, hedge: .speculation, type: .limit,
      timeInForce: .day, price: Price(units: 3_000 * Price.unitsPerYuan), lots: 1)
  }

  /// From the first picture over an order and its cancel to what the account says of itself.
  @Test func aPictureFollowsAnOrderOverSockets() throws {
    let house = try Self.house()
    let alice = try house.terminal("alice")
    let desk = try ScriptedDesk(house, "chief")
    try desk.wait("to be let in") { $0.accepted != nil }
    let sent = desk.client.subscribeAccounts(.all, everyMilliseconds: 100, at: desk.now)
    let number = try #require(sent)
    try desk.wait("a whole picture") { $0.pictures > 0 }
    func picture(_ desk: ScriptedDesk) -> AccountsBoard.Picture {
      desk.board.pictures[number] ?? AccountsBoard.Picture()
    }
    let first = picture(desk)
    #expect(first.isWhole && first.accounts[Name("alice")!]?.flags.contains(.online) == true)
    #expect(first.links.values.allSatisfy { $0.state == .up } && !first.links.isEmpty)
    #expect(first.products.count >= 1 && first.fundAccounts.count >= 1)
    try alice.send(Self.order(house, "a-1", of: "alice"))
    try desk.wait("the order to work") {
      picture($0).orders.values.contains { $0.clOrdID.string == "a-1" && $0.state == .working }
    }
    try desk.wait("its margin to be frozen") {
      picture($0).accounts[Name("alice")!]?.frozenMargin.units ?? 0 > 0
    }
    let row = try #require(picture(desk).accounts[Name("alice")!])
    #expect(row.workingOrders == 1)
    #expect(
      row.available.units
        == row.equity.units - row.margin.units - row.frozenMargin.units - row.frozenFee.units)
    try alice.cancel("a-1")
    try desk.wait("the order to be gone") {
      picture($0).orders.isEmpty && picture($0).accounts[Name("alice")!]?.workingOrders == 0
    }
    let isAsked = desk.client.unsubscribeAccounts(0, at: desk.now)
    #expect(isAsked)
    try desk.wait("the end of it") { $0.board.pictures.isEmpty }
    let junior = try ScriptedDesk(house, "junior")
    try junior.wait("to be let in") { $0.accepted != nil }
    _ = junior.client.subscribeAccounts(.all, at: junior.now)
    try junior.wait("a whole picture") { $0.pictures > 0 }
    #expect(junior.board.pictures.values.first?.accounts.keys.map { $0.string } == ["alice"])
  }

  @Test func pagesOfPicturesAreAMetric() throws {
    let house = try Self.house()
    let server = try MetricsServer(house.metrics, at: .loopback(port: 0))
    func pages(_ result: String, _ page: MetricsPage) -> Int64? {
      page.value("sluice_account_pages_total{result=\"\(result)\"}")
    }
    #expect(try pages("sent", MetricsPage(at: server.address)) == 0)
    let desk = try ScriptedDesk(house, "chief")
    try desk.wait("to be let in") { $0.accepted != nil }
    _ = desk.client.subscribeAccounts(.all, everyMilliseconds: 100, at: desk.now)
    try desk.wait("a whole picture") { $0.pictures > 0 }
    let page = try MetricsPage.wait(server, for: "pages that were sent") { page in
      pages("sent", page) ?? 0 > 0
    }
    #expect(pages("again", page) == 0)
  }

  /// What the program shows of lines that it is given.
  private static func shown(
    _ house: House, _ lines: String, _ change: (inout DeskRun.Settings) -> Void
  ) throws -> (code: ExitCode, said: String, complained: String) {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let bytes = Array(lines.utf8)
    #expect(write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    defer { close(ends[0]) }
    var settings = DeskRun.Settings(language: .english)
    change(&settings)
    var password = try house.password(ofController: "chief")
    var said = ""
    var complained = ""
    let code = try DeskRun.run(
      settings,
      DeskLogon(
        controller: Name("chief")!, clientName: FixedText("test")!, clientVersion: FixedText("1")!),
      password: &password, to: house.deskAddress, tls: nil, input: ends[0],
      stopsOnSignals: false
    ) { text, isComplaint in
      if isComplaint { complained += text } else { said += text }
    }
    return (code, said, complained)
  }

  @Test func theProgramShowsAPictureByLinesAsATableAndAsJSON() throws {
    let house = try Self.house()
    let alice = try house.terminal("alice")
    try alice.send(Self.order(house, "a-1", of: "alice"))
    try alice.wait(for: "the order to work") {
      $0.reports.contains { $0.execType == .workingConfirmed }
    }
    let all = "accounts\nlines alice\norders\nlinks\nproducts\nfunds\n"
    let lines = try Self.shown(house, all) { _ in }
    #expect(lines.code == .fine && lines.complained.isEmpty)
    for word in ["alice", "bob", "risk-degree", "equity", "link up", "unit value"] {
      #expect(lines.said.contains(word), "\(word)")
    }
    let table = try Self.shown(house, all) { $0.screenLines = { 200 } }
    #expect(table.code == .fine)
    // Drawn again in its place.
    #expect(table.said.contains("\u{1B}[J"))
    #expect(table.said.contains("risk degree") && table.said.contains("fund account"))
    let chinese = try Self.shown(house, "accounts\n") {
      $0.screenLines = { 200 }
      $0.language = .chinese
    }
    #expect(chinese.said.contains("风险度") && chinese.said.contains("权益"))
    let json = try Self.shown(house, all) { $0.isJSON = true }
    for word in [
      "\"event\":\"accountsBegin\"", "\"event\":\"account\"", "\"event\":\"line\"",
      "\"event\":\"order\"", "\"event\":\"link\"", "\"event\":\"product\"",
      "\"event\":\"fundAccount\"", "\"event\":\"accountsComplete\"",
    ] {
      #expect(json.said.contains(word), "\(word)")
    }
  }

  @Test func theProgramSaysWhatCanNotBeShown() throws {
    let house = try Self.house()
    let unknown = try Self.shown(house, "accounts nobody\n") { _ in }
    #expect(unknown.code == .lineFailed)
    #expect(unknown.complained.contains("account-not-bound-to-controller"))
    let over = try Self.shown(house, "accounts\nunwatch\n") { _ in }
    #expect(over.code == .fine && over.said.contains("no longer shown"))
  }
}
