"""The Wireshark dissector, in tshark itself: what it shows of bytes that the codec wrote."""

import pathlib
import shutil
import struct
import subprocess
import tempfile
import unittest

from sluice_client._codec import counter
from sluice_client._codec import order_entry as wire
from sluice_client._codec.framing import Message

from .fake_gateway import DAY, report

DISSECTOR = pathlib.Path(__file__).resolve().parents[2] / "wireshark" / "sluice.lua"
TSHARK = shutil.which("tshark")


def capture(*streams: bytes, cuts: list[int]) -> bytes:
    """A capture file of TCP connections, one a stream, whose segments end at ``cuts``."""
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)
    return head + b"".join(
        connection(40_000 + index, stream, cuts) for index, stream in enumerate(streams))


def connection(port: int, stream: bytes, cuts: list[int]) -> bytes:
    """The packets of one connection."""
    file, begin = b"", 0
    for end in [*cuts, len(stream)]:
        data = stream[begin:end]
        tcp = struct.pack(">HHIIBBHHH", port, 7_400, 1 + begin, 1, 5 << 4, 0x18, 8_192, 0, 0)
        address = bytes((127, 0, 0, 1))
        length = 40 + len(data)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, length, 0, 0, 64, 6, 0, address, address)
        file += struct.pack("<IIII", begin, 0, length, length) + ip + tcp + data
        begin = end
    return file


@unittest.skipUnless(TSHARK, "no tshark is installed")
class DissectorTest(unittest.TestCase):
    def show(self, streams: list[bytes], cuts: list[int], *options: str) -> str:
        """What tshark prints, without its complaints about other things."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.pcap"
            path.write_bytes(capture(*streams, cuts=cuts))
            assert TSHARK is not None
            done = subprocess.run(
                [TSHARK, "-r", str(path), "-X", f"lua_script:{DISSECTOR}", *options],
                capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("Lua Error", done.stdout + done.stderr)
        return done.stdout

    def test_frames_are_found_in_torn_segments(self) -> None:
        messages: list[Message] = [
            report(7, "order-7", exec_type=wire.ExecType.REJECTED, transact_time=1_000_000_001,
                   refusal=wire.RefusalFigures(310, wire.Unit.LOTS, wire.ScopeKind.COMMODITY,
                                               98, 100, 5, "rb"),
                   flags=wire.ReportFlags.REPLAYED),
            wire.Logon(account="desk-1", password="top-secret", day_token="my-token"),
            wire.SubscribeTicks([wire.SubscribeTicksInstrumentsEntry("IF2612",
                                                                     wire.Exchange.CFFEX)]),
            wire.Logout(wire.LogoutReason.BUSY, text="später"),
        ]
        stream = b"".join(message.encode() for message in messages)
        shown = self.show(
            [stream], [1, 5, 13, 100, 290, 400, 600], "-V", "-d", "tcp.port==7400,sluice")
        for phrase in (
            "ExecutionReport", "clOrdID: order-7", "(3120.0000)", "execType: rejected (2)",
            "flags: 0x02 (replayed)", "refusal.limit: 100", "refusal.scopeName: rb",
            "Jan  1, 1970 00:00:01.000000001 UTC", "account: desk-1",
            "password: 10 bytes, not shown", "dayToken: 8 bytes, not shown",
            "instruments: 1 entries", "instrument: IF2612", "exchange: cffex (5)",
            "reason: busy (3)", "text: später", "fee: -9223372036854775808 (none)",
        ):
            self.assertIn(phrase, shown)
        for secret in ("top-secret", "my-token"):
            self.assertNotIn(secret, shown)
        self.assertNotIn("Not as the protocol says", shown)

    def test_every_message_of_both_protocols_is_known(self) -> None:
        for module in (wire, counter):
            stream = b"".join(one().encode() for one in module.MESSAGES.values())
            shown = self.show([stream], [], "-T", "fields", "-e", "sluice.message",
                              "-e", "_ws.expert.message")
            names = [one.__name__ for one in module.MESSAGES.values()]
            self.assertEqual(shown.strip(), ",".join(names))

    def test_a_filter_names_a_field(self) -> None:
        stream = report(1, "order-1").encode() + wire.Tick("rb2701", trading_day=DAY).encode()
        shown = self.show([stream], [], "-Y", 'sluice.order_entry.clOrdID == "order-1"',
                          "-T", "fields", "-e", "sluice.order_entry.reportSequence")
        self.assertEqual(shown.strip(), "1")

    def test_nonsense_is_marked_and_harms_nothing(self) -> None:
        short = bytearray(wire.Logout(text="x" * 20).encode())
        short[-22:-20] = b"\xff\x00"
        block = bytearray(wire.Heartbeat().encode())
        block[6] = 200
        unknown = bytearray(wire.Heartbeat().encode())
        unknown[8] = 99
        rows = {
            "A group or text does not fit": bytes(short),
            "The block does not fit its frame": bytes(block),
            "Unknown schema or template": bytes(unknown),
            "No frame": b"\0\0\0\x05" + b"x" * 40,
        }
        shown = self.show([*rows.values(), b"GET / HTTP/1.1\r\n\r\n"], [], "-V",
                          "-d", "tcp.port==7400,sluice")
        for phrase in rows:
            self.assertIn(phrase, shown)


if __name__ == "__main__":
    unittest.main()
