import COpenSSL
import Glibc

/// What is in a certificate, as text. It may be a stranger's: only printable ASCII comes out.
enum CertificateText {
  /// As in `/O=Firm/CN=gateway`.
  static func name(_ name: OpaquePointer?) -> String {
    var text = [CChar](repeating: 0, count: 256)
    // What is not printable comes as \xNN.
    guard let name, X509_NAME_oneline(name, &text, Int32(text.count)) != nil else { return "" }
    return string(text)
  }

  /// In UTC: `2029-02-23 10:00:00 UTC`.
  static func time(_ time: UnsafePointer<ASN1_TIME>?) -> String {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return "an unknown time" }
    var text = [CChar](repeating: 0, count: 40)
    strftime(&text, text.count, "%Y-%m-%d %H:%M:%S UTC", &parts)
    return string(text)
  }

  static func fingerprint(_ certificate: OpaquePointer) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    var count = UInt32(digest.count)
    guard X509_digest(certificate, EVP_sha256(), &digest, &count) == 1 else { return "" }
    return digest.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return byte < 16 ? "0" + digits : digits
    }.joined(separator: ":")
  }

  /// The names and addresses it is for, at most eight of them.
  static func names(_ certificate: OpaquePointer) -> [String] {
    guard let extension_ = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil)
    else { return [] }
    let names = OpaquePointer(extension_)
    defer { GENERAL_NAMES_free(names) }
    var found: [String] = []
    for index in 0..<min(8, OPENSSL_sk_num(names)) {
      guard let value = OPENSSL_sk_value(names, index) else { continue }
      let name = value.assumingMemoryBound(to: GENERAL_NAME.self).pointee
      switch name.type {
      case GEN_DNS:
        let text = name.d.dNSName
        let bytes = UnsafeBufferPointer(
          start: ASN1_STRING_get0_data(text), count: Int(ASN1_STRING_length(text)))
        found.append(
          String(
            decoding: bytes.prefix(253).map { (0x21...0x7E).contains($0) ? $0 : 0x3F },
            as: UTF8.self))
      case GEN_IPADD:
        let bytes = Array(
          UnsafeBufferPointer(
            start: ASN1_STRING_get0_data(name.d.iPAddress),
            count: Int(ASN1_STRING_length(name.d.iPAddress))))
        if let address = address(bytes) { found.append(address) }
      default: break
      }
    }
    return found
  }

  private static func address(_ bytes: [UInt8]) -> String? {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    var text = [CChar](repeating: 0, count: 64)
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
    return string(text)
  }

  private static func string(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
