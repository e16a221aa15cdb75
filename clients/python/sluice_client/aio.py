"""The asyncio client.

    async with AsyncClient("127.0.0.1", 7400, LogonSettings("desk-1", password)) as client:
        order = await client.place(OrderTicket(Side.BUY, Offset.OPEN, "rb2701", 1, "3120"))
"""

from __future__ import annotations

import time
from asyncio import Future
from collections.abc import Callable
from typing import Unpack

from ._codec import order_entry as wire
from .errors import Refused, SluiceError
from .events import (
    CancelRefused,
    Event,
    InstrumentDefined,
    MassCancelTaken,
    OrderChanged,
    PageEnded,
    RequestRefused,
)
from .explain import AsyncExplanations
from .ids import ClOrdIDSource
from .logon import LogonSettings
from .options import LinkOptions
from .orders import Order, OrderTicket, split_instrument
from .refusal import Refusal

#: Instruments of one page.
PAGE = 1_000


class AsyncClient(AsyncExplanations):
    """One terminal. Use it as a context manager, from one event loop.

    Nothing is sent twice but orders and cancels without an answer, after a reconnect, under their
    first ids: the gateway places none of them twice.
    """

    def __init__(
        self,
        host: str,
        port: int,
        logon: LogonSettings,
        *,
        ids: ClOrdIDSource | None = None,
        **options: Unpack[LinkOptions],
    ) -> None:
        """Connects to nobody yet. ``ClientOptions`` says what the options are."""
        super().__init__(host, port, logon, **options)
        self._ids = ids or ClOrdIDSource()

    # Orders.

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every order of the account that was heard of today."""
        return self.session.book.orders

    def find(self, key: str | int) -> Order | None:
        """An order by the client's id (text) or the gateway's (number)."""
        return self.session.book.find(key)

    def submit(self, ticket: OrderTicket, cl_ord_id: str | None = None) -> str:
        """Sends an order and waits for nothing; its id. An id that was sent before is sent again:
        the gateway answers it without placing it twice."""
        identity = cl_ord_id if cl_ord_id is not None else self._ids.next()
        request = ticket.message(identity, self.session.logon.account, time.time_ns())
        self._send(request)
        self.session.book.order_sent(request, self.session.trading_day)
        return identity

    async def place(
        self, ticket: OrderTicket, *, cl_ord_id: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Order:
        """Sends an order and waits for its first answer: taken, or refused (``refusal``).

        ``Refused`` when ``cl_ord_id`` is another order's of today."""
        identity = cl_ord_id if cl_ord_id is not None else self._ids.next()

        def answered(event: OrderChanged) -> Order | Refused | None:
            report = event.report
            if report is not None and report.exec_type is wire.ExecType.REJECTED and (
                not event.order.is_rejected
            ):
                # The id means another order, which is as it was.
                refusal = Refusal.of(report.refusal)
                return Refused(refusal) if refusal is not None else event.order
            return event.order if event.order.is_answered else None

        await self._drained(timeout_seconds)
        self.submit(ticket, identity)
        answer: Future[Order | Refused] = self._waiters.order(identity, answered)
        outcome = await self._answer(answer, f"order {identity}", timeout_seconds)
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    async def wait_for(
        self, key: str | int, until: Callable[[Order], bool],
        timeout_seconds: float | None = None,
    ) -> Order:
        """Waits until an order is as ``until`` wants it."""
        order = self.find(key)
        if order is None:
            raise SluiceError(f"no order {key!r} is known")
        if until(order):
            return order
        answer = self._waiters.order(
            order.cl_ord_id, lambda event: event.order if until(event.order) else None)
        return await self._answer(answer, f"order {order.cl_ord_id}", timeout_seconds)

    async def wait_final(self, key: str | int, timeout_seconds: float | None = None) -> Order:
        """Waits until nothing more can happen to an order."""
        return await self.wait_for(key, lambda order: order.is_final, timeout_seconds)

    async def cancel(
        self, order: Order | str | int, timeout_seconds: float | None = None
    ) -> Order:
        """Cancels what is left of an order, named by itself, its ClOrdID or the gateway's number,
        and waits until it is done; it may have filled meanwhile. ``Refused`` when the cancel was
        refused and the order is not done."""
        key = order.cl_ord_id if isinstance(order, Order) else order
        request = wire.CancelOrder(
            request_id=self._ids.next(), account=self.session.logon.account,
            target_order_id=key if isinstance(key, int) else 0,
            target_cl_ord_id=key if isinstance(key, str) else "", sending_time=time.time_ns())

        def answered(event: Event) -> Order | Refused | None:
            if not isinstance(event, (CancelRefused, OrderChanged)):
                return None
            order = event.order
            is_meant = order is not None and key in (order.cl_ord_id, order.order_id)
            if order is not None and is_meant and order.is_final:
                return order
            if isinstance(event, CancelRefused) and (
                event.request_id == request.request_id or (is_meant and not event.request_id)
            ):
                return Refused(event.refusal)
            return None

        await self._drained(timeout_seconds)
        self._send(request)
        self.session.book.cancel_sent(request, self.find(key))
        answer: Future[Order | Refused] = self._waiters.event(answered, outlives_connection=True)
        outcome = await self._answer(answer, f"the cancel of {key}", timeout_seconds)
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    async def mass_cancel(
        self, instrument: str = "", side: wire.Side = wire.Side.UNKNOWN,
        timeout_seconds: float | None = None,
    ) -> list[Order]:
        """Cancels every working order of the account that matches; those that this terminal knew
        of, when each is done. One whose cancel its counter refused raises ``Refused``."""
        code, exchange = split_instrument(instrument)
        request = wire.MassCancel(
            request_id=self._ids.next(), account=self.session.logon.account, instrument=code,
            exchange=exchange, side=side, sending_time=time.time_ns())
        await self._drained(timeout_seconds)
        known = [
            order.cl_ord_id for order in self.orders
            if order.is_working and (not code or order.instrument == code)
            and exchange in (wire.Exchange.UNKNOWN, order.exchange)
            and side in (wire.Side.UNKNOWN, order.side)
        ]
        waiting = set(known)
        taken = False

        def answered(event: Event) -> bool | Refused | None:
            nonlocal taken
            if isinstance(event, RequestRefused) and event.request_id == request.request_id:
                return Refused(event.refusal)
            if isinstance(event, CancelRefused) and (
                event.request_id == request.request_id
                or event.order is not None and event.order.cl_ord_id in waiting
                and not event.request_id
            ):
                return Refused(event.refusal)
            if isinstance(event, OrderChanged) and event.order.is_final:
                waiting.discard(event.order.cl_ord_id)
            taken = taken or (
                isinstance(event, MassCancelTaken) and event.request_id == request.request_id)
            return True if taken and not waiting else None

        self._send(request)
        outcome = await self._answer(
            self._waiters.event(answered), "the mass cancel", timeout_seconds)
        if isinstance(outcome, Refused):
            raise outcome
        return [order for order in map(self.find, known) if order is not None]

    # Prices and instruments.

    def subscribe_ticks(self, *instruments: str) -> None:
        """Asks for ticks (``TickReceived``), and again after each reconnect."""
        self.session.subscribe([split_instrument(name) for name in instruments], time.monotonic())
        self._flush()

    def unsubscribe_ticks(self, *instruments: str) -> None:
        """Ends subscriptions; all of them when none is named."""
        self.session.unsubscribe(
            [split_instrument(name) for name in instruments], time.monotonic())
        self._flush()

    async def instruments(
        self, exchange: wire.Exchange = wire.Exchange.UNKNOWN, commodity: str = "",
        timeout_seconds: float | None = None,
    ) -> list[wire.InstrumentDefinition]:
        """Every instrument that the gateway lists, in order of exchange and code."""
        found: list[wire.InstrumentDefinition] = []
        while True:
            # A page may be short, or empty, while the gateway has other things to send.
            page, remaining = await self._page(exchange, commodity, found, timeout_seconds)
            found += page
            if remaining == 0:
                return found

    async def _page(
        self, exchange: wire.Exchange, commodity: str, found: list[wire.InstrumentDefinition],
        timeout_seconds: float | None,
    ) -> tuple[list[wire.InstrumentDefinition], int]:
        request = wire.InstrumentsRequest(
            request_number=self._next_request_number(), exchange=exchange, commodity=commodity,
            after_exchange=found[-1].exchange if found else wire.Exchange.UNKNOWN,
            after_instrument=found[-1].instrument if found else "", maximum_count=PAGE)
        page: list[wire.InstrumentDefinition] = []

        def ended(event: Event) -> int | Refused | None:
            match event:
                case RequestRefused(wire.InstrumentsRequest.TEMPLATE_ID, _, refusal):
                    return Refused(refusal)
                case InstrumentDefined(number, instrument) if number == request.request_number:
                    page.append(instrument)
                case PageEnded(number, remaining) if number == request.request_number:
                    return remaining
            return None

        await self._drained(timeout_seconds)
        self._send(request)
        answer: Future[int | Refused] = self._waiters.event(ended)
        outcome = await self._answer(answer, "the instruments", timeout_seconds)
        if isinstance(outcome, Refused):
            raise outcome
        return page, outcome
