import COpenSSL

/// Why a connection's TLS came to nothing, or broke.
public struct TLSFault: Error, Equatable, Sendable, BitwiseCopyable {
  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// The handshake took longer than `LoopLimits.handshakeMilliseconds`.
    case handshakeTimedOut
    /// The peer went away before the handshake was over.
    case peerLeft
    /// What came was not TLS: a peer without it, most often.
    case notTLS
    /// The peer's certificate was refused.
    case certificateRefused
    /// The peer showed no certificate and had to.
    case certificateMissing
    /// Anything else, the peer's own alerts among it.
    case failed
  }

  public var kind: Kind
  /// OpenSSL: `ERR_get_error`; 0 = it said nothing.
  var code: UInt
  /// OpenSSL: `X509_V_ERR_...`; 0 = the certificate was fine, or there was none.
  var verification: Int

  init(_ kind: Kind, code: UInt = 0, verification: Int = 0) {
    self.kind = kind
    self.code = code
    self.verification = verification
  }

  /// What OpenSSL has just refused; the thread's queue of errors is empty afterwards.
  init(of ssl: OpaquePointer) {
    let code = OpenSSLErrors.takeFirst()
    let verification = SSL_get_verify_result(ssl)
    let isShaking = SSL_is_init_finished(ssl) == 0
    // A signature that does not hold is told by what computed it, so the verdict is asked too.
    let isRefused =
      isShaking && ![Int(X509_V_OK), Int(X509_V_ERR_UNSPECIFIED)].contains(verification)
    let kind: Kind =
      switch OpenSSLErrors.reason(code) {
      case _ where isRefused, SSL_R_CERTIFICATE_VERIFY_FAILED: .certificateRefused
      case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: .certificateMissing
      case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST,
        SSL_R_RECORD_LENGTH_MISMATCH, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_BAD_RECORD_TYPE:
        isShaking ? .notTLS : .failed
      default: .failed
      }
    self.init(
      kind, code: code, verification: kind == .certificateRefused ? verification : 0)
  }

  /// For a log line: what was wrong, in OpenSSL's words where it has any.
  public var words: String {
    switch kind {
    case .handshakeTimedOut: return "the handshake was not over in time"
    case .peerLeft: return "the peer left before the handshake was over"
    case .notTLS: return "the peer does not speak TLS (\(OpenSSLErrors.words(code)))"
    case .certificateMissing: return "the peer showed no certificate"
    case .certificateRefused:
      let why = String(cString: X509_verify_cert_error_string(verification))
      return "the peer's certificate is refused: \(why)"
    case .failed: return OpenSSLErrors.words(code)
    }
  }
}

/// The calling thread's queue of OpenSSL's errors.
enum OpenSSLErrors {
  /// The first, which says what went wrong; the others say who passed it on. 0 = none.
  static func takeFirst() -> UInt {
    let code = ERR_get_error()
    ERR_clear_error()
    return code
  }

  static func reason(_ code: UInt) -> Int32 { sluice_err_reason(code) }

  static func words(_ code: UInt) -> String {
    if code == 0 { return "unknown" }
    guard let words = ERR_reason_error_string(code) else {
      return "OpenSSL error \(String(code, radix: 16))"
    }
    return String(cString: words)
  }
}
