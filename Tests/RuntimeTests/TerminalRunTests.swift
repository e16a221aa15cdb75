import Domain
import Glibc
import Session
import Terminal
import Testing

@testable import Runtime

/// Scripts over a real socket, to their exit codes.
@Suite(.timeLimit(.minutes(10))) struct TerminalRunTests {
  struct Ran {
    var code: ExitCode
    var said = ""
    var complained = ""
  }

  static func run(
    _ lines: [String], account: String = "alice", password: String = "secret",
    to address: SocketAddress, input: TerminalInput? = nil,
    _ change: (inout Shell.Settings) -> Void = { _ in }
  ) throws -> Ran {
    var settings = Shell.Settings()
    settings.isScript = true
    settings.source = "s"
    change(&settings)
    var secret = try #require(FixedText<128>(password))
    var said = ""
    var complained = ""
    let code = try TerminalRun.run(
      settings, TerminalLogon(account: try #require(Name(account)), reconnects: false),
      password: &secret, to: address, input: input ?? .lines(lines), prompt: "",
      stopsOnSignals: false
    ) { text, isComplaint in
      if isComplaint { complained += text } else { said += text }
    }
    #expect(secret.isEmpty, "the password is wiped")
    #expect(!said.contains(password) && !complained.contains(password))
    return Ran(code: code, said: said, complained: complained)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var lines: [String]
    var code: ExitCode
    var said: [String] = []
    var complained: [String] = []
    var notSaid: [String] = []
    /// How long an answer is waited for; a machine that is busy has all the time it needs.
    var timeoutSeconds: Int64 = 30
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "everything is done",
      lines: [
        "# a comment", "", "buy open rb2610 3 @ 3120 fak", "wait filled last",
        "sell close-today rb2610 1 market fok", "wait within 5", "echo done", "orders",
      ], code: .fine,
      said: ["logged on as alice", "3 @ 3120, 3 of 3 filled", "done\n", "filled  \n"].map {
        $0.replacing("  \n", with: "\n")
      }),
    Case(name: "nothing to do", lines: [], code: .fine),
    Case(name: "quit ends it", lines: ["quit", "buy nonsense"], code: .fine),
    Case(
      name: "a refused order ends the script",
      lines: ["buy open rb2610 500 @ 3120", "echo not reached"], code: .orderRefused,
      said: [
        "position limit 100 lots in rb: 98 held or working, 500 asked, 2 left [position-limit]"
      ], complained: ["s:1: order #1 was refused"]),
    Case(
      name: "so does one that cannot be served",
      lines: ["buy open biz1 1 @ 3120"], code: .orderRefused,
      said: ["the gateway is stopping"], complained: ["s:1: order #1 was refused"]),
    Case(
      name: "a line that is no command",
      lines: ["echo first", "buy opn rb2610 3 @ 3120", "echo not reached"], code: .usage,
      said: ["first\n"], complained: ["s:2:5: 'opn' is no offset"]),
    Case(
      name: "a cancel is waited for",
      lines: ["buy open rb2610 3 @ 3120", "cancel last", "wait", "orders"], code: .fine,
      said: ["accepted", "cancelled"]),
    Case(
      name: "all working orders are cancelled",
      lines: [
        "buy open rb2610 3 @ 3120", "sell open rb2610 3 @ 3130", "cancel all", "wait final #2",
      ], code: .fine, said: ["#1  cancelled", "#2  cancelled"]),
    Case(
      name: "a cancel that is refused",
      lines: ["buy open rb2610 3 @ 3120 fak", "cancel #1"], code: .lineFailed,
      said: ["cancel REFUSED"], complained: ["s:2: the cancel was refused"]),
    Case(
      name: "a cancel of what nobody knows holds up nothing",
      lines: ["cancel nobodys"], code: .lineFailed,
      said: ["unknown order"], complained: ["s:1: the cancel was refused"]),
    Case(
      name: "an order that nobody knows", lines: ["cancel last"], code: .lineFailed,
      complained: ["s:1: no order was placed from here yet"]),
    Case(
      name: "a number that is none", lines: ["cancel #7"], code: .lineFailed,
      complained: ["s:1: there is no order #7"]),
    Case(
      name: "what cannot be filled any more",
      lines: ["buy open rb2610 3 @ 3120", "cancel last", "wait filled last"], code: .lineFailed,
      complained: ["s:3: order #1 ended as cancelled, 0 of 3 filled"]),
    Case(
      name: "an order that gets no answer", lines: ["buy open mute1 1 @ 3120"], code: .timedOut,
      complained: ["s:1: no answer to the order in time"], timeoutSeconds: 1),
    Case(
      name: "an order that goes on working",
      lines: ["buy open rb2610 3 @ 3120", "wait final last within 1"], code: .timedOut,
      complained: ["s:2: the order still works when the time is over"]),
    Case(
      name: "the connection breaks", lines: ["buy open drop1 1 @ 3120", "echo not reached"],
      code: .connectionLost, complained: ["sluice: connection lost"]),
    Case(
      name: "instruments come page by page", lines: ["instruments rb"], code: .fine,
      said: ["rb2610", "rb2705"]),
    Case(
      name: "prices are watched", lines: ["watch rb2610", "buy open rb2610 1 @ 3120 fak"],
      code: .fine, said: ["3120.5"]),
    Case(
      name: "money and positions are followed",
      lines: ["follow funds", "follow positions every 1000", "unfollow", "echo done"], code: .fine,
      said: ["equity 77 ", "today 4 ", "done\n"]),
    Case(
      name: "a subscription that is refused: the line is named",
      lines: ["follow all every 1001", "echo not reached"], code: .lineFailed,
      said: ["request REFUSED"], complained: ["s:1: a request was refused"], notSaid: ["equity"]),
    Case(
      name: "one command is explained", lines: ["help follow"], code: .fine,
      said: ["follow [positions|funds|all] [every MILLISECONDS]\n"]),
    Case(
      name: "prices of nothing: the line is named, and nothing more is sent",
      lines: ["watch rb2610 nope", "buy open rb2610 1 @ 3120", "echo not reached"],
      code: .lineFailed, said: ["unknown instrument"],
      complained: ["s:1: a request was refused"], notSaid: ["accepted"]),
  ]

  @Test(arguments: cases)
  func aScriptEndsWithItsCode(_ row: Case) throws {
    let gateway = try LoopbackGateway()
    let ran = try Self.run(row.lines, to: gateway.address) {
      $0.timeoutSeconds = row.timeoutSeconds
    }
    #expect(ran.code == row.code, "\(ran)")
    for text in row.said { #expect(ran.said.contains(text), "\(ran)") }
    for text in row.notSaid { #expect(!ran.said.contains(text), "\(ran)") }
    for text in row.complained { #expect(ran.complained.contains(text), "\(ran)") }
    if row.complained.isEmpty, row.code == .fine { #expect(ran.complained == "") }
    #expect(!ran.said.contains("not reached"))
  }

  @Test func aWrongPasswordIsARefusedLogon() throws {
    let gateway = try LoopbackGateway()
    let ran = try Self.run(["echo no"], password: "guess", to: gateway.address)
    #expect(ran.code == .logonRefused)
    #expect(ran.complained.contains("logon refused"))
    #expect(ran.complained.contains("[login-credentials]"))
    #expect(ran.said == "")
  }

  @Test func nobodyListens() throws {
    let nobody = try NobodysPort()
    let ran = try Self.run([], to: nobody.address)
    #expect(ran.code == .connectionLost)
    #expect(ran.complained.contains("can't connect: connection refused"))
  }

  @Test func aLogonWithoutAnswerTimesOut() throws {
    let gateway = try LoopbackGateway()
    let ran = try Self.run([], account: "mute", to: gateway.address) { $0.timeoutSeconds = 1 }
    #expect(ran.code == .timedOut)
  }

  @Test func aScriptThatKeepsGoingEndsWithItsFirstFailure() throws {
    let gateway = try LoopbackGateway()
    let lines = ["buy open rb2610 500 @ 3120", "nonsense", "echo reached", "cancel #9"]
    let ran = try Self.run(lines, to: gateway.address) { $0.keepsGoing = true }
    #expect(ran.code == .orderRefused)
    #expect(ran.said.contains("reached"))
    #expect(ran.complained.contains("s:2:1:") && ran.complained.contains("s:4:"))
  }

  /// A subscription is fenced by a request whose answer nobody asked for.
  @Test func aWatchThatIsTakenTellsPricesAlone() throws {
    let gateway = try LoopbackGateway()
    let ran = try Self.run(["watch rb2610"], to: gateway.address) { $0.isJSON = true }
    #expect(ran.code == .fine, "\(ran)")
    #expect(ran.said.contains("{\"event\":\"tick\""))
    #expect(!ran.said.contains("{\"event\":\"instrument\""))
  }

  @Test func aScriptThatKeepsGoingNamesEachWatch() throws {
    let gateway = try LoopbackGateway()
    let lines = ["watch nope", "echo reached", "watch nope"]
    let ran = try Self.run(lines, to: gateway.address) { $0.keepsGoing = true }
    #expect(ran.code == .lineFailed)
    #expect(ran.said.contains("reached"))
    #expect(ran.complained == "s:1: a request was refused\ns:3: a request was refused\n")
  }

  @Test func everyLineOfJSONIsAnObject() throws {
    let gateway = try LoopbackGateway()
    let lines = [
      "buy open rb2610 3 @ 3120.5 fak", "watch rb2610", "instruments", "orders", "echo \"q\"",
      "help", "unwatch", "buy open rb2610 500 @ 3120",
    ]
    let ran = try Self.run(lines, to: gateway.address) { $0.isJSON = true }
    #expect(ran.code == .orderRefused)
    #expect(ran.complained == "")
    let said = ran.said.split(separator: "\n")
    #expect(said.allSatisfy { $0.hasPrefix("{\"event\":\"") && $0.hasSuffix("}") })
    for text in [
      "{\"event\":\"loggedOn\"", "\"price\":\"3120.5\"", "\"last\":\"3120.5\"",
      "{\"event\":\"echo\",\"text\":\"\\\"q\\\"\"}", "\"rule\":\"position-limit\"",
      "{\"event\":\"error\",\"line\":8,", "{\"event\":\"help\",\"text\":\"buy|sell ",
      "\"exitCode\":5}",
    ] {
      #expect(ran.said.contains(text), "\(text) in \(ran.said)")
    }
  }

  /// What a person would type before the orders are answered is done in the order of typing.
  @Test func linesOfAPipeAreDoneOneByOne() throws {
    let gateway = try LoopbackGateway()
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    let text = "buy open rb2610 3 @ 3120\r\ncancel last\nwait\necho the end"
    #expect(write(ends[1], text, text.utf8.count) == text.utf8.count)
    close(ends[1])
    let ran = try Self.run([], to: gateway.address, input: .descriptor(ends[0]))
    close(ends[0])
    #expect(ran.code == .fine, "\(ran)")
    #expect(ran.said.contains("the end"))
  }

  @Test func aPersonIsNotThrownOut() throws {
    let gateway = try LoopbackGateway()
    let lines = ["nonsense", "buy open rb2610 500 @ 3120", "wait", "cancel #9", "help", "quit"]
    let ran = try Self.run(lines, to: gateway.address) { $0.isScript = false }
    #expect(ran.code == .fine)
    #expect(ran.said.contains("REFUSED") && ran.said.contains("cancel all"))
    #expect(ran.complained.contains("column 1: 'nonsense' is no command"))
  }

  @Test func chineseIsSpoken() throws {
    let gateway = try LoopbackGateway()
    let ran = try Self.run(["buy open rb2610 500 @ 3120"], to: gateway.address) {
      $0.language = .chinese
    }
    #expect(ran.said.contains("持仓上限 100 手（rb）：持有及在途 98，本次 500，剩余 2 [position-limit]"))
  }
}
