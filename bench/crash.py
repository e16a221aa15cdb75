#!/usr/bin/env python3
"""A gateway that is killed again and again under load: nothing that was answered is lost, nothing
is placed twice, and the journal replays to the state that the last run ended in. Terminals, gateway
and counter have the same books at the end."""

import argparse
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time

from load import ACCOUNTS, FAR, MODES, House, gateway, plan
from process import SLUICE, running, say, write


def quiet_accounts(count, positions):
    """Accounts that nobody logs on to, with positions: what a start has to bring back. In a
    multiple of six of them a product's sum to nothing, as its fund accounts' do."""
    instruments = [f"{commodity}@{number}"
                   for commodity, count in (("SHFE.rb", 8), ("DCE.m", 7), ("DCE.jd", 5))
                   for number in range(1, count + 1)]
    return [
        {"name": f"quiet-{number}", "product": MODES[number % 3],
         "password": {"hash": "$argon2id$v=19$m=8192,t=1,p=1$bm9ib2R5bm9ib2R5$bm9ib2R5"},
         "opening": {"allowedLoss": FAR, "positions": [
             {"instrument": instruments[place % len(instruments)],
              "side": "long" if (number // 3 + place) % 2 else "short", "lots": 1 + place,
              "openPrice": 3_000}
             for place in range(positions)]}}
        for number in range(count)]


def fund_books(output):
    return [line for line in output.splitlines() if line.startswith("fund account ")]


class Killed(House):
    """A house whose gateway is killed and started again, at the same port."""

    def __init__(self, stack, accounts, positions, orders=1_000_000):
        # The line that says in which state it ended is of this level.
        level = "info"
        capacities = {
            "operationAccounts": ACCOUNTS + accounts,
            "positions": 100_000 + accounts * positions,
            "figures": 20_000 + accounts * 4, "lots": 2_000_000 + accounts * positions,
            "orders": orders, "children": orders + orders // 5}
        super().__init__(
            stack, log_level=level, more=quiet_accounts(accounts, positions),
            capacities=capacities, counter_options=["--books"])
        self.data = os.path.join(self.folder, "data")
        settings = gateway(self.metrics, level, **capacities)
        settings["terminals"]["port"] = self.port
        # More than a terminal misses that finds its gateway down a dozen times.
        settings["sessions"]["reportsKept"] = 400_000
        self.config = os.path.join(self.folder, "config")
        write(self.config, "gateway.json5", settings)
        # What there was at the beginning is in the journal now, and takes long to read.
        path = os.path.join(self.config, "operation-accounts.json5")
        with open(path, encoding="utf-8") as file:
            accounts = json.load(file)
        for account in accounts["accounts"]:
            account["opening"].pop("positions", None)
        write(self.config, "operation-accounts.json5", accounts)
        self.stack = stack
        self.starts = []

    def kill(self):
        self.process.kill()
        self.process.wait()

    def start(self):
        began = time.monotonic()
        self.process, _ = self.stack.enter_context(running(
            [SLUICE, "serve", "--no-counters", "--config", self.config, "--data", self.data],
            "listens on ", self.log))
        self.starts.append(time.monotonic() - began)

    def stop(self):
        """Stops it in order; the sequences and states that runs ended in, as their log has them:
        one pair, those before it were killed."""
        self.process.send_signal(signal.SIGTERM)
        for _ in self.process.stdout:
            pass
        self.process.wait()
        with open(self.log.name, encoding="utf-8") as log:
            return re.findall(r"stopped sequence=(\d+) state=0x([0-9a-f]+)", log.read())

    def replay(self):
        """The sequence and the state that its journal replays to, and what its fund accounts have
        then."""
        output = subprocess.run(
            [SLUICE, "replay", "--books", "--config", self.config, self.newest_journal()],
            capture_output=True, text=True, check=True).stdout
        found = re.search(r"sequence +(\d+).*?state hash +([0-9a-f]+)", output, re.S)
        if not found:
            sys.exit(f"crash: replay says nothing of a state:\n{output}")
        return (found.group(1), found.group(2)), fund_books(output)

    def stop_counter(self):
        """What the counter's accounts have."""
        self.counter.send_signal(signal.SIGTERM)
        output = self.counter.stdout.read()
        self.counter.wait()
        return fund_books(output)

    def newest_journal(self):
        folder = os.path.join(self.data, "journal")
        return os.path.join(folder, max(set(os.listdir(folder)) - {"simulated"}))


def killing(house, kills, draws, over):
    """Kills it at random times, some of them while it starts."""
    for number in range(kills):
        if over.wait(draws.uniform(0.3, 2.0)):
            return
        house.kill()
        house.start()
        if number % 10 == 9:
            say(f"killed {number + 1} times, the last start took {house.starts[-1]:.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--terminals", type=int, default=50)
    parser.add_argument("--rate", type=int, default=40, help="orders a second and terminal")
    parser.add_argument("--accounts", type=int, default=10_002, help="beside those that trade")
    parser.add_argument("--positions", type=int, default=20, help="of each of these")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    arguments = parser.parse_args()
    say(f"seed {arguments.seed}")
    draws = random.Random(arguments.seed)
    # As long as the kills may take, with their starts.
    seconds = max(10, arguments.kills * 2)
    with contextlib.ExitStack() as stack:
        house = Killed(stack, arguments.accounts, arguments.positions)
        load = subprocess.Popen(
            house.command(plan(arguments.terminals, arguments.rate, seconds)),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in load.stderr:
            if "logged on" in line:
                break
        over = threading.Event()
        killer = threading.Thread(target=killing, args=(house, arguments.kills, draws, over))
        killer.start()
        output, errors = load.communicate()
        over.set()
        killer.join()
        stopped = house.stop()
        replayed, books = house.replay()
        counter = house.stop_counter()
        figures = dict(line.split() for line in output.splitlines())
    for name in ("sent", "accepted", "refused", "fills", "cancelled", "resent", "unanswered",
                 "terminals_audited", "faults"):
        print(f"crash.{name:<24} {figures.get('load.' + name, '?'):>12}")
    starts = sorted(house.starts)
    print(f"crash.{'kills':<24} {len(starts):>12}")
    if starts:
        print(f"crash.{'start_seconds.p50':<24} {starts[len(starts) // 2]:>12.2f}")
        print(f"crash.{'start_seconds.max':<24} {starts[-1]:>12.2f}")
    print(f"crash.{'state':<24} {replayed[1]:>20} at {replayed[0]}")
    print(f"crash.{'fund_account_lines':<24} {len(books):>12}")
    if load.returncode:
        print(errors, file=sys.stderr)
        sys.exit(f"crash: terminals and gateway disagree (seed {arguments.seed})")
    if not any(" 0 filled" not in line and "orders" in line for line in books):
        sys.exit("crash: no fund account has traded: nothing was compared")
    if counter != books:
        differences = sorted(set(counter) ^ set(books))
        sys.exit("crash: the counter's books (%d lines) are not the gateway's (%d):\n%s"
                 % (len(counter), len(books), "\n".join(differences[:40])))
    if stopped != [replayed]:
        sys.exit(f"crash: the gateway ended in {stopped}, its journal in {replayed}")


if __name__ == "__main__":
    main()
