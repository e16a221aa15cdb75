"""Pictures of accounts that a risk controller watches: part of ``Desk`` and ``AsyncDesk``.

    watch = desk.subscribe_accounts(RowKinds.ACCOUNTS | RowKinds.LINES)
    print(watch.picture().accounts["desk-1"].equity)
    for row in watch.changes(timeout_seconds=60):
        ...

A row stands for what it is about: a newer one takes the place of one that nobody took yet, so that
whoever is slow gets the newest, and memory is bound by what there is.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from dataclasses import dataclass, field, replace

from ._codec import desk as wire
from ._codec.order_entry import ScopeKind
from .errors import AnswerTimeout, SluiceError

#: What a picture is made of.
Row = (
    wire.AccountRow | wire.LineRow | wire.FundAccountRow | wire.ProductRow | wire.PositionRow
    | wire.WorkingOrderRow | wire.LinkRow
)

#: States of orders that work no more.
_FINAL = (wire.OrderState.FILLED, wire.OrderState.CANCELLED, wire.OrderState.REJECTED)


@dataclass
class AccountsPicture:
    """What is there: of the accounts, lines ... that were asked for."""

    #: Counts whole pictures: another one begins with a new trading day, and when what is his has
    #: changed.
    number: int = 0
    trading_day: int = 0
    #: Every row that was there has come.
    is_whole: bool = False
    #: The newest command of the journal that it knows of, and when that was taken.
    sequence: int = 0
    time: int | None = None
    accounts: dict[str, wire.AccountRow] = field(default_factory=dict)
    #: By account and the rule's code.
    lines: dict[tuple[str, int], wire.LineRow] = field(default_factory=dict)
    fund_accounts: dict[str, wire.FundAccountRow] = field(default_factory=dict)
    products: dict[str, wire.ProductRow] = field(default_factory=dict)
    #: By account, instrument, side and hedge flag.
    positions: dict[tuple[str, str, wire.PositionSide, wire.HedgeFlag], wire.PositionRow] = field(
        default_factory=dict)
    #: By the gateway's id.
    orders: dict[int, wire.WorkingOrderRow] = field(default_factory=dict)
    links: dict[str, wire.LinkRow] = field(default_factory=dict)

    def take(self, row: Row) -> Hashable:
        """Puts a row in its place, or takes out what is gone; what it is about."""
        match row:
            case wire.AccountRow():
                self.accounts[row.account] = row
                return "account", row.account
            case wire.LineRow():
                line = row.account, row.rule
                if row.warn is None and row.liquidate is None:
                    self.lines.pop(line, None)
                else:
                    self.lines[line] = row
                return "line", line
            case wire.FundAccountRow():
                self.fund_accounts[row.fund_account] = row
                return "fund", row.fund_account
            case wire.ProductRow():
                self.products[row.product] = row
                return "product", row.product
            case wire.PositionRow():
                position = row.name, row.instrument, row.side, row.hedge
                if row.today_lots or row.yesterday_lots or row.working_open_lots:
                    self.positions[position] = row
                else:
                    self.positions.pop(position, None)
                return "position", position
            case wire.WorkingOrderRow():
                if row.state in _FINAL:
                    self.orders.pop(row.order_id, None)
                else:
                    self.orders[row.order_id] = row
                return "order", row.order_id
            case wire.LinkRow():
                self.links[row.fund_account] = row
                return "link", row.fund_account

    def copy(self) -> AccountsPicture:
        """One that does not change any more."""
        return replace(
            self, accounts=dict(self.accounts), lines=dict(self.lines),
            fund_accounts=dict(self.fund_accounts), products=dict(self.products),
            positions=dict(self.positions), orders=dict(self.orders), links=dict(self.links))


#: What the gateway says of a picture.
PictureMessage = Row | wire.AccountsBegin | wire.AccountsComplete | wire.AccountsEnd


def subscription(
    number: int, kinds: wire.RowKinds, scope: ScopeKind, name: str, interval_milliseconds: int,
) -> wire.SubscribeAccounts:
    """The request for a picture."""
    return wire.SubscribeAccounts(
        request_id=number, kinds=kinds, scope_kind=wire.ScopeKind(scope), name=name,
        interval_milliseconds=interval_milliseconds)


class AccountsWatchBase:
    """A subscription to accounts, whoever waits for what it brings."""

    def __init__(self, request_id: int, end: Callable[[int], None]) -> None:
        self.request_id = request_id
        self._end = end
        self._picture = AccountsPicture()
        #: Rows that nobody took yet, by what they are about, oldest first.
        self._pending: dict[Hashable, Row] = {}
        #: Times that the picture was whole.
        self._completed = 0
        self._is_over = False
        self._error: SluiceError | None = None
        #: Why the gateway ended it; None while it goes on.
        self.reason: wire.WatchEnd | None = None

    def close(self) -> None:
        """No more of it: no row comes afterwards."""
        if not self._is_over:
            self._end(self.request_id)

    # What the session tells it.

    def happened(self, message: PictureMessage) -> None:
        """Something came of it."""
        raise NotImplementedError

    def fail(self, error: SluiceError | None) -> None:
        """The session is over."""
        raise NotImplementedError

    # What both kinds do with it.

    def _take(self, message: PictureMessage) -> None:
        match message:
            case wire.AccountsBegin():
                self._picture = AccountsPicture(
                    number=message.picture, trading_day=message.trading_day)
                self._pending.clear()
            case wire.AccountsComplete():
                self._picture.is_whole = True
                self._picture.sequence = message.sequence
                self._picture.time = message.time
                self._completed += 1
            case wire.AccountsEnd():
                self.reason = message.reason
                self._is_over = True
            case _:
                key = self._picture.take(message)
                # The newest comes last.
                self._pending.pop(key, None)
                self._pending[key] = message

    def _fail(self, error: SluiceError | None) -> None:
        self._is_over = True
        self._error = error

    def _whole(self) -> AccountsPicture:
        """What is there; what ended the session when that did."""
        if self._error is not None:
            raise self._error
        return self._picture.copy()

    def _next(self) -> Row | None:
        """The oldest row that nobody took; None when it is over."""
        if not self._pending:
            if self._error is not None:
                raise self._error
            return None
        return self._pending.pop(next(iter(self._pending)))


class AccountsWatch(AccountsWatchBase):
    """A subscription to accounts; ``Desk.subscribe_accounts`` makes it."""

    def __init__(self, request_id: int, end: Callable[[int], None]) -> None:
        super().__init__(request_id, end)
        self._changed = threading.Condition()

    def picture(self) -> AccountsPicture:
        """What is there now; it does not change any more."""
        with self._changed:
            return self._picture.copy()

    def wait(self, timeout_seconds: float | None = None) -> AccountsPicture:
        """What is there when it has changed and is whole again. ``AnswerTimeout`` when nothing
        has changed for so long; when the subscription is over, what was there last."""
        with self._changed:
            before = self._completed
            if not self._changed.wait_for(
                lambda: self._completed != before or self._is_over, timeout_seconds
            ):
                raise AnswerTimeout(f"nothing changed for {timeout_seconds:g} s")
            return self._whole()

    def changes(self, timeout_seconds: float | None = None) -> Iterator[Row]:
        """Rows as they come, those of the first picture too: of each thing the newest. It ends
        with the subscription; ``AnswerTimeout`` when nothing comes for so long."""
        while True:
            with self._changed:
                if not self._changed.wait_for(
                    lambda: self._pending or self._is_over, timeout_seconds
                ):
                    raise AnswerTimeout(f"no row for {timeout_seconds:g} s")
                row = self._next()
            if row is None:
                return
            yield row

    def happened(self, message: PictureMessage) -> None:
        with self._changed:
            self._take(message)
            self._changed.notify_all()

    def fail(self, error: SluiceError | None) -> None:
        with self._changed:
            self._fail(error)
            self._changed.notify_all()


class AsyncAccountsWatch(AccountsWatchBase):
    """A subscription to accounts; ``AsyncDesk.subscribe_accounts`` makes it."""

    def __init__(self, request_id: int, end: Callable[[int], None]) -> None:
        super().__init__(request_id, end)
        self._changed = asyncio.Event()

    def picture(self) -> AccountsPicture:
        """What is there now; it does not change any more."""
        return self._picture.copy()

    async def wait(self, timeout_seconds: float | None = None) -> AccountsPicture:
        """What is there when it has changed and is whole again. ``AnswerTimeout`` when nothing
        has changed for so long; when the subscription is over, what was there last."""
        before = self._completed
        await self._until(
            lambda: self._completed != before or self._is_over, timeout_seconds,
            "nothing changed")
        return self._whole()

    async def changes(self, timeout_seconds: float | None = None) -> AsyncIterator[Row]:
        """Rows as they come, those of the first picture too: of each thing the newest. It ends
        with the subscription; ``AnswerTimeout`` when nothing comes for so long."""
        while True:
            await self._until(
                lambda: bool(self._pending) or self._is_over, timeout_seconds, "no row")
            row = self._next()
            if row is None:
                return
            yield row

    async def _until(
        self, is_so: Callable[[], bool], timeout_seconds: float | None, nothing: str,
    ) -> None:
        async def happens() -> None:
            while not is_so():
                self._changed.clear()
                await self._changed.wait()

        try:
            await asyncio.wait_for(happens(), timeout_seconds)
        except asyncio.TimeoutError:
            raise AnswerTimeout(f"{nothing} for {timeout_seconds:g} s") from None

    def happened(self, message: PictureMessage) -> None:
        self._take(message)
        self._changed.set()

    def fail(self, error: SluiceError | None) -> None:
        self._fail(error)
        self._changed.set()
