"""A terminal that trades before, while and after others misbehave, and is to notice nothing."""

from __future__ import annotations

import threading
import time
import unittest
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sluice_client import Client, Offset, OrderState, OrderTicket, Side

from .real_gateway import PATIENCE_SECONDS, RealGateway

#: Far from the market: it rests until it is cancelled.
BUY_LOW = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 1, "2950")


class WitnessCase(unittest.TestCase):
    """A gateway and the witness's session on it, checked behind every test."""

    gateway: RealGateway
    witness: Client
    #: Keys of gateway.json5.
    settings: dict[str, object] = {}

    @classmethod
    def setUpClass(cls) -> None:
        cls.gateway = RealGateway(**cls.settings)
        cls.addClassCleanup(cls.gateway.close)
        cls.witness = Client("127.0.0.1", cls.gateway.port, cls.gateway.logon("watcher"),
                             timeout_seconds=PATIENCE_SECONDS)
        cls.witness.__enter__()
        cls.addClassCleanup(cls.witness.close)

    def setUp(self) -> None:
        self.seen = self.witness.resume_point

    def tearDown(self) -> None:
        """The witness has heard nothing, and is served."""
        self.assertTrue(self.gateway.is_running)
        self.assertEqual(self.witness.resume_point, self.seen)
        self.trade()
        self.assertEqual(len(self.witness.mass_cancel()), 0)

    def until(self, holds: Callable[[], bool], words: str) -> None:
        """Looks until something holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            self.assertLess(time.monotonic(), deadline, words)
            time.sleep(0.005)

    def trade(self) -> None:
        """The witness places an order and cancels it."""
        order = self.witness.place(BUY_LOW)
        self.assertIsNone(order.refusal)
        self.assertEqual(self.witness.cancel(order).state, OrderState.CANCELLED)

    @contextmanager
    def trading(self) -> Iterator[None]:
        """The witness trades all the while, at least once, and each answer is the normal one."""
        done = threading.Event()
        rounds: list[float] = []
        faults: list[BaseException] = []

        def go_on() -> None:
            try:
                while not done.is_set() or not rounds:
                    began = time.monotonic()
                    self.trade()
                    rounds.append(time.monotonic() - began)
            except BaseException as fault:
                faults.append(fault)

        thread = threading.Thread(target=go_on, name="witness")
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self.seen = self.witness.resume_point
        self.assertEqual(faults, [])
        self.assertLess(max(rounds), PATIENCE_SECONDS / 2)
