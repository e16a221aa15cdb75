import CSodium
import Domain

/// How much work a new password hash asks of whoever tries one.
public struct PasswordProfile: Equatable, Sendable {
  let passes: UInt64
  let memoryBytes: Int

  /// - Parameters:
  ///   - passes: at least 1.
  ///   - memoryBytes: at least 8 KiB.
  public init(passes: UInt64, memoryBytes: Int) {
    precondition(passes >= 1 && memoryBytes >= 8 * 1024, "argon2id has a least cost")
    self.passes = passes
    self.memoryBytes = memoryBytes
  }

  /// 19 MiB, two passes, 15 to 30 ms of one core.
  /// Source: OWASP Password Storage Cheat Sheet, argon2id.
  public static var standard: PasswordProfile {
    PasswordProfile(passes: 2, memoryBytes: 19 * 1024 * 1024)
  }
  /// The least that argon2id allows. For tests: it protects nothing.
  public static var lightForTests: PasswordProfile {
    PasswordProfile(passes: 1, memoryBytes: 8 * 1024)
  }
}

/// Argon2id strings in libsodium's form, `$argon2id$v=19$m=...`, at most 127 bytes: salt and cost
/// are part of them.
public enum PasswordHash {
  /// The longest password, in bytes.
  public static let passwordMaximum = 128

  /// Takes as long as `profile` says: never on a loop's thread. Nil when there is not enough
  /// memory for it.
  public static func make(
    _ password: UnsafeRawBufferPointer, _ profile: PasswordProfile = .standard
  ) -> FixedText<128>? {
    Secrets.setUp()
    precondition(password.count <= passwordMaximum, "a password has at most 128 bytes")
    var hash = FixedText<128>()
    let status = withUnsafeMutableBytes(of: &hash.bytes) { out in
      crypto_pwhash_str_alg(
        out.baseAddress!.assumingMemoryBound(to: CChar.self), characters(password),
        UInt64(password.count), profile.passes, profile.memoryBytes,
        crypto_pwhash_ALG_ARGON2ID13)
    }
    return status == 0 ? hash : nil
  }

  /// Whether the password is the one the hash was made of. False for anything that is no hash.
  /// Takes as long as the hash says: never on a loop's thread.
  public static func verify(
    _ password: UnsafeRawBufferPointer, against hash: FixedText<128>
  ) -> Bool {
    Secrets.setUp()
    // libsodium reads up to a zero byte.
    guard hash.count < 128 else { return false }
    return withUnsafeBytes(of: hash.bytes) { bytes in
      crypto_pwhash_str_verify(
        bytes.baseAddress!.assumingMemoryBound(to: CChar.self), characters(password),
        UInt64(password.count)) == 0
    }
  }

  private static func characters(_ password: UnsafeRawBufferPointer) -> UnsafePointer<CChar> {
    // An empty password has no address, and libsodium wants one.
    guard let base = password.baseAddress else { return emptyPassword }
    return base.assumingMemoryBound(to: CChar.self)
  }

  private nonisolated(unsafe) static let emptyPassword: UnsafePointer<CChar> = {
    let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    pointer.initialize(to: 0)
    return UnsafePointer(pointer)
  }()
}
