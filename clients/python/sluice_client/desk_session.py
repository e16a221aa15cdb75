"""What ``Desk`` and ``AsyncDesk`` share: the session of a risk controller without its I/O. Bytes
come in; requests get their answers, and what he is told waits for whoever takes it."""

from __future__ import annotations

import asyncio
import contextlib
import queue
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from ._codec import desk as wire
from ._codec.framing import Message, WireError, scan
from ._codec.order_entry import LogoutReason, RefusalFigures, ScopeKind, Unit
from .desk_accounts import AccountsWatchBase
from .errors import (
    InvalidRequest,
    LogonRefused,
    NotLoggedOn,
    ProtocolFault,
    Refused,
    SessionEnded,
    SluiceError,
)
from .logon import VERSION
from .refusal import Refusal
from .rules import rule_name
from .secret import Secret

T = TypeVar("T")
W = TypeVar("W", bound=AccountsWatchBase)

#: A gateway that says nothing for so many intervals is gone.
SILENT_INTERVALS = 2.5
#: Notices that wait for whoever iterates; the connection ends at one more.
NOTICES_MAXIMUM = 100_000

#: Makes a message of the number that its request gets.
Make = Callable[[int], Message]


class Waiting(Protocol[T]):
    """Told things that nobody took yet: a queue of threads or of tasks."""

    def full(self) -> bool: ...
    def put_nowait(self, item: T) -> None: ...
    def get_nowait(self) -> T: ...


class Signal(Protocol):
    """An event of threads or of tasks."""

    def set(self) -> None: ...
    def is_set(self) -> bool: ...


class DeskRequest:
    """One that waits for its answer."""

    def __init__(self, done: Signal) -> None:
        self.done = done
        self.error: SluiceError | None = None
        self.rows: list[wire.StandingRow] = []
        #: There are more than fit.
        self.is_truncated = False


def _refusal(figures: wire.RefusalFigures, text: str = "") -> Refusal | None:
    return Refusal.of(
        RefusalFigures(
            rule=figures.rule, unit=Unit(figures.unit), scope_kind=ScopeKind(figures.scope_kind),
            observed=figures.observed, limit=figures.limit, asked=figures.asked,
            scope_name=figures.scope_name),
        text)


class DeskSession(Generic[W]):
    """One controller's session, whatever carries its bytes."""

    def __init__(
        self, controller: str, password: Secret | str, mac_address: int, client_name: str,
        heartbeat_interval_seconds: int, logged_on: Signal,
        notices: Waiting[wire.Notice | None],
        liquidations: Waiting[wire.LiquidationProgress | None],
    ) -> None:
        if not 1 <= heartbeat_interval_seconds <= 60:
            raise InvalidRequest("a heartbeat interval is 1 to 60 seconds")
        secret = password if isinstance(password, Secret) else Secret(password)
        try:
            self._logon = wire.Logon(
                controller=controller, mac_address=mac_address, client_name=client_name,
                client_version=VERSION, schema_version=wire.VERSION,
                heartbeat_interval_seconds=heartbeat_interval_seconds,
                password=secret.reveal()).encode()
        except WireError:
            raise InvalidRequest("a name or the password is too long") from None
        self._interval = float(heartbeat_interval_seconds)
        self._requests: dict[int, DeskRequest] = {}
        self._last_request = 0
        self._told_notices = notices
        self._told_liquidations = liquidations
        self._watches: dict[int, W] = {}
        self._logged_on: Signal = logged_on
        self._error: SluiceError | None = None
        self._is_closing = False
        self._buffer = bytearray()
        self._last_sent = 0.0
        self._last_heard = 0.0
        #: What the gateway said at the logon.
        self.accepted: wire.LogonAccepted | None = None

    @property
    def error(self) -> SluiceError | None:
        """Why the session ended; None while it runs, and when it was asked to."""
        return self._error

    @property
    def rights(self) -> int:
        """What the controller may do, a bit each: 1 watch, 4 bar, 8 kill ..."""
        return 0 if self.accepted is None else self.accepted.rights

    # Requests.

    def _enter(self, request: DeskRequest, make: Make) -> tuple[int, bytes]:
        """Gives a request its number; what is to be sent."""
        self._last_request += 1
        number = self._last_request
        try:
            data = make(number).encode()
        except WireError as fault:
            raise InvalidRequest(str(fault)) from None
        self._requests[number] = request
        return number, data

    def _answered(self, number: int, refusal: Refusal | None) -> None:
        request = self._requests.pop(number, None)
        if request is None:
            return
        if refusal is not None:
            request.error = Refused(refusal)
        request.done.set()

    def _over(self, error: SluiceError | None) -> None:
        """The session is over: whoever waits is told, once."""
        if error is not None and self._error is None and not self._is_closing:
            self._error = error
        for request in list(self._requests.values()):
            request.error = self._error or NotLoggedOn("the session is over")
            request.done.set()
        self._requests.clear()
        self._logged_on.set()
        for watch in list(self._watches.values()):
            watch.fail(self._error)
        self._watches.clear()
        # Who iterates comes to the end behind what waits; of a full queue by the error.
        with contextlib.suppress(queue.Full, asyncio.QueueFull):
            self._told_notices.put_nowait(None)
        with contextlib.suppress(queue.Full, asyncio.QueueFull):
            self._told_liquidations.put_nowait(None)

    # The clock.

    def _must_speak(self, now: float) -> bool:
        """Whether a heartbeat is due; ``GatewaySilent`` is told by ``_is_silent``."""
        return self._logged_on.is_set() and now - self._last_sent > self._interval / 2

    def _is_silent(self, now: float) -> bool:
        return (
            self._logged_on.is_set()
            and now - self._last_heard > self._interval * SILENT_INTERVALS)

    # Bytes.

    def _take(self, data: bytes, now: float) -> None:
        self._last_heard = now
        self._buffer += data
        while True:
            try:
                frame = scan(self._buffer)
                if frame is None:
                    return
                del self._buffer[:frame.length]
                message = wire.decode(frame)
            except WireError as fault:
                if "template" in str(fault):
                    continue
                raise ProtocolFault(str(fault)) from None
            self._happened(message)

    def _happened(self, message: Message) -> None:
        match message:
            case wire.LogonAccepted():
                self.accepted = message
                self._interval = float(message.heartbeat_interval_seconds)
                self._logged_on.set()
            case wire.Logout():
                raise self._end(message)
            case wire.ControlAnswer():
                self._answered(message.request_id, _refusal(message.refusal))
            case wire.BusinessReject():
                self._answered(message.request_id, _refusal(message.refusal, message.text))
            case wire.Notice():
                if self._told_notices.full():
                    raise ProtocolFault("nobody takes the notices")
                self._told_notices.put_nowait(message)
            case wire.LiquidationProgress():
                if self._told_liquidations.full():
                    # Whoever asked for one need not look how it goes; the newest ones count.
                    with contextlib.suppress(queue.Empty, asyncio.QueueEmpty):
                        self._told_liquidations.get_nowait()
                self._told_liquidations.put_nowait(message)
            case wire.NoticesComplete() | wire.StandingEnd() | wire.LiquidationsComplete():
                if isinstance(message, wire.StandingEnd):
                    waiting = self._requests.get(message.request_id)
                    if waiting is not None:
                        waiting.is_truncated = bool(message.is_truncated)
                self._answered(message.request_id, None)
            case (
                wire.AccountsBegin() | wire.AccountsComplete() | wire.AccountsEnd()
                | wire.AccountRow() | wire.LineRow() | wire.FundAccountRow() | wire.ProductRow()
                | wire.PositionRow() | wire.WorkingOrderRow() | wire.LinkRow()
            ):
                watch = self._watches.get(message.request_id)
                if watch is None:
                    return
                watch.happened(message)
                if isinstance(message, wire.AccountsEnd):
                    del self._watches[message.request_id]
                # The first picture is whole, or there is none.
                if isinstance(message, wire.AccountsComplete | wire.AccountsEnd):
                    self._answered(message.request_id, None)
            case wire.StandingRow():
                request = self._requests.get(message.request_id)
                if request is not None:
                    request.rows.append(message)
            case _:
                pass

    def _end(self, logout: wire.Logout) -> SluiceError:
        reason = LogoutReason(logout.reason)
        retry = logout.retry_after_milliseconds / 1_000
        if self.accepted is None:
            return LogonRefused(
                reason, rule_name(logout.rule) if logout.rule else "", logout.text, retry)
        return SessionEnded(reason, logout.text, retry)
