"""Both clients against a gateway that runs: orders, fills, refusals, broken connections."""

import asyncio
import os
import random
import unittest
from collections.abc import Callable, Coroutine
from dataclasses import replace

from sluice_client import (
    AsyncClient,
    BackOff,
    CancelRefused,
    Client,
    ClOrdIDSource,
    ConnectFailed,
    Exchange,
    ExecType,
    LogonRefused,
    MassCancelTaken,
    NotLoggedOn,
    Offset,
    Order,
    OrderChanged,
    OrderState,
    OrderTicket,
    Refused,
    Resumed,
    Side,
    TickReceived,
    TimeInForce,
)

from .cutting_proxy import CuttingProxy
from .real_gateway import RealGateway, free_port, needs_gateway

#: Far from the market, and within the day's limits.
LOW, HIGH = "2950", "3250"
#: Where connections are cut; another one by the environment.
SEED = int(os.environ.get("SLUICE_CUT_SEED", "20261121"))
BUY_LOW = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 1, LOW)


def is_working(order: Order) -> bool:
    return order.state is OrderState.WORKING


@needs_gateway
class GatewayCase(unittest.IsolatedAsyncioTestCase):
    gateway: RealGateway

    @classmethod
    def setUpClass(cls) -> None:
        cls.gateway = RealGateway()
        cls.addClassCleanup(cls.gateway.close)

    def client(self, account: str, port: int = 0, **options: object) -> AsyncClient:
        return AsyncClient("127.0.0.1", port or self.gateway.port, self.gateway.logon(account),
                           timeout_seconds=20, **options)  # type: ignore[arg-type]

    def blocking(self, account: str) -> Client:
        return Client("127.0.0.1", self.gateway.port, self.gateway.logon(account),
                      timeout_seconds=20)

    # Orders.

    async def test_an_order_is_placed_works_and_is_cancelled(self) -> None:
        async with self.client("desk-1") as client:
            order = await client.place(BUY_LOW)
            self.assertIsNone(order.refusal)
            self.assertEqual((order.lots, str(order.price)), (1, LOW))
            working = await client.wait_for(order.cl_ord_id, is_working)
            self.assertEqual(client.find(working.order_id), working)
            done = await client.cancel(working)
            self.assertEqual((done.state, done.leaves_lots), (OrderState.CANCELLED, 0))
            # There is nothing to cancel any more; the order says so.
            again = await client.cancel(done.order_id)
            assert again.cancel_refusal is not None
            self.assertEqual(again.cancel_refusal.rule, "order-done")
            with self.assertRaises(Refused) as caught:
                await client.cancel("nobody")
            self.assertEqual(caught.exception.refusal.rule, "unknown-order")

    async def test_an_order_through_the_market_fills(self) -> None:
        async with self.client("desk-1") as client:
            order = await client.place(
                OrderTicket(Side.BUY, Offset.OPEN, "rb2701", 2, HIGH,
                            time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL))
            filled = await client.wait_final(order.cl_ord_id)
            self.assertEqual((filled.state, filled.cumulative_lots), (OrderState.FILLED, 2))
            assert filled.average_price is not None
            self.assertLess(filled.average_price, 3_250)
            self.assertGreater(filled.fee_units, 0)

    async def test_a_refusal_says_rule_observed_limit_and_scope(self) -> None:
        rows = [
            (OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2705", 101, LOW),
             "position-limit (310), commodity rb: observed 0 lots, limit 100 lots, "
             "asked 101 lots"),
            (OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2705", 1, "2950.5"),
             "bad-price-tick (206)"),
            (OrderTicket(Side.BUY, Offset.OPEN, "rb9999", 1, LOW), "unknown-instrument (201)"),
            (OrderTicket(Side.BUY, Offset.CLOSE, "DCE.m2705", 1, "2900"),
             "position-available (316)"),
            (OrderTicket(Side.UNKNOWN, Offset.OPEN, "rb2705", 1, LOW), "bad-side (202)"),
        ]
        async with self.client("desk-3") as client:
            for ticket, words in rows:
                order = await client.place(ticket)
                self.assertTrue(order.is_rejected)
                self.assertTrue(str(order.refusal).startswith(words), str(order.refusal))

    async def test_two_terminals_trade_with_each_other(self) -> None:
        instrument = "DCE.jd2705"
        async with self.client("desk-1") as buyer, self.client("desk-2") as seller:
            buyer.subscribe_ticks(instrument)
            stream = buyer.events()
            while not isinstance(event := await anext(stream), TickReceived):
                pass
            bid, ask = event.tick.bid, event.tick.ask
            assert bid is not None and ask is not None
            buy = await buyer.place(
                OrderTicket(Side.BUY, Offset.OPEN, instrument, 3, ask // 10_000))
            sell = await seller.place(
                OrderTicket(Side.SELL, Offset.OPEN, instrument, 3, bid // 10_000))
            self.assertIsNone(buy.refusal or sell.refusal)
            bought = await buyer.wait_final(buy.cl_ord_id)
            sold = await seller.wait_final(sell.cl_ord_id)
            self.assertEqual((bought.heard_lots, sold.heard_lots), (3, 3))

    async def test_a_mass_cancel_ends_what_matches_and_nothing_else(self) -> None:
        async with self.client("desk-3") as client:
            kept = await client.place(OrderTicket(Side.BUY, Offset.OPEN, "DCE.m2705", 1, "2950"))
            self.assertIsNone(kept.refusal)
            placed = [await client.place(BUY_LOW) for _ in range(3)]
            done = await client.mass_cancel("SHFE.rb2701", Side.BUY)
            self.assertEqual({order.cl_ord_id for order in placed},
                             {order.cl_ord_id for order in done})
            self.assertEqual({order.state for order in done}, {OrderState.CANCELLED})
            still = client.find(kept.cl_ord_id)
            assert still is not None
            self.assertTrue(still.is_working)
            stream = client.events()
            self.assertEqual(await client.mass_cancel("SHFE.rb2701"), [])
            taken = await anext(stream)
            assert isinstance(taken, MassCancelTaken)
            self.assertEqual(taken.orders, 0)
            self.assertEqual(len(await client.mass_cancel()), 1)
            with self.assertRaises(Refused) as caught:
                await client.mass_cancel("rb9999")
            self.assertEqual(caught.exception.refusal.rule, "unknown-instrument")

    async def test_an_id_is_answered_again_and_never_placed_twice(self) -> None:
        async with self.client("desk-3") as client:
            first = await client.place(BUY_LOW, cl_ord_id="once")
            await client.wait_for("once", is_working)
            stream = client.events()
            again = await client.place(BUY_LOW, cl_ord_id="once")
            told = await anext(stream)
            assert isinstance(told, OrderChanged) and told.report is not None
            self.assertEqual(told.report.exec_type, ExecType.RESTATED)
            self.assertEqual((told.report.report_sequence, again.order_id),
                             (0, first.order_id))
            with self.assertRaises(Refused) as caught:
                await client.place(
                    OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 2, LOW), cl_ord_id="once")
            self.assertEqual(caught.exception.refusal.rule, "duplicate-order")
            self.assertEqual((await client.cancel("once")).lots, 1)

    # Sessions.

    async def test_every_terminal_of_an_account_hears_every_report(self) -> None:
        async with self.client("desk-4") as one, self.client("desk-4") as other:
            stream = other.events()
            order = await one.place(BUY_LOW)
            while not isinstance(event := await anext(stream), OrderChanged):
                pass
            self.assertEqual(event.order.order_id, order.order_id)
            # What another terminal placed can be cancelled here.
            done = await other.cancel(order.cl_ord_id)
            self.assertEqual(done.state, OrderState.CANCELLED)

    async def test_a_wrong_password_is_refused(self) -> None:
        for settings in (replace(self.gateway.logon("desk-1"), password="wrong"),
                         replace(self.gateway.logon("desk-1"), account="nobody")):
            with self.assertRaises(LogonRefused) as caught:
                await AsyncClient("127.0.0.1", self.gateway.port, settings).start()
            self.assertEqual(caught.exception.rule, "login-credentials")

    async def test_one_session_holds_and_is_free_again_behind_a_goodbye(self) -> None:
        for _ in range(2):
            async with self.client("lone"):
                with self.assertRaises(LogonRefused) as caught:
                    await self.client("lone").start()
                self.assertEqual(caught.exception.rule, "one-session")

    async def test_nobody_there_is_told(self) -> None:
        with self.assertRaises(ConnectFailed):
            await AsyncClient("127.0.0.1", free_port(), self.gateway.logon("desk-1")).start()

    async def test_a_later_run_goes_on_where_the_first_stopped(self) -> None:
        async with self.client("desk-4") as first:
            order = await first.place(BUY_LOW)
            await first.cancel(order)
            point = first.resume_point
        async with self.client("desk-4", resume=point) as second:
            self.assertEqual(second.orders, ())
            placed = await second.place(BUY_LOW)
        async with self.client("desk-4", resume=point) as third:
            self.assertEqual([one.cl_ord_id for one in third.orders], [placed.cl_ord_id])
            await third.cancel(placed.cl_ord_id)

    async def test_nothing_is_lost_or_doubled_when_connections_break(self) -> None:
        count = 90
        draw = random.Random(SEED)
        budgets = [draw.randrange(600, 24_000) for _ in range(12)]
        async with CuttingProxy(self.gateway.port, budgets) as proxy:
            client = self.client("watcher", proxy.port, reconnect=BackOff(0.005, 0.05, seed=1),
                                 ids=ClOrdIDSource("cut"))
            async with client:
                stream = client.events()
                done = await asyncio.gather(*(self.round_trip(client) for _ in range(count)))
            events = [event async for event in stream]
        self.assertGreaterEqual(proxy.cuts, 4, f"seed {SEED}")
        self.assertGreaterEqual(sum(isinstance(event, Resumed) for event in events), 2)
        self.assertTrue(any(isinstance(event, Resumed) and event.resent for event in events))
        # Each report once and in order; each order once, and cancelled.
        reports = [
            event.report.report_sequence for event in events
            if isinstance(event, OrderChanged) and event.report and event.report.report_sequence
        ]
        self.assertEqual(reports, list(range(1, len(reports) + 1)))
        self.assertEqual({order.state for order in done}, {OrderState.CANCELLED})
        async with self.client("watcher") as witness:
            self.assertEqual(len(witness.orders), count)
            self.assertEqual(len({order.order_id for order in witness.orders}), count)
            self.assertEqual(witness.orders, client.orders)
            self.assertEqual(witness.resume_point.report_sequence, len(reports))

    async def round_trip(self, client: AsyncClient) -> Order:
        """Places an order and cancels it, whatever becomes of the connection."""
        order = await self.tried(client, lambda: client.place(BUY_LOW))
        return await self.tried(client, lambda: client.cancel(order))

    async def tried(
        self, client: AsyncClient, ask: Callable[[], Coroutine[object, object, Order]]
    ) -> Order:
        """Asks as soon as there is a session to ask on; what was asked is asked no second time."""
        while True:
            await client.ready()
            try:
                return await ask()
            except NotLoggedOn:
                continue

    # The blocking client.

    def test_the_blocking_client_does_the_same(self) -> None:
        with self.blocking("desk-4") as client:
            events = client.events(timeout_seconds=20)
            order = client.place(BUY_LOW)
            first = next(events)
            assert isinstance(first, OrderChanged)
            self.assertEqual(first.order.cl_ord_id, order.cl_ord_id)
            client.wait_for(order.cl_ord_id, is_working)
            self.assertEqual(client.cancel(order).state, OrderState.CANCELLED)
            with self.assertRaises(Refused):
                client.cancel("nobody")
            self.assertTrue(any(isinstance(event, CancelRefused) for event in events))
            client.subscribe_ticks("SHFE.rb2701")
            tick = next(event for event in events if isinstance(event, TickReceived))
            self.assertEqual(tick.tick.instrument, "rb2701")
            client.unsubscribe_ticks()
            listed = client.instruments(Exchange.SHFE, "rb")
            self.assertIn("rb2701", [one.instrument for one in listed])
            self.assertEqual(client.mass_cancel(), [])
            self.assertTrue(client.is_logged_on)
        self.assertIsNone(client.error)
        self.assertTrue(client.resume_point.report_sequence)


if __name__ == "__main__":
    unittest.main()
