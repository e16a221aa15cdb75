"""What can go wrong between a terminal and the gateway, one class a kind.

A refused order is none of these: it is an answer, and stands in the order (``Order.refusal``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._codec.order_entry import LogoutReason, QueryResult

if TYPE_CHECKING:
    from .refusal import Refusal


class SluiceError(Exception):
    """Whatever this package raises by itself."""


class InvalidRequest(SluiceError, ValueError):
    """Something that cannot be written as asked: a price of five decimals, an id of 21 bytes."""


class ConnectFailed(SluiceError):
    """Nobody was there, or not in time."""


class TLSFailed(ConnectFailed):
    """There is no TLS with whom was there: a certificate that is not accepted, here or there, or no
    TLS at the other end. Another try has the same end, so there is none."""


class ConnectionLost(SluiceError):
    """The connection broke, or the gateway closed it without a word."""


class GatewaySilent(SluiceError):
    """Nothing was heard for two and a half heartbeat intervals, or no answer to the logon came."""


class ProtocolFault(SluiceError):
    """The gateway sent what no gateway sends: bytes that are no message, or one out of place."""


class ReportsMissed(ProtocolFault):
    """A report is missing before one that came; the next logon asks for it."""


class ReportsForgotten(SluiceError):
    """The gateway's newest report is older than one that this terminal has seen, or it does not
    know of this terminal's last session.

    It lost what it told, so what it says of orders and positions cannot be trusted unseen. Whoever
    has looked starts again without a resume point.
    """


class SessionEnded(SluiceError):
    """The gateway ended the session and said why."""

    def __init__(self, reason: LogoutReason, text: str, retry_after_seconds: float = 0.0) -> None:
        name = reason.name.lower().replace("_", "-")
        super().__init__(f"{name}: {text}" if text else name)
        self.reason = reason
        #: The reason in the gateway's words; may be empty.
        self.text = text
        #: When another try makes sense; 0 = not said.
        self.retry_after_seconds = retry_after_seconds


class LogonRefused(SessionEnded):
    """The logon was refused."""

    def __init__(
        self, reason: LogoutReason, rule: str, text: str, retry_after_seconds: float = 0.0
    ) -> None:
        super().__init__(reason, " ".join(part for part in (rule, text) if part),
                         retry_after_seconds)
        #: Name of the rule, such as ``login-credentials``; empty when none was named.
        self.rule = rule


class NotLoggedOn(SluiceError):
    """There is no session to send it on."""


class TooMuchPending(SluiceError):
    """The gateway does not read as fast as this terminal writes."""


class AnswerTimeout(SluiceError, TimeoutError):
    """No answer came in time. What was asked may have happened all the same."""


class Refused(SluiceError):
    """A cancel or a request was refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class QueryFailed(SluiceError):
    """The gateway did not answer a query."""

    def __init__(self, result: QueryResult, refusal: Refusal | None = None) -> None:
        words = f"the query was not answered: {result.name.lower().replace('_', ' ')}"
        super().__init__(words if refusal is None else f"{words}: {refusal}")
        self.result = result
        #: Why, where a rule says so.
        self.refusal = refusal


class EventsOverflowed(SluiceError):
    """Whoever iterates events has not kept up, and would miss some."""
