import Domain
import Glibc
import Runtime
import Session
import Terminal

/// `sluice desk`: what risk controllers do, by hand or by script, over the gateway's own protocol.
enum DeskCommand {
  static let usage = """
    usage: sluice desk --connect HOST:PORT --controller NAME [--password-file FILE] [--mac ADDRESS]
                       [--follow] [--json] [--language en|zh]
                       [--tls [--ca FILE] [--tls-name NAME] [--certificate FILE --key FILE]]

      --connect        where the gateway's desk listens
      --controller     who logs on
      --password-file  its first line is the password; else SLUICE_PASSWORD, else it is asked for
      --mac            network card to state, such as 00:11:22:33:44:55
      --follow         goes on showing notices when there are no more lines
      --json           a JSON object a line instead of words
      --language       en or zh, instead of the environment's
      --tls            TLS; --ca, --tls-name, --certificate and --key as sluice terminal

      Lines come from standard input; 'help' lists them.

      Exit code 0: all was done. 1: a line was refused. 2: called wrongly. 3: the logon was refused.
      4: no connection.
    """

  static func run(_ arguments: [String]) -> Int32 {
    let language = Language(
      all: variable("LC_ALL"), messages: variable("LC_MESSAGES"), lang: variable("LANG"))
    if arguments.contains("--help") || arguments.contains("-h") {
      Console.say(usage)
      return ExitCode.fine.number
    }
    var follows = false
    let rest = arguments.compactMap { word -> String? in
      if word == "--follow" {
        follows = true
        return nil
      }
      // The words of `sluice terminal`, but for who logs on.
      return word == "--controller"
        ? "--account" : word.hasPrefix("--controller=") ? "--account" + word.dropFirst(12) : word
    }
    let options: TerminalOptions
    do throws(TerminalOptions.Fault) {
      options = try TerminalOptions(rest, language: language)
    } catch {
      Console.complain("sluice desk: \(error.words(language)); see sluice desk --help")
      return ExitCode.usage.number
    }
    guard let address = SocketAddress.lookUp(options.host, port: options.port).first else {
      Console.complain("sluice desk: no address of \(options.host) is known")
      return ExitCode.connectionLost.number
    }
    let tls: TLSClient?
    do throws(TLSIdentity.Refused) {
      tls = try TerminalCommand.client(options)
    } catch {
      for fault in error.faults { Console.complain("sluice desk: \(fault)") }
      return ExitCode.usage.number
    }
    let words = { (english: String, chinese: String) in options.language.say(english, chinese) }
    var password: FixedText<128>
    switch PasswordSource.read(file: options.passwordFile, account: options.account, words) {
    case .success(let read): password = read
    case .failure(let fault):
      Console.complain("sluice desk: \(fault.words)")
      return ExitCode.usage.number
    }
    return serve(options, follows, address, tls, &password)
  }

  private static func serve(
    _ options: TerminalOptions, _ follows: Bool, _ address: SocketAddress, _ tls: TLSClient?,
    _ password: inout FixedText<128>
  ) -> Int32 {
    var settings = DeskRun.Settings(language: options.language)
    settings.isJSON = options.isJSON
    settings.follows = follows
    settings.screenLines = { ScreenModes.lines(STDOUT_FILENO) }
    let logon = DeskLogon(
      controller: options.account, macAddress: options.macAddress,
      clientName: FixedText("sluice desk")!, clientVersion: FixedText(CLI.version)!)
    do throws(LoopError) {
      return try DeskRun.run(
        settings, logon, password: &password, to: address, tls: tls, input: STDIN_FILENO
      ) { text, isComplaint in
        if isComplaint { Console.write(error: text) } else { Console.write(text) }
      }.number
    } catch {
      Console.complain("sluice desk: it can't start: \(error)")
      return ExitCode.lineFailed.number
    }
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
