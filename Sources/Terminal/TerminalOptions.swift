import Domain

/// What the command line of `sluice terminal` says.
public struct TerminalOptions: Equatable, Sendable {
  /// A name or address, and a port.
  public var host = ""
  public var port: UInt16 = 0
  public var account = Name()
  public var passwordFile: String?
  public var macAddress = MACAddress.none
  /// A file; `-` = standard input; nil = a person, when standard input is a terminal.
  public var script: String?
  public var keepsGoing = false
  public var timeoutSeconds: Int64 = 10
  public var isJSON = false
  /// A person's lines are kept for the next run.
  public var keepsHistory = true
  public var language: Language
  public var wantsHelp = false
  /// Nil = plain TCP.
  public var tls: TLS?

  /// Whom the gateway's certificate must satisfy, and what is shown to it.
  public struct TLS: Equatable, Sendable {
    /// A file; nil = whom the system trusts.
    public var authority: String?
    /// Nil = the host that is connected to.
    public var name: String?
    public var certificate: String?
    public var key: String?
  }

  /// What was wrong with the command line, and what to write.
  public struct Fault: Error, Equatable, Sendable {
    public let english: String
    public let chinese: String

    init(_ english: String, _ chinese: String) {
      self.english = english
      self.chinese = chinese
    }

    public func words(_ language: Language) -> String { language.say(english, chinese) }
  }

  /// - Parameter language: what the environment asks for.
  public init(_ arguments: [String], language: Language) throws(Fault) {
    self.language = language
    var rest = arguments[...]
    var stated = TLS()
    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let key = String(parts[0])
      if try takeFlag(key, hasValue: parts.count == 2) { continue }
      guard TerminalOptions.keys.contains(key) else {
        throw Fault("no option '\(key)'", "没有选项“\(key)”")
      }
      let value = parts.count == 2 ? String(parts[1]) : rest.popFirst()
      guard let value else { throw Fault("\(key) needs a value", "\(key) 缺少值") }
      if !take(key, value, &stated) { try take(key, value) }
    }
    if wantsHelp { return }
    if host.isEmpty { throw Fault("--connect HOST:PORT is missing", "缺少 --connect 主机:端口") }
    try checkTLS(stated)
    if account.isEmpty { throw Fault("--account NAME is missing", "缺少 --account 账户") }
  }

  private static let keys: Set<String> = [
    "--connect", "--account", "--password-file", "--mac", "--script", "--timeout", "--language",
    "--ca", "--tls-name", "--certificate", "--key",
  ]

  /// False for an option that is not about TLS.
  private func take(_ key: String, _ value: String, _ stated: inout TLS) -> Bool {
    switch key {
    case "--ca": stated.authority = value
    case "--tls-name": stated.name = value
    case "--certificate": stated.certificate = value
    case "--key": stated.key = value
    default: return false
    }
    return true
  }

  private mutating func checkTLS(_ stated: TLS) throws(Fault) {
    if tls != nil {
      tls = stated
    } else if stated != TLS() {
      throw Fault(
        "--ca, --tls-name, --certificate and --key are of no use without --tls",
        "--ca、--tls-name、--certificate、--key 须与 --tls 同用")
    }
    if (stated.certificate == nil) != (stated.key == nil) {
      throw Fault("--certificate and --key go together", "--certificate 与 --key 须同时给出")
    }
  }

  private mutating func takeFlag(_ key: String, hasValue: Bool) throws(Fault) -> Bool {
    switch key {
    case "--json": isJSON = true
    case "--tls": tls = TLS()
    case "--keep-going": keepsGoing = true
    case "--no-history": keepsHistory = false
    case "--help", "-h": wantsHelp = true
    default: return false
    }
    if hasValue { throw Fault("\(key) takes no value", "\(key) 不带值") }
    return true
  }

  private mutating func take(_ key: String, _ value: String) throws(Fault) {
    switch key {
    case "--connect": try takeAddress(value)
    case "--account":
      let isCode = value.utf8.allSatisfy { (0x21...0x7E).contains($0) }
      guard isCode, !value.isEmpty, let name = Name(value) else {
        throw Fault(
          "'\(value)' is no account: 1 to 32 printable ASCII bytes",
          "“\(value)”不是账户名：1 至 32 个可见 ASCII 字符")
      }
      account = name
    case "--password-file": passwordFile = value
    case "--mac":
      guard let mac = MACAddress(text: value) else {
        throw Fault(
          "'\(value)' is no network card: write 00:11:22:33:44:55",
          "“\(value)”不是网卡地址：应为 00:11:22:33:44:55")
      }
      macAddress = mac
    case "--script": script = value
    case "--timeout":
      guard let seconds = Int64(value), (1...CommandParser.secondsMaximum).contains(seconds) else {
        throw Fault(
          "'\(value)' is no time: write 1 to \(CommandParser.secondsMaximum) seconds",
          "“\(value)”不是时限：应为 1 至 \(CommandParser.secondsMaximum) 秒")
      }
      timeoutSeconds = seconds
    case "--language":
      guard let stated = Language(rawValue: value) else {
        throw Fault("'\(value)' is no language: write en or zh", "“\(value)”不是语言：可用 en、zh")
      }
      language = stated
    default: preconditionFailure("an option that is listed is taken")
    }
  }

  private mutating func takeAddress(_ value: String) throws(Fault) {
    guard let colon = value.lastIndex(of: ":"), colon != value.startIndex,
      let port = UInt16(value[value.index(after: colon)...]), port > 0
    else {
      throw Fault(
        "'\(value)' is no HOST:PORT, such as 127.0.0.1:7400", "“\(value)”不是主机:端口，如 127.0.0.1:7400")
    }
    var host = value[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    self.host = String(host)
    self.port = port
  }
}
