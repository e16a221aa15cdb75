#!/usr/bin/env python3
"""A gateway that is killed again and again under load: nothing that was answered is lost, nothing
is placed twice, and the journal replays to the state that the last run ended in."""

import argparse
import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time

from load import House, gateway, plan
from process import SLUICE, running, say, write


class Killed(House):
    """A house whose gateway is killed and started again, at the same port."""

    def __init__(self, stack):
        # The line that says in which state it ended is of this level.
        level = "info"
        super().__init__(stack, log_level=level)
        self.data = os.path.join(self.folder, "data")
        settings = gateway(self.metrics, level)
        settings["terminals"]["port"] = self.port
        self.config = os.path.join(self.folder, "config")
        write(self.config, "gateway.json5", settings)
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
        """The sequence and the state that its journal replays to."""
        output = subprocess.run(
            [SLUICE, "replay", "--config", self.config, self.newest_journal()],
            capture_output=True, text=True, check=True).stdout
        found = re.search(r"sequence +(\d+).*?state hash +([0-9a-f]+)", output, re.S)
        if not found:
            sys.exit(f"crash: replay says nothing of a state:\n{output}")
        return found.group(1), found.group(2)

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
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    arguments = parser.parse_args()
    say(f"seed {arguments.seed}")
    draws = random.Random(arguments.seed)
    # As long as the kills may take, with their starts.
    seconds = arguments.kills * 4
    with contextlib.ExitStack() as stack:
        house = Killed(stack)
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
        stopped, replayed = house.stop(), house.replay()
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
    if load.returncode:
        print(errors, file=sys.stderr)
        sys.exit(f"crash: terminals and gateway disagree (seed {arguments.seed})")
    if stopped != [replayed]:
        sys.exit(f"crash: the gateway ended in {stopped}, its journal in {replayed}")


if __name__ == "__main__":
    main()
