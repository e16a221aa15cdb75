"""How long to wait before a connection is tried again."""

from __future__ import annotations

import random


class BackOff:
    """A second, doubling to eight, each shortened by up to half at random, so that many
    terminals do not come back at the same moment."""

    def __init__(
        self, shortest_seconds: float = 1.0, longest_seconds: float = 8.0, seed: int | None = None
    ) -> None:
        if not 0 < shortest_seconds <= longest_seconds:
            raise ValueError("0 < shortest <= longest")
        self._shortest = shortest_seconds
        self._longest = longest_seconds
        self._next = shortest_seconds
        self._random = random.Random(seed)

    def reset(self) -> None:
        """A connection was good for its purpose: the next pause is a short one."""
        self._next = self._shortest

    def next_seconds(self) -> float:
        """The pause before the next try."""
        pause = self._next
        self._next = min(self._next * 2, self._longest)
        return pause * (1 - self._random.random() / 2)
