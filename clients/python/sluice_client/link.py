"""A ``TerminalSession`` on asyncio: connecting, connecting again, events, waiting for answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Self, TypeVar, Unpack

from ._codec.framing import Message
from .connection import Connection
from .errors import (
    AnswerTimeout,
    ConnectFailed,
    ConnectionLost,
    LogonRefused,
    NotLoggedOn,
    SluiceError,
    TooMuchPending,
)
from .events import Ended, Event, Resumed
from .logon import LogonSettings, ResumePoint
from .options import LinkOptions, check, security
from .rules import ONE_SESSION, rule_name
from .session import Phase, TerminalSession
from .streams import EventStream
from .tls import tls_failure
from .waiting import Waiters

T = TypeVar("T")

#: A connection stands within this.
CONNECT_SECONDS = 5.0
#: How long the gateway has to answer a goodbye.
GOODBYE_SECONDS = 5.0


class AsyncLink:
    """A terminal's link to the gateway; ``AsyncClient`` is what one does with it."""

    def __init__(
        self,
        host: str,
        port: int,
        logon: LogonSettings,
        **options: Unpack[LinkOptions],
    ) -> None:
        """Connects to nobody yet. ``LinkOptions`` says what the options are."""
        check(options)
        self.session = TerminalSession(logon, options.get("resume", ResumePoint()))
        self._address = (host, port)
        self._tls, self._server_name = security(options)
        self._reconnect = options.get("reconnect")
        self._timeout = options.get("timeout_seconds", 10.0)
        self._connection: Connection | None = None
        self._waiters = Waiters()
        self._streams: list[EventStream] = []
        self._run_task: asyncio.Task[None] | None = None
        self._leave_asked = asyncio.Event()
        self._end: Ended | None = None

    def __repr__(self) -> str:
        host, port = self._address
        return f"<{type(self).__name__} {self.session.logon.account}@{host}:{port}>"

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
        """Connects and logs on; done when every missed report has come."""
        if self._run_task is not None:
            raise SluiceError("a client is started once")
        ready = self._resumed()
        self._run_task = asyncio.create_task(self._run(), name=f"sluice {self._address}")
        try:
            await self._answer(ready, "the logon", None)
        except BaseException:
            await self.close()
            raise

    async def ready(self, timeout_seconds: float | None = None) -> None:
        """Waits until every missed report has come after a reconnect; at once while it has."""
        if self.session.phase is Phase.LOGGED_ON:
            return
        if self._run_task is None or self._run_task.done():
            raise self.error or NotLoggedOn("the client is closed")
        await self._answer(self._resumed(), "the logon", timeout_seconds)

    def _resumed(self) -> asyncio.Future[Resumed]:
        return self._waiters.event(
            lambda event: event if isinstance(event, Resumed) else None, outlives_connection=True)

    async def close(self) -> None:
        """Logs out and ends; harmless when it is over already."""
        self._leave_asked.set()
        if self._connection is not None:
            self._connection.leave(GOODBYE_SECONDS)
        await self.closed()

    async def closed(self) -> SluiceError | None:
        """Waits until the client has ended for good; why, None when it was asked to."""
        if self._run_task is not None:
            await asyncio.wait([self._run_task])
            if not self._run_task.cancelled():
                self._run_task.result()
        return self.error

    @property
    def error(self) -> SluiceError | None:
        """Why the last session ended; None while it runs, and when it was asked to."""
        return self._end.error if self._end else None

    @property
    def is_logged_on(self) -> bool:
        """Whether orders may be sent now."""
        return self.session.is_logged_on

    @property
    def resume_point(self) -> ResumePoint:
        """To be kept by a program that wants to go on from here in its next run."""
        return self.session.resume_point

    async def _run(self) -> None:
        try:
            while True:
                end = await self._one_connection()
                self._end = end
                self._tell([end])
                if self._reconnect is None or end.is_final or self._leave_asked.is_set():
                    return
                pause = max(self._reconnect.next_seconds(), end.retry_after_seconds)
                try:
                    await asyncio.wait_for(self._leave_asked.wait(), pause)
                    return
                except asyncio.TimeoutError:
                    continue
        finally:
            error = self.error or NotLoggedOn("the client is closed")
            self._waiters.fail(error)
            for stream in self._streams:
                stream.end()

    async def _one_connection(self) -> Ended:
        """From opening to its end; how it ended."""
        connection = Connection(self.session, self._tell)
        opening = asyncio.get_running_loop().create_connection(
            lambda: connection, *self._address, ssl=self._tls,
            server_hostname=self._server_name)
        opener = asyncio.ensure_future(opening)
        leaver = asyncio.ensure_future(self._leave_asked.wait())
        try:
            await asyncio.wait(
                [opener, leaver], timeout=CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not opener.done():
                opener.cancel()
                await asyncio.gather(opener, return_exceptions=True)
                if self._leave_asked.is_set():
                    return Ended(None, True)
                return Ended(ConnectFailed(f"no answer within {CONNECT_SECONDS:g} s"), False)
            fault = opener.exception()
            if fault is not None and not isinstance(fault, OSError):
                raise fault
            refusal = tls_failure(fault)
            if refusal is not None:
                return Ended(refusal, True)
            if fault is not None:
                return Ended(ConnectFailed(str(fault)), False)
            self._connection = connection
            if self._leave_asked.is_set():
                connection.leave(GOODBYE_SECONDS)
            return await connection.ended
        except asyncio.CancelledError:
            connection.abort()
            raise
        finally:
            self._connection = None
            leaver.cancel()
            opener.cancel()

    def _tell(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, Resumed):
                self._end = None
                if self._reconnect is not None:
                    self._reconnect.reset()
            if isinstance(event, Ended) and self._reconnect is not None and not event.is_final:
                error = event.error
                if isinstance(error, LogonRefused) and error.rule != rule_name(ONE_SESSION):
                    # It was the token: the gateway is there, and the password is tried soon.
                    self._reconnect.reset()
                # Who waits for an order goes on waiting: it is asked again.
                self._waiters.connection_ended(error or ConnectionLost("it ended"))
            self._waiters.told(event)
            for stream in self._streams:
                stream.put(event)
        self._streams = [stream for stream in self._streams if not stream.is_closed]

    # Events.

    def events(self, maximum: int = 100_000) -> EventStream:
        """Everything that happens from now on, for ``async for``; at most so many may wait."""
        stream = EventStream(maximum)
        if self._run_task is not None and self._run_task.done():
            stream.end()
        self._streams.append(stream)
        return stream

    # For those who send and wait.

    def _flush(self) -> None:
        if self._connection is not None:
            self._connection.flush()

    def _send(self, message: Message) -> None:
        if self._connection is not None and self._connection.is_backlogged:
            raise TooMuchPending("the gateway does not read as fast")
        if not self.session.is_logged_on and self.error is not None:
            raise NotLoggedOn(f"the session has ended: {self.error}") from self.error
        self.session.send(message, time.monotonic())
        self._flush()

    async def _drained(self, timeout_seconds: float | None) -> None:
        """Waits until the gateway reads as fast as this terminal writes."""
        if self._connection is None or self._connection.drained.is_set():
            return
        try:
            await asyncio.wait_for(
                self._connection.drained.wait(), self._bound(timeout_seconds))
        except asyncio.TimeoutError:
            raise TooMuchPending("the gateway does not read as fast") from None

    async def _answer(
        self, future: asyncio.Future[T], what: str, timeout_seconds: float | None
    ) -> T:
        bound = self._bound(timeout_seconds)
        try:
            return await asyncio.wait_for(future, bound)
        except asyncio.TimeoutError:
            why = f"; {self.error}" if self.error else ""
            raise AnswerTimeout(f"no answer to {what} within {bound:g} s{why}") from None

    def _bound(self, timeout_seconds: float | None) -> float:
        return self._timeout if timeout_seconds is None else timeout_seconds
