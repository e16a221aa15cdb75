#!/usr/bin/env python3
"""What a start of `sluice serve` costs with a million positions and a snapshot: from the call until
it listens, after a stop in order and after a kill."""

import argparse
import contextlib
import json
import os
import re
import signal
import sys
import time
import urllib.request

from load import ACCOUNTS, FAR, MODES, House, gateway
from process import SLUICE, running, say, write

COMMODITIES = ("cu", "al", "zn", "pb", "ni", "sn", "ag", "rb", "hc", "bu")
MONTHS = 10
# An account has one position in each instrument.
POSITIONS = len(COMMODITIES) * MONTHS


def holders(count):
    """Accounts that nobody logs on to; in a multiple of six of them a product's positions sum to
    nothing, as its fund accounts' do."""
    instruments = [f"SHFE.{commodity}@{number}"
                   for commodity in COMMODITIES for number in range(1, MONTHS + 1)]
    return [
        {"name": f"holder-{number}", "product": MODES[number % 3],
         "password": {"hash": "$argon2id$v=19$m=8192,t=1,p=1$bm9ib2R5bm9ib2R5$bm9ib2R5"},
         "opening": {"allowedLoss": FAR, "positions": [
             {"instrument": instrument, "side": "long" if (number // 3 + place) % 2 else "short",
              "lots": 1 + place % 9, "openPrice": 3_000}
             for place, instrument in enumerate(instruments)]}}
        for number in range(count)]


class Holding(House):
    """A house whose accounts hold a million positions; its gateway is started again and again."""

    def __init__(self, stack, accounts):
        capacities = {
            "operationAccounts": ACCOUNTS + accounts, "positions": accounts * POSITIONS + 100_000,
            "figures": accounts * len(COMMODITIES) + 20_000,
            "lots": accounts * POSITIONS + 100_000, "orders": 200_000, "children": 300_000}
        super().__init__(
            stack, log_level="info", more=holders(accounts), capacities=capacities,
            shorten=self.shorten)
        self.stack = stack
        self.starts = 0
        self.config = os.path.join(self.folder, "config")
        self.data = os.path.join(self.folder, "data")
        write(self.config, "operation-accounts.json5", self.bare)
        settings = gateway(self.metrics, "info", **capacities)
        settings["terminals"]["port"] = self.port
        write(self.config, "gateway.json5", settings)

    def shorten(self, config):
        """The accounts in fewer bytes: a file of settings has at most 64 MiB. What they have at the
        beginning is in the journal after the first start, and takes long to read."""
        path = os.path.join(config, "operation-accounts.json5")
        with open(path, encoding="utf-8") as file:
            whole = json.load(file)
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r'"(\w+)":', r"\1:", json.dumps(whole, separators=(",", ":"))))
        for account in whole["accounts"]:
            account["opening"].pop("positions", None)
        self.bare = whole

    def metric(self, name):
        page = urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/metrics", timeout=10)
        found = re.search(rf"^{name} (\d+)$", page.read().decode(), re.M)
        return int(found.group(1)) if found else 0

    def await_snapshot(self):
        """The follower writes one behind the genesis; its newest command."""
        deadline = time.monotonic() + 120
        while not self.metric("sluice_snapshots_total"):
            if time.monotonic() > deadline:
                sys.exit("start: no snapshot is written")
            time.sleep(0.2)
        return self.metric("sluice_snapshot_sequence")

    def again(self, how):
        """Ends the process and starts it; seconds until it listens. It begins with a snapshot."""
        self.process.send_signal(how)
        self.process.stdout.read()
        self.process.wait()
        began = time.monotonic()
        self.process, _ = self.stack.enter_context(running(
            [SLUICE, "serve", "--no-counters", "--config", self.config, "--data", self.data],
            "listens on ", self.log))
        seconds = time.monotonic() - began
        self.starts += 1
        snapshots = self.begun_with()
        # The log has a thread of its own.
        while len(snapshots) < self.starts and time.monotonic() < began + seconds + 10:
            time.sleep(0.1)
            snapshots = self.begun_with()
        if len(snapshots) < self.starts or snapshots[-1] == "0":
            sys.exit(f"start: it did not begin with a snapshot: {snapshots}")
        return seconds

    def begun_with(self):
        """The newest command in the snapshot of each start, as the log says."""
        with open(self.log.name, encoding="utf-8") as log:
            return re.findall(r"journalGoesOn .*?snapshot=(\d+)", log.read())


def measure(accounts=10_002, starts=6):
    with contextlib.ExitStack() as stack:
        say(f"a first start with {accounts * POSITIONS} positions")
        house = Holding(stack, accounts)
        snapshot = house.await_snapshot()
        size = house.metric("sluice_snapshot_bytes")
        seconds = []
        for number in range(starts):
            seconds.append(house.again(signal.SIGKILL if number % 2 else signal.SIGTERM))
            say(f"start {number + 1} of {starts}: {seconds[-1]:.2f} s")
    seconds.sort()
    return {
        "recovery.start_1m_positions": accounts * POSITIONS,
        "recovery.start_1m_positions_snapshot_commands": snapshot,
        "recovery.start_1m_positions_snapshot_bytes": size,
        "recovery.start_1m_positions_seconds.p50": round(seconds[len(seconds) // 2], 3),
        "recovery.start_1m_positions_seconds.max": round(seconds[-1], 3),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_002, help="with 100 positions each")
    parser.add_argument("--starts", type=int, default=6)
    options = parser.parse_args()
    for key, value in measure(options.accounts, options.starts).items():
        print(f"{key:<48}  {value:>12}")
