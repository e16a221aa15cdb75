"""The codec against bytes written out by hand from docs/PROTOCOL.md."""

import unittest

from sluice_client._codec import counter, desk, framing, order_entry

NEW_ORDER = bytes.fromhex(
    "00000084EB50"  # 132 bytes, SBE little-endian
    "76000A0001000500"  # block 118, NewOrder, schema 1, version 5
    "6F726465722D3100000000000000000000000000"  # "order-1"
    "616C706861000000000000000000000000000000000000000000000000000000"  # "alpha"
    "7262323631300000000000000000000000000000000000000000000000000000"  # "rb2610"
    "010101010101"  # SHFE, buy, open, speculation, limit, day
    "0013DC0100000000"  # 3120.0000
    "03000000"  # 3 lots
    "00000000"  # no minimum
    "00000000"  # no maximum age
    "0000000000000080"  # no sending time
)

ORDER = order_entry.NewOrder(
    cl_ord_id="order-1",
    account="alpha",
    instrument="rb2610",
    exchange=order_entry.Exchange.SHFE,
    side=order_entry.Side.BUY,
    offset=order_entry.Offset.OPEN,
    hedge=order_entry.HedgeFlag.SPECULATION,
    type=order_entry.OrderType.LIMIT,
    time_in_force=order_entry.TimeInForce.DAY,
    price=31_200_000,
    lots=3,
)


def read(data: bytes) -> framing.Message:
    frame = framing.scan(data)
    assert frame is not None
    return order_entry.decode(frame)


class CodecTest(unittest.TestCase):
    def test_an_order_is_written_as_drawn(self) -> None:
        self.assertEqual(ORDER.encode(), NEW_ORDER)

    def test_an_order_is_read_as_drawn(self) -> None:
        self.assertEqual(read(NEW_ORDER), ORDER)

    def test_every_prefix_means_more_bytes(self) -> None:
        for count in range(len(NEW_ORDER)):
            self.assertIsNone(framing.scan(NEW_ORDER[:count]), count)

    def test_every_message_survives_as_it_is_born(self) -> None:
        for module in (order_entry, counter, desk):
            for message in module.MESSAGES.values():
                frame = framing.scan(message().encode())
                assert frame is not None
                self.assertEqual(module.decode(frame), message())

    def test_every_changed_byte_is_a_message_or_an_error(self) -> None:
        for position in range(len(NEW_ORDER)):
            for change in (0x01, 0x7F, 0x80, 0xFF):
                changed = bytearray(NEW_ORDER)
                changed[position] ^= change
                try:
                    frame = framing.scan(changed)
                    if frame is not None:
                        order_entry.decode(frame)
                except framing.WireError:
                    pass

    def test_a_shorter_block_leaves_the_rest_absent(self) -> None:
        # Cut inside the price: it is absent with all behind it.
        cut = bytearray(NEW_ORDER[: 14 + 94])
        cut[3] = len(cut)
        cut[6] = 94
        order = read(bytes(cut))
        assert isinstance(order, order_entry.NewOrder)
        self.assertEqual(order.time_in_force, order_entry.TimeInForce.DAY)
        self.assertIsNone(order.price)
        self.assertIsNone(order.lots)

    def test_a_longer_block_is_read_as_far_as_known(self) -> None:
        longer = bytearray(NEW_ORDER + b"\xee" * 8)
        longer[3] += 8
        longer[6] += 8
        longer[12] = 9
        self.assertEqual(read(bytes(longer)), ORDER)

    def test_an_unknown_enum_value_reads_as_unknown(self) -> None:
        changed = bytearray(NEW_ORDER)
        changed[14 + 85] = 77
        order = read(bytes(changed))
        assert isinstance(order, order_entry.NewOrder)
        self.assertIs(order.side, order_entry.Side.UNKNOWN)

    def test_a_value_that_does_not_fit_is_refused(self) -> None:
        for order in (
            order_entry.NewOrder(cl_ord_id="x" * 21),
            order_entry.NewOrder(cl_ord_id="ä"),
            order_entry.NewOrder(lots=1 << 31),
            order_entry.NewOrder(price=1 << 63),
        ):
            with self.assertRaises(framing.WireError):
                order.encode()

    def test_nonsense_is_told_as_soon_as_it_is_there(self) -> None:
        for data in (b"GET ", b"\x16\x03\x01\x02", b"\0\0\0\x0d", b"\0\0\0\x0e\x50\xeb"):
            with self.assertRaises(framing.WireError):
                framing.scan(data)


if __name__ == "__main__":
    unittest.main()
