import Domain
import Messages

/// A risk controller.
public struct ControllerSettings: Equatable, Sendable {
  public var name: String
  public var credential: CredentialSource
  public var isEnabled: Bool
  public var rights: ControllerRights
  /// Every operation account, those to come too.
  public var isBoundToAll: Bool
  /// Places of the operation accounts that are bound to him.
  public var accounts: [Int]
  public var addresses: [AddressRange]
  public var macs: [MACAddress]
  /// Most at a time.
  public var sessions: Int64
  public var dropsOlderSession: Bool
}

/// Reads config/controllers.json5.
struct ControllerReader {
  static let file = "controllers.json5"
  static let controllersMaximum = 1_000

  let accounts: NameTable
  let log: ReadingLog

  func read(_ node: ConfigNode) -> [ControllerSettings] {
    var names = NameTable("controller")
    var reader = ObjectReader(node, file: ControllerReader.file, log: log)
    let controllers = reader.objects("controllers", most: ControllerReader.controllersMaximum) {
      (entry: inout ObjectReader) in
      let name = entry.required("name", ValueKind<String>.accountName.positioned())
      names.define(name, log)
      return readController(&entry, name.value)
    }
    reader.finish()
    return controllers
  }

  private func readController(
    _ entry: inout ObjectReader, _ name: String
  ) -> ControllerSettings {
    let credential = entry.requiredObject("password", CredentialReader.read)
    let rights = entry.required(
      "rights", ValueKind<[ControllerRights]>.list(of: .controllerRight, most: 8))
    let isBoundToAll = entry.value("allAccounts", .flag, default: false)
    let bound = entry.value(
      "accounts",
      ValueKind<[Positioned<String>]>.list(
        of: ValueKind<String>.accountName.positioned(),
        most: OperationAccountReader.accountsMaximum), default: [])
    if isBoundToAll, entry.has("accounts"), !bound.isEmpty {
      entry.report(.inconsistent, "accounts", "of no use beside 'allAccounts: true'")
    }
    if !isBoundToAll, bound.isEmpty {
      entry.report(.notice, "the controller has no account: it may do nothing")
    }
    return ControllerSettings(
      name: name, credential: credential,
      isEnabled: entry.value("enabled", .flag, default: true),
      rights: rights.reduce(into: []) { $0.formUnion($1) }, isBoundToAll: isBoundToAll,
      accounts: bound.compactMap { accounts.resolve($0, log) },
      addresses: entry.value(
        "addresses", ValueKind<[AddressRange]>.list(of: .addressRange, most: 1_000), default: []),
      macs: entry.value("macs", ValueKind<[MACAddress]>.list(of: .mac, most: 1_000), default: []),
      sessions: entry.value("sessions", ValueKind<Int64>.integer(1...64), default: 1),
      dropsOlderSession: entry.value(
        "sessionsPolicy",
        ValueKind<Bool>.choice(["refuse-newer": false, "drop-older": true]), default: false))
  }
}

extension ValueKind where Value == ControllerRights {
  static var controllerRight: ValueKind {
    choice([
      "watch": .watch, "liquidate": .liquidate, "bar": .bar, "kill": .kill, "adjust": .adjust,
      "supplementary": .supplementary, "review-one": .reviewOne, "review-two": .reviewTwo,
    ])
  }
}

/// Where a password comes from: of operation accounts and of controllers.
enum CredentialReader {
  static func read(_ password: inout ObjectReader) -> CredentialSource {
    let hash = password.optional("hash", .argon2id, unset: "none")
    let file = password.optional("file", .secretPlace, unset: "none")
    let isGenerated = password.value("generate", .flag, default: false)
    switch (hash, file, isGenerated) {
    case (let hash?, nil, false): return .hash(hash)
    case (nil, let path?, false): return .hashFile(path)
    case (nil, nil, true): return .generated
    default:
      password.report(.inconsistent, "say exactly one of hash, file and 'generate: true'")
      return .generated
    }
  }
}
