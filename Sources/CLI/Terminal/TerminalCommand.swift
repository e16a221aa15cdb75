import Domain
import Glibc
import Runtime
import Session
import Terminal

/// `sluice terminal`: orders by hand or by script, over the gateway's own protocol.
enum TerminalCommand {
  static func run(_ arguments: [String]) -> Int32 {
    let language = Language(
      all: variable("LC_ALL"), messages: variable("LC_MESSAGES"), lang: variable("LANG"))
    let options: TerminalOptions
    do throws(TerminalOptions.Fault) {
      options = try TerminalOptions(arguments, language: language)
    } catch {
      let hint = language.say("see sluice terminal --help", "用法见 sluice terminal --help")
      let semicolon = language.say("; ", "；")
      Console.complain("sluice terminal: \(error.words(language))\(semicolon)\(hint)")
      return ExitCode.usage.number
    }
    if options.wantsHelp {
      Console.say(TerminalHelp.usage(options.language))
      return ExitCode.fine.number
    }
    let words = { (english: String, chinese: String) in
      options.language == .english ? english : chinese
    }
    guard let (input, source) = input(options, words) else { return ExitCode.usage.number }
    guard let address = SocketAddress.lookUp(options.host, port: options.port).first else {
      Console.complain(
        "sluice: " + words("no address of \(options.host) is known", "无法解析 \(options.host)"))
      return ExitCode.connectionLost.number
    }
    var tls: TLSClient?
    do throws(TLSIdentity.Refused) {
      tls = try client(options)
    } catch {
      for fault in error.faults { Console.complain("sluice: \(fault)") }
      return ExitCode.usage.number
    }
    let password: FixedText<128>
    switch PasswordSource.read(file: options.passwordFile, account: options.account, words) {
    case .success(let read): password = read
    case .failure(let fault):
      Console.complain("sluice: \(fault.words)")
      return ExitCode.usage.number
    }
    return serve(options, address, tls, input, source, password)
  }

  /// Where the lines come from, and its name; nil after a complaint.
  private static func input(
    _ options: TerminalOptions, _ words: (String, String) -> String
  ) -> (TerminalInput, String?)? {
    guard let script = options.script, script != "-" else {
      let isPerson = options.script == nil && isatty(STDIN_FILENO) != 0
      if isPerson, !options.isJSON {
        let editing = PersonsHistory.settings(isKept: options.keepsHistory, words)
        if LineEditor.isUsable(editing) { return (.edited(editing), nil) }
      }
      return (.descriptor(STDIN_FILENO), isPerson ? nil : words("input", "输入"))
    }
    guard let bytes = ScriptFile.read(script) else {
      Console.complain(
        "sluice: "
          + words(
            "\(script) can't be read, or is longer than \(ScriptFile.bytesMaximum) bytes",
            "无法读取 \(script)，或超过 \(ScriptFile.bytesMaximum) 字节"))
      return nil
    }
    let lines = ScriptCheck.lines(bytes)
    // Nothing of a script is sent while a line of it is no command.
    let faults = ScriptCheck.faults(lines, name: script, options.language)
    for fault in faults { Console.complain(fault) }
    return faults.isEmpty ? (.lines(lines), script) : nil
  }

  private static func serve(
    _ options: TerminalOptions, _ address: SocketAddress, _ tls: TLSClient?,
    _ input: TerminalInput, _ source: String?, _ password: FixedText<128>
  ) -> Int32 {
    var settings = Shell.Settings()
    settings.language = options.language
    settings.isJSON = options.isJSON
    settings.isScript = source != nil
    settings.source = source ?? ""
    settings.keepsGoing = options.keepsGoing
    settings.timeoutSeconds = options.timeoutSeconds
    if case .edited = input { settings.completes = true }
    let isScreen = isatty(STDOUT_FILENO) != 0 && !options.isJSON
    settings.hasColours = isScreen && variable("NO_COLOR") == nil
    let logon = TerminalLogon(
      account: options.account, macAddress: options.macAddress,
      terminalName: FixedText("sluice terminal")!, terminalVersion: FixedText(CLI.version)!,
      reconnects: false)
    var password = password
    do throws(LoopError) {
      let code = try TerminalRun.run(
        settings, logon, password: &password, to: address, tls: tls, input: input,
        prompt: isScreen && source == nil ? "\(options.account.string)> " : "",
        stopsOnSignals: true
      ) { text, isComplaint in
        if isComplaint { Console.write(error: text) } else { Console.write(text) }
      }
      return code.number
    } catch {
      Console.complain("sluice: the terminal can't start: \(error)")
      return ExitCode.lineFailed.number
    }
  }

  /// Nil = plain TCP.
  static func client(_ options: TerminalOptions) throws(TLSIdentity.Refused) -> TLSClient? {
    guard let asked = options.tls else { return nil }
    var settings = TLSClient.Settings(name: asked.name ?? options.host)
    settings.authority = asked.authority
    settings.certificate = asked.certificate
    settings.key = asked.key
    return try TLSClient(settings)
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
