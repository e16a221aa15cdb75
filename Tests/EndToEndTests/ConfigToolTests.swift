import Domain
import Foundation
import Testing
import Wire

@testable import Runtime

/// `sluice config` in a process of its own, beside a gateway that runs.
@Suite(.timeLimit(.minutes(10))) struct ConfigToolTests {
  /// The house's files in a folder of its own, changed.
  private static func files(
    _ house: House, _ name: String, _ change: (inout [String: String]) -> Void
  ) throws -> String {
    let folder = house.folder.path + "/" + name
    var files = HouseFiles()
    change(&files.texts)
    try files.write(to: folder)
    return folder
  }

  private static func accounts(
    _ part: String, _ other: String
  ) -> (inout [String: String]) -> Void {
    { texts in
      texts["operation-accounts.json5"] = texts["operation-accounts.json5"]?.replacing(
        part, with: other)
    }
  }

  private static func run(
    _ house: House, _ words: String...
  ) throws -> (code: Int32, said: String) {
    try SluiceProcess.run(["config"] + words + ["--data", house.folder.path])
  }

  @Test func aChangeIsSeenTriedAndTakenWhileOrdersGoOn() throws {
    let house = try House()
    defer { Self.clear(house) }
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a-1", lots: 3)
    try alice.report(.workingConfirmed, of: "a-1")
    try bob.place("b-1", .sell, lots: 3)
    try alice.report(.trade, of: "a-1")

    let same = try Self.files(house, "config-same") { _ in }
    let nothing = try Self.run(house, "diff", same)
    #expect(nothing.code == 0 && nothing.said == "the same: nothing to change\n", "\(nothing.said)")

    let smaller = try Self.files(
      house, "config-smaller", Self.accounts("positionCap: 50", "positionCap: 2"))
    let tried = try Self.run(house, "apply", smaller, "--dry-run")
    #expect(tried.code == 0, "\(tried.said)")
    #expect(tried.said.contains("account alice positionCap: 50 lots -> 2 lots\n"), "\(tried.said)")
    #expect(
      tried.said.contains("at once over a limit: account alice, position-limit"), "\(tried.said)")
    #expect(tried.said.contains("nothing was changed: --yes does it"))
    try alice.place("a-2", lots: 1)
    try alice.report(.workingConfirmed, of: "a-2")

    let done = try Self.run(house, "apply", smaller, "--yes")
    #expect(done.code == 0 && done.said.contains("changed: 1 settings, revision 1"), "\(done.said)")
    try alice.place("a-3", lots: 1)
    try alice.report(.rejected, of: "a-3")
    let again = try Self.run(house, "diff", smaller)
    #expect(again.said == "the same: nothing to change\n", "\(again.said)")

    let history = try Self.run(house, "history", "--config", smaller)
    #expect(history.said.contains("revision 1  "), "\(history.said)")
    #expect(history.said.contains(": 1 of 1 settings\n  account alice positionCap: 50 lots -> 2"))
    let export = try Self.run(house, "export", "--config", smaller)
    #expect(export.said.contains("\"subject\":\"account alice positionCap\",\"value\":\"2 lots\""))
    #expect(!export.said.contains("argon2"), "no secret is told")
  }

  /// Lists are emptied and filled anew, limits are taken away again, and a restart finds it all.
  @Test func listsAndLimitsComeAndGo() throws {
    let house = try House()
    defer { Self.clear(house) }
    let other = try Self.files(house, "config-other") { texts in
      Self.accounts("addresses: ['10.0.0.0/8']", "addresses: ['127.0.0.1', '10.0.0.0/8']")(&texts)
      Self.accounts("macs: ['00:1b:44:11:3a:b7']", "openOrders: 5")(&texts)
      Self.accounts("positionCap: 50, ", "")(&texts)
    }
    let done = try Self.run(house, "apply", other, "--yes")
    #expect(done.code == 0, "\(done.said)")
    #expect(done.said.contains("changed: 6 settings"), "\(done.said)")
    #expect(
      done.said.contains(
        "account dora: from 10.0.0.0, to 10.255.255.255 -> from 127.0.0.1, to 127.0.0.1; from 10"),
      "\(done.said)")
    #expect(done.said.contains("account erin: mac 00:1b:44:11:3a:b7 -> not set"), "\(done.said)")
    let dora = try house.terminal("dora")
    dora.socket.close()
    house.stop()
    try house.startAgain()
    try house.awaitLinks(times: 2)
    let again = try Self.run(house, "diff", other)
    #expect(again.said == "the same: nothing to change\n", "\(again.said)")
    let back = try Self.files(house, "config-back") { _ in }
    #expect(try Self.run(house, "apply", back, "--yes").code == 0)
    #expect(try Self.run(house, "diff", back).said == "the same: nothing to change\n")
  }

  /// A scheme and a sector that were not there at the start.
  @Test func whatSettingsAreGatheredInIsAddedWhileOrdersGoOn() throws {
    let house = try House()
    defer { Self.clear(house) }
    let alice = try house.terminal("alice")
    try alice.place("a-1", lots: 3)
    try alice.report(.workingConfirmed, of: "a-1")

    let other = try Self.files(house, "config-other", Self.scheme("'tight'"))
    let done = try Self.run(house, "apply", other, "--yes")
    #expect(done.code == 0, "\(done.said)")
    #expect(done.said.contains("defineScheme: not set -> name tight\n"), "\(done.said)")
    #expect(done.said.contains("defineSector: not set -> name metals\n"), "\(done.said)")
    try alice.place("a-2", lots: 1)
    try alice.report(.workingConfirmed, of: "a-2")
    try alice.place("a-3", lots: 1)
    let refused = try alice.report(.rejected, of: "a-3")
    #expect(refused.refusal.rule == RuleID.schemeTotalPositionLots.rawValue)
    let history = try Self.run(house, "history", "--config", other)
    #expect(history.said.contains("  defineScheme: not set -> name tight\n"), "\(history.said)")

    alice.socket.close()
    house.stop()
    try house.startAgain()
    try house.awaitLinks(times: 2)
    let again = try Self.run(house, "diff", other)
    #expect(again.said == "the same: nothing to change\n", "\(again.said)")
    let front = try Self.files(house, "config-more") { texts in
      Self.scheme("'loose', clauses: [] }, { name: 'tight'")(&texts)
    }
    let moved = try Self.run(house, "apply", front, "--yes")
    #expect(moved.code == 1, "\(moved.said)")
    #expect(
      moved.said.contains(
        "schemes: schemes: tight: is number 1 of the gateway's, and number 2 in the configuration"
      ), "\(moved.said)")
    let same = try Self.files(house, "config-same") { _ in }
    let gone = try Self.run(house, "apply", same, "--yes")
    #expect(gone.code == 1, "\(gone.said)")
    #expect(
      gone.said.contains("defineScheme: name tight -> not set: can be replaced and not taken away"),
      "\(gone.said)")
  }

  /// A scheme of alice's product that allows four lots of rebar.
  private static func scheme(_ name: String) -> (inout [String: String]) -> Void {
    { texts in
      texts["schemes.json5"] = """
        {
          sectors: [{ name: 'metals', commodities: ['SHFE.rb'] }],
          schemes: [
            { name: \(name), clauses: [
              { number: 1, kind: 'total-position-lots', sector: 'metals', lots: { levelOne: 4 } },
            ] },
          ],
          products: [
            { product: 'product-a', bindings: [{ scheme: 'tight' }],
              netValue: { mode: 'equity', shares: 10000000 },
              night: { rule: 'as-day' }, holiday: { rule: 'none' } },
          ],
        }
        """
    }
  }

  /// An operation account gets a scheme of its own while it trades: what it has already counts, the
  /// preview says so, the history tells what was before and what is, a replay ends where the run
  /// did.
  @Test func anAccountsOwnSchemeIsAddedWhileItTrades() throws {
    let alias = "alias: 'Alice 一号'"
    let house = try House(HouseFiles(alice: alias))
    defer { Self.clear(house) }
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try bob.place("b-1", .sell, lots: 3)
    try bob.report(.workingConfirmed, of: "b-1")
    try alice.place("a-1", lots: 3)
    try alice.report(.trade, of: "a-1")

    let own = try Self.files(house, "config-own") { $0 = Self.ownScheme(alias) }
    // It looks at what is known to be stored, which is a beat behind what was told.
    let deadline = Deadline()
    var tried = try Self.run(house, "apply", own, "--dry-run")
    while !tried.said.contains("at once: "), deadline.millisecondsLeft > 0 {
      tried = try Self.run(house, "apply", own, "--dry-run")
    }
    #expect(tried.code == 0, "\(tried.said)")
    for words in [
      "defineScheme: not set -> name own\n", "at once: clauseReached ",
      "alice, scheme-total-position-lots, level warn", "nothing was changed: --yes does it",
    ] { #expect(tried.said.contains(words), "\(words) in \(tried.said)") }
    // Tried is not done.
    try alice.place("a-2", lots: 1, at: 3_000)
    try alice.report(.workingConfirmed, of: "a-2")
    let done = try Self.run(house, "apply", own, "--yes")
    #expect(done.code == 0 && done.said.contains("revision 1"), "\(done.said)")

    try alice.place("a-3", lots: 1)
    let refused = try alice.report(.rejected, of: "a-3")
    #expect(RuleID(rawValue: refused.refusal.rule) == .schemeTotalPositionLots)
    #expect(refused.refusal.limit == 2)
    // Her scheme is hers: others of the house open, and she may close.
    try bob.place("b-2", .sell, lots: 5)
    try bob.report(.workingConfirmed, of: "b-2")
    try alice.place("a-4", .sell, lots: 1, offset: .closeToday)
    try alice.report(.workingConfirmed, of: "a-4")

    let history = try Self.run(house, "history", "--config", own)
    for words in [
      "revision 1  ", "  defineScheme: not set -> name own\n",
      "number 1 account alice: not set -> scheme 0",
    ] { #expect(history.said.contains(words), "\(words) in \(history.said)") }
    #expect(try Self.run(house, "diff", own).said == "the same: nothing to change\n")

    for terminal in [alice, bob] { terminal.socket.close() }
    house.stop()
    let line = try house.log.wait(for: "stopped", "state=0x")
    let hash = try #require(line.firstRange(of: "state=0x"))
    let state = line[hash.upperBound...].prefix { $0.isHexDigit }
    let replayed = try SluiceProcess.run("replay", house.journalPath, "--config", own)
    #expect(replayed.code == 0, "\(replayed.said)")
    #expect(replayed.said.contains("every outcome is as it was written"), "\(replayed.said)")
    #expect(replayed.said.contains("state hash  \(state)\n"), "\(replayed.said)")
  }

  /// The house, with a scheme of alice's own that allows two lots of rebar.
  private static func ownScheme(_ alias: String) -> [String: String] {
    var texts = HouseFiles(alice: alias).texts
    texts["schemes.json5"] = """
      {
        schemes: [
          { name: 'own', clauses: [
            { number: 1, kind: 'total-position-lots', scope: 'SHFE.rb', lots: { levelOne: 2 } },
          ] },
        ],
        accounts: [
          { account: 'alice', bindings: [{ scheme: 'own' }],
            netValue: { mode: 'equity', shares: 5000000 },
            night: { rule: 'as-day' }, holiday: { rule: 'none' } },
        ],
      }
      """
    return texts
  }

  /// Who is in stays in, unless the change says that who no longer fits is dropped; then who fits
  /// stays. Controllers' lists are changed as accounts' are.
  @Test(arguments: [false, true]) func whoNoLongerFitsIsDroppedWhenTheChangeSaysSo(
    _ isDropping: Bool
  ) throws {
    func controllers(_ addresses: String) -> String {
      """
      { controllers: [
        { name: 'wei', password: { generate: true }, allAccounts: true, rights: ['watch'],
          addresses: [\(addresses)] },
        { name: 'li', password: { generate: true }, allAccounts: true, rights: ['watch'] },
      ] }
      """
    }
    var files = HouseFiles()
    files.openDesk()
    files.texts["controllers.json5"] = controllers("'127.0.0.1'")
    let house = try House(files)
    defer { Self.clear(house) }
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    let wei = try ScriptedDesk(house, "wei")
    try wei.wait("to be let in") { $0.accepted != nil }
    let li = try ScriptedDesk(house, "li")
    try li.wait("to be let in") { $0.accepted != nil }
    let narrow = try Self.files(house, "config-narrow") { texts in
      texts["gateway.json5"] = files.texts["gateway.json5"]
      texts["controllers.json5"] = controllers("'10.0.0.0/8'")
      Self.accounts("positionCap: 50,", "positionCap: 50, addresses: ['10.0.0.0/8'],")(&texts)
    }
    var words = ["apply", narrow, "--dry-run"] + (isDropping ? ["--drop-unfit"] : [])
    func run() throws -> (code: Int32, said: String) {
      try SluiceProcess.run(["config"] + words + ["--data", house.folder.path])
    }
    let tried = try run()
    #expect(tried.code == 0, "\(tried.said)")
    #expect(tried.said.contains("controller wei"), "\(tried.said)")
    #expect(
      tried.said.contains("sessions that could not log in any more would be ended") == isDropping)
    words[2] = "--yes"
    let done = try run()
    #expect(done.code == 0, "\(done.said)")
    if isDropping {
      try alice.waitForEnd()
      #expect(alice.logout?.reason == .dropped)
      #expect(RuleID(rawValue: alice.logout?.rule ?? 0) == .ipWhitelist)
      try wei.wait("its end") { $0.end != nil }
      try house.log.wait(for: "unfitDropped sessions=2")
      let history = try Self.run(house, "history", "--config", narrow)
      #expect(history.said.contains("and who no longer fits is dropped"), "\(history.said)")
    } else {
      try alice.place("a-1")
      try alice.report(.workingConfirmed, of: "a-1")
      #expect(house.log.found("unfitDropped") == [])
    }
    try bob.place("b-1")
    try bob.report(.workingConfirmed, of: "b-1")
    #expect(li.end == nil)
    let again = try Self.run(house, "diff", narrow)
    #expect(again.said == "the same: nothing to change\n", "\(again.said)")
  }

  /// A mode holds from tomorrow on; the lines that are set for it wait and count as set.
  @Test func whatAChangeOfModeMeansForTodayIsSaid() throws {
    func lines(_ warn: String) -> HouseFiles {
      HouseFiles(alice: "lines: { riskDegree: { \(warn) } }")
    }
    let house = try House(lines("warn: 60, liquidate: 45"))
    defer { Self.clear(house) }
    let other = try Self.files(house, "config-mode") { texts in
      texts = lines("warnEquity: 5000, liquidateEquity: 4000").texts
      texts["risk.json5"] = "{ riskDegree: { mode: 'equity' } }"
    }
    let tried = try Self.run(house, "apply", other, "--dry-run")
    #expect(tried.code == 0, "\(tried.said)")
    #expect(
      tried.said.contains("riskDegreeMode holds from the next trading day on"), "\(tried.said)")
    let same = try Self.files(house, "config-same") { texts in
      texts = lines("warn: 60, liquidate: 45").texts
    }
    let nothing = try Self.run(house, "apply", same, "--dry-run")
    #expect(!nothing.said.contains("holds from the next trading day"), "\(nothing.said)")
    for (files, hasEquity) in [(other, true), (same, false)] {
      let done = try Self.run(house, "apply", files, "--yes")
      #expect(done.code == 0 && done.said.contains("changed: 2 settings"), "\(done.said)")
      let again = try Self.run(house, "diff", files)
      #expect(again.said == "the same: nothing to change\n", "\(again.said)")
      let export = try Self.run(house, "export", "--config", files)
      #expect(export.said.contains("warn 5,000 yuan") == hasEquity, "\(export.said)")
    }
  }

  /// Rights and accounts of a risk controller, and how liquidations are priced.
  @Test func controllersAndLiquidationsAreChangedToo() throws {
    func controllers(_ rights: String, _ accounts: String) -> String {
      "{ controllers: [{ name: 'wei', password: { generate: true }, rights: [\(rights)], "
        + "accounts: [\(accounts)] }] }"
    }
    var files = HouseFiles()
    files.texts["controllers.json5"] = controllers("'watch'", "'alice'")
    let house = try House(files)
    defer { Self.clear(house) }
    let other = try Self.files(house, "config-other") { texts in
      texts["controllers.json5"] = controllers("'watch', 'liquidate'", "'bob'")
      texts["risk.json5"] = "{ liquidation: { price: 'limit', repriceSeconds: 9 } }"
    }
    let done = try Self.run(house, "apply", other, "--yes")
    #expect(done.code == 0, "\(done.said)")
    for words in [
      "setController controller wei rights: 1 -> 3\n",
      "bindController controller wei account alice: bound true -> not set\n",
      "bindController controller wei account bob: not set -> bound true\n",
      "changed: 5 settings, revision 1",
    ] { #expect(done.said.contains(words), "\(words) in \(done.said)") }
    let again = try Self.run(house, "diff", other)
    #expect(again.said == "the same: nothing to change\n", "\(again.said)")
  }

  @Test func whatCantBeDoneIsSaidAndNothingIsChanged() throws {
    let house = try House()
    defer { Self.clear(house) }
    let more = try Self.files(house, "config-more") { texts in
      texts["counters.json5"] = texts["counters.json5"]?.replacing("'south'", with: "'east'")
      texts["fund-accounts.json5"] = texts["fund-accounts.json5"]?.replacing(
        "'south'", with: "'east'")
    }
    let exists = try Self.run(house, "apply", more, "--yes")
    #expect(exists.code == 1 && exists.said.contains("what exists differs in"), "\(exists.said)")

    let wrong = try Self.files(
      house, "config-wrong", Self.accounts("positionCap: 50", "positionCap: 'many'"))
    let unread = try Self.run(house, "apply", wrong, "--yes")
    #expect(unread.code == 1 && unread.said.contains("positionCap"), "\(unread.said)")

    let same = try Self.files(house, "config-same") { _ in }
    house.stop()
    let nobody = try Self.run(house, "apply", same, "--yes")
    #expect(nobody.code == 1 && nobody.said.contains("no gateway runs here"), "\(nobody.said)")
    let journal = try SluiceProcess.run(["config", "diff", same, "--journal", house.journalPath])
    #expect(journal.code == 0 && journal.said.contains("the same"), "\(journal.said)")
  }

  private static func clear(_ house: House) {
    for name in [
      "same", "smaller", "other", "back", "more", "wrong", "narrow", "own", "mode",
    ] {
      try? FileManager.default.removeItem(atPath: "\(house.folder.path)/config-\(name)")
    }
  }
}
