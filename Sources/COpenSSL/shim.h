/* OpenSSL, and as functions what it says in macros, which Swift does not see. */
#ifndef SLUICE_OPENSSL_SHIM_H
#define SLUICE_OPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* What every connection keeps to: no renegotiation, no compression, the server's order of ciphers,
   buffers given back while nothing moves, a write may be tried again from another address. */
static inline void sluice_ssl_ctx_harden(SSL_CTX *context) {
  SSL_CTX_set_options(
      context,
      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(
      context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                   SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

/* From and to a version of TLS, ends included; 0 = no end on that side. */
static inline int sluice_ssl_ctx_set_versions(SSL_CTX *context, int least, int most) {
  return SSL_CTX_set_min_proto_version(context, least) &&
         SSL_CTX_set_max_proto_version(context, most);
}

static inline int sluice_ssl_set_server_name(SSL *ssl, const char *name) {
  return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline EVP_PKEY *sluice_evp_p256_generate(void) { return EVP_EC_gen("P-256"); }

static inline long sluice_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

static inline void sluice_x509v3_set_context(X509V3_CTX *context, X509 *issuer, X509 *subject) {
  X509V3_set_ctx(context, issuer, subject, NULL, NULL, 0);
}

static inline int sluice_err_reason(unsigned long code) { return ERR_GET_REASON(code); }
/* Whether a key could not be read because it wants a passphrase. */
static inline int sluice_err_wants_passphrase(unsigned long code) {
  int reason = ERR_GET_REASON(code);
  return reason == ERR_R_INTERRUPTED_OR_CANCELLED ||
         (ERR_GET_LIB(code) == ERR_LIB_PEM &&
          (reason == PEM_R_BAD_PASSWORD_READ || reason == PEM_R_BAD_DECRYPT));
}
static inline int sluice_err_library(unsigned long code) { return ERR_GET_LIB(code); }

#endif
