"""Bytes that no terminal sends, at a gateway that runs: each ends with its reason, or is answered,
and another session notices nothing."""

import struct
import time
import unittest
from dataclasses import replace

from sluice_client import Client, LogoutReason
from sluice_client._codec import order_entry as wire
from sluice_client._codec.framing import INBOUND_MAXIMUM, Message

from .real_gateway import PATIENCE_SECONDS, RawTerminal, needs_gateway
from .witness import WitnessCase

BUY = wire.NewOrder(
    cl_ord_id="raw-1", account="desk-1", instrument="rb2701", exchange=wire.Exchange.SHFE,
    side=wire.Side.BUY, offset=wire.Offset.OPEN, hedge=wire.HedgeFlag.SPECULATION,
    type=wire.OrderType.LIMIT, time_in_force=wire.TimeInForce.DAY, price=29_500_000, lots=1)


def changed(message: Message, at: int, data: bytes) -> bytes:
    """A frame with other bytes at a place."""
    frame = bytearray(message.encode())
    frame[at : at + len(data)] = data
    return bytes(frame)


def longer_text(message: Message, text: bytes) -> bytes:
    """A frame whose only text, empty as it is written, is replaced without a look at limits."""
    frame = message.encode()[:-2] + struct.pack("<H", len(text)) + text
    return struct.pack(">I", len(frame)) + frame[4:]


@needs_gateway
class HostileCase(WitnessCase):
    def logged_on(self, account: str = "desk-1") -> RawTerminal:
        terminal = self.gateway.raw()
        terminal.log_on(self.gateway.logon(account))
        return terminal

    def logon(self, **fields: object) -> wire.Logon:
        settings = self.gateway.logon("desk-1")
        return wire.Logon(**{  # type: ignore[arg-type]
            "account": "desk-1", "password": settings.secret().reveal(), "schema_version": 1,
            "heartbeat_interval_seconds": 30, **fields})

    def test_before_a_logon(self) -> None:
        reason = LogoutReason
        empty = wire.Logon(account="desk-1", schema_version=1)
        rows: list[tuple[str, bytes, LogoutReason]] = [
            ("too short a length", b"\0\0\0\x0d", reason.BAD_FRAME),
            ("too long a length", struct.pack(">I", INBOUND_MAXIMUM + 1), reason.BAD_FRAME),
            ("a request of the web", b"GET / HTTP/1.1\r\n\r\n", reason.BAD_FRAME),
            ("a hello of TLS", bytes.fromhex("160301020001000"[:14]), reason.BAD_FRAME),
            ("another encoding", changed(empty, 4, b"\x50\xeb"), reason.BAD_FRAME),
            ("a block longer than its frame", changed(empty, 6, b"\xff\xff"), reason.BAD_FRAME),
            ("a text longer than its frame", changed(empty, -2, b"\xff\0"), reason.BAD_FRAME),
            ("a token over its limit", longer_text(empty, b"x" * 65), reason.BAD_FRAME),
            ("a token that is not ASCII", longer_text(empty, b"\xff"), reason.BAD_FRAME),
            ("a token with a zero", longer_text(empty, b"a\0b"), reason.BAD_FRAME),
            ("a name that is no text", changed(empty, 14, b"\xff\x01"), reason.BAD_FRAME),
            ("another schema", changed(empty, 10, b"\x09"), reason.UNKNOWN_MESSAGE),
            ("version 0 of the message", changed(empty, 12, b"\0"), reason.VERSION_UNSUPPORTED),
            ("version 0 of the terminal", self.logon(schema_version=0).encode(),
             reason.VERSION_UNSUPPORTED),
            ("an unknown template", changed(empty, 8, b"\x63"), reason.UNKNOWN_MESSAGE),
            ("an order", BUY.encode(), reason.NOT_LOGGED_ON),
            ("a heartbeat", wire.Heartbeat().encode(), reason.NOT_LOGGED_ON),
            ("a goodbye", wire.Logout(reason.REQUESTED).encode(), reason.REQUESTED),
            ("an order ahead of its logon", BUY.encode() + self.logon().encode(),
             reason.NOT_LOGGED_ON),
        ]
        for words, data, expected in rows:
            with self.subTest(words), self.gateway.raw() as terminal:
                terminal.send(data)
                self.assertEqual(terminal.last_word().reason, expected)

    def test_behind_a_logon(self) -> None:
        reason = LogoutReason
        entry = wire.SubscribeTicksInstrumentsEntry("rb2701", wire.Exchange.SHFE)
        ticks = wire.SubscribeTicks([entry])
        rows: list[tuple[str, bytes, LogoutReason]] = [
            ("a second logon", self.logon().encode(), reason.UNEXPECTED_MESSAGE),
            ("a gateway's message", wire.Tick().encode(), reason.UNEXPECTED_MESSAGE),
            ("a report", wire.ExecutionReport().encode(), reason.UNEXPECTED_MESSAGE),
            ("a group over its limit", changed(ticks, 16, b"\x79\0"), reason.BAD_FRAME),
            ("entries without a length", changed(ticks, 14, b"\0\0"), reason.BAD_FRAME),
            ("a block longer than its frame", changed(BUY, 6, b"\x77"), reason.BAD_FRAME),
            ("another schema", changed(BUY, 10, b"\x02"), reason.UNKNOWN_MESSAGE),
            ("nonsense", b"\xff" * 300, reason.BAD_FRAME),
        ]
        for words, data, expected in rows:
            with self.subTest(words), self.logged_on() as terminal:
                terminal.send(data)
                self.assertEqual(terminal.last_word().reason, expected)

    def test_what_is_well_formed_and_makes_no_sense_is_answered(self) -> None:
        with self.logged_on() as terminal:
            rejects: list[tuple[str, bytes, int]] = [
                ("an unknown template", changed(BUY, 8, b"\x63"), 0x63),
                ("an id with odd bytes", changed(BUY, 14, b"\xff"), 10),
                ("no id at all", changed(BUY, 14, b"\0" * 20), 10),
                ("bytes behind the id's end", changed(BUY, 14 + 19, b"x"), 10),
                ("another's account", changed(BUY, 14 + 20, b"desk-2"), 10),
                ("ticks of an exchange nobody knows", changed(
                    wire.SubscribeTicks([wire.SubscribeTicksInstrumentsEntry("rb2701")]),
                    14 + 4 + 32, b"\x4d"), 30),
                ("a cancel without an id", wire.CancelOrder(account="desk-1").encode(), 11),
            ]
            for words, data, template in rejects:
                with self.subTest(words):
                    terminal.send(data)
                    answer = terminal.next()
                    assert isinstance(answer, wire.BusinessReject), answer
                    self.assertEqual(answer.ref_template_id, template)
            reports = [
                ("an exchange nobody knows", 84, 201),
                ("a side nobody knows", 85, 202), ("an offset nobody knows", 86, 203),
                ("a flag nobody knows", 87, 204), ("a type nobody knows", 88, 212),
                ("a time nobody knows", 89, 212),
            ]
            for words, offset, rule in reports:
                with self.subTest(words):
                    order = replace(BUY, cl_ord_id=f"raw-{offset}")
                    terminal.send(changed(order, 14 + offset, b"\x4d"))
                    answer = terminal.next()
                    assert isinstance(answer, wire.ExecutionReport), answer
                    self.assertEqual(answer.refusal.rule, rule)

    def test_a_truncated_order_is_none(self) -> None:
        frame = BUY.encode()
        for count in (1, 5, 13, 14, 80, len(frame) - 1):
            with self.subTest(count=count):
                with self.logged_on() as terminal:
                    terminal.send(frame[:count])
                with self.logged_on() as terminal:
                    terminal.send(wire.CancelOrder("c", "desk-1", target_cl_ord_id="raw-1"))
                    answer = terminal.next()
                    assert isinstance(answer, wire.ExecutionReport), answer
                    self.assertEqual(answer.refusal.rule, 904)

    def answered(self, terminal: RawTerminal, order: wire.NewOrder) -> None:
        """An order was taken; it is cancelled."""
        report = terminal.next()
        assert isinstance(report, wire.ExecutionReport), report
        self.assertEqual((report.exec_type, report.cl_ord_id, report.lots),
                         (wire.ExecType.NEW, order.cl_ord_id, order.lots))
        terminal.send(wire.CancelOrder("c", "desk-4", target_cl_ord_id=order.cl_ord_id))
        while report.exec_type is not wire.ExecType.CANCELLED:
            report = terminal.next()
            assert isinstance(report, wire.ExecutionReport), report

    def test_an_older_and_a_newer_terminals_order_is_taken(self) -> None:
        frame = replace(BUY, account="desk-4", cl_ord_id="older").encode()
        # Without its last field, and with one more that nobody here knows.
        shorter = struct.pack(">I", len(frame) - 8) + frame[4:-8]
        longer = struct.pack(">I", len(frame) + 5) + frame[4:] + b"\xff" * 5
        longer = longer.replace(b"older", b"newer")
        for data, change, version, name in ((shorter, -8, 1, "older"), (longer, 5, 99, "newer")):
            with self.subTest(name), self.logged_on("desk-4") as terminal:
                block = struct.unpack_from("<H", frame, 6)[0] + change
                terminal.send(data[:6] + struct.pack("<H", block) + data[8:12]
                              + struct.pack("<H", version) + data[14:])
                self.answered(terminal, replace(BUY, cl_ord_id=name))

    def test_an_order_a_byte_at_a_time_is_an_order(self) -> None:
        order = replace(BUY, account="desk-4", cl_ord_id="in-bytes")
        with self.logged_on("desk-4") as terminal:
            for byte in order.encode():
                terminal.send(bytes([byte]))
            self.answered(terminal, order)

    def flood(self, count: int) -> bytes:
        """So many orders, each another one."""
        return b"".join(
            replace(BUY, cl_ord_id=f"flood-{count}-{index}").encode() for index in range(count))

    def test_a_flood_is_answered_to_the_last_order(self) -> None:
        count = 300
        with self.logged_on() as terminal:
            terminal.send(self.flood(count))
            open_ids = {f"flood-{count}-{index}" for index in range(count)}
            while open_ids:
                report = terminal.next()
                assert isinstance(report, wire.ExecutionReport), report
                open_ids.discard(report.cl_ord_id)

    def test_who_does_not_read_is_cut_and_misses_nothing_by_it(self) -> None:
        with self.gateway.raw(receive_bytes=2_048) as terminal:
            terminal.log_on(self.gateway.logon("desk-3"), heartbeat_seconds=1)
            # How much the system takes for it before the gateway sees that nobody reads differs
            # from machine to machine. What it says is left unread in turn, for as long as it may
            # be silent.
            deadline = time.monotonic() + PATIENCE_SECONDS
            for batch in range(1_000):
                orders = self.flood(500 + batch).replace(b"desk-1", b"desk-3")
                if not terminal.send(orders) or time.monotonic() > deadline:
                    break
        ends = self.gateway.log_lines("terminalEnded account=desk-3")
        self.assertEqual(len(ends), 1)
        self.assertIn("what was sent was not read", ends[0])
        # The client checks that every number is there.
        with Client("127.0.0.1", self.gateway.port, self.gateway.logon("desk-3")) as client:
            self.assertGreater(len(client.orders), 50)
            self.assertGreaterEqual(
                client.resume_point.report_sequence, len(client.orders))


if __name__ == "__main__":
    unittest.main()
