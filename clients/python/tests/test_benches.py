"""Every house that bench/ sets up starts with the configuration as it is, and trades."""

import contextlib
import signal
import sys
import time
import unittest

from sluice_client import Client, LogonSettings, Offset, OrderTicket, Side

from .real_gateway import ROOT, SLUICE, needs_gateway

sys.path.insert(0, str(ROOT / "bench"))

import crash  # noqa: E402
import load  # noqa: E402
import process  # noqa: E402
import rtt  # noqa: E402
import start  # noqa: E402

SMALL = {"orders": 20_000, "children": 40_000}


@needs_gateway
class BenchHouseTest(unittest.TestCase):
    def setUp(self) -> None:
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def test_they_start_the_gateway_that_is_tested(self) -> None:
        self.assertEqual(process.SLUICE, str(SLUICE))

    def test_the_house_of_the_load_trades(self) -> None:
        house = load.House(self.stack, sessions=4, capacities=SMALL)
        code, figures, _ = house.load(load.plan(6, 20, 1, warmUpSeconds=0))
        self.assertEqual(code, 0)
        self.assertEqual(figures["load.faults"], 0)
        self.assertEqual(figures["load.terminals_audited"], 6)
        self.assertGreater(figures["load.fills"], 0)
        # Who the settings speak of is who is there: nothing was refused but for what was meant to.
        self.assertGreater(figures["load.accepted"], figures["load.sent"] // 2)
        self.assertGreater(house.usage()["resident"], 0)

    def test_the_house_that_is_killed_trades_and_comes_back(self) -> None:
        house = crash.Killed(self.stack, accounts=6, positions=2, orders=20_000)
        code, figures, _ = house.load(load.plan(3, 20, 1, warmUpSeconds=0))
        self.assertEqual(code, 0)
        self.assertGreater(figures["load.fills"], 0)
        house.kill()
        house.start()
        self.assertEqual(len(house.starts), 1)
        stopped = house.stop()
        replayed, books = house.replay()
        self.assertEqual(stopped, [replayed])
        self.assertEqual(house.stop_counter(), books)
        # Two fund accounts a product.
        self.assertEqual(sum("orders" in line for line in books), 2 * len(load.MODES), books)

    def test_the_house_that_is_started_again_begins_with_a_snapshot(self) -> None:
        house = start.Holding(self.stack, accounts=6)
        self.assertGreater(house.await_snapshot(), 0)
        self.assertGreater(house.again(signal.SIGKILL), 0)
        code, figures, _ = house.load(load.plan(3, 20, 1, warmUpSeconds=0))
        self.assertEqual(code, 0)
        self.assertGreater(figures["load.fills"], 0)

    def test_the_house_of_the_round_trips_trades(self) -> None:
        house = rtt.House(self.stack)
        with Client("127.0.0.1", house.port, LogonSettings("bench", house.password.strip()),
                    timeout_seconds=20) as client:
            until = time.monotonic() + 20
            filled = 0
            while filled < 20:
                self.assertLess(time.monotonic(), until, "its market fills nothing")
                order = client.place(OrderTicket(
                    Side.BUY, Offset.OPEN, f"SHFE.{rtt.INSTRUMENT}", 1, str(rtt.PRICE)))
                self.assertIsNone(order.refusal)
                filled += client.wait_final(order.cl_ord_id).cumulative_lots


if __name__ == "__main__":
    unittest.main()
