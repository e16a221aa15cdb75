"""A gateway that is killed: with its journal it goes on, and without it a terminal that knows more
stops."""

import asyncio
import unittest

from sluice_client import (
    AsyncClient,
    BackOff,
    Ended,
    NotLoggedOn,
    Offset,
    Order,
    OrderChanged,
    OrderState,
    OrderTicket,
    ReportsForgotten,
    Side,
)

from .real_gateway import RealGateway, needs_gateway

BUY_LOW = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 1, "2950")


@needs_gateway
class RestartTest(unittest.IsolatedAsyncioTestCase):
    gateway: RealGateway

    @classmethod
    def setUpClass(cls) -> None:
        cls.gateway = RealGateway()
        cls.addClassCleanup(cls.gateway.close)

    def client(self, account: str) -> AsyncClient:
        return AsyncClient("127.0.0.1", self.gateway.port, self.gateway.logon(account),
                           reconnect=BackOff(0.01, 0.05), timeout_seconds=20)

    async def test_a_killed_gateway_goes_on_and_nothing_is_lost_or_doubled(self) -> None:
        count = 60
        async with self.client("desk-1") as client:
            stream = client.events()
            placing = [asyncio.create_task(client.place(BUY_LOW)) for _ in range(count)]
            orders = await self.killed_meanwhile(client, placing)
            # An order that comes before the counter's link is back has nowhere to go.
            refusals = {order.refusal.rule for order in orders if order.refusal}
            self.assertLessEqual(refusals, {"no-fund-account", "fund-link-down"})
            states = [OrderState.REJECTED if order.refusal else OrderState.CANCELLED
                      for order in orders]
            self.assertIn(OrderState.CANCELLED, states)
            cancelling = [asyncio.create_task(client.cancel(order)) for order in orders]
            done = await self.killed_meanwhile(client, cancelling)
            self.assertEqual([order.state for order in done], states)
            newest = client.resume_point.report_sequence
        numbers = [
            event.report.report_sequence async for event in stream
            if isinstance(event, OrderChanged) and event.report and event.report.report_sequence
        ]
        self.assertEqual(numbers, list(range(newest - len(numbers) + 1, newest + 1)))
        async with self.client("desk-1") as witness:
            self.assertEqual(len(witness.orders), count)
            self.assertEqual({key(order) for order in witness.orders},
                             {key(order) for order in done})
            self.assertEqual(witness.resume_point.report_sequence, newest)

    async def killed_meanwhile(
        self, client: AsyncClient, asking: list[asyncio.Task[Order]]
    ) -> list[Order]:
        """The answers, though the gateway dies behind the first report that comes now."""
        await anext(client.events())
        self.gateway.kill()
        await asyncio.to_thread(self.gateway.start_again)
        answers = await asyncio.gather(*asking)
        await client.ready()
        return answers

    async def test_a_gateway_without_its_journal_gets_no_order(self) -> None:
        async with self.client("desk-2") as client:
            stream = client.events()
            order = await client.place(BUY_LOW)
            await asyncio.to_thread(self.gateway.kill)
            await asyncio.to_thread(self.gateway.start_again, keeps_journal=False)
            ends = [event async for event in stream if isinstance(event, Ended)]
            # The old token is of no use, the password is; but what it was told is gone.
            self.assertIsInstance(ends[-1].error, ReportsForgotten)
            self.assertTrue(ends[-1].is_final)
            with self.assertRaisesRegex(NotLoggedOn, "newest report is 0"):
                await client.place(BUY_LOW)
            known = client.find(order.cl_ord_id)
            assert known is not None
            self.assertTrue(known.is_working)
        # Who has looked starts again.
        async with self.client("desk-2") as again:
            self.assertEqual(again.orders, ())


def key(order: Order) -> tuple[str, int, OrderState]:
    return order.cl_ord_id, order.order_id, order.state


if __name__ == "__main__":
    unittest.main()
