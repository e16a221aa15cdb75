"""Prints so many ticks of some instruments, through broken connections too.

SLUICE_PASSWORD=... python3 watch_ticks.py 127.0.0.1 7400 desk-1 20 SHFE.rb2701 DCE.m2701
"""

import asyncio
import os
import sys

from sluice_client import AsyncClient, BackOff, Ended, LogonSettings, TickReceived, from_units


def amount(units: int | None) -> str:
    return "-" if units is None else str(from_units(units))


async def main() -> None:
    host, port, account, count, *instruments = sys.argv[1:]
    logon = LogonSettings(account, os.environ["SLUICE_PASSWORD"])
    async with AsyncClient(host, int(port), logon, reconnect=BackOff()) as client:
        events = client.events()
        client.subscribe_ticks(*instruments)
        left = int(count)
        async for event in events:
            if isinstance(event, TickReceived):
                tick = event.tick
                print(f"{tick.instrument} {amount(tick.last)} bid {amount(tick.bid)} x "
                      f"{tick.bid_lots} ask {amount(tick.ask)} x {tick.ask_lots}")
                left -= 1
            elif isinstance(event, Ended):
                print(f"the session ended: {event.error}", file=sys.stderr)
            if left == 0:
                return


if __name__ == "__main__":
    asyncio.run(main())
