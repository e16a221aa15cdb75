import Glibc

/// The certificate that a gateway makes for itself, kept in its data folder:
///
///     var/tls/gateway.crt
///     var/tls/gateway.key
///
/// Whoever connects trusts it by a copy of the first file, or compares its fingerprint.
public enum SelfSigned {
  /// Browsers and Apple's systems take no longer ones. In days.
  static let days = 825

  /// The files, made now unless both are there.
  public static func files(in folder: DataFolder) throws(DataFolderError) -> TLSFiles {
    let files = TLSFiles(
      certificate: folder.path + "/tls/gateway.crt", key: folder.path + "/tls/gateway.key")
    if access(files.certificate, F_OK) == 0, access(files.key, F_OK) == 0 { return files }
    guard let made = maker(host: hostName).make() else {
      throw DataFolderError(path: files.certificate, errno: ENOMEM)
    }
    // The certificate last: with it alone there are both.
    unlink(files.certificate)
    var key = made.keyText
    defer { key.withUnsafeMutableBytes { Secrets.wipe($0) } }
    try write(key, to: files.key, mode: 0o600)
    try write(made.certificateText, to: files.certificate, mode: 0o644)
    return files
  }

  /// For this machine by all its own names; any other host name that is none is left out.
  static func maker(host: String) -> CertificateMaker {
    var maker = CertificateMaker(commonName: "sluice gateway")
    maker.names = ["DNS:localhost", "IP:127.0.0.1", "IP:::1"]
    let isName = host.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
    if isName, !host.isEmpty, host != "localhost" { maker.names.append("DNS:\(host)") }
    maker.secondsValid = -3_600...days * 86_400
    return maker
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Under another name first, so that there is all of it or nothing.
  private static func write(
    _ bytes: [UInt8], to path: String, mode: mode_t
  ) throws(DataFolderError) {
    let draft = path + ".new"
    unlink(draft)
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard file >= 0 else { throw DataFolderError(path: draft, errno: errno) }
    let isWritten =
      !bytes.isEmpty && Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
    let writeError = errno
    close(file)
    guard isWritten else { throw DataFolderError(path: draft, errno: writeError) }
    guard rename(draft, path) == 0 else { throw DataFolderError(path: path, errno: errno) }
  }
}
