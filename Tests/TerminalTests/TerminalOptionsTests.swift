import Domain
import Testing

@testable import Terminal

@Suite struct TerminalOptionsTests {
  static let needed = ["--connect", "localhost:7001", "--account", "desk-1"]

  @Test func everythingCanBeSaid() throws {
    let options = try TerminalOptions(
      [
        "--connect=[::1]:7001", "--account=desk-1", "--password-file", "f", "--mac",
        "00:1b:44:11:3a:b7", "--script=-", "--keep-going", "--timeout", "30", "--json",
        "--language", "zh", "--no-history",
      ], language: .english)
    #expect(options.host == "::1" && options.port == 7001)
    #expect(options.account == Name("desk-1") && options.passwordFile == "f")
    #expect(options.macAddress == MACAddress(raw: 0x001b_4411_3ab7))
    #expect(options.script == "-" && options.keepsGoing && options.isJSON)
    #expect(options.timeoutSeconds == 30 && options.language == .chinese)
    #expect(!options.keepsHistory)
  }

  @Test func whatTLSNeedsCanBeSaid() throws {
    #expect(try TerminalOptions(Self.needed, language: .english).tls == nil)
    let plain = try TerminalOptions(Self.needed + ["--tls"], language: .english)
    #expect(plain.tls == TerminalOptions.TLS())
    let all = try TerminalOptions(
      Self.needed + [
        "--ca=ca.crt", "--tls-name", "gateway", "--tls", "--certificate", "c", "--key", "k",
      ], language: .english)
    #expect(
      all.tls
        == TerminalOptions.TLS(
          authority: "ca.crt", name: "gateway", certificate: "c", key: "k"))
  }

  @Test func whatIsNotSaidHasADefault() throws {
    let options = try TerminalOptions(Self.needed, language: .chinese)
    #expect(options.language == .chinese && options.timeoutSeconds == 10)
    #expect(!options.isJSON && !options.keepsGoing && options.script == nil)
    #expect(options.keepsHistory)
    #expect(options.macAddress == .none && options.passwordFile == nil)
  }

  @Test func helpNeedsNothingElse() throws {
    let options = try TerminalOptions(["--help"], language: .english)
    #expect(options.wantsHelp)
  }

  static let bad: [([String], String)] = [
    ([], "--connect HOST:PORT is missing"),
    (["--connect", "a:1"], "--account NAME is missing"),
    (["--connect", "localhost"], "is no HOST:PORT"), (["--connect", ":7001"], "is no HOST:PORT"),
    (["--connect", "a:0"], "is no HOST:PORT"), (["--connect", "a:65536"], "is no HOST:PORT"),
    (["--connect"], "--connect needs a value"),
    (["--password", "secret"], "no option '--password'"), (["x"], "no option 'x'"),
    (needed + ["--account", ""], "is no account"),
    (needed + ["--account", "a b"], "is no account"),
    (needed + ["--mac", "00:11"], "is no network card"),
    (needed + ["--mac", "+0:11:22:33:44:55"], "is no network card"),
    (needed + ["--timeout", "0"], "write 1 to 86400 seconds"),
    (needed + ["--timeout", "86401"], "write 1 to 86400 seconds"),
    (needed + ["--language", "fr"], "write en or zh"),
    (needed + ["--json=yes"], "--json takes no value"),
    (needed + ["--ca", "f"], "of no use without --tls"),
    (needed + ["--tls", "--certificate", "f"], "--certificate and --key go together"),
  ]

  @Test func whatIsWrongIsSaid() {
    for (arguments, words) in Self.bad {
      do throws(TerminalOptions.Fault) {
        _ = try TerminalOptions(arguments, language: .english)
        Issue.record("\(arguments) were taken")
      } catch {
        #expect(error.english.contains(words), "\(arguments): \(error.english)")
        #expect(!error.words(.chinese).isEmpty)
      }
    }
  }

  @Test func theEnvironmentChoosesTheLanguage() {
    #expect(Language(all: nil, messages: nil, lang: "zh_CN.UTF-8") == .chinese)
    #expect(Language(all: nil, messages: "", lang: "en_US.UTF-8") == .english)
    #expect(Language(all: "C", messages: "zh_CN", lang: "zh_CN") == .english)
    #expect(Language(all: "", messages: "zh_CN", lang: nil) == .chinese)
    #expect(Language(all: nil, messages: nil, lang: nil) == .english)
  }

  @Test func helpTellsEveryExitCode() {
    for language in Language.allCases {
      let usage = TerminalHelp.usage(language)
      for code in 0...6 { #expect(usage.contains(" \(code) ") || usage.contains("\(code) ")) }
      #expect(usage.contains("--keep-going") && usage.contains("cancel all"))
    }
  }
}
