"""Connections by the thousand that say nothing, or next to nothing."""

from __future__ import annotations

import resource
import select
import socket
import time
from types import TracebackType

from sluice_client._codec import order_entry as wire

from .fake_gateway import Wire
from .real_gateway import PATIENCE_SECONDS

#: Descriptors that a test needs for other things.
KEPT_BACK = 200


def most_at_once() -> int:
    """How many connections this process may hold; what the system allows is used."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard - KEPT_BACK


class Crowd:
    """So many connections to a port, all open at once."""

    def __init__(self, port: int, count: int) -> None:
        self._open: dict[int, socket.socket] = {}
        self._heard: dict[int, bytes] = {}
        #: Those that were closed without a word.
        self.turned_away = 0
        #: What the others were told last, each in its own words.
        self.last_words: list[wire.Logout] = []
        try:
            for _ in range(count):
                try:
                    connection = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
                except ConnectionResetError:
                    self.turned_away += 1
                    continue
                connection.setblocking(False)
                self._open[connection.fileno()] = connection
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Crowd:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._open)

    def close(self) -> None:
        """Closes those that are still open."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def say(self, data: bytes) -> None:
        """All of them send this."""
        for connection in self._open.values():
            try:
                connection.send(data)
            except (BrokenPipeError, ConnectionResetError):
                pass  # It is noticed when it is listened to.

    def listen(self, seconds: float) -> None:
        """Hears whatever comes within this time, and lets go of those that were ended."""
        poll = select.poll()
        for descriptor in self._open:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(seconds * 1_000):
            try:
                data = self._open[descriptor].recv(65_536)
            except ConnectionResetError:
                data = b""
            self._heard[descriptor] = self._heard.get(descriptor, b"") + data
            if not data:
                self._ended(descriptor)

    def listen_until(self, left: int) -> None:
        """Listens until no more than so many are still open."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self) > left:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self)} connections are still open, not {left}")
            self.listen(PATIENCE_SECONDS)

    def _ended(self, descriptor: int) -> None:
        self._open.pop(descriptor).close()
        words = Wire().received(self._heard.pop(descriptor))
        if not words:
            self.turned_away += 1
            return
        last = words[-1]
        assert isinstance(last, wire.Logout), last
        self.last_words.append(last)
