"""Orders that are not sent, reasons of those that were, and room: both clients, a fake gateway and
one that answers."""

import unittest
from collections.abc import Callable

from sluice_client import (
    AsyncClient,
    Client,
    ExplainVerdict,
    FindingFlags,
    InvalidRequest,
    LogonSettings,
    Offset,
    OrderState,
    OrderTicket,
    QueryFailed,
    QueryResult,
    Refused,
    Side,
    from_units,
)
from sluice_client._codec import order_entry as wire
from sluice_client._codec.framing import Message

from .fake_gateway import ACCOUNT, PASSWORD, FakeGateway, LoopbackGateway
from .real_gateway import RealGateway, needs_gateway

TICKET = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 50, "3120")
_Asked = wire.TryOrder | wire.WhyOrder | wire.RoomRequest
_Answer = Callable[[Message], list[Message] | None]


def paged(asked: list[_Asked]) -> _Answer:
    """Answers with one row a page, every second time "busy"."""
    def answer(message: Message) -> list[Message] | None:
        if not isinstance(message, _Asked):
            return None
        asked.append(message)
        number = message.request_number
        if len(asked) % 2:
            return [wire.ExplainEnd(number, wire.QueryResult.BUSY, retry_after_milliseconds=1)]
        rows: list[Message] = [
            wire.OrderRow(number, order_id=7, state=OrderState.FILLED),
            wire.RouteRow(number, 2, wire.ExplainPart.THEN, "fund-1", lots=3),
            wire.FindingRow(number, 3, 310, flags=wire.FindingFlags.DECIDES),
            wire.RouteRow(number, 4, wire.ExplainPart.NOW, "fund-1", lots=0),
            wire.RoomRow(number, 5, side=Side.BUY, lots=9),
        ]
        place = message.after
        if place + 1 < len(rows):
            end = wire.ExplainEnd(number, wire.QueryResult.MORE, 1, place + 1)
        else:
            end = wire.ExplainEnd(
                number, wire.QueryResult.COMPLETE, 1, place + 1, order_id=7,
                verdict=ExplainVerdict.REFUSED, lots=50, placed_lots=0, pass_lots=2, most_lots=2,
                step_lots=1, refusal=wire.RefusalFigures(rule=310))
        # A row of something else that was asked for.
        return [rows[place], wire.FindingRow(number + 1_000, rule=99), end]

    return answer


class FakeCase(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.fake = FakeGateway()
        self.gateway = await self.enterAsyncContext(LoopbackGateway(self.fake))

    def client(self) -> AsyncClient:
        return AsyncClient("127.0.0.1", self.gateway.port, LogonSettings(ACCOUNT, PASSWORD))

    async def test_all_pages_are_put_together_whatever_the_gateway_has_to_do(self) -> None:
        asked: list[_Asked] = []
        self.fake.answers = paged(asked)
        async with self.client() as client:
            why = await client.why(7, page_rows=1)
            tried = await client.try_order(TICKET, cl_ord_id="mine")
            rooms = await client.room("rb2701", price="3120.5")
        self.assertEqual([one.after for one in asked[:10]], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
        self.assertEqual(len({one.request_number for one in asked}), 30)
        for explanation in (why, tried):
            self.assertEqual(explanation.order_id, 7)
            assert explanation.order is not None and explanation.decider is not None
            self.assertEqual(explanation.order.state, OrderState.FILLED)
            self.assertEqual([row.lots for row in explanation.sent], [3])
            self.assertEqual([row.lots for row in explanation.route], [0])
            self.assertEqual([row.rule for row in explanation.findings], [310])
            self.assertEqual(explanation.decider.rule, 310)
            self.assertFalse(explanation.is_taken)
            assert explanation.refusal is not None
            self.assertEqual(explanation.refusal.rule, "position-limit")
            self.assertEqual((explanation.lots, explanation.pass_lots), (50, 2))
        self.assertEqual([row.lots for row in rooms], [9])
        first, trial, room = asked[0], asked[10], asked[20]
        assert isinstance(first, wire.WhyOrder) and isinstance(trial, wire.TryOrder)
        assert isinstance(room, wire.RoomRequest)
        self.assertEqual((first.target_order_id, first.target_cl_ord_id), (7, ""))
        self.assertEqual(first.maximum_rows, 1)
        self.assertEqual((trial.cl_ord_id, trial.instrument), ("mine", "rb2701"))
        self.assertEqual((trial.exchange, trial.lots), (wire.Exchange.SHFE, 50))
        self.assertEqual(trial.price, 31_200_000)
        self.assertEqual(room.price, 31_205_000)

    async def test_what_is_not_answered_says_why(self) -> None:
        def unknown(message: Message) -> list[Message] | None:
            if not isinstance(message, wire.WhyOrder):
                return None
            return [wire.ExplainEnd(message.request_number, wire.QueryResult.ORDER_UNKNOWN)]

        def older(message: Message) -> list[Message] | None:
            if not isinstance(message, wire.TryOrder):
                return None
            return [wire.BusinessReject(
                wire.TryOrder.TEMPLATE_ID, refusal=wire.RefusalFigures(rule=912))]

        async with self.client() as client:
            self.fake.answers = unknown
            with self.assertRaises(QueryFailed) as caught:
                await client.why("never")
            self.assertIs(caught.exception.result, QueryResult.ORDER_UNKNOWN)
            self.fake.answers = older
            with self.assertRaises(Refused):
                await client.try_order(TICKET)
            with self.assertRaises(InvalidRequest):
                await client.room("rb2701", page_rows=1_001)


@needs_gateway
class GatewayCase(unittest.IsolatedAsyncioTestCase):
    gateway: RealGateway

    @classmethod
    def setUpClass(cls) -> None:
        cls.gateway = RealGateway()
        cls.addClassCleanup(cls.gateway.close)

    async def test_a_try_says_what_the_order_sent_right_after_becomes(self) -> None:
        async with AsyncClient("127.0.0.1", self.gateway.port, self.gateway.logon("desk-1"),
                               timeout_seconds=20) as client:
            for lots, price, instrument in (
                (2, "2950", "SHFE.rb2701"), (501, "2950", "rb2701"), (1, "2950.5", "rb2701"),
                (1, "9950", "rb2701"), (1, "100", "zz2701"), (20_000, "2950", "rb2701"),
            ):
                ticket = OrderTicket(Side.BUY, Offset.OPEN, instrument, lots, price)
                tried = await client.try_order(ticket)
                order = await client.place(ticket)
                self.assertEqual(order.is_rejected, not tried.is_taken, ticket)
                if order.is_rejected:
                    self.assertEqual(tried.refusal, order.refusal)
                    decider = tried.decider
                    assert decider is not None and order.refusal is not None
                    self.assertEqual(decider.rule, order.refusal.code)
                    self.assertFalse(decider.flags & FindingFlags.PASSES)
                else:
                    self.assertEqual(tried.placed_lots, lots)
                    self.assertEqual(sum(row.lots or 0 for row in tried.route), lots)
                again = await client.why(order)
                assert again.order is not None
                self.assertEqual(again.order.cl_ord_id, order.cl_ord_id)
                self.assertEqual(again.order_id, order.order_id)
                self.assertEqual(sum(row.lots or 0 for row in again.sent),
                                 0 if order.is_rejected else lots)
                pages = await client.why(order.order_id, page_rows=3)
                self.assertEqual([row.rule for row in pages.findings],
                                 [row.rule for row in again.findings])
            with self.assertRaises(QueryFailed) as caught:
                await client.why("never-sent")
            self.assertIs(caught.exception.result, QueryResult.ORDER_UNKNOWN)

    async def test_an_order_of_another_account_is_as_unknown_as_none(self) -> None:
        port = self.gateway.port
        async with (
            AsyncClient("127.0.0.1", port, self.gateway.logon("desk-2"),
                        timeout_seconds=20) as owner,
            AsyncClient("127.0.0.1", port, self.gateway.logon("desk-3"),
                        timeout_seconds=20) as other,
        ):
            order = await owner.place(OrderTicket(Side.BUY, Offset.OPEN, "rb2701", 1, "2950"))
            for key in (order.order_id, order.cl_ord_id, 0, (1 << 64) - 1):
                with self.assertRaises(QueryFailed) as caught:
                    await other.why(key)
                self.assertIs(caught.exception.result, QueryResult.ORDER_UNKNOWN)
            await owner.cancel(order)

    def test_the_blocking_client_has_them_too_and_room_is_what_passes(self) -> None:
        with Client("127.0.0.1", self.gateway.port, self.gateway.logon("desk-4"),
                    timeout_seconds=20) as client:
            # Above the others' bids, which are of the same fund account: no self-trade.
            rooms = client.room("SHFE.rb2701", price="2960")
            self.assertEqual(
                [(row.side, row.offset) for row in rooms],
                [(side, offset) for side in (Side.BUY, Side.SELL)
                 for offset in (Offset.OPEN, Offset.CLOSE, Offset.CLOSE_TODAY)])
            for row in rooms:
                lots, step = row.lots or 0, row.step_lots or 1
                self.assertEqual(lots > 0, row.offset is Offset.OPEN)
                for size in (lots, lots + step):
                    if size == 0:
                        continue
                    price = from_units(row.price or 0)
                    tried = client.try_order(
                        OrderTicket(row.side, row.offset, "rb2701", size, price))
                    self.assertEqual(tried.is_taken and tried.placed_lots == size, size == lots)
                    self.assertEqual(tried.most_lots, lots)
            refused = client.place(OrderTicket(Side.SELL, Offset.CLOSE, "rb2701", 1, "2950"))
            why = client.why(refused)
            assert why.order is not None
            self.assertIs(why.order.state, OrderState.REJECTED)
            self.assertEqual(why.refusal, refused.refusal)
            with self.assertRaises(QueryFailed) as caught:
                client.room("zz2701")
            self.assertIn("unknown-instrument", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
