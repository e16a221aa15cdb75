"""What the account has, asked of the gateway page by page."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TypeVar

from ._codec import order_entry as wire
from .errors import InvalidRequest, QueryFailed
from .events import Event, InstrumentDefined, QueryEnded, Row, RowReceived
from .link import AsyncLink
from .orders import split_instrument

R = TypeVar("R", bound=Row)

#: Tries of a page while the gateway is busy.
TRIES = 20


@dataclass(frozen=True, slots=True)
class _Page:
    rows: list[Row]
    end: wire.QueryEnd


class AsyncQueries(AsyncLink):
    """The queries of an asyncio client. Rows are as of the newest report that this terminal has
    seen, or later. ``instrument`` is what codes begin with, ``SHFE.`` may stand in front; empty is
    all. ``QueryFailed`` when the gateway does not answer.

    Prices and money are in units of 0.0001 (``from_units``), rates in 0.00000001.
    """

    _request_number = 0

    async def query_orders(
        self, instrument: str = "", *, working_only: bool = False,
        page_rows: int = 0, timeout_seconds: float | None = None,
    ) -> list[wire.OrderRow]:
        """The account's orders of the day as they stand, oldest first."""
        flags = wire.QueryFlags.WORKING_ONLY if working_only else wire.QueryFlags(0)
        return await self._query(
            wire.QueryKind.ORDERS, wire.OrderRow, instrument, flags, page_rows, timeout_seconds)

    async def query_trades(
        self, instrument: str = "", *, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[wire.TradeRow]:
        """The account's fills of the day, oldest first."""
        return await self._query(
            wire.QueryKind.TRADES, wire.TradeRow, instrument, wire.QueryFlags(0), page_rows,
            timeout_seconds)

    async def query_positions(
        self, instrument: str = "", *, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[wire.PositionUpdate]:
        """What the account holds, and what it closed today, by instrument and side."""
        return await self._query(
            wire.QueryKind.POSITIONS, wire.PositionUpdate, instrument, wire.QueryFlags(0),
            page_rows, timeout_seconds)

    async def query_funds(self, timeout_seconds: float | None = None) -> wire.AccountUpdate:
        """The account's money."""
        rows = await self._query(
            wire.QueryKind.FUNDS, wire.AccountUpdate, "", wire.QueryFlags(0), 0, timeout_seconds)
        return rows[0]

    async def query_limits(
        self, instrument: str = "", *, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[wire.LimitRow]:
        """The account's own limits and what is left under them."""
        return await self._query(
            wire.QueryKind.LIMITS, wire.LimitRow, instrument, wire.QueryFlags(0), page_rows,
            timeout_seconds)

    async def query_instruments(
        self, instrument: str = "", *, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[wire.InstrumentDefinition]:
        """Instruments by exchange and code, with the account's rates."""
        return await self._query(
            wire.QueryKind.INSTRUMENTS, wire.InstrumentDefinition, instrument,
            wire.QueryFlags(0), page_rows, timeout_seconds)

    def subscribe_account(
        self, *, funds: bool = True, positions: bool = True, interval_milliseconds: int = 0
    ) -> None:
        """Asks for ``AccountChanged`` and ``PositionChanged``: everything once, then what has
        changed, no more often than every ``interval_milliseconds`` (50 to 60 000; 0 = 500), and
        again after each reconnect. Neither of both ends it."""
        kinds = wire.BookKinds(0)
        if funds:
            kinds |= wire.BookKinds.FUNDS
        if positions:
            kinds |= wire.BookKinds.POSITIONS
        self.session.subscribe_account(
            wire.SubscribeAccount(
                request_number=self._next_request_number(),
                account=self.session.logon.account, kinds=kinds,
                interval_milliseconds=interval_milliseconds),
            time.monotonic())
        self._flush()

    def subscribe_notices(self, after: int = 0) -> None:
        """Asks for ``NoticeReceived``: what was told of the account behind notice ``after`` (0 =
        all that is kept), then ``NoticesCompleted``, then what comes; and what was missed after
        each reconnect."""
        request = wire.SubscribeNotices(
            request_number=self._next_request_number(), account=self.session.logon.account,
            after=after)
        self.session.send(request, time.monotonic())
        self.session.told.notice_subscription = request
        self._flush()

    async def _query(
        self, kind: wire.QueryKind, row: type[R], instrument: str, flags: wire.QueryFlags,
        page_rows: int, timeout_seconds: float | None,
    ) -> list[R]:
        checked_rows(page_rows)
        code, exchange = _pattern(instrument)
        rows: list[R] = []
        after = 0
        tries = TRIES
        while True:
            page = await self._ask(
                wire.Query(
                    request_number=self._next_request_number(),
                    account=self.session.logon.account, kind=kind, flags=flags,
                    not_before=self.resume_point.report_sequence, after=after,
                    maximum_rows=page_rows, instrument=code, exchange=exchange),
                timeout_seconds)
            match page.end.result:
                case wire.QueryResult.COMPLETE | wire.QueryResult.MORE:
                    rows += [one for one in page.rows if isinstance(one, row)]
                    if page.end.result is wire.QueryResult.COMPLETE:
                        return rows
                    after = page.end.after
                case wire.QueryResult.BUSY if tries > 1:
                    tries -= 1
                    await asyncio.sleep(max(page.end.retry_after_milliseconds, 1) / 1_000)
                case result:
                    raise QueryFailed(result)

    async def _ask(self, query: wire.Query, timeout_seconds: float | None) -> _Page:
        rows: list[Row] = []

        def ended(event: Event) -> _Page | None:
            match event:
                case RowReceived(number, row) if number == query.request_number:
                    rows.append(row)
                case InstrumentDefined(number, row) if number == query.request_number:
                    rows.append(row)
                case QueryEnded(end) if end.request_number == query.request_number:
                    return _Page(rows, end)
            return None

        await self._drained(timeout_seconds)
        self._send(query)
        return await self._answer(self._waiters.event(ended), "the query", timeout_seconds)

    def _next_request_number(self) -> int:
        self._request_number = self._request_number % 0xFFFF_FFFF + 1
        return self._request_number


def checked_rows(page_rows: int) -> int:
    """The rows of a page, when there may be so many."""
    if not 0 <= page_rows <= 1_000:
        raise InvalidRequest("a page has at most 1000 rows; 0 = as many as fit")
    return page_rows


def _pattern(instrument: str) -> tuple[str, wire.Exchange]:
    """What codes begin with, and the exchange in front of the point."""
    exchange, point, code = instrument.partition(".")
    if point and not code:
        return "", split_instrument(f"{exchange}.x")[1]
    return split_instrument(instrument)
