"""Amounts, ids, refusals, secrets: what has no state."""

import pathlib
import pickle
import re
import unittest
from decimal import Decimal

from sluice_client import (
    RULES,
    BackOff,
    ClOrdIDSource,
    InvalidRequest,
    LogonSettings,
    OrderTicket,
    Offset,
    Refusal,
    Secret,
    Side,
    from_units,
    rule_name,
    to_units,
)
from sluice_client._codec import order_entry as wire
from sluice_client.amounts import Amount
from sluice_client.logon import ResumePoint
from sluice_client.orders import split_instrument

ROOT = pathlib.Path(__file__).resolve().parents[3]


class AmountsTest(unittest.TestCase):
    def test_an_amount_is_exactly_its_units(self) -> None:
        rows: list[tuple[Amount, int, str]] = [
            (3120, 31_200_000, "3120"), ("3120.5", 31_205_000, "3120.5"),
            (Decimal("0.0001"), 1, "0.0001"), ("-37.63", -376_300, "-37.63"), (0, 0, "0"),
            ("1E+3", 10_000_000, "1000"), ("3120.50000", 31_205_000, "3120.5"),
            ("922337203685477.5807", (1 << 63) - 1, "922337203685477.5807"),
        ]
        for amount, units, text in rows:
            with self.subTest(amount=amount):
                self.assertEqual(to_units(amount), units)
                self.assertEqual(str(from_units(units)), text)
                self.assertEqual(to_units(from_units(units)), units)

    def test_what_is_no_amount_is_refused(self) -> None:
        rows: list[object] = [
            3120.5, True, None, "3.00001", "x", "", "NaN", "Infinity", "1E999999999",
            "922337203685477.5808", 1 << 200, "1" * 5_000, Decimal("1e-9"),
        ]
        for amount in rows:
            with self.subTest(amount=amount), self.assertRaises(InvalidRequest):
                to_units(amount)  # type: ignore[arg-type]

    def test_instruments_may_name_their_exchange(self) -> None:
        self.assertEqual(split_instrument("rb2701"), ("rb2701", wire.Exchange.UNKNOWN))
        self.assertEqual(split_instrument("SHFE.rb2701"), ("rb2701", wire.Exchange.SHFE))
        for name in ("XXXX.rb2701", "UNKNOWN.rb2701", "SHFE.", ".rb2701"):
            with self.subTest(name=name), self.assertRaises(InvalidRequest):
                split_instrument(name)

    def test_a_ticket_without_a_price_is_a_market_order(self) -> None:
        market = OrderTicket(Side.BUY, Offset.OPEN, "IF2612", 1).message("x", "a", None)
        self.assertEqual((market.type, market.price), (wire.OrderType.MARKET, None))


class IdsTest(unittest.TestCase):
    def test_ids_do_not_repeat_and_fit(self) -> None:
        source = ClOrdIDSource("py-", seed=36**8)
        ids = [source.next() for _ in range(100)]
        self.assertEqual(len(set(ids)), 100)
        self.assertEqual({len(one) for one in ids}, {19})
        self.assertEqual((ids[0][:3], ids[0][11:], ids[35][11:]), ("py-", "00000001", "00000010"))
        self.assertNotEqual(ClOrdIDSource().next(), ClOrdIDSource().next())

    def test_a_prefix_is_short_and_printable(self) -> None:
        for prefix in ("12345", "a b", "ä", "\n"):
            with self.subTest(prefix=prefix), self.assertRaises(InvalidRequest):
                ClOrdIDSource(prefix)

    def test_pauses_double_up_to_the_longest(self) -> None:
        back_off = BackOff(1.0, 5.0, seed=3)
        for pause in (1, 2, 4, 5, 5):
            self.assertTrue(pause / 2 <= back_off.next_seconds() <= pause)
        back_off.reset()
        self.assertLessEqual(back_off.next_seconds(), 1)


class RefusalTest(unittest.TestCase):
    def test_a_refusal_says_rule_figures_and_scope(self) -> None:
        unit, kind = wire.Unit, wire.ScopeKind
        rows = [
            (wire.RefusalFigures(310, unit.LOTS, kind.COMMODITY, 98, 100, 5, "rb"),
             "position-limit (310), commodity rb: observed 98 lots, limit 100 lots, asked 5 lots"),
            (wire.RefusalFigures(317, unit.MONEY, kind.OPERATION_ACCOUNT, 15_000, 0, None, "d"),
             "funds-available (317), operation account d: observed 1.5 yuan, limit 0 yuan"),
            (wire.RefusalFigures(309, unit.PERCENT, kind.ORDER, 42_500, 30_000),
             "fat-finger (309), order: observed 4.25%, limit 3%"),
            (wire.RefusalFigures(102, unit.TIMESTAMP, kind.UNKNOWN, 1_000_000_000),
             "login-lockout (102): observed 1970-01-01T00:00:01Z"),
            (wire.RefusalFigures(999, unit.TIMESTAMP, kind.PLATFORM, (1 << 63) - 1),
             "rule-999 (999), platform: observed 2262-04-11T23:47:16.854775Z"),
            (wire.RefusalFigures(903, observed=1, limit=2), "shutting-down (903)"),
        ]
        for figures, words in rows:
            with self.subTest(words=words):
                self.assertEqual(str(Refusal.of(figures)), words)
        self.assertIsNone(Refusal.of(wire.RefusalFigures()))

    def test_rule_names_are_those_of_the_rule_book(self) -> None:
        document = (ROOT / "docs/RULES.md").read_text(encoding="utf-8")
        listed = re.findall(r"^\| *(\d+) \| `([a-z-]+)` \|", document, re.MULTILINE)
        self.assertEqual({int(code): name for code, name in listed}, RULES)
        self.assertEqual(rule_name(0), "")


class SecretTest(unittest.TestCase):
    def test_a_password_is_in_no_text(self) -> None:
        password = "correct-horse"
        settings = LogonSettings("desk-1", password)
        logon = settings.message(ResumePoint(), Secret())
        self.assertEqual(logon.password, password)
        shown = [repr(settings), str(settings), repr(settings.secret()), str(settings.secret()),
                 f"{settings.secret()}", repr(logon), str(logon),
                 repr(settings.message(ResumePoint(), Secret(password))),
                 repr(wire.LogonAccepted(day_token=password))]
        for text in shown:
            self.assertNotIn(password, text)
        with self.assertRaises(TypeError):
            pickle.dumps(settings.secret())

    def test_what_is_wrong_with_a_password_is_told_without_it(self) -> None:
        for password in ("", "x" * 129, "secret\0secret", "secret\udc80"):
            with self.subTest(length=len(password)):
                with self.assertRaises(InvalidRequest) as caught:
                    LogonSettings("desk-1", password)
                fault = caught.exception
                self.assertNotIn("secret", str(fault))
                self.assertIsNone(fault.__cause__ or fault.__context__)

    def test_settings_that_cannot_be_sent_are_refused_at_once(self) -> None:
        for fields in ({"account": ""}, {"account": "x" * 33}, {"account": "ä"},
                       {"heartbeat_interval_seconds": 61}, {"heartbeat_interval_seconds": 0},
                       {"terminal_name": "x" * 33}, {"mac_address": 1 << 64}):
            with self.subTest(fields=fields), self.assertRaises(InvalidRequest):
                LogonSettings(**{"account": "a", "password": "p", **fields})  # type: ignore


if __name__ == "__main__":
    unittest.main()
