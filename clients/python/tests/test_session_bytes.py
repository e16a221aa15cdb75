"""The session under hostile and torn bytes: every prefix, every split, every changed byte."""

import random
import unittest

from sluice_client import Ended, Event, ExecType, OrderState, ProtocolFault, SluiceError
from sluice_client._codec import order_entry as wire

from .fake_gateway import ACCOUNT, DAY, report
from .test_session import new_session

TOLD = [
    wire.LogonAccepted(
        session_epoch=1, server_time=1, trading_day=DAY, heartbeat_interval_seconds=30,
        schema_version=1, next_report_sequence=2, day_token="token"),
    report(1, flags=wire.ReportFlags.REPLAYED),
    wire.ResumeComplete(1, DAY),
    report(2, exec_type=ExecType.TRADE, state=OrderState.FILLED, last_lots=10, leaves_lots=0,
           cumulative_lots=10, last_price=1),
    wire.Tick("rb2701", wire.Exchange.SHFE, DAY),
    wire.BusinessReject(30, "x", wire.RefusalFigures(901), "worte"),
    wire.AccountUpdate(ACCOUNT, DAY),
    wire.Logout(wire.LogoutReason.SHUTTING_DOWN, text="bye"),
]
DATA = b"".join(message.encode() for message in TOLD)


def words(events: list[Event]) -> list[str]:
    """Errors are equal when they say the same."""
    return [repr(event) for event in events]


def hear(*parts: bytes) -> list[Event]:
    session = new_session()
    session.connected(0.0)
    events: list[Event] = []
    for part in parts:
        events += session.received(part, 1.0)
    session.bytes_to_send()
    return events + session.disconnected(2.0)


class BytesTest(unittest.TestCase):
    def test_every_split_says_the_same(self) -> None:
        whole = words(hear(DATA))
        self.assertEqual(len(whole), 8)
        for place in range(1, len(DATA)):
            self.assertEqual(words(hear(DATA[:place], DATA[place:])), whole, place)
        bytewise = (DATA[place : place + 1] for place in range(len(DATA)))
        self.assertEqual(words(hear(*bytewise)), whole)

    def test_every_prefix_says_the_first_of_it(self) -> None:
        whole = hear(DATA)
        for count in range(len(DATA)):
            *told, last = hear(DATA[:count])
            self.assertEqual(told, whole[: len(told)], count)
            self.assertIsInstance(last, Ended)

    def test_every_changed_byte_is_a_value_or_a_clear_end(self) -> None:
        draw = random.Random(20261121)
        faults = 0
        for place in range(len(DATA)):
            changed = bytearray(DATA)
            changed[place] ^= draw.randrange(1, 256)
            *_, last = hear(bytes(changed))
            assert isinstance(last, Ended), place
            self.assertIsInstance(last.error, SluiceError)
            faults += isinstance(last.error, ProtocolFault)
        self.assertGreater(faults, 50)

    def test_bytes_that_are_nothing_end_at_once(self) -> None:
        draw = random.Random(7)
        rows = [b"GET / HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00", b"\0" * 4, b"\xff" * 4,
                b"\0\0\0\x0d", b"\0\0\x40\x01"]
        rows += [b"\0\0\0\x20" + draw.randbytes(28) for _ in range(50)]
        for data in rows:
            with self.subTest(data=data):
                *_, last = hear(data)
                assert isinstance(last, Ended)
                self.assertIsInstance(last.error, ProtocolFault)

    def test_a_flood_behind_the_end_is_not_kept(self) -> None:
        session = new_session()
        session.connected(0.0)
        session.received(b"\xff" * 8, 0.0)
        for _ in range(10):
            self.assertEqual(session.received(DATA * 10, 0.0), [])
        self.assertEqual(len(session._incoming), 0)


if __name__ == "__main__":
    unittest.main()
