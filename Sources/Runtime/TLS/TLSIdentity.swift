import COpenSSL
import Synchronization

/// What a listener shows its peers: read from files, and read again when they have changed. New
/// connections get the newest; those that stand keep theirs.
public final class TLSIdentity: Sendable {
  private struct State {
    var context: TLSContext
    var facts: CertificateFacts
  }

  public let files: TLSFiles
  private let state: Mutex<State>

  /// Why an identity can't be had: everything that is wrong with its files.
  public struct Refused: Error, Equatable, Sendable {
    public var faults: [TLSFileFault]
  }

  public init(_ files: TLSFiles) throws(Refused) {
    self.files = files
    state = Mutex(try TLSIdentity.read(files))
  }

  /// Reads the files again. When something is wrong with them, what was read before stays.
  public func reload() throws(Refused) {
    let fresh = try TLSIdentity.read(files)
    state.withLock { $0 = fresh }
  }

  /// The certificate that new connections are shown.
  public var facts: CertificateFacts { state.withLock { $0.facts } }

  var context: TLSContext { state.withLock { $0.context } }

  private static func read(_ files: TLSFiles) throws(Refused) -> State {
    guard let context = TLSContext(isServer: true) else {
      throw Refused(faults: [
        TLSFileFault(role: .certificate, path: files.certificate, words: "not enough memory")
      ])
    }
    var reader = TLSFileReader(context)
    reader.readIdentity(certificate: files.certificate, key: files.key)
    if let authority = files.authority { reader.readAuthority(authority, tellsPeers: true) }
    guard reader.faults.isEmpty, let certificate = SSL_CTX_get0_certificate(context.pointer)
    else { throw Refused(faults: reader.faults) }
    let mode =
      switch files.clientCertificates {
      case .off: SSL_VERIFY_NONE
      case .optional: SSL_VERIFY_PEER
      case .required: SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
      }
    SSL_CTX_set_verify(context.pointer, mode, nil)
    // A peer that comes back with a ticket is the one whose certificate was looked at.
    let name = Array("sluice".utf8)
    SSL_CTX_set_session_id_context(context.pointer, name, UInt32(name.count))
    return State(context: context, facts: CertificateFacts(certificate))
  }
}
