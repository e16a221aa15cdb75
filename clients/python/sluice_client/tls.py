"""TLS on the way to the gateway: whom to trust, and who this terminal is."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from os import PathLike

from .errors import InvalidRequest, TLSFailed
from .secret import Secret


@dataclass(frozen=True, slots=True)
class TLSSettings:
    """TLS 1.2 or newer, with a gateway whose certificate is signed by somebody trusted and names
    the host. Files are PEM, and read when a client is made."""

    #: Who is trusted, and nobody else; None = whom the system trusts.
    ca_file: str | PathLike[str] | None = None
    #: The name or address that the certificate has to state; None = the host connected to.
    server_name: str | None = None
    #: This terminal's certificate, for a gateway that asks for one, and those above it.
    certificate_file: str | PathLike[str] | None = None
    #: Its key; None = it is in ``certificate_file``.
    key_file: str | PathLike[str] | None = None
    #: The key's. A text is taken as one and hidden.
    key_password: Secret | str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.key_password, str):
            object.__setattr__(self, "key_password", Secret(self.key_password))
        if self.certificate_file is None and (self.key_file or self.key_password):
            raise InvalidRequest("a key belongs to a certificate")

    def context(self) -> ssl.SSLContext:
        """What it comes to; ``InvalidRequest`` when a file is not what it should be."""
        context = self._trusting()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate_file is not None:
            try:
                context.load_cert_chain(self.certificate_file, self.key_file, self._password)
            except OSError as fault:
                files = " and ".join(
                    str(one) for one in (self.certificate_file, self.key_file) if one is not None)
                raise InvalidRequest(
                    f"{files}: no certificate with its key, or another password: {_words(fault)}"
                ) from None
        return context

    def _trusting(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(
                cafile=None if self.ca_file is None else str(self.ca_file))
        except OSError as fault:
            raise InvalidRequest(f"{self.ca_file}: no certificates: {_words(fault)}") from None

    def _password(self) -> str:
        """Without this function the key's password would be asked for at the terminal."""
        return self.key_password.reveal() if isinstance(self.key_password, Secret) else ""


def tls_failure(fault: BaseException | None) -> TLSFailed | None:
    """What another try can't mend; None for anything else, such as a connection that broke."""
    if isinstance(fault, ssl.SSLCertVerificationError):
        return TLSFailed(f"the gateway's certificate is not accepted: {fault.verify_message}")
    if not isinstance(fault, ssl.SSLError) or isinstance(
        fault, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
    ):
        return None
    if fault.reason == "WRONG_VERSION_NUMBER":
        return TLSFailed("what answers there does not speak TLS")
    if "ALERT" in (fault.reason or ""):
        return TLSFailed(f"the gateway refused the handshake: {_words(fault)}; "
                         "does it want a certificate of this terminal, or another one?")
    return TLSFailed(f"the handshake failed: {_words(fault)}")


def _words(fault: OSError) -> str:
    if isinstance(fault, ssl.SSLError):
        return (fault.reason or fault.strerror or "it is not readable").lower().replace("_", " ")
    return fault.strerror or "it is not readable"
