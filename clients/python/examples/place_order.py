"""Places one order to buy a lot at once and says what became of it.

SLUICE_PASSWORD=... python3 place_order.py 127.0.0.1 7400 desk-1 SHFE.rb2701 3120
"""

import os
import sys

from sluice_client import Client, LogonSettings, Offset, OrderTicket, Side, TimeInForce


def main() -> int:
    host, port, account, instrument, price = sys.argv[1:]
    logon = LogonSettings(account, os.environ["SLUICE_PASSWORD"])
    with Client(host, int(port), logon) as client:
        order = client.place(
            OrderTicket(Side.BUY, Offset.OPEN, instrument, 1, price,
                        time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL))
        if order.refusal is not None:
            print(f"refused: {order.refusal}")
            return 1
        order = client.wait_final(order.cl_ord_id)
        print(f"{order.state.name}: {order.cumulative_lots} of {order.lots} "
              f"at {order.average_price}")
        return 0


if __name__ == "__main__":
    sys.exit(main())
