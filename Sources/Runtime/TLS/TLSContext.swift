import COpenSSL

/// OpenSSL's settings of one end. They never change once it stands, so any thread may have them.
final class TLSContext: @unchecked Sendable {
  /// `SSL_CTX`. Connections keep it beyond this holder.
  let pointer: OpaquePointer

  /// What both ends agree to for TLS 1.2; 1.3 has no others. Fresh keys, authenticated ciphers.
  private static let ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20"

  /// Nil when there is no memory for it.
  init?(isServer: Bool) {
    guard let pointer = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method())
    else { return nil }
    self.pointer = pointer
    sluice_ssl_ctx_harden(pointer)
    let isSet =
      sluice_ssl_ctx_set_versions(pointer, TLS1_2_VERSION, 0) == 1
      && SSL_CTX_set_cipher_list(pointer, TLSContext.ciphers) == 1
    precondition(isSet, "OpenSSL knows TLS 1.2 and the ciphers that are asked for")
    // Nobody types a passphrase at a server: a key that wants one is a fault.
    SSL_CTX_set_default_passwd_cb(pointer, noPassphrase)
  }

  deinit { SSL_CTX_free(pointer) }
}

private func noPassphrase(
  _ room: UnsafeMutablePointer<CChar>?, _ size: Int32, _ isWriting: Int32,
  _ argument: UnsafeMutableRawPointer?
) -> Int32 { -1 }
