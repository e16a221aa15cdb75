import COpenSSL
import CUV
import Synchronization

/// What a connecting end asks of the other: a certificate for its name, signed by somebody who is
/// trusted.
public final class TLSClient: Sendable {
  /// What a client trusts and shows.
  public struct Settings: Equatable, Sendable {
    /// Whom the certificate must be for: a name or an address.
    public var name: String
    /// PEM: authorities, or the very certificates, that are trusted. Nil = those of the system.
    public var authority: String?
    /// PEM: what is shown when it is asked for.
    public var certificate: String?
    public var key: String?
    public var hints = Hints.commandLine

    public init(name: String) { self.name = name }
  }

  /// What a person can do about a handshake that came to nothing.
  public struct Hints: Equatable, Sendable {
    /// Where TLS is left out.
    var plain: String
    /// Where the own certificate is stated.
    var certificate: String
    /// Where the name is stated.
    var name: String
    /// Where an authority is stated.
    var authority: String

    /// As the options of a command.
    public static let commandLine = Hints(
      plain: "without --tls", certificate: "--certificate FILE --key FILE", name: "--tls-name",
      authority: "--ca FILE")
    /// As keys of counters.json5.
    public static let counters = Hints(
      plain: "tls.enabled: false", certificate: "tls.certificate, tls.key", name: "tls.name",
      authority: "tls.authority")
  }

  /// The other end's certificate that was refused last.
  struct RefusedCertificate: Sendable {
    var subject: String
    var names: [String]
    var notBefore: String
    var notAfter: String
  }

  let context: TLSContext
  let name: String
  private let hints: Hints
  private let refused = Mutex<RefusedCertificate?>(nil)

  /// Reads the files. Says everything that is wrong with them.
  public init(_ settings: Settings) throws(TLSIdentity.Refused) {
    guard let context = TLSContext(isServer: false) else {
      throw TLSIdentity.Refused(faults: [
        TLSFileFault(role: .authority, path: settings.authority ?? "", words: "not enough memory")
      ])
    }
    self.context = context
    name = settings.name
    hints = settings.hints
    var reader = TLSFileReader(context)
    if let authority = settings.authority {
      reader.readAuthority(authority, tellsPeers: false)
    } else {
      SSL_CTX_set_default_verify_paths(context.pointer)
    }
    if let certificate = settings.certificate {
      reader.readIdentity(certificate: certificate, key: settings.key ?? certificate)
    }
    guard reader.faults.isEmpty else { throw TLSIdentity.Refused(faults: reader.faults) }
    // A certificate that is trusted by itself need not be an authority's.
    X509_VERIFY_PARAM_set_flags(
      SSL_CTX_get0_param(context.pointer), UInt(X509_V_FLAG_PARTIAL_CHAIN))
    SSL_CTX_set_ex_data(
      context.pointer, 0, Unmanaged.passUnretained(self).toOpaque())
    SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, certificateWasLookedAt)
  }

  /// Connections may outlive it.
  deinit { SSL_CTX_set_ex_data(context.pointer, 0, nil) }

  /// Lets a connection ask for its name. False when it can't be asked for.
  func prepare(_ ssl: OpaquePointer) -> Bool {
    let parameters = SSL_get0_param(ssl)
    if X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 { return true }
    ERR_clear_error()
    return SSL_set1_host(ssl, name) == 1 && sluice_ssl_set_server_name(ssl, name) == 1
  }

  fileprivate func certificateRefused(_ certificate: OpaquePointer) {
    let refused = RefusedCertificate(
      subject: CertificateText.name(X509_get_subject_name(certificate)),
      names: CertificateText.names(certificate),
      notBefore: CertificateText.time(X509_get0_notBefore(certificate)),
      notAfter: CertificateText.time(X509_get0_notAfter(certificate)))
    self.refused.withLock { $0 = refused }
  }

  /// For a person: which certificate was refused and why, and what to do.
  public func words(_ fault: TLSFault) -> String {
    switch fault.kind {
    case .notTLS:
      return "TLS: the other end does not speak it; \(hints.plain) only if the line is private"
    case .peerLeft: return "TLS: the other end left before the handshake was over"
    case .certificateRefused: return certificateWords(fault)
    case .failed where OpenSSLErrors.reason(fault.code) == alertCertificateRequired:
      return "TLS: the other end asks for a certificate: \(hints.certificate)"
    case .handshakeTimedOut, .certificateMissing, .failed: return "TLS: \(fault.words)"
    }
  }

  private func certificateWords(_ fault: TLSFault) -> String {
    let seen = refused.withLock { $0 }
    let who = seen.map { "the certificate \($0.subject)" } ?? "the other end's certificate"
    switch Int32(truncatingIfNeeded: fault.verification) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "TLS: \(who) expired on \(seen?.notAfter ?? "an unknown day"): it needs another "
        + "one"
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "TLS: \(who) is not good before \(seen?.notBefore ?? "an unknown day"): are the "
        + "clocks right?"
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      let names = seen?.names.joined(separator: ", ") ?? ""
      return "TLS: \(who) is for \(names.isEmpty ? "no name" : names), and not for \(name): "
        + "connect to a name of it, or state one by \(hints.name)"
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED,
      X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "TLS: nobody that is trusted here signed \(who): \(hints.authority) trusts its "
        + "authority, or the certificate itself"
    case let error:
      return "TLS: \(who) is refused: \(String(cString: X509_verify_cert_error_string(Int(error))))"
    }
  }
}

/// The peer's alert 116, `certificate_required`. Source: RFC 8446, 6.2.
private let alertCertificateRequired: Int32 = 1_000 + 116

private func certificateWasLookedAt(_ isGood: Int32, _ store: OpaquePointer?) -> Int32 {
  guard isGood == 0,
    let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
    let client = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(OpaquePointer(ssl)), 0),
    let certificate = X509_STORE_CTX_get_current_cert(store)
  else { return isGood }
  Unmanaged<TLSClient>.fromOpaque(client).takeUnretainedValue().certificateRefused(certificate)
  return isGood
}
