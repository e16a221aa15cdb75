import COpenSSL
import Glibc

/// The files that a listener shows its identity with, and looks at its peers' with.
public struct TLSFiles: Equatable, Sendable {
  /// Whether peers show certificates of their own.
  public enum ClientCertificates: Equatable, Sendable {
    case off
    /// One that is shown must be good.
    case optional
    case required
  }

  /// PEM: the certificate, and behind it those between it and its authority.
  public var certificate: String
  /// PEM, without a passphrase.
  public var key: String
  public var clientCertificates = ClientCertificates.off
  /// PEM: who signs the peers' certificates. Nil only when they show none.
  public var authority: String?

  public init(
    certificate: String, key: String, clientCertificates: ClientCertificates = .off,
    authority: String? = nil
  ) {
    precondition(
      clientCertificates == .off || authority != nil, "whoever looks at certificates trusts one")
    self.certificate = certificate
    self.key = key
    self.clientCertificates = clientCertificates
    self.authority = authority
  }
}

/// What is wrong with one of the files. Never says anything of what is in a key.
public struct TLSFileFault: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Role: Equatable, Sendable {
    case certificate
    case key
    case authority
  }

  public var role: Role
  public var path: String
  public var words: String

  public var description: String { "\(path): \(words)" }
}

/// A certificate as people look at it.
public struct CertificateFacts: Equatable, Sendable {
  public var subject: String
  /// SHA-256 of all of it: `AB:CD:...`.
  public var fingerprint: String
  /// As in `2029-02-23 10:00:00 UTC`.
  public var notAfter: String
  /// Whole days until then; negative when it is over.
  public var daysLeft: Int
  /// The same moment, in seconds since 1970.
  var notAfterSeconds: Int64

  init(_ certificate: OpaquePointer) {
    subject = CertificateText.name(X509_get_subject_name(certificate))
    fingerprint = CertificateText.fingerprint(certificate)
    notAfter = CertificateText.time(X509_get0_notAfter(certificate))
    var days: Int32 = 0
    var seconds: Int32 = 0
    ASN1_TIME_diff(&days, &seconds, nil, X509_get0_notAfter(certificate))
    daysLeft = Int(days) - (seconds < 0 ? 1 : 0)
    notAfterSeconds = Int64(time(nil)) + Int64(days) * 86_400 + Int64(seconds)
  }
}

/// Reads files into a context, and collects everything that is wrong with them.
struct TLSFileReader {
  let context: TLSContext
  private(set) var faults: [TLSFileFault] = []

  init(_ context: TLSContext) { self.context = context }

  /// A certificate with what leads to its authority, and its key.
  mutating func readIdentity(certificate: String, key: String) {
    ERR_clear_error()
    let before = faults.count
    if isReadable(certificate, .certificate) {
      if SSL_CTX_use_certificate_chain_file(context.pointer, certificate) == 1 {
        checkTimes(certificate)
      } else {
        let words = OpenSSLErrors.words(OpenSSLErrors.takeFirst())
        add(.certificate, certificate, "no certificate in PEM form can be read from it (\(words))")
      }
    }
    let hasCertificate = faults.count == before
    guard isReadable(key, .key), isPrivate(key) else { return }
    guard hasCertificate else { return checkKeyAlone(key) }
    if SSL_CTX_use_PrivateKey_file(context.pointer, key, SSL_FILETYPE_PEM) != 1 {
      let code = OpenSSLErrors.takeFirst()
      let isOther =
        sluice_err_library(code) == ERR_LIB_X509
        && [X509_R_KEY_VALUES_MISMATCH, X509_R_KEY_TYPE_MISMATCH]
          .contains(OpenSSLErrors.reason(code))
      add(
        .key, key,
        isOther ? otherKey(certificate) : TLSFileReader.unreadableKey(code))
    } else if SSL_CTX_check_private_key(context.pointer) != 1 {
      ERR_clear_error()
      add(.key, key, otherKey(certificate))
    }
  }

  /// Who is trusted to have signed the peers' certificates; whether peers are told its name.
  mutating func readAuthority(_ path: String, tellsPeers: Bool) {
    ERR_clear_error()
    guard isReadable(path, .authority) else { return }
    guard SSL_CTX_load_verify_file(context.pointer, path) == 1 else {
      let words = OpenSSLErrors.words(OpenSSLErrors.takeFirst())
      return add(
        .authority, path, "no certificate in PEM form can be read from it (\(words))")
    }
    if tellsPeers { SSL_CTX_set_client_CA_list(context.pointer, SSL_load_client_CA_file(path)) }
    ERR_clear_error()
  }

  private mutating func checkTimes(_ path: String) {
    guard let certificate = SSL_CTX_get0_certificate(context.pointer) else { return }
    if X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 {
      let time = CertificateText.time(X509_get0_notAfter(certificate))
      add(.certificate, path, "the certificate expired on \(time)")
    } else if X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0 {
      let time = CertificateText.time(X509_get0_notBefore(certificate))
      add(.certificate, path, "the certificate is not good before \(time)")
    }
  }

  /// Without a certificate to hold it against.
  private mutating func checkKeyAlone(_ path: String) {
    guard let scratch = TLSContext(isServer: true) else { return }
    if SSL_CTX_use_PrivateKey_file(scratch.pointer, path, SSL_FILETYPE_PEM) != 1 {
      add(.key, path, TLSFileReader.unreadableKey(OpenSSLErrors.takeFirst()))
    }
  }

  private func otherKey(_ certificate: String) -> String {
    "the key does not belong to the certificate \(certificate)"
  }

  private static func unreadableKey(_ code: UInt) -> String {
    return sluice_err_wants_passphrase(code) == 1
      ? "the key wants a passphrase, and nobody is there to type it: store it without one"
      : "no private key in PEM form can be read from it (\(OpenSSLErrors.words(code)))"
  }

  private mutating func isReadable(_ path: String, _ role: TLSFileFault.Role) -> Bool {
    var facts = stat()
    if stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR {
      add(role, path, String(cString: strerror(EISDIR)))
      return false
    }
    if access(path, R_OK) == 0 { return true }
    add(role, path, String(cString: strerror(errno)))
    return false
  }

  /// A key that everybody on the machine can read is nobody's identity, so it is not used. A group
  /// may read it: that is how services share keys (Debian: `ssl-cert`).
  private mutating func isPrivate(_ path: String) -> Bool {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return true }
    let open = facts.st_mode & (S_IROTH | S_IWOTH | S_IXOTH | S_IWGRP)
    guard open != 0 else { return true }
    let mode = String(facts.st_mode & 0o777, radix: 8)
    add(
      .key, path, "mode \(mode) lets others read or change the key: chmod 600, and 640 at most")
    return false
  }

  private mutating func add(_ role: TLSFileFault.Role, _ path: String, _ words: String) {
    faults.append(TLSFileFault(role: role, path: path, words: words))
  }
}
