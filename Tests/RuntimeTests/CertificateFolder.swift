import Foundation
import Glibc
import Testing

@testable import Runtime

/// An authority, and certificates that it signed or that sign themselves, in a folder that goes
/// with it.
final class CertificateFolder {
  let path: String
  let authority: MadeCertificate
  /// PEM.
  let authorityPath: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "sluice-tls-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    var maker = CertificateMaker(commonName: "authority \(UUID().uuidString)")
    maker.isAuthority = true
    let made = maker.make()
    guard let made else { throw NotMade() }
    authorityPath = path + "/authority.crt"
    try Data(made.certificateText).write(to: URL(filePath: authorityPath))
    authority = made
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  struct NotMade: Error {}

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String, mode: mode_t = 0o600) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(filePath: file))
    #expect(chmod(file, mode) == 0)
    return file
  }

  /// Writes NAME.crt and NAME.key, over what was there.
  @discardableResult
  func make(
    _ name: String = "gateway", names: [String] = ["DNS:localhost", "IP:127.0.0.1"],
    signsItself: Bool = false, secondsValid: ClosedRange<Int> = -3_600...86_400
  ) throws -> TLSFiles {
    var maker = CertificateMaker(commonName: name)
    maker.names = names
    maker.secondsValid = secondsValid
    let made = signsItself ? maker.make() : maker.make(signedBy: authority)
    guard let made else { throw NotMade() }
    return TLSFiles(
      certificate: try write(made.certificateText, name + ".crt"),
      key: try write(made.keyText, name + ".key"))
  }

  func identity(
    _ clients: TLSFiles.ClientCertificates = .off,
    names: [String] = ["DNS:localhost", "IP:127.0.0.1"]
  ) throws -> TLSIdentity {
    var files = try make(names: names)
    files.clientCertificates = clients
    files.authority = clients == .off ? nil : authorityPath
    return try TLSIdentity(files)
  }

  /// Trusts the authority.
  func client(
    _ name: String = "localhost", change: (inout TLSClient.Settings) -> Void = { _ in }
  ) throws -> TLSClient {
    var settings = TLSClient.Settings(name: name)
    settings.authority = authorityPath
    change(&settings)
    return try TLSClient(settings)
  }
}
