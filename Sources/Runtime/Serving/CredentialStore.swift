import Config
import Domain
import Glibc

/// Passwords and hashes that the configuration only points at: read from files and the environment,
/// or drawn when first needed and kept in the data folder. What is missing is said all at once.
///
/// Without a folder it is a rehearsal: nothing is drawn and nothing is hashed, words stand in.
struct CredentialStore {
  static let rehearsedHash = "$argon2id$"
  private static let rehearsedPassword = "rehearsed"

  let folder: DataFolder?
  var isRehearsal: Bool { folder == nil }
  let profile: PasswordProfile
  private(set) var faults: [String] = []

  init(_ folder: DataFolder?, _ profile: PasswordProfile) {
    self.folder = folder
    self.profile = profile
  }

  /// The argon2id string of an operation account; nil, and a fault, when it can't be had.
  mutating func hash(_ account: OperationAccountSettings) -> String? {
    hash(account.credential, "operation account \(account.name)", secret: account.name)
  }

  /// The argon2id string of a risk controller; nil, and a fault, when it can't be had.
  mutating func hash(_ controller: ControllerSettings) -> String? {
    hash(
      controller.credential, "controller \(controller.name)",
      secret: CredentialStore.secret(of: controller))
  }

  /// What a controller's drawn password is kept as.
  static func secret(of controller: ControllerSettings) -> String {
    "controller-" + controller.name
  }

  private mutating func hash(
    _ credential: CredentialSource, _ owner: String, secret: String
  ) -> String? {
    switch credential {
    case .hash(let hash): return hash
    case .hashFile(let path):
      guard let line = firstLine(path, owner) else { return nil }
      guard line.hasPrefix("$argon2id$"), line.utf8.count < 128 else {
        faults.append("\(owner): the first line of \(path) is no argon2id string")
        return nil
      }
      return line
    case .generated:
      guard let password = generated(secret) else { return nil }
      return hash(of: password, owner)
    }
  }

  /// The password of a fund account at its counter; nil, and a fault, when it can't be had.
  mutating func password(_ account: FundAccountSettings) -> FixedText<128>? {
    let owner = "fund account \(account.name)"
    let text: String?
    switch account.password {
    case .file(let path): text = firstLine(path, owner)
    case .environment(let variable):
      text = getenv(variable).map { String(cString: $0) }
      if text == nil { faults.append("\(owner): the environment has no \(variable)") }
    case .generated: text = generated("counter-" + account.name)
    }
    guard let text else { return nil }
    guard !text.isEmpty, let password = FixedText<128>(text) else {
      faults.append("\(owner): its password is empty or longer than 128 bytes")
      return nil
    }
    return password
  }

  private mutating func hash(of password: String, _ owner: String) -> String? {
    if isRehearsal { return CredentialStore.rehearsedHash }
    let hash = Array(password.utf8).withUnsafeBytes { PasswordHash.make($0, profile) }
    if hash == nil { faults.append("\(owner): not enough memory to hash its password") }
    return hash?.string
  }

  /// The kept password of this name, or a new one.
  mutating func generated(_ name: String) -> String? {
    kept(name) {
      // 80 bits in 16 letters and digits that nobody mixes up.
      let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
      var random = [UInt8](repeating: 0, count: 16)
      random.withUnsafeMutableBytes { Secrets.fillRandomly($0) }
      return String(decoding: random.map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }
  }

  /// The key of tokens of the day, or a new one. A name of an account has no blank.
  mutating func tokenKey() -> DayTokenKey? {
    kept("day tokens") { Secrets.token().string }.map { DayTokenKey($0) }
  }

  private mutating func kept(_ name: String, _ make: () -> String) -> String? {
    guard let folder else { return CredentialStore.rehearsedPassword }
    let path = folder.secretPath(name)
    if access(path, F_OK) == 0 { return firstLine(path, name) }
    let password = make()
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      faults.append("\(DataFolderError(path: path, errno: errno))")
      return nil
    }
    defer { close(file) }
    let line = Array((password + "\n").utf8)
    guard write(file, line, line.count) == line.count, fsync(file) == 0 else {
      faults.append("\(DataFolderError(path: path, errno: errno))")
      return nil
    }
    return password
  }

  private mutating func firstLine(_ path: String, _ owner: String) -> String? {
    guard let file = fopen(path, "re") else {
      faults.append("\(owner): \(DataFolderError(path: path, errno: errno))")
      return nil
    }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 1_024)
    guard fgets(&line, Int32(line.count), file) != nil else {
      faults.append("\(owner): \(path) is empty")
      return nil
    }
    let bytes = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    return String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
  }
}
