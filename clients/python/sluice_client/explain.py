"""What would become of an order that is not sent, why one ended as it did, and how much room is
left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ._codec import order_entry as wire
from .amounts import Amount, to_units
from .errors import QueryFailed, Refused
from .events import Event, ExplainEnded, RequestRefused, Row, RowReceived
from .orders import Order, OrderTicket, split_instrument
from .queries import TRIES, AsyncQueries, checked_rows
from .refusal import Refusal

R = TypeVar("R", bound=Row)

_Request = wire.TryOrder | wire.WhyOrder | wire.RoomRequest


@dataclass(frozen=True, slots=True)
class Explanation:
    """What every rule finds in an order now, and where it would go."""

    #: How the order was stored; None of one that was not sent.
    order: wire.OrderRow | None
    #: In the order rules are asked.
    findings: tuple[wire.FindingRow, ...]
    #: What each fund account was sent then; empty of an order that was not sent, or refused.
    sent: tuple[wire.RouteRow, ...]
    #: What each fund account may take now, and would be given.
    route: tuple[wire.RouteRow, ...]
    verdict: wire.ExplainVerdict
    lots: int
    #: Of ``lots``: those that would find a place.
    placed_lots: int
    #: Most lots, not above ``lots``, that would be taken and all find a place.
    pass_lots: int
    #: The same without that bound.
    most_lots: int
    #: Orders are a multiple of this.
    step_lots: int
    #: Why it would be refused, or why lots would be left; None = neither.
    refusal: Refusal | None
    #: Why an order of ``most_lots`` + ``step_lots`` would not pass.
    binding: Refusal | None
    #: The order that was asked about, or would be answered again; 0 = none.
    order_id: int
    #: The account's newest report that this knows of.
    report_sequence: int

    @property
    def is_taken(self) -> bool:
        """Whether it would be taken, if only in part."""
        return self.verdict is wire.ExplainVerdict.TAKEN

    @property
    def decider(self) -> wire.FindingRow | None:
        """The rule that would refuse it; None when none would."""
        return next(
            (one for one in self.findings if wire.FindingFlags.DECIDES in one.flags), None)


@dataclass(slots=True)
class _Pages:
    rows: list[Row] = field(default_factory=list)
    end: wire.ExplainEnd = field(default_factory=wire.ExplainEnd)

    def of(self, kind: type[R]) -> list[R]:
        return [row for row in self.rows if isinstance(row, kind)]


class AsyncExplanations(AsyncQueries):
    """What an asyncio client asks about orders. Answers are as of the newest report that this
    terminal has seen, or later. ``QueryFailed`` when the gateway does not answer, ``Refused`` when
    it is of a version that does not know the question."""

    async def try_order(
        self, ticket: OrderTicket, *, cl_ord_id: str = "", page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> Explanation:
        """What would become of an order that is not sent; ``cl_ord_id`` is for one whose id
        matters."""
        order = ticket.message(cl_ord_id or "-", self.session.logon.account, None)

        def page(number: int, after: int) -> _Request:
            return wire.TryOrder(
                request_number=number, account=order.account,
                not_before=self.resume_point.report_sequence, after=after,
                maximum_rows=checked_rows(page_rows), cl_ord_id=cl_ord_id,
                instrument=order.instrument, exchange=order.exchange, side=order.side,
                offset=order.offset, hedge=order.hedge, type=order.type,
                time_in_force=order.time_in_force, price=order.price, lots=order.lots,
                minimum_lots=order.minimum_lots)

        return _explanation(await self._explain(page, timeout_seconds))

    async def why(
        self, order: Order | str | int, *, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> Explanation:
        """What was done with an order of today, named by itself, its ClOrdID or the gateway's
        number, and what would be done with such an order now."""
        key = order.cl_ord_id if isinstance(order, Order) else order

        def page(number: int, after: int) -> _Request:
            return wire.WhyOrder(
                request_number=number, account=self.session.logon.account,
                not_before=self.resume_point.report_sequence, after=after,
                maximum_rows=checked_rows(page_rows),
                target_order_id=key if isinstance(key, int) else 0,
                target_cl_ord_id=key if isinstance(key, str) else "")

        return _explanation(await self._explain(page, timeout_seconds))

    async def room(
        self, instrument: str, *, price: Amount | None = None,
        hedge: wire.HedgeFlag = wire.HedgeFlag.SPECULATION, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[wire.RoomRow]:
        """How many lots of an instrument could be ordered now, on each side to open and to close,
        and what binds; at the last price when none is given."""
        code, exchange = split_instrument(instrument)
        units = None if price is None else to_units(price)

        def page(number: int, after: int) -> _Request:
            return wire.RoomRequest(
                request_number=number, account=self.session.logon.account,
                not_before=self.resume_point.report_sequence, after=after,
                maximum_rows=checked_rows(page_rows), instrument=code, exchange=exchange,
                hedge=hedge, price=units)

        pages = await self._explain(page, timeout_seconds)
        return pages.of(wire.RoomRow)

    async def _explain(
        self, page: Callable[[int, int], _Request], timeout_seconds: float | None
    ) -> _Pages:
        pages = _Pages()
        after = 0
        tries = TRIES
        while True:
            rows, end = await self._ask_page(
                page(self._next_request_number(), after), timeout_seconds)
            match end.result:
                case wire.QueryResult.COMPLETE | wire.QueryResult.MORE:
                    pages.rows += rows
                    pages.end = end
                    if end.result is wire.QueryResult.COMPLETE:
                        return pages
                    after = end.after
                case wire.QueryResult.BUSY if tries > 1:
                    tries -= 1
                    await asyncio.sleep(max(end.retry_after_milliseconds, 1) / 1_000)
                case result:
                    raise QueryFailed(result, Refusal.of(end.refusal))

    async def _ask_page(
        self, request: _Request, timeout_seconds: float | None
    ) -> tuple[list[Row], wire.ExplainEnd]:
        rows: list[Row] = []
        number = request.request_number

        def ended(event: Event) -> wire.ExplainEnd | Refused | None:
            match event:
                case RowReceived(of, row) if of == number:
                    rows.append(row)
                case ExplainEnded(end) if end.request_number == number:
                    return end
                case RequestRefused(template, _, refusal) if template == request.TEMPLATE_ID:
                    return Refused(refusal)
            return None

        await self._drained(timeout_seconds)
        self._send(request)
        end = await self._answer(self._waiters.event(ended), "the question", timeout_seconds)
        if isinstance(end, Refused):
            raise end
        return rows, end


def _explanation(pages: _Pages) -> Explanation:
    routes = pages.of(wire.RouteRow)
    end = pages.end
    return Explanation(
        order=next(iter(pages.of(wire.OrderRow)), None),
        findings=tuple(pages.of(wire.FindingRow)),
        sent=tuple(row for row in routes if row.part is wire.ExplainPart.THEN),
        route=tuple(row for row in routes if row.part is wire.ExplainPart.NOW),
        verdict=end.verdict, lots=end.lots or 0, placed_lots=end.placed_lots or 0,
        pass_lots=end.pass_lots or 0, most_lots=end.most_lots or 0,
        step_lots=end.step_lots or 1, refusal=Refusal.of(end.refusal),
        binding=Refusal.of(end.binding), order_id=end.order_id,
        report_sequence=end.report_sequence)
