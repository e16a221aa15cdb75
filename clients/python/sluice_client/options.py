"""What a client may be told when it is made; the one list of it."""

from __future__ import annotations

from ssl import SSLContext
from typing import TypedDict

from .backoff import BackOff
from .errors import InvalidRequest
from .ids import ClOrdIDSource
from .logon import ResumePoint
from .tls import TLSSettings


class LinkOptions(TypedDict, total=False):
    """Of ``AsyncLink``."""

    #: TLS with these settings; None = plain TCP.
    tls: TLSSettings | None
    #: TLS with a context of one's own, instead of ``tls``.
    ssl: SSLContext | None
    #: With ``ssl``: the name that the gateway's certificate has to state; None = the host.
    server_hostname: str | None
    #: Tries a broken connection again after its pauses; None = that is the end.
    reconnect: BackOff | None
    #: Bounds the logon and each answer; 10.
    timeout_seconds: float
    #: Where an earlier run stopped; without one every report of the current day comes.
    resume: ResumePoint


class ClientOptions(LinkOptions, total=False):
    """Of ``AsyncClient`` and ``Client``."""

    #: Makes the orders' ids; None = one with a drawn seed.
    ids: ClOrdIDSource | None


def check(options: LinkOptions) -> None:
    """``TypeError`` for one that nobody knows."""
    unknown = sorted(options.keys() - LinkOptions.__annotations__.keys())
    if unknown:
        raise TypeError(f"there is no option {', '.join(unknown)}")


def security(options: LinkOptions) -> tuple[SSLContext | None, str | None]:
    """The context of TLS, None = without, and the name to look for, None = the host."""
    tls, context = options.get("tls"), options.get("ssl")
    name = options.get("server_hostname")
    if tls is None:
        return context, name if context is not None else None
    if context is not None or name is not None:
        raise InvalidRequest("tls goes without ssl and server_hostname")
    return tls.context(), tls.server_name
