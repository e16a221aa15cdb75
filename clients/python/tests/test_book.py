"""The order model: what each kind of report makes of an order."""

import unittest
from decimal import Decimal

from .fake_gateway import DAY, report
from sluice_client import ExecType, Order, OrderState, Refusal
from sluice_client._codec import order_entry as wire
from sluice_client.book import OrderBook

STATE = OrderState
REFUSED = wire.RefusalFigures(310, wire.Unit.LOTS, wire.ScopeKind.COMMODITY, 98, 100, 5, "rb")


def request(cl_ord_id: str = "a-1", lots: int = 10) -> wire.NewOrder:
    return wire.NewOrder(cl_ord_id=cl_ord_id, account="desk-1", instrument="rb2701",
                         side=wire.Side.BUY, offset=wire.Offset.OPEN, price=31_200_000, lots=lots)


def trade(number: int, lots: int, price: int, done: int, total: int = 10) -> wire.ExecutionReport:
    return report(
        number, exec_type=ExecType.TRADE, last_lots=lots, last_price=price, fee=5,
        cumulative_lots=done, leaves_lots=total - done,
        state=STATE.FILLED if done == total else STATE.PARTLY_FILLED)


class BookTest(unittest.TestCase):
    def setUp(self) -> None:
        self.book = OrderBook()
        self.book.day_began(DAY)

    def order(self, cl_ord_id: str = "a-1") -> Order:
        order = self.book.find(cl_ord_id)
        assert order is not None
        return order

    def test_an_order_goes_from_sent_to_filled(self) -> None:
        self.book.order_sent(request(), DAY)
        self.assertFalse(self.order().is_answered)
        self.assertEqual(len(self.book.unanswered()), 1)
        steps = [
            (report(1), STATE.ACCEPTED, 0, 10),
            (report(2, exec_type=ExecType.WORKING_CONFIRMED, state=STATE.WORKING),
             STATE.WORKING, 0, 10),
            (trade(3, 4, 31_200_000, 4), STATE.PARTLY_FILLED, 4, 6),
            (report(4, exec_type=ExecType.PENDING_UNKNOWN, state=STATE.PARTLY_FILLED,
                    cumulative_lots=4, leaves_lots=6, unknown_lots=6), STATE.PARTLY_FILLED, 4, 6),
            (trade(5, 6, 31_190_000, 10), STATE.FILLED, 10, 0),
        ]
        for told, state, filled, left in steps:
            order = self.book.reported(told)
            assert order is not None
            self.assertEqual((order.state, order.cumulative_lots, order.leaves_lots),
                             (state, filled, left))
        self.assertEqual(self.order().average_price, Decimal("3119.4"))
        self.assertEqual(self.order().fee_units, 10)
        self.assertEqual(self.book.unanswered(), [])
        self.assertIs(self.book.find(self.order().order_id), self.order())

    def test_a_refusal_stays_with_its_order(self) -> None:
        self.book.order_sent(request(), DAY)
        self.book.reported(report(1, exec_type=ExecType.REJECTED, state=STATE.REJECTED,
                                  leaves_lots=0, refusal=REFUSED))
        self.assertTrue(self.order().is_rejected and self.order().is_final)
        self.assertEqual(self.order().refusal, Refusal.of(REFUSED))

    def test_a_second_order_of_an_id_leaves_the_first_as_it_was(self) -> None:
        first = self.book.reported(report(1))
        self.book.reported(report(0, order_id=0, exec_type=ExecType.REJECTED,
                                  state=STATE.REJECTED, refusal=REFUSED))
        self.assertEqual(self.order(), first)

    def test_an_id_of_another_day_is_another_order(self) -> None:
        self.book.reported(trade(1, 10, 1, 10))
        self.book.reported(report(2, order_id=99, trading_day=DAY + 1))
        self.assertEqual((self.order().order_id, self.order().heard_lots), (99, 0))

    def test_orders_that_are_done_are_forgotten_with_their_day(self) -> None:
        self.book.reported(trade(1, 10, 1, 10))
        self.book.reported(report(2, "a-2"))
        self.book.day_began(DAY + 1)
        self.assertEqual([order.cl_ord_id for order in self.book.orders], ["a-2"])

    def test_a_cancel_waits_for_its_own_answer(self) -> None:
        order = self.book.reported(report(1))
        cancel = wire.CancelOrder(request_id="c-1", target_cl_ord_id="a-1")
        self.book.cancel_sent(cancel, order)
        self.assertEqual(self.order().pending_cancel, "c-1")
        for request_id, pending in (("c-0", "c-1"), ("c-1", "")):
            self.book.reported(report(0, exec_type=ExecType.CANCEL_REJECTED, refusal=REFUSED,
                                      request_id=request_id, state=STATE.WORKING))
            self.assertEqual(self.order().pending_cancel, pending)
        self.assertEqual(self.order().cancel_refusal, Refusal.of(REFUSED))
        self.assertIsNone(self.order().refusal)
        self.assertFalse(self.book.is_asked(cancel))

    def test_an_end_answers_every_cancel_of_the_order(self) -> None:
        order = self.book.reported(report(1))
        assert order is not None
        self.book.cancel_sent(wire.CancelOrder("c-1", target_cl_ord_id="a-1"), order)
        self.book.cancel_sent(wire.CancelOrder("c-2", target_order_id=order.order_id), order)
        self.book.reported(report(2, exec_type=ExecType.CANCELLED, state=STATE.CANCELLED,
                                  leaves_lots=0))
        self.assertEqual(self.book.unanswered(), [])

    def test_the_refused_cancel_of_an_unknown_order_makes_no_order(self) -> None:
        for cl_ord_id in ("", "nobody"):
            told = report(0, cl_ord_id, order_id=0, request_id="c-1",
                          exec_type=ExecType.CANCEL_REJECTED)
            self.assertIsNone(self.book.reported(told))
        self.assertEqual(len(self.book), 0)

    def test_a_business_reject_answers_an_order_and_a_cancel(self) -> None:
        refusal = Refusal.of(REFUSED)
        assert refusal is not None
        self.book.order_sent(request(), DAY)
        order = self.book.rejected(wire.BusinessReject(10, "a-1"), refusal)
        assert order is not None
        self.assertEqual((order.state, order.leaves_lots), (STATE.REJECTED, 0))
        # An answer that comes behind it is the truth.
        self.book.reported(report(1))
        self.assertTrue(self.order().is_working)
        self.book.cancel_sent(wire.CancelOrder("c-1", target_cl_ord_id="a-1"), self.order())
        self.book.rejected(wire.BusinessReject(11, "c-1"), refusal)
        self.assertEqual(self.order().pending_cancel, "")
        self.assertTrue(self.order().is_working)
        self.assertIsNone(self.book.rejected(wire.BusinessReject(10, "nobody"), refusal))

    def test_nulls_and_unknown_codes_are_folded_too(self) -> None:
        self.book.reported(report(1))
        order = self.book.reported(wire.ExecutionReport(
            report_sequence=2, cl_ord_id="a-1", order_id=self.order().order_id))
        assert order is not None
        self.assertEqual((order.state, order.leaves_lots), (STATE.ACCEPTED, 0))


if __name__ == "__main__":
    unittest.main()
