"""The blocking client: the asyncio client on a thread of its own.

    with Client("127.0.0.1", 7400, LogonSettings("desk-1", password)) as client:
        order = client.place(OrderTicket(Side.BUY, Offset.OPEN, "rb2701", 1, "3120"))
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from types import TracebackType
from typing import Self, TypeVar, Unpack

from ._codec import order_entry as wire
from .aio import AsyncClient
from .amounts import Amount
from .errors import AnswerTimeout, NotLoggedOn, SluiceError
from .events import Event
from .explain import Explanation
from .logon import LogonSettings, ResumePoint
from .options import ClientOptions
from .orders import Order, OrderTicket
from .streams import EventStream

T = TypeVar("T")


class Client:
    """One terminal, from any thread. Heartbeats go on whatever its caller does.

    Methods are those of ``AsyncClient``, and wait.
    """

    def __init__(
        self,
        host: str,
        port: int,
        logon: LogonSettings,
        **options: Unpack[ClientOptions],
    ) -> None:
        """As ``AsyncClient``."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name=f"sluice {host}:{port}", daemon=True)
        self._thread.start()

        async def make() -> AsyncClient:
            return AsyncClient(host, port, logon, **options)

        try:
            self._client = self._call(make())
        except BaseException:
            self._stop()
            raise

    def __repr__(self) -> str:
        return repr(self._client).replace("AsyncClient", "Client")

    def _call(self, work: Coroutine[object, object, T]) -> T:
        if self._loop.is_closed():
            work.close()
            raise NotLoggedOn("the client is closed")
        if threading.current_thread() is self._thread:
            work.close()
            raise SluiceError("a client can't wait for itself")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def _look(self, look: Callable[[], T]) -> T:
        if self._loop.is_closed():
            return look()

        async def work() -> T:
            return look()

        return self._call(work())

    def _stop(self) -> None:
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # Coming and going.

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Connects and logs on; done when every missed report has come. ``close`` it then."""
        try:
            self._call(self._client.start())
        except BaseException:
            self._stop()
            raise

    def ready(self, timeout_seconds: float | None = None) -> None:
        """Waits until every missed report has come after a reconnect; at once while it has."""
        self._call(self._client.ready(timeout_seconds))

    def close(self) -> None:
        """Logs out and ends; harmless when it is over already."""
        if self._loop.is_closed():
            return
        try:
            self._call(self._client.close())
        finally:
            self._stop()

    @property
    def error(self) -> SluiceError | None:
        """Why the last session ended; None while it runs, and when it was asked to."""
        return self._look(lambda: self._client.error)

    @property
    def is_logged_on(self) -> bool:
        """Whether orders may be sent now."""
        return self._look(lambda: self._client.is_logged_on)

    @property
    def resume_point(self) -> ResumePoint:
        """To be kept by a program that wants to go on from here in its next run."""
        return self._look(lambda: self._client.resume_point)

    def events(self, timeout_seconds: float | None = None) -> Iterator[Event]:
        """Everything that happens from this call on. It ends with the client; ``AnswerTimeout``
        when nothing comes for so long."""

        async def make() -> EventStream:
            return self._client.events()

        return self._iterate(self._call(make()), timeout_seconds)

    def _iterate(self, stream: EventStream, timeout_seconds: float | None) -> Iterator[Event]:
        async def next_event() -> Event | None:
            try:
                return await asyncio.wait_for(anext(stream), timeout_seconds)
            except StopAsyncIteration:
                return None
            except asyncio.TimeoutError:
                raise AnswerTimeout(f"nothing happened for {timeout_seconds:g} s") from None

        try:
            while not self._loop.is_closed():
                event = self._call(next_event())
                if event is None:
                    return
                yield event
        finally:
            if not self._loop.is_closed():
                self._look(stream.close)

    # Orders.

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every order of the account that was heard of today."""
        return self._look(lambda: self._client.orders)

    def find(self, key: str | int) -> Order | None:
        """An order by the client's id (text) or the gateway's (number)."""
        return self._look(lambda: self._client.find(key))

    def submit(self, ticket: OrderTicket, cl_ord_id: str | None = None) -> str:
        """Sends an order and waits for nothing; its id."""
        return self._look(lambda: self._client.submit(ticket, cl_ord_id))

    def place(
        self, ticket: OrderTicket, *, cl_ord_id: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Order:
        """Sends an order and waits for its first answer: taken, or refused (``refusal``)."""
        return self._call(
            self._client.place(ticket, cl_ord_id=cl_ord_id, timeout_seconds=timeout_seconds))

    def wait_for(
        self, key: str | int, until: Callable[[Order], bool],
        timeout_seconds: float | None = None,
    ) -> Order:
        """Waits until an order is as ``until`` wants it."""
        return self._call(self._client.wait_for(key, until, timeout_seconds))

    def wait_final(self, key: str | int, timeout_seconds: float | None = None) -> Order:
        """Waits until nothing more can happen to an order."""
        return self._call(self._client.wait_final(key, timeout_seconds))

    def cancel(self, order: Order | str | int, timeout_seconds: float | None = None) -> Order:
        """Cancels what is left of an order and waits until it is done. ``Refused`` when the cancel
        was refused and the order is not done."""
        return self._call(self._client.cancel(order, timeout_seconds))

    def mass_cancel(
        self, instrument: str = "", side: wire.Side = wire.Side.UNKNOWN,
        timeout_seconds: float | None = None,
    ) -> list[Order]:
        """Cancels every working order that matches, and waits until each is done."""
        return self._call(self._client.mass_cancel(instrument, side, timeout_seconds))

    # Prices and instruments.

    def subscribe_ticks(self, *instruments: str) -> None:
        """Asks for ticks (``TickReceived``), and again after each reconnect."""
        self._look(lambda: self._client.subscribe_ticks(*instruments))

    def unsubscribe_ticks(self, *instruments: str) -> None:
        """Ends subscriptions; all of them when none is named."""
        self._look(lambda: self._client.unsubscribe_ticks(*instruments))

    def instruments(
        self, exchange: wire.Exchange = wire.Exchange.UNKNOWN, commodity: str = "",
        timeout_seconds: float | None = None,
    ) -> list[wire.InstrumentDefinition]:
        """Every instrument that the gateway lists, in order of exchange and code."""
        return self._call(self._client.instruments(exchange, commodity, timeout_seconds))

    # What the account has.

    def query_orders(
        self, instrument: str = "", *, working_only: bool = False,
        page_rows: int = 0, timeout_seconds: float | None = None,
    ) -> list[wire.OrderRow]:
        """The account's orders of the day as they stand, oldest first."""
        return self._call(self._client.query_orders(
            instrument, working_only=working_only, page_rows=page_rows,
            timeout_seconds=timeout_seconds))

    def query_trades(
        self, instrument: str = "", *, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[wire.TradeRow]:
        """The account's fills of the day, oldest first."""
        return self._call(self._client.query_trades(
            instrument, page_rows=page_rows, timeout_seconds=timeout_seconds))

    def query_positions(
        self, instrument: str = "", *, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[wire.PositionUpdate]:
        """What the account holds, and what it closed today, by instrument and side."""
        return self._call(self._client.query_positions(
            instrument, page_rows=page_rows, timeout_seconds=timeout_seconds))

    def query_funds(self, timeout_seconds: float | None = None) -> wire.AccountUpdate:
        """The account's money."""
        return self._call(self._client.query_funds(timeout_seconds))

    def query_limits(
        self, instrument: str = "", *, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[wire.LimitRow]:
        """The account's own limits and what is left under them."""
        return self._call(self._client.query_limits(
            instrument, page_rows=page_rows, timeout_seconds=timeout_seconds))

    def query_instruments(
        self, instrument: str = "", *, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[wire.InstrumentDefinition]:
        """Instruments by exchange and code, with the account's rates."""
        return self._call(self._client.query_instruments(
            instrument, page_rows=page_rows, timeout_seconds=timeout_seconds))

    def subscribe_account(
        self, *, funds: bool = True, positions: bool = True, interval_milliseconds: int = 0
    ) -> None:
        """Asks for ``AccountChanged`` and ``PositionChanged`` when they have changed."""
        self._look(lambda: self._client.subscribe_account(
            funds=funds, positions=positions, interval_milliseconds=interval_milliseconds))

    def subscribe_notices(self, after: int = 0) -> None:
        """Asks for ``NoticeReceived``: what was told of the account, and what comes."""
        self._look(lambda: self._client.subscribe_notices(after))

    # Why, and what if.

    def try_order(
        self, ticket: OrderTicket, *, cl_ord_id: str = "", page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> Explanation:
        """What would become of an order that is not sent."""
        return self._call(self._client.try_order(
            ticket, cl_ord_id=cl_ord_id, page_rows=page_rows, timeout_seconds=timeout_seconds))

    def why(
        self, order: Order | str | int, *, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> Explanation:
        """What was done with an order of today, and what would be done with such an order now."""
        return self._call(self._client.why(
            order, page_rows=page_rows, timeout_seconds=timeout_seconds))

    def room(
        self, instrument: str, *, price: Amount | None = None,
        hedge: wire.HedgeFlag = wire.HedgeFlag.SPECULATION, page_rows: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[wire.RoomRow]:
        """How many lots of an instrument could be ordered now, and what binds."""
        return self._call(self._client.room(
            instrument, price=price, hedge=hedge, page_rows=page_rows,
            timeout_seconds=timeout_seconds))
