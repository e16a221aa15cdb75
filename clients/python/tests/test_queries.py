"""Queries of both clients: pages, patience with a busy gateway, and a gateway that answers."""

import asyncio
import unittest
from collections.abc import Awaitable, Callable

from sluice_client import (
    AccountChanged,
    AsyncClient,
    BackOff,
    Client,
    Exchange,
    InvalidRequest,
    LogonSettings,
    Offset,
    OrderState,
    OrderTicket,
    PositionChanged,
    QueryFailed,
    QueryResult,
    Refused,
    Side,
)
from sluice_client._codec import order_entry as wire
from sluice_client._codec.framing import Message

from .fake_gateway import ACCOUNT, PASSWORD, FakeGateway, LoopbackGateway
from .real_gateway import RealGateway, needs_gateway

IDS = [11, 12, 13, 14, 15]


class Paged:
    """Answers queries for orders by pages of two, each after so many times "busy"."""

    def __init__(self, busy: int = 0) -> None:
        self.busy = busy
        self.asked: list[wire.Query] = []

    def __call__(self, message: Message) -> list[Message] | None:
        if not isinstance(message, wire.Query):
            return None
        self.asked.append(message)
        number, kind = message.request_number, message.kind
        if len(self.asked) % (self.busy + 1):
            return [wire.QueryEnd(number, kind, wire.QueryResult.BUSY,
                                  retry_after_milliseconds=1)]
        rows = [one for one in IDS if one > message.after][:2]
        result = wire.QueryResult.COMPLETE if rows[-1] == IDS[-1] else wire.QueryResult.MORE
        return [
            *(wire.OrderRow(number, order_id=one) for one in rows),
            # A row of something else that was asked for.
            wire.OrderRow(number + 1_000, order_id=99),
            wire.QueryEnd(number, kind, result, len(rows), rows[-1]),
        ]


class FakeCase(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.fake = FakeGateway()
        self.gateway = await self.enterAsyncContext(LoopbackGateway(self.fake))

    def client(self, reconnect: BackOff | None = None) -> AsyncClient:
        return AsyncClient("127.0.0.1", self.gateway.port, LogonSettings(ACCOUNT, PASSWORD),
                           reconnect=reconnect)

    async def test_all_pages_are_asked_for_whatever_the_gateway_has_to_do(self) -> None:
        for busy in (0, 1, 3):
            pages = Paged(busy)
            self.fake.answers = pages
            async with self.client() as client:
                rows = await client.query_orders("SHFE.rb", working_only=True, page_rows=2)
            self.assertEqual([row.order_id for row in rows], IDS)
            self.assertEqual(len(pages.asked), 3 * (busy + 1))
            first = pages.asked[0]
            self.assertEqual((first.instrument, first.exchange), ("rb", Exchange.SHFE))
            self.assertEqual(first.flags, wire.QueryFlags.WORKING_ONLY)
            self.assertEqual([one.after for one in pages.asked[:: busy + 1]], [0, 12, 14])
            numbers = {one.request_number for one in pages.asked}
            self.assertEqual(len(numbers), len(pages.asked))

    async def test_rows_are_as_of_the_newest_report(self) -> None:
        pages = Paged()
        self.fake.answers = pages
        async with self.client() as client:
            await client.query_orders()
            await client.place(OrderTicket(Side.BUY, Offset.OPEN, "rb2701", 1, "3120"))
            await client.query_orders("DCE.")
        self.assertEqual([one.not_before for one in pages.asked], [0, 0, 0, 1, 1, 1])
        self.assertEqual((pages.asked[-1].instrument, pages.asked[-1].exchange),
                         ("", Exchange.DCE))

    async def test_a_query_that_is_not_answered_says_why(self) -> None:
        async with self.client() as client:
            for result in (QueryResult.UNAVAILABLE, QueryResult.CURSOR_UNKNOWN,
                           QueryResult.REFUSED, QueryResult.BUSY):
                def answer(message: Message, result: QueryResult = result) -> (
                    list[Message] | None
                ):
                    if not isinstance(message, wire.Query):
                        return None
                    return [wire.QueryEnd(message.request_number, message.kind, result,
                                          retry_after_milliseconds=1)]

                self.fake.answers = answer
                with self.assertRaises(QueryFailed) as caught:
                    await client.query_funds()
                self.assertIs(caught.exception.result, result)
            with self.assertRaises(InvalidRequest):
                await client.query_orders(page_rows=1_001)

    async def test_a_busy_gateway_refuses_instruments_without_waiting(self) -> None:
        def answer(message: Message) -> list[Message] | None:
            if not isinstance(message, wire.InstrumentsRequest):
                return None
            return [wire.BusinessReject(
                wire.InstrumentsRequest.TEMPLATE_ID, refusal=wire.RefusalFigures(rule=312))]

        self.fake.answers = answer
        async with self.client() as client:
            with self.assertRaises(Refused):
                await client.instruments()

    async def test_a_subscription_is_made_again_after_a_reconnect(self) -> None:
        def asked() -> list[wire.SubscribeAccount]:
            return [one for one in self.fake.messages if isinstance(one, wire.SubscribeAccount)]

        async with self.client(BackOff(0.001, 0.01, seed=1)) as client:
            client.subscribe_account(positions=False, interval_milliseconds=250)
            await until(lambda: len(asked()) == 1)
            self.gateway.cut()
            await until(lambda: len(asked()) == 2)
            self.assertEqual([one.kinds for one in asked()], [wire.BookKinds.FUNDS] * 2)
            self.gateway.send(wire.AccountUpdate(ACCOUNT, equity=7))
            stream = client.events()
            while not isinstance(event := await anext(stream), AccountChanged):
                pass
            self.assertEqual(event.account.equity, 7)


async def until(is_so: Callable[[], bool]) -> None:
    """Lets messages go to and fro until it is so."""
    while not is_so():
        await asyncio.sleep(0)


@needs_gateway
class GatewayCase(unittest.IsolatedAsyncioTestCase):
    gateway: RealGateway

    @classmethod
    def setUpClass(cls) -> None:
        cls.gateway = RealGateway()
        cls.addClassCleanup(cls.gateway.close)

    async def test_a_gateway_answers_every_query(self) -> None:
        async with AsyncClient("127.0.0.1", self.gateway.port, self.gateway.logon("desk-1"),
                               timeout_seconds=20) as client:
            stream = client.events()
            client.subscribe_account(interval_milliseconds=50)
            working = await client.place(
                OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 3, "2950"))
            rows = await client.query_orders()
            row = next(row for row in rows if row.order_id == working.order_id)
            self.assertEqual((row.lots, row.leaves_lots), (3, 3))
            self.assertIn(row.state, (OrderState.ACCEPTED, OrderState.WORKING))
            pages: list[Awaitable[list[wire.OrderRow]]] = [
                client.query_orders(page_rows=size) for size in (1, 2, 1_000)]
            for page in pages:
                self.assertEqual([one.order_id for one in await page],
                                 [one.order_id for one in rows])
            for trade in await client.query_trades():
                self.assertIn(trade.order_id, [one.order_id for one in rows])
            funds = await client.query_funds()
            positions = await client.query_positions("rb")
            self.assertEqual(sum(one.working_open_lots or 0 for one in positions), 3)
            self.assertEqual(sum(one.frozen_margin or 0 for one in positions),
                             funds.frozen_margin)
            limits = await client.query_limits("rb2701")
            self.assertIn(310, [one.rule for one in limits])
            listed = await client.query_instruments("SHFE.rb")
            self.assertTrue(listed and all(one.instrument.startswith("rb") for one in listed))
            self.assertTrue(all((one.long_margin_rate or 0) > 0 for one in listed))
            self.assertTrue(await client.instruments(Exchange.DCE))
            told: list[type] = []
            while AccountChanged not in told or PositionChanged not in told:
                told.append(type(await anext(stream)))
            await client.cancel(working)

    async def test_options_are_told_by_their_terms(self) -> None:
        async with AsyncClient("127.0.0.1", self.gateway.port, self.gateway.logon("desk-4"),
                               timeout_seconds=20) as client:
            listed = await client.query_instruments("SHFE.cu")
            options = [one for one in listed if one.kind is wire.InstrumentKind.OPTION]
            futures = {
                one.instrument: one for one in listed
                if one.kind is wire.InstrumentKind.FUTURE}
            self.assertEqual(len(options) + len(futures), len(listed))
            # As config/instruments.json5 lists them: a call and a put at each strike.
            self.assertEqual(
                sorted({(one.option.name, one.strike) for one in options}),
                sorted((right, strike * 10_000) for right in ("CALL", "PUT")
                       for strike in (84_000, 87_000, 90_000)))
            for option in options:
                self.assertIn(option.underlying, futures)
                self.assertEqual(
                    option.multiplier, futures[option.underlying].multiplier)
            for future in futures.values():
                self.assertEqual(
                    (future.option, future.strike, future.underlying),
                    (wire.OptionClass.UNKNOWN, None, ""))
            funds = await client.query_funds()
            self.assertEqual(
                (funds.premium, funds.frozen_premium, funds.market_equity),
                (0, 0, funds.equity))

    def test_the_blocking_client_has_them_too(self) -> None:
        with Client("127.0.0.1", self.gateway.port, self.gateway.logon("desk-4"),
                    timeout_seconds=20) as client:
            self.assertEqual(client.query_funds().account, "desk-4")
            self.assertEqual(client.query_orders(), [])
            self.assertEqual(client.query_trades(), [])
            self.assertEqual(client.query_positions(), [])
            self.assertTrue(client.query_limits("rb2701"))
            self.assertTrue(client.query_instruments("rb2701"))
            client.subscribe_account(positions=False)


if __name__ == "__main__":
    unittest.main()
