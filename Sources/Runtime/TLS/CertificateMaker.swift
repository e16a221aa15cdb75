import COpenSSL
import CSluice

/// A certificate and its key, EC P-256, in memory.
struct MadeCertificate: ~Copyable {
  fileprivate let certificate: OpaquePointer
  fileprivate let key: OpaquePointer

  deinit {
    X509_free(certificate)
    EVP_PKEY_free(key)
  }

  var facts: CertificateFacts { CertificateFacts(certificate) }

  /// PEM.
  var certificateText: [UInt8] {
    text { PEM_write_bio_X509($0, certificate) }
  }

  /// PEM, PKCS #8, without a passphrase. To be wiped when it was used.
  var keyText: [UInt8] {
    text { PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) }
  }

  private func text(_ write: (OpaquePointer) -> Int32) -> [UInt8] {
    // Cleared when it is freed.
    guard let bio = BIO_new(BIO_s_secmem()) else { return [] }
    defer { BIO_free(bio) }
    guard write(bio) == 1 else { return [] }
    var bytes: UnsafeMutablePointer<CChar>?
    let count = sluice_bio_bytes(bio, &bytes)
    return Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }
}

/// Makes certificates: a gateway's own at its first start, and those of tests.
struct CertificateMaker {
  /// The common name; at most 64 bytes count.
  var commonName: String
  /// As OpenSSL reads them: `DNS:localhost`, `IP:127.0.0.1`.
  var names: [String] = []
  var isAuthority = false
  /// In seconds from now on; the first is negative when clocks may differ.
  var secondsValid: ClosedRange<Int> = -3_600...825 * 86_400

  init(commonName: String) { self.commonName = commonName }

  /// Nil when OpenSSL could not: no memory, or a name that is none.
  ///
  /// - Parameter signer: nil = it signs itself.
  func make() -> MadeCertificate? {
    guard let key = sluice_evp_p256_generate() else { return nil }
    return sign(key, by: key, as: nil)
  }

  func make(signedBy signer: borrowing MadeCertificate) -> MadeCertificate? {
    guard let key = sluice_evp_p256_generate() else { return nil }
    return sign(key, by: signer.key, as: signer.certificate)
  }

  /// Takes over `key`.
  private func sign(
    _ key: OpaquePointer, by signer: OpaquePointer, as issuer: OpaquePointer?
  ) -> MadeCertificate? {
    defer { ERR_clear_error() }
    guard let certificate = X509_new() else {
      EVP_PKEY_free(key)
      return nil
    }
    let made = MadeCertificate(certificate: certificate, key: key)
    let subject = X509_get_subject_name(certificate)
    let isNamed = Array(commonName.utf8.prefix(64)).withUnsafeBufferPointer {
      X509_NAME_add_entry_by_txt(
        subject, "CN", V_ASN1_UTF8STRING, $0.baseAddress, Int32($0.count), -1, 0)
    }
    let issuerName = issuer.map { X509_get_subject_name($0) } ?? subject
    guard isNamed == 1, X509_set_version(certificate, 2) == 1, setSerial(certificate),
      X509_set_issuer_name(certificate, issuerName) == 1,
      X509_gmtime_adj(X509_getm_notBefore(certificate), secondsValid.lowerBound) != nil,
      X509_gmtime_adj(X509_getm_notAfter(certificate), secondsValid.upperBound) != nil,
      X509_set_pubkey(certificate, key) == 1, addExtensions(certificate, issuer),
      X509_sign(certificate, signer, EVP_sha256()) > 0
    else { return nil }
    return made
  }

  /// 63 bits that nobody can guess, positive.
  private func setSerial(_ certificate: OpaquePointer) -> Bool {
    ASN1_INTEGER_set_uint64(
      X509_get_serialNumber(certificate), Secrets.randomNumber() >> 1 | 1) == 1
  }

  private func addExtensions(_ certificate: OpaquePointer, _ issuer: OpaquePointer?) -> Bool {
    var context = X509V3_CTX()
    sluice_x509v3_set_context(&context, issuer ?? certificate, certificate)
    func add(_ kind: Int32, _ value: String) -> Bool {
      guard let made = X509V3_EXT_conf_nid(nil, &context, kind, value) else { return false }
      defer { X509_EXTENSION_free(made) }
      return X509_add_ext(certificate, made, -1) == 1
    }
    guard add(NID_basic_constraints, "critical,CA:\(isAuthority ? "TRUE" : "FALSE")"),
      add(NID_subject_key_identifier, "hash")
    else { return false }
    if !isAuthority, !add(NID_ext_key_usage, "serverAuth,clientAuth") { return false }
    return names.isEmpty || add(NID_subject_alt_name, names.joined(separator: ","))
  }
}
