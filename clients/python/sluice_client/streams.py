"""Events on their way to whoever iterates them."""

from __future__ import annotations

import asyncio
from collections import deque

from .errors import EventsOverflowed
from .events import Event


class EventStream:
    """What happens from its making on, each event once and in order; ``async for`` it.

    It ends behind the client's last event. When more than ``maximum`` events wait, what waits is
    still given and then ``EventsOverflowed`` raised: nothing is left out unseen.
    """

    def __init__(self, maximum: int) -> None:
        self._events: deque[Event] = deque()
        self._maximum = maximum
        self._overflowed = False
        self._ended = False
        self._something = asyncio.Event()

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            if self._overflowed:
                raise EventsOverflowed(f"more than {self._maximum} events waited")
            if self._ended:
                raise StopAsyncIteration
            self._something.clear()
            await self._something.wait()
        return self._events.popleft()

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more events."""
        return self._ended or self._overflowed

    def close(self) -> None:
        """Nobody iterates it any more."""
        self._events.clear()
        self.end()

    def put(self, event: Event) -> None:
        """Something happened."""
        if self.is_closed:
            return
        if len(self._events) >= self._maximum:
            self._overflowed = True
        else:
            self._events.append(event)
        self._something.set()

    def end(self) -> None:
        """Nothing more will."""
        self._ended = True
        self._something.set()
