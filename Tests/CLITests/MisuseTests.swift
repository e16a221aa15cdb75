import Domain
import Testing

@testable import sluice

/// What is called wrongly ends with one line that says why.
@Suite struct MisuseTests {
  private func misuse(_ read: () throws(Misuse) -> Void) -> String {
    do throws(Misuse) {
      try read()
      return "taken"
    } catch {
      return error.words
    }
  }

  static let serve: [([String], String)] = [
    (["spare"], "'spare' is one word too many"),
    (["--confg", "x"], "no option '--confg'"),
    (["--config"], "--config needs a value: a folder of settings"),
    (["--config", "--data", "x"], "--config needs a value: a folder of settings"),
    (["--listen", "here"], "--listen 'here' is not ADDRESS:PORT, such as 127.0.0.1:7400"),
    (["--day", "tomorrow"], "--day 'tomorrow' is not a day from 2018 on, such as 20261123"),
    (["--seed", "-1"], "--seed '-1' is not a number, 0 or more"),
    (["--speed", "0"], "--speed '0' is not a number, 1 to 100000"),
    (["--speed=100001"], "--speed '100001' is not a number, 1 to 100000"),
    (["--log", "xml"], "--log 'xml' is not text or json"),
    (["--speed", "2", "--spin", "--no-counters", "--seed=3"], "taken"),
  ]

  @Test func serveSaysWhatIsWrong() {
    for (arguments, words) in Self.serve {
      #expect(
        misuse { () throws(Misuse) in _ = try ServeCommand.Options(arguments) } == words,
        "\(arguments)")
    }
  }

  @Test func withoutASeedServeHasNone() throws {
    #expect(try ServeCommand.Options([]).seed == nil)
    #expect(try ServeCommand.Options(["--seed", "9"]).seed == 9)
  }

  static let counter: [([String], String)] = [
    (["spare"], "'spare' is one word too many"),
    (["--port", "65536"], "--port '65536' is not a number, 0 to 65535"),
    (["--fault", "nonsense"], "--fault 'nonsense' is not a RULE, such as refuse@every=10"),
    (["--instant", "no"], "--instant 'no' is not accept or fill"),
    (["--fault", "refuse@every=10", "--instant=fill", "--speed", "0"], "taken"),
  ]

  @Test func counterSaysWhatIsWrong() {
    for (arguments, words) in Self.counter {
      #expect(
        misuse { () throws(Misuse) in _ = try CounterCommand.Options(arguments) } == words,
        "\(arguments)")
    }
  }

  static let simulate: [([String], String)] = [
    (["spare"], "'spare' is one word too many"),
    (["--seeds", "9-1"], "--seeds '9-1' is not A-B, such as 1-1000"),
    (["--without", "rain"], "--without 'rain' is not kinds of faults, such as crash,disk-full"),
    (["--seed", "1", "--seconds", "5"], "--seed is one run; --seeds and --seconds are many"),
    (["--steps", "0"], "--steps '0' is not a number, 1 to 1000000"),
    (["--seeds", "7", "--jobs=2", "--without", "crash,disk-full"], "taken"),
  ]

  @Test func simulateSaysWhatIsWrong() {
    for (arguments, words) in Self.simulate {
      #expect(
        misuse { () throws(Misuse) in _ = try SimulateCommand.Options(arguments) } == words,
        "\(arguments)")
    }
  }

  static let demo: [([String], String)] = [
    (["spare"], "'spare' is one word too many"),
    (["--ticks"], "--ticks needs the names of files"),
    (["--orders-per-second", "601"], "--orders-per-second '601' is not a number, 1 to 600"),
    (["--keep"], "--keep needs a value: a folder"),
    (["--ticks", "a", "b", "--seconds", "3", "--keep", "d"], "taken"),
  ]

  @Test func demoSaysWhatIsWrong() {
    for (arguments, words) in Self.demo {
      #expect(
        misuse { () throws(Misuse) in _ = try DemoCommand.Options(arguments) } == words,
        "\(arguments)")
    }
  }

  @Test func replayAndCheckConfigSayWhatIsWrong() throws {
    func replay(_ words: [String]) -> String {
      misuse { () throws(Misuse) in _ = try ReplayCommand.read(words) }
    }
    #expect(replay([]) == "a journal's DIR is missing")
    #expect(replay(["a", "b"]) == "'b' is one word too many")
    #expect(replay(["--all", "a"]) == "no option '--all'")
    #expect(replay(["a", "--config"]) == "--config needs a value: a folder of settings")
    let read = try ReplayCommand.read(["--config=c", "a"])
    #expect(read.path == "a" && read.folder == "c" && read.until == .end)
    #expect(
      replay(["a", "--until", "yesterday"]).hasPrefix("--until 'yesterday' is not a command"))
    #expect(replay(["a", "--until", "0"]).hasPrefix("--until '0' is not a command"))
    #expect(try ReplayCommand.read(["a", "--until", "7", "--books"]).until == .sequence(7))
    #expect(
      try ReplayCommand.read(["a", "--until=1970-01-01T00:00:01.5Z"]).until
        == .time(1_500_000_000))
    // The last and the first time there are, and those beyond.
    let times: [(String, Int64)] = [
      ("2262-04-11T23:47:15Z", 9_223_372_035_000_000_000), ("2262-04-11T23:47:17Z", .max),
      ("9999-12-31T23:59:59.999999999Z", .max),
      ("1677-09-21T00:12:45Z", -9_223_372_035_000_000_000), ("1677-09-21T00:12:43Z", .min),
      ("0001-01-01T00:00:00Z", .min),
    ]
    for (text, time) in times {
      #expect(try ReplayCommand.read(["a", "--until", text]).until == .time(time), "\(text)")
    }

    func check(_ words: [String]) -> String {
      misuse { () throws(Misuse) in _ = try CheckConfigCommand.read(words) }
    }
    #expect(check(["a", "b"]) == "'b' is one word too many")
    #expect(check(["--all"]) == "no option '--all'")
    #expect(try CheckConfigCommand.read(["a"]) == "a")
    #expect(try CheckConfigCommand.read([]) == nil)
  }

  @Test func explainAndWhatIfSayWhatIsWrong() throws {
    func explain(_ words: [String]) -> String {
      misuse { () throws(Misuse) in _ = try ExplainCommand.read(words) }
    }
    #expect(explain([]) == "ORDER is missing: ACCOUNT-CLORDID or an order's id")
    #expect(explain(["a-1"]) == "--journal DIR is missing")
    #expect(explain(["a-1", "--journal"]) == "--journal needs a value: a journal's folder")
    #expect(explain(["a-1", "b-1", "--journal", "d"]) == "'b-1' is one word too many")
    #expect(
      try ExplainCommand.read(["--journal=d", "a-1", "--json", "--config", "c"])
        == ExplainCommand.Request(order: "a-1", journal: "d", config: "c", isJSON: true))

    func whatIf(_ words: [String]) -> String {
      misuse { () throws(Misuse) in _ = try WhatIfCommand.read(words) }
    }
    #expect(whatIf(["d"]) == "--config DIR is missing: the settings to judge by")
    #expect(whatIf(["--config", "c"]) == "a JOURNAL's folder is missing")
    #expect(whatIf(["--config", "c", "d", "e"]) == "'e' is one word too many")
    #expect(whatIf(["--limits", "c", "d"]) == "no option '--limits'")
    #expect(
      try WhatIfCommand.read(["d", "--config=c", "--orders", "--json"])
        == WhatIfCommand.Request(journal: "d", config: "c", listsOrders: true, isJSON: true))
  }

  static let journal: [([String], String)] = [
    ([], "inspect, verify, repair or export what?"),
    (["mend", "a"], "no 'mend'"),
    (["inspect"], "a journal's DIR is missing"),
    (["verify", "a", "b"], "'b' is one word too many"),
    (["inspect", "a", "--json"], "no option '--json'"),
    (["repair", "a"], "--truncate-at POSITION is missing"),
    (["export", "a"], "--json is the only form there is"),
    (["export", "a", "--json", "--from", "9", "--until", "8"], "--from is behind --until"),
    (["verify", "a"], "taken"),
    (["repair", "--truncate-at=128", "a", "--yes"], "taken"),
  ]

  @Test func journalSaysWhatIsWrong() throws {
    for (arguments, words) in Self.journal {
      let said = misuse { () throws(Misuse) in _ = try JournalCommand.read(arguments) }
      if words != "taken" { #expect(said == words, "\(arguments)") }
    }
    #expect(
      try JournalCommand.read(["repair", "--truncate-at=128", "a", "--yes"])
        == JournalCommand.Request(what: .repair(at: 128, isMeant: true), path: "a"))
    #expect(
      try JournalCommand.read(["export", "a", "--json", "--from", "3"])
        == JournalCommand.Request(what: .export(3...UInt64.max), path: "a"))
    #expect(
      misuse { () throws(Misuse) in
        _ = try JournalCommand.read(["repair", "a", "--truncate-at", "-1"])
      }.hasPrefix("--truncate-at '-1' is not a number"))
  }

  /// Called wrongly: 2. A configuration that can't be used: 1, whichever command was to use it.
  @Test func exitCodesAreTheSameOfEveryCommand() {
    let misused: [[String]] = [
      ["no-such-command"], ["demo", "x"], ["serve", "x"], ["counter", "x"], ["replay"],
      ["check-config", "--x"], ["rules", "x"], ["journal"], ["journal", "verify"],
      ["terminal", "x"], ["explain", "a"], ["what-if", "a"],
    ]
    for arguments in misused { #expect(CLI.run(arguments) == 2, "\(arguments)") }
    let unusable: [[String]] = [
      ["serve", "--config", "/nowhere"], ["counter", "--config", "/nowhere"],
      ["replay", "x", "--config", "/nowhere"], ["check-config", "/nowhere"],
      ["journal", "verify", "/nowhere"], ["journal", "inspect", "/nowhere"],
      ["journal", "repair", "/nowhere", "--truncate-at", "128"],
      ["journal", "export", "/nowhere", "--json"],
      ["explain", "a-1", "--journal", "/nowhere"], ["what-if", "/nowhere", "--config", "config"],
      ["explain", "a-1", "--journal", "x", "--config", "/nowhere"],
      ["what-if", "x", "--config", "/nowhere"],
    ]
    for arguments in unusable { #expect(CLI.run(arguments) == 1, "\(arguments)") }
    for command in [
      "demo", "serve", "counter", "replay", "journal", "check-config", "rules", "terminal",
      "explain", "what-if",
    ] {
      #expect(CLI.run([command, "--help"]) == 0, "\(command)")
    }
  }
}
