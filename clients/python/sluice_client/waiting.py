"""Who waits for which answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from .errors import SluiceError
from .events import Event, OrderChanged

T = TypeVar("T")


class _Waiter:
    def __init__(
        self, look: Callable[[Any], object], future: asyncio.Future[Any], outlives: bool
    ) -> None:
        self.look = look
        self.future = future
        self.outlives = outlives

    def sees(self, event: Event) -> bool:
        """Whether it waits no longer."""
        if not self.future.done():
            try:
                answer = self.look(event)
            except Exception as fault:
                # A caller's own function: its trouble is the caller's alone.
                self.future.set_exception(fault)
                return True
            if answer is not None:
                self.future.set_result(answer)
        return self.future.done()


class Waiters:
    """Futures that events resolve: each by what its function makes of one, None = not yet."""

    def __init__(self) -> None:
        self._any: list[_Waiter] = []
        #: Those that look at one order's changes only, by ClOrdID.
        self._orders: dict[str, list[_Waiter]] = {}

    def event(
        self, look: Callable[[Event], T | None], outlives_connection: bool = False
    ) -> asyncio.Future[T]:
        """Waits for an event. What outlives a connection goes on waiting through a reconnect."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._any.append(_Waiter(look, future, outlives_connection))
        return future

    def order(
        self, cl_ord_id: str, look: Callable[[OrderChanged], T | None]
    ) -> asyncio.Future[T]:
        """Waits for a change of an order, through reconnects."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._orders.setdefault(cl_ord_id, []).append(_Waiter(look, future, True))
        # Who gave up waiting leaves nothing behind.
        future.add_done_callback(lambda _: self._keep(cl_ord_id))
        return future

    def _keep(self, cl_ord_id: str) -> None:
        left = [one for one in self._orders.pop(cl_ord_id, []) if not one.future.done()]
        if left:
            self._orders[cl_ord_id] = left

    def told(self, event: Event) -> None:
        """Something happened."""
        if self._any:
            self._any = [waiter for waiter in self._any if not waiter.sees(event)]
        if isinstance(event, OrderChanged) and self._orders:
            for waiter in self._orders.get(event.order.cl_ord_id, []):
                waiter.sees(event)
            self._keep(event.order.cl_ord_id)

    def connection_ended(self, error: SluiceError) -> None:
        """What can't be asked again has no answer any more."""
        ended = [waiter for waiter in self._any if not waiter.outlives]
        self._any = [waiter for waiter in self._any if waiter.outlives]
        _fail(ended, error)

    def fail(self, error: SluiceError) -> None:
        """Nobody gets an answer any more."""
        waiting = self._any + [one for some in self._orders.values() for one in some]
        self._any, self._orders = [], {}
        _fail(waiting, error)


def _fail(waiters: list[_Waiter], error: SluiceError) -> None:
    for waiter in waiters:
        if not waiter.future.done():
            waiter.future.set_exception(error)
