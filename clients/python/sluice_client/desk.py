"""A risk controller's client, blocking: what he does, and the notices that he is told.

    with Desk("127.0.0.1", 7410, "risk-1", password) as desk:
        desk.kill(ScopeKind.PRODUCT, "alpha", "checking fills")
        desk.subscribe_notices()
        for notice in desk.notices(timeout_seconds=60):
            ...

A thread of its own reads and keeps the heartbeat; methods may be called from any thread.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self, TypeVar

from ._codec import desk as wire
from ._codec.order_entry import ScopeKind
from .desk_accounts import AccountsWatch, subscription
from .desk_controls import Controls
from .desk_session import NOTICES_MAXIMUM, DeskRequest, DeskSession, Make
from .errors import (
    AnswerTimeout,
    ConnectFailed,
    ConnectionLost,
    GatewaySilent,
    NotLoggedOn,
    SluiceError,
    TLSFailed,
)
from .secret import Secret
from .tls import TLSSettings

T = TypeVar("T")


class Desk(DeskSession[AccountsWatch], Controls[None]):
    """One controller's session."""

    def __init__(
        self, host: str, port: int, controller: str, password: Secret | str, *,
        mac_address: int = 0, client_name: str = "sluice python",
        heartbeat_interval_seconds: int = 10, timeout_seconds: float = 10.0,
        tls: TLSSettings | None = None,
    ) -> None:
        self._notices: queue.Queue[wire.Notice | None] = queue.Queue(NOTICES_MAXIMUM)
        self._liquidations: queue.Queue[wire.LiquidationProgress | None] = queue.Queue(
            NOTICES_MAXIMUM)
        self._arrived = threading.Event()
        super().__init__(
            controller, password, mac_address, client_name, heartbeat_interval_seconds,
            self._arrived, self._notices, self._liquidations)
        self._address = (host, port)
        self._context = None if tls is None else tls.context()
        self._server_name = host if tls is None or tls.server_name is None else tls.server_name
        self._timeout = timeout_seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

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
        if not self._arrived.wait(self._timeout):
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

    def subscribe_accounts(
        self, kinds: wire.RowKinds = wire.RowKinds.ACCOUNTS, *,
        scope: ScopeKind = ScopeKind.UNKNOWN, name: str = "", interval_milliseconds: int = 0,
    ) -> AccountsWatch:
        """Asks for a picture of his accounts, and to be told what changes in it, each row no more
        often than the interval. Done when the first picture is whole. ``scope`` and ``name``:
        only an operation account, a product or a fund account, with what belongs to it. A session
        may have eight at a time."""
        made: list[AccountsWatch] = []

        def make(number: int) -> wire.SubscribeAccounts:
            made.append(AccountsWatch(number, self._unwatch))
            self._watches[number] = made[0]
            return subscription(number, kinds, scope, name, interval_milliseconds)

        try:
            self._ask(make)
        except SluiceError:
            for watch in made:
                self._watches.pop(watch.request_id, None)
            raise
        return made[0]

    def _unwatch(self, number: int) -> None:
        self._send(wire.UnsubscribeAccounts(request_id=number).encode())

    # Between the two.

    def _done(self, make: Make) -> None:
        self._ask(make)

    def _ask(self, make: Make) -> DeskRequest:
        done = threading.Event()
        request = DeskRequest(done)
        with self._lock:
            if self._socket is None or self._error is not None:
                raise self._error or NotLoggedOn("there is no session")
            number, data = self._enter(request, make)
        self._send(data)
        if not done.wait(self._timeout):
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
        self._last_heard = time.monotonic()
        try:
            while not self._is_closing:
                stream = self._socket
                if stream is None:
                    break
                try:
                    data = stream.recv(65_536)
                    if not data:
                        raise ConnectionLost("the gateway closed the connection")
                    self._take(data, time.monotonic())
                except TimeoutError:
                    pass
                except OSError as fault:
                    raise ConnectionLost(str(fault)) from None
                now = time.monotonic()
                if self._is_silent(now):
                    raise GatewaySilent("nothing was heard for too long")
                if self._must_speak(now):
                    self._send(wire.Heartbeat().encode())
        except SluiceError as error:
            self._over(error)
        finally:
            self._over(None)
