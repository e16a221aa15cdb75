"""Orders and cancels that are well formed and wrong, at a gateway that runs: each is answered with
its rule, and afterwards the account has what it had before."""

import unittest
from dataclasses import replace

from sluice_client import (
    Client,
    HedgeFlag,
    Offset,
    Order,
    OrderState,
    OrderTicket,
    Side,
    TimeInForce,
    rule_name,
)
from sluice_client._codec import order_entry as wire

from .real_gateway import PATIENCE_SECONDS, needs_gateway
from .witness import BUY_LOW, WitnessCase

#: Over the market, within the day's limits.
BUY_NOW = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 2, "3250",
                      time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL)
GOOD = wire.NewOrder(
    cl_ord_id="wrong", account="desk-1", instrument="rb2701", exchange=wire.Exchange.SHFE,
    side=Side.BUY, offset=Offset.OPEN, hedge=HedgeFlag.SPECULATION,
    type=wire.OrderType.LIMIT, time_in_force=TimeInForce.DAY, price=29_500_000, lots=1)
LEAST_32, MOST_32 = -(2**31) + 1, 2**31 - 1
LEAST_64, MOST_64 = -(2**63) + 1, 2**63 - 1
CLOSE = replace(GOOD, side=Side.SELL, offset=Offset.CLOSE_TODAY, price=32_500_000)

ORDERS: list[tuple[str, wire.NewOrder, set[str]]] = [
    ("off the tick by a unit", replace(GOOD, price=29_500_001), {"bad-price-tick"}),
    ("no price", replace(GOOD, price=None), {"bad-price-tick"}),
    ("no lots", replace(GOOD, lots=0), {"bad-quantity"}),
    ("lots below zero", replace(GOOD, lots=-1), {"bad-quantity"}),
    ("the least lots there are", replace(GOOD, lots=LEAST_32), {"bad-quantity"}),
    ("null lots", replace(GOOD, lots=None), {"bad-quantity"}),
    ("the most lots there are", replace(GOOD, lots=MOST_32), {"bad-quantity"}),
    # Price x lots x multiplier passes 64 bits; the price's range comes first or the day's limits.
    ("the highest price on the tick", replace(GOOD, price=MOST_64 - MOST_64 % 10_000),
     {"amount-overflow"}),
    ("the lowest price on the tick", replace(GOOD, price=LEAST_64 + (-LEAST_64) % 10_000),
     {"amount-overflow"}),
    ("the highest price, the most lots",
     replace(GOOD, price=MOST_64 - MOST_64 % 10_000, lots=MOST_32), {"bad-quantity"}),
    ("an instrument that nobody lists", replace(GOOD, instrument="rb9999"),
     {"unknown-instrument"}),
    ("an instrument of another exchange", replace(GOOD, exchange=wire.Exchange.DCE),
     {"unknown-instrument"}),
    ("no instrument", replace(GOOD, instrument=""), {"unknown-instrument"}),
    ("a lot more than is held", replace(CLOSE, lots=3), {"position-available"}),
    ("what another side would hold", replace(CLOSE, side=Side.BUY), {"position-available"}),
    ("what was never opened", replace(CLOSE, instrument="rb2705"), {"position-available"}),
]


@needs_gateway
class OrdersTest(WitnessCase):
    desk: Client
    working: Order

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.desk = cls.client("desk-1")
        assert cls.desk.place(BUY_NOW, cl_ord_id="filled").refusal is None
        filled = cls.desk.wait_final("filled")
        assert filled.state is OrderState.FILLED, filled
        cls.working = cls.desk.place(BUY_LOW, cl_ord_id="working")
        cls.desk.wait_for("working", lambda order: order.state is OrderState.WORKING)

    @classmethod
    def client(cls, account: str) -> Client:
        """A client until the end of the tests."""
        client = Client("127.0.0.1", cls.gateway.port, cls.gateway.logon(account),
                        timeout_seconds=PATIENCE_SECONDS)
        client.__enter__()
        cls.addClassCleanup(client.close)
        return client

    def setUp(self) -> None:
        super().setUp()
        self.before = self.belongings()

    def tearDown(self) -> None:
        self.assertEqual(self.belongings(), self.before)
        super().tearDown()

    def belongings(self) -> object:
        """All that the account has, but what moves with the market."""
        funds = self.desk.query_funds()
        return (
            [(row.cl_ord_id, row.state, row.leaves_lots, row.cumulative_lots)
             for row in self.desk.query_orders(working_only=True)],
            [(row.instrument, row.side, row.today_lots, row.yesterday_lots,
              row.frozen_today_lots, row.frozen_yesterday_lots)
             for row in self.desk.query_positions()],
            (funds.balance, funds.frozen_margin, funds.frozen_fee, funds.fees),
            len(self.desk.query_trades()),
        )

    def test_an_order_that_is_wrong_is_refused_by_its_rule_and_changes_nothing(self) -> None:
        with self.gateway.raw() as terminal:
            terminal.log_on(self.gateway.logon("desk-1"))
            for number, (words, order, rules) in enumerate(ORDERS):
                with self.subTest(words):
                    terminal.send(replace(order, cl_ord_id=f"wrong-{number}"))
                    answer = terminal.next()
                    assert isinstance(answer, wire.ExecutionReport), answer
                    self.assertEqual(answer.exec_type, wire.ExecType.REJECTED)
                    self.assertIn(rule_name(answer.refusal.rule), rules)
                    self.assertEqual(self.belongings(), self.before)

    def test_an_id_that_was_used_is_answered_or_refused_and_places_nothing(self) -> None:
        with self.gateway.raw() as terminal:
            terminal.log_on(self.gateway.logon("desk-1"))
            for lots, exec_type in ((1, wire.ExecType.RESTATED), (2, wire.ExecType.REJECTED)):
                terminal.send(replace(GOOD, cl_ord_id="working", lots=lots))
                answer = terminal.next()
                assert isinstance(answer, wire.ExecutionReport), answer
                self.assertEqual((answer.exec_type, answer.report_sequence), (exec_type, 0))

    def test_a_cancel_reaches_no_order_but_the_accounts_own_that_works(self) -> None:
        mine = self.working
        stranger = self.client("desk-3")
        filled = self.desk.find("filled")
        assert filled is not None
        cancel = wire.CancelOrder("c", "desk-3")
        rows: list[tuple[str, Client, wire.CancelOrder, str]] = [
            ("another account's, by its number", stranger,
             replace(cancel, target_order_id=mine.order_id), "unknown-order"),
            ("another account's, by its id", stranger,
             replace(cancel, target_cl_ord_id="working"), "unknown-order"),
            ("one that nobody placed", stranger,
             replace(cancel, target_order_id=MOST_64), "unknown-order"),
            ("a filled one", self.desk,
             replace(cancel, account="desk-1", target_order_id=filled.order_id), "order-done"),
        ]
        for words, client, request, rule in rows:
            with self.subTest(words), self.gateway.raw() as terminal:
                terminal.log_on(self.gateway.logon(request.account))
                terminal.send(request)
                answer = terminal.next()
                assert isinstance(answer, wire.ExecutionReport), answer
                self.assertEqual(answer.exec_type, wire.ExecType.CANCEL_REJECTED)
                self.assertEqual(rule_name(answer.refusal.rule), rule)
                # What is not the account's own is not told of either.
                if client is stranger:
                    self.assertEqual((answer.instrument, answer.lots or 0), ("", 0))
        with self.subTest("in another account's name"), self.gateway.raw() as terminal:
            terminal.log_on(self.gateway.logon("desk-3"))
            terminal.send(wire.CancelOrder("c", "desk-1", target_cl_ord_id="working"))
            answer = terminal.next()
            assert isinstance(answer, wire.BusinessReject), answer
            self.assertEqual(answer.ref_template_id, wire.CancelOrder.TEMPLATE_ID)
        self.assertEqual(len(stranger.mass_cancel()), 0)


@needs_gateway
class SecretsTest(WitnessCase):
    def test_no_password_or_token_is_in_a_log_or_a_journal(self) -> None:
        right = self.gateway.password("desk-1")
        wrong = "a-wrong-password-that-was-tried"
        logon = wire.Logon(account="desk-1", password=wrong, schema_version=1,
                           heartbeat_interval_seconds=30)
        broken = logon.encode()
        for data in (broken, broken[:8] + b"\x63" + broken[9:], broken[:4] + b"\0\0" + broken[6:],
                     replace(logon, account="\x7e", password=wrong).encode(),
                     replace(logon, password="", day_token=wrong[:24]).encode()):
            with self.gateway.raw() as terminal:
                terminal.send(data)
                terminal.last_word()
        with self.gateway.raw() as terminal:
            token = terminal.log_on(self.gateway.logon("desk-1")).day_token
        for words, count in (("logonRefused", 2), ("logonAccepted", 1)):
            told = f"{words} account=desk-1"
            self.until(lambda: len(self.gateway.log_lines(told)) == count, told)
        log = self.gateway.log.encode()
        # A snapshot that is being written ("*.new") may be gone before it is read.
        files = [one for one in self.gateway.data.glob("journal/*.journal/*")
                 if one.suffix != ".new"]
        journals = b"".join(one.read_bytes() for one in files)
        self.assertGreater(len(journals), 1_000)
        for secret in (right, wrong, token, wrong[:24]):
            self.assertGreater(len(secret), 12)
            self.assertNotIn(secret.encode(), log)
            self.assertNotIn(secret.encode(), journals)


if __name__ == "__main__":
    unittest.main()
