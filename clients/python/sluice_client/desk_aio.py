"""A risk controller's client on asyncio: what ``Desk`` does, from one event loop.

    async with AsyncDesk("127.0.0.1", 7410, "risk-1", password) as desk:
        await desk.kill(ScopeKind.PRODUCT, "alpha", "checking fills")
        await desk.subscribe_notices()
        async for notice in desk.notices(timeout_seconds=60):
            ...
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator, Awaitable
from types import TracebackType
from typing import Self, TypeVar

from ._codec import desk as wire
from ._codec.order_entry import ScopeKind
from .desk_accounts import AsyncAccountsWatch, subscription
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

#: How often the clock is looked at, in seconds.
_BEAT = 0.2


class AsyncDesk(DeskSession[AsyncAccountsWatch], Controls[Awaitable[None]]):
    """One controller's session. Use it as a context manager, from one event loop."""

    def __init__(
        self, host: str, port: int, controller: str, password: Secret | str, *,
        mac_address: int = 0, client_name: str = "sluice python",
        heartbeat_interval_seconds: int = 10, timeout_seconds: float = 10.0,
        tls: TLSSettings | None = None,
    ) -> None:
        """Connects to nobody yet."""
        self._notices: asyncio.Queue[wire.Notice | None] = asyncio.Queue(NOTICES_MAXIMUM)
        self._liquidations: asyncio.Queue[wire.LiquidationProgress | None] = asyncio.Queue(
            NOTICES_MAXIMUM)
        self._arrived = asyncio.Event()
        super().__init__(
            controller, password, mac_address, client_name, heartbeat_interval_seconds,
            self._arrived, self._notices, self._liquidations)
        self._address = (host, port)
        self._context = None if tls is None else tls.context()
        self._server_name = host if tls is None or tls.server_name is None else tls.server_name
        self._timeout = timeout_seconds
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    # Coming and going.

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Connects and logs on."""
        name = None if self._context is None else self._server_name
        opening = asyncio.open_connection(
            *self._address, ssl=self._context, server_hostname=name)
        try:
            reader, self._writer = await asyncio.wait_for(opening, self._timeout)
        except ssl.SSLError as fault:
            raise TLSFailed(str(fault)) from None
        except asyncio.TimeoutError:
            raise ConnectFailed("no connection in time") from None
        except OSError as fault:
            raise ConnectFailed(str(fault)) from None
        self._send(self._logon)
        self._task = asyncio.create_task(self._run(reader), name="sluice desk")
        try:
            await asyncio.wait_for(self._arrived.wait(), self._timeout)
        except asyncio.TimeoutError:
            await self.close()
            raise self._error or AnswerTimeout("no answer to the logon") from None
        except asyncio.CancelledError:
            await self.close()
            raise
        if self._error is not None:
            await self.close()
            raise self._error

    async def close(self) -> None:
        """Logs out and ends; harmless when it is over already."""
        self._is_closing = True
        writer, self._writer = self._writer, None
        if writer is None:
            return
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        with contextlib.suppress(OSError):
            writer.write(wire.Logout(reason=wire.LogoutReason.REQUESTED).encode())
            await asyncio.wait_for(writer.drain(), self._timeout)
        writer.close()
        with contextlib.suppress(OSError):
            await asyncio.wait_for(writer.wait_closed(), self._timeout)

    # What he is told.

    async def subscribe_notices(self, after: int = 0) -> None:
        """Asks for the notices behind one that was seen, and for what is new. Done when all that
        were missed have come; ``notices`` gives them."""
        await self._ask(lambda number: wire.SubscribeNotices(request_id=number, after=after))

    def notices(self, timeout_seconds: float | None = None) -> AsyncIterator[wire.Notice]:
        """Notices as they come. It ends with the session; ``AnswerTimeout`` when nothing comes
        for so long."""
        return self._told(self._notices, timeout_seconds, "no notice")

    async def subscribe_liquidations(self) -> None:
        """Asks where the liquidations of his accounts stand, and to be told as they go on. Done
        when all that run have been told; ``liquidations`` gives them. Those that he asks for are
        told without it too."""
        await self._ask(lambda number: wire.SubscribeLiquidations(request_id=number))

    def liquidations(
        self, timeout_seconds: float | None = None
    ) -> AsyncIterator[wire.LiquidationProgress]:
        """Where liquidations stand, as they go on. It ends with the session; ``AnswerTimeout``
        when nothing comes for so long."""
        return self._told(self._liquidations, timeout_seconds, "no liquidation moved")

    @staticmethod
    async def _told(
        waiting: asyncio.Queue[T | None], timeout_seconds: float | None, nothing: str,
    ) -> AsyncIterator[T]:
        while True:
            try:
                told = await asyncio.wait_for(waiting.get(), timeout_seconds)
            except asyncio.TimeoutError:
                raise AnswerTimeout(f"{nothing} for {timeout_seconds:g} s") from None
            if told is None:
                return
            yield told

    async def standing(self) -> list[wire.StandingRow]:
        """The bars and kill switches that are in place, as far as they concern him."""
        request = await self._ask(lambda number: wire.StandingRequest(request_id=number))
        return request.rows

    async def subscribe_accounts(
        self, kinds: wire.RowKinds = wire.RowKinds.ACCOUNTS, *,
        scope: ScopeKind = ScopeKind.UNKNOWN, name: str = "", interval_milliseconds: int = 0,
    ) -> AsyncAccountsWatch:
        """As ``Desk.subscribe_accounts``: done when the first picture is whole."""
        made: list[AsyncAccountsWatch] = []

        def make(number: int) -> wire.SubscribeAccounts:
            made.append(AsyncAccountsWatch(number, self._unwatch))
            self._watches[number] = made[0]
            return subscription(number, kinds, scope, name, interval_milliseconds)

        try:
            await self._ask(make)
        except SluiceError:
            for watch in made:
                self._watches.pop(watch.request_id, None)
            raise
        return made[0]

    def _unwatch(self, number: int) -> None:
        self._send(wire.UnsubscribeAccounts(request_id=number).encode())

    # Between the two.

    async def _done(self, make: Make) -> None:
        await self._ask(make)

    async def _ask(self, make: Make) -> DeskRequest:
        done = asyncio.Event()
        request = DeskRequest(done)
        if self._writer is None or self._error is not None:
            raise self._error or NotLoggedOn("there is no session")
        number, data = self._enter(request, make)
        self._send(data)
        try:
            await asyncio.wait_for(done.wait(), self._timeout)
        except asyncio.TimeoutError:
            raise AnswerTimeout(f"no answer within {self._timeout:g} s") from None
        finally:
            self._requests.pop(number, None)
        if request.error is not None:
            raise request.error
        return request

    def _send(self, data: bytes) -> None:
        if self._writer is None:
            raise NotLoggedOn("there is no session")
        self._writer.write(data)
        self._last_sent = time.monotonic()

    async def _run(self, reader: asyncio.StreamReader) -> None:
        self._last_heard = time.monotonic()
        try:
            while True:
                try:
                    data = await asyncio.wait_for(reader.read(65_536), _BEAT)
                    if not data:
                        raise ConnectionLost("the gateway closed the connection")
                    self._take(data, time.monotonic())
                except asyncio.TimeoutError:
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
