import COpenSSL
import Foundation
import Glibc
import Testing

@testable import Runtime

/// As `PatientSocket`, under TLS.
final class SecureSocket: PatientSocket {
  private let client: TLSClient
  private var ssl: OpaquePointer?

  /// Shakes hands; throws, with what was wrong, when that comes to nothing.
  init(to address: SocketAddress, _ client: TLSClient) throws {
    self.client = client
    try super.init(to: address)
    let ssl = try #require(SSL_new(client.context.pointer))
    self.ssl = ssl
    try #require(client.prepare(ssl))
    SSL_set_fd(ssl, descriptor)
    let result = SSL_connect(ssl)
    guard result == 1 else { throw TLSFault(of: ssl) }
  }

  deinit { SSL_free(ssl) }

  /// Of the certificate that the other end showed.
  var fingerprint: String {
    SSL_get0_peer_certificate(ssl).map { CertificateText.fingerprint($0) } ?? ""
  }

  override func send(_ bytes: [UInt8]) throws {
    if bytes.isEmpty { return }
    guard SSL_write(ssl, bytes, Int32(bytes.count)) == Int32(bytes.count) else {
      throw SystemRefused(call: "SSL_write")
    }
  }

  override func read(by deadline: Deadline, _ what: String) throws -> [UInt8] {
    if end != nil { return [] }
    if SSL_pending(ssl) == 0 { try deadline.wait(toRead: descriptor, what) }
    var room = [UInt8](repeating: 0, count: 16_384)
    ERR_clear_error()
    let count = SSL_read(ssl, &room, Int32(room.count))
    if count > 0 { return Array(room[..<Int(count)]) }
    end = SSL_get_error(ssl, count) == SSL_ERROR_ZERO_RETURN ? .closed : .reset
    ERR_clear_error()
    return []
  }
}

/// Certificates of a house, signed by an authority of its own.
final class HouseCertificates {
  let folder: ScratchFolder
  let authority: MadeCertificate
  let authorityPath: String
  let identity: TLSIdentity
  var files: TLSFiles { identity.files }

  init(_ clients: TLSFiles.ClientCertificates = .off) throws {
    folder = try ScratchFolder()
    var maker = CertificateMaker(commonName: "house authority")
    maker.isAuthority = true
    let made = maker.make()
    guard let made else { throw SystemRefused(call: "X509_sign") }
    authorityPath = try folder.write(
      String(decoding: made.certificateText, as: UTF8.self), "authority.crt")
    authority = made
    var files = try Self.make("gateway", folder, authority)
    files.clientCertificates = clients
    files.authority = clients == .off ? nil : authorityPath
    identity = try TLSIdentity(files)
  }

  /// Writes NAME.crt and NAME.key, over what was there.
  @discardableResult
  func make(_ name: String) throws -> TLSFiles { try Self.make(name, folder, authority) }

  private static func make(
    _ name: String, _ folder: ScratchFolder, _ authority: borrowing MadeCertificate
  ) throws -> TLSFiles {
    var maker = CertificateMaker(commonName: name)
    maker.names = ["DNS:localhost", "IP:127.0.0.1"]
    let made = maker.make(signedBy: authority)
    guard let made else { throw SystemRefused(call: "X509_sign") }
    let key = try folder.write(String(decoding: made.keyText, as: UTF8.self), name + ".key")
    chmod(key, 0o600)
    let certificate = try folder.write(
      String(decoding: made.certificateText, as: UTF8.self), name + ".crt")
    return TLSFiles(certificate: certificate, key: key)
  }

  func client(showing files: TLSFiles? = nil) throws -> TLSClient {
    var settings = TLSClient.Settings(name: "127.0.0.1")
    settings.authority = authorityPath
    settings.certificate = files?.certificate
    settings.key = files?.key
    return try TLSClient(settings)
  }

  /// A house whose terminals need TLS.
  func house(_ change: (inout GatewayServerSettings) -> Void = { _ in }) throws -> House {
    try House { settings in
      settings.tls = identity
      settings.certificates = [identity]
      change(&settings)
    }
  }
}
