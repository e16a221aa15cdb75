"""A risk controller's client, blocking: what he does, and the notices that he is told.

    with Desk("127.0.0.1", 7410, "risk-1", password) as desk:
        desk.kill(ScopeKind.PRODUCT, "alpha", "checking fills")
        desk.subscribe_notices()
        for notice in desk.notices(timeout_seconds=60):
            ...

A thread of its own reads and keeps the heartbeat; methods may be called from any thread.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self, TypeVar

from ._codec import desk as wire
from ._codec.framing import Message, WireError, scan
from ._codec.order_entry import LogoutReason, RefusalFigures, ScopeKind, Unit
from .desk_accounts import AccountsWatch, Watches
from .desk_controls import Controls
from .errors import (
    AnswerTimeout,
    ConnectFailed,
    ConnectionLost,
    GatewaySilent,
    InvalidRequest,
    LogonRefused,
    NotLoggedOn,
    ProtocolFault,
    Refused,
    SessionEnded,
    SluiceError,
    TLSFailed,
)
from .logon import VERSION
from .refusal import Refusal
from .rules import rule_name
from .secret import Secret
from .tls import TLSSettings

T = TypeVar("T")

#: A gateway that says nothing for so many intervals is gone.
_SILENT_INTERVALS = 2.5
#: Notices that wait for whoever iterates; the connection ends at one more.
NOTICES_MAXIMUM = 100_000


def _refusal(figures: wire.RefusalFigures, text: str = "") -> Refusal | None:
    return Refusal.of(
        RefusalFigures(
            rule=figures.rule, unit=Unit(figures.unit), scope_kind=ScopeKind(figures.scope_kind),
            observed=figures.observed, limit=figures.limit, asked=figures.asked,
            scope_name=figures.scope_name),
        text)


class _Request:
    """One that waits for its answer."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.error: SluiceError | None = None
        self.rows: list[wire.StandingRow] = []
        #: There are more than fit.
        self.is_truncated = False


class Desk(Controls, Watches):
    """One controller's session."""

    def __init__(
        self, host: str, port: int, controller: str, password: Secret | str, *,
        mac_address: int = 0, client_name: str = "sluice python",
        heartbeat_interval_seconds: int = 10, timeout_seconds: float = 10.0,
        tls: TLSSettings | None = None,
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
        self._address = (host, port)
        self._context = None if tls is None else tls.context()
        self._server_name = host if tls is None or tls.server_name is None else tls.server_name
        self._interval = float(heartbeat_interval_seconds)
        self._timeout = timeout_seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._requests: dict[int, _Request] = {}
        self._last_request = 0
        self._notices: queue.Queue[wire.Notice | None] = queue.Queue(NOTICES_MAXIMUM)
        self._liquidations: queue.Queue[wire.LiquidationProgress | None] = queue.Queue(
            NOTICES_MAXIMUM)
        self._watches: dict[int, AccountsWatch] = {}
        self._logged_on = threading.Event()
        self._error: SluiceError | None = None
        self._is_closing = False
        self._last_sent = 0.0
        #: What the gateway said at the logon.
        self.accepted: wire.LogonAccepted | None = None

    # Coming and going.

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Connects and logs on."""
        try:
            stream = socket.create_connection(self._address, self._timeout)
            if self._context is not None:
                stream = self._context.wrap_socket(stream, server_hostname=self._server_name)
        except ssl.SSLError as fault:
            raise TLSFailed(str(fault)) from None
        except OSError as fault:
            raise ConnectFailed(str(fault)) from None
        stream.settimeout(0.2)
        self._socket = stream
        self._send(self._logon)
        self._thread = threading.Thread(target=self._run, name="sluice desk", daemon=True)
        self._thread.start()
        if not self._logged_on.wait(self._timeout):
            self.close()
            raise self._error or AnswerTimeout("no answer to the logon")
        if self._error is not None:
            self.close()
            raise self._error

    def close(self) -> None:
        """Logs out and ends; harmless when it is over already."""
        self._is_closing = True
        stream, self._socket = self._socket, None
        if stream is None:
            return
        try:
            stream.sendall(wire.Logout(reason=wire.LogoutReason.REQUESTED).encode())
            stream.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        stream.close()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    @property
    def error(self) -> SluiceError | None:
        """Why the session ended; None while it runs, and when it was asked to."""
        return self._error

    @property
    def rights(self) -> int:
        """What the controller may do, a bit each: 1 watch, 4 bar, 8 kill ..."""
        return 0 if self.accepted is None else self.accepted.rights

    # What he is told.

    def subscribe_notices(self, after: int = 0) -> None:
        """Asks for the notices behind one that was seen, and for what is new. Done when all that
        were missed have come; ``notices`` gives them."""
        self._ask(lambda number: wire.SubscribeNotices(request_id=number, after=after))

    def notices(self, timeout_seconds: float | None = None) -> Iterator[wire.Notice]:
        """Notices as they come. It ends with the session; ``AnswerTimeout`` when nothing comes
        for so long."""
        return self._told(self._notices, timeout_seconds, "no notice")

    def subscribe_liquidations(self) -> None:
        """Asks where the liquidations of his accounts stand, and to be told as they go on. Done
        when all that run have been told; ``liquidations`` gives them. Those that he asks for are
        told without it too."""
        self._ask(lambda number: wire.SubscribeLiquidations(request_id=number))

    def liquidations(
        self, timeout_seconds: float | None = None
    ) -> Iterator[wire.LiquidationProgress]:
        """Where liquidations stand, as they go on. It ends with the session; ``AnswerTimeout``
        when nothing comes for so long."""
        return self._told(self._liquidations, timeout_seconds, "no liquidation moved")

    @staticmethod
    def _told(
        waiting: queue.Queue[T | None], timeout_seconds: float | None, nothing: str,
    ) -> Iterator[T]:
        while True:
            try:
                told = waiting.get(timeout=timeout_seconds)
            except queue.Empty:
                raise AnswerTimeout(f"{nothing} for {timeout_seconds:g} s") from None
            if told is None:
                return
            yield told

    def standing(self) -> list[wire.StandingRow]:
        """The bars and kill switches that are in place, as far as they concern him."""
        return self._ask(lambda number: wire.StandingRequest(request_id=number)).rows

    # Between the two.

    def _ask(self, make: object) -> _Request:
        assert callable(make)
        request = _Request()
        with self._lock:
            if self._socket is None or self._error is not None:
                raise self._error or NotLoggedOn("there is no session")
            self._last_request += 1
            number = self._last_request
            try:
                data: bytes = make(number).encode()
            except WireError as fault:
                raise InvalidRequest(str(fault)) from None
            self._requests[number] = request
        self._send(data)
        if not request.done.wait(self._timeout):
            self._requests.pop(number, None)
            raise AnswerTimeout(f"no answer within {self._timeout:g} s")
        if request.error is not None:
            raise request.error
        return request

    def _send(self, data: bytes) -> None:
        with self._lock:
            stream = self._socket
            if stream is None:
                raise NotLoggedOn("there is no session")
            try:
                stream.sendall(data)
            except OSError as fault:
                raise ConnectionLost(str(fault)) from None
            self._last_sent = time.monotonic()

    def _run(self) -> None:
        buffer = bytearray()
        heard = time.monotonic()
        try:
            while not self._is_closing:
                stream = self._socket
                if stream is None:
                    break
                try:
                    data = stream.recv(65_536)
                    if not data:
                        raise ConnectionLost("the gateway closed the connection")
                    heard = time.monotonic()
                    buffer += data
                    self._take(buffer)
                except TimeoutError:
                    pass
                except OSError as fault:
                    raise ConnectionLost(str(fault)) from None
                now = time.monotonic()
                if self._logged_on.is_set() and now - heard > self._interval * _SILENT_INTERVALS:
                    raise GatewaySilent("nothing was heard for too long")
                if self._logged_on.is_set() and now - self._last_sent > self._interval / 2:
                    self._send(wire.Heartbeat().encode())
        except SluiceError as error:
            self._fail(error)
        finally:
            self._fail(None)

    def _fail(self, error: SluiceError | None) -> None:
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
        for waiting in (self._notices, self._liquidations):
            try:
                waiting.put_nowait(None)
            except queue.Full:
                pass

    def _take(self, buffer: bytearray) -> None:
        while True:
            try:
                frame = scan(buffer)
                if frame is None:
                    return
                del buffer[:frame.length]
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
                try:
                    self._notices.put_nowait(message)
                except queue.Full:
                    raise ProtocolFault("nobody takes the notices") from None
            case wire.LiquidationProgress():
                try:
                    self._liquidations.put_nowait(message)
                except queue.Full:
                    # Whoever asked for one need not look how it goes; the newest ones count.
                    with contextlib.suppress(queue.Empty, queue.Full):
                        self._liquidations.get_nowait()
                        self._liquidations.put_nowait(message)
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
                if self._watched(message):
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

    def _answered(self, number: int, refusal: Refusal | None) -> None:
        request = self._requests.pop(number, None)
        if request is None:
            return
        if refusal is not None:
            request.error = Refused(refusal)
        request.done.set()
