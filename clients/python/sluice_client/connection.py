"""One TCP or TLS connection that carries a session."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from .events import Ended, Event
from .session import PENDING_MAXIMUM, TerminalSession
from .tls import tls_failure

#: Last words are left so long to be read, then the connection is cut.
LINGER_SECONDS = 5.0


class Connection(asyncio.Protocol):
    """Bytes between a transport and a ``TerminalSession``, and its timer.

    Events are told as they come, but for the last: that is ``ended``, set when the connection is
    gone.
    """

    def __init__(
        self, session: TerminalSession, tell: Callable[[list[Event]], None]
    ) -> None:
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[Ended] = loop.create_future()
        #: Set while the gateway reads as fast as this terminal writes.
        self.drained = asyncio.Event()
        self.drained.set()
        self._loop = loop
        self._session = session
        self._tell = tell
        self._transport: asyncio.Transport | None = None
        self._end: Ended | None = None
        self._has_heard = False
        self._timer: asyncio.TimerHandle | None = None
        self._cutter: asyncio.TimerHandle | None = None

    # What the loop tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._session.connected(time.monotonic())
        self._settle([])

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self._has_heard = True
        self._settle(self._session.received(data, time.monotonic()))

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        for handle in (self._timer, self._cutter):
            if handle is not None:
                handle.cancel()
        self._timer = self._cutter = None
        has_ended = self._end is not None
        self._settle(self._session.disconnected(time.monotonic()))
        # TLS 1.3 says behind the handshake that this terminal's certificate was not taken.
        refusal = None if self._has_heard or has_ended else tls_failure(exc)
        if refusal is not None:
            self._end = Ended(refusal, True)
        self._transport = None
        self.drained.set()
        if not self.ended.done():
            self.ended.set_result(self._end or Ended(None, True))

    def pause_writing(self) -> None:
        """The gateway does not read as fast."""
        self.drained.clear()

    def resume_writing(self) -> None:
        """It does again."""
        self.drained.set()

    # What the client asks.

    @property
    def is_backlogged(self) -> bool:
        """Whether too much waits to be sent."""
        transport = self._transport
        return transport is not None and transport.get_write_buffer_size() > PENDING_MAXIMUM

    def flush(self) -> None:
        """Sends what the session has written."""
        self._settle([])

    def leave(self, seconds: float) -> None:
        """Says goodbye; the connection is cut when the gateway has not answered by then."""
        self._session.leave(time.monotonic())
        self._settle([])
        self._cut_after(seconds)

    def abort(self) -> None:
        """Cuts it."""
        if self._transport is not None:
            self._transport.abort()

    # Between the two.

    def _settle(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Ended):
                self._end = event
        self._tell([event for event in events if not isinstance(event, Ended)])
        if self._transport is None:
            return
        data = self._session.bytes_to_send()
        if data and not self._transport.is_closing():
            self._transport.write(data)
        if self._session.wants_close:
            self._transport.close()
            self._cut_after(LINGER_SECONDS)
        self._set_timer()

    def _cut_after(self, seconds: float) -> None:
        if self._cutter is None and self._transport is not None:
            self._cutter = self._loop.call_later(seconds, self.abort)

    def _set_timer(self) -> None:
        deadline = self._session.deadline
        if deadline is None:
            return
        when = self._loop.time() + max(deadline - time.monotonic(), 0.001)
        if self._timer is not None:
            # Each message moves the deadline later: the timer is left to run and asks again.
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._time_reached)

    def _time_reached(self) -> None:
        self._timer = None
        self._settle(self._session.time_reached(time.monotonic()))
