"""Many terminals at once: a counter and a gateway as processes of their own, and `sluice load`.
bench/README.md says under which conditions."""

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from process import ROOT, SLUICE, free_port, running, say, write  # noqa: E402

FAR = 10_000_000_000
INSTRUMENTS = ["rb2701", "rb2705", "m2705", "jd2705"]
MODES = ("priority", "ratio", "net-position")
ACCOUNTS = 210


def settings(folder, port, sessions):
    """200 accounts that trade and ten more, in three products, one in each mode."""
    shutil.copytree(os.path.join(ROOT, "config"), folder)
    write(folder, "gateway.json5", {
        "terminals": {"host": "127.0.0.1", "port": 0},
        "metrics": {"host": "127.0.0.1", "port": 0},
        "capacities": {"orders": 1_500_000, "children": 2_000_000, "sessions": 12_000},
        "flow": {"messagesPerSecond": 100_000, "maxInFlight": 65_536},
        "sessions": {"reportsKept": 1_000_000},
        "passwordHash": {"memoryKibibytes": 8_192, "passes": 1},
        "platform": {"ordersPerAccountDay": 10_000_000, "seed": 1},
        "logLevel": "warning",
    })
    write(folder, "counters.json5", {
        "counters": [{"name": "north", "host": "127.0.0.1", "port": port, "simulated": True}]})
    write(folder, "products.json5", {
        "products": [{"name": mode, "mode": mode} for mode in MODES]})
    write(folder, "fund-accounts.json5", {"accounts": [
        {"name": f"{mode}-{number}", "product": mode, "counter": "north",
         "user": f"{mode}-{number}", "password": {"generate": True},
         "opening": {"allowedLoss": FAR},
         "tradingCodes": {"SHFE": f"{place}{number}", "DCE": f"{place}{number}"}}
        for place, mode in enumerate(MODES) for number in (1, 2)]})
    write(folder, "operation-accounts.json5", {"accounts": [
        {"name": f"load-{number}", "product": MODES[number % 3],
         "password": {"generate": True}, "sessions": sessions, "positionCap": 1_000_000,
         "marginCap": FAR, "opening": {"allowedLoss": FAR}}
        for number in range(1, ACCOUNTS + 1)]})
    return folder


class House:
    """A gateway with its counter, and what the system says of the gateway's process."""

    def __init__(self, stack, sessions=64, under=()):
        self.folder = tempfile.mkdtemp(prefix="sluice-load-")
        stack.callback(shutil.rmtree, self.folder)
        port = free_port()
        config = settings(os.path.join(self.folder, "config"), port, sessions)
        self.log = stack.enter_context(
            open(os.path.join(self.folder, "log"), "w", encoding="utf-8"))
        stack.enter_context(running(
            [SLUICE, "counter", "--config", config], "listens on ", self.log))
        data = os.path.join(self.folder, "data")
        self.process, self.port = stack.enter_context(running(
            [*under, SLUICE, "serve", "--no-counters", "--config", config, "--data", data],
            "listens on ", self.log))
        self.secrets = os.path.join(data, "secrets")

    def command(self, plan, name="plan"):
        """`sluice load` with a plan."""
        path = os.path.join(self.folder, f"{name}.json5")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(plan, file)
        return [SLUICE, "load", "--plan", path, "--connect", f"127.0.0.1:{self.port}",
                "--secrets", self.secrets]

    def load(self, plan, at=None):
        """Its figures; `at` seconds after the first order what the system says is noted."""
        process = subprocess.Popen(
            self.command(plan), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        notes = {}
        errors = []

        def watch():
            for line in process.stderr:
                errors.append(line)
                if "logged on" in line and at:
                    start = time.monotonic()
                    for second in at:
                        time.sleep(max(0, start + second - time.monotonic()))
                        notes[second] = self.usage()

        watcher = threading.Thread(target=watch)
        watcher.start()
        output = process.stdout.read()
        code = process.wait()
        watcher.join()
        figures = {}
        for line in output.splitlines():
            key, value = line.split()
            figures[key] = float(value) if "." in value else int(value)
        for line in errors:
            if "load:" in line and "logged on" not in line and "orders sent" not in line:
                say(line.strip())
        return code, figures, notes

    def usage(self):
        """Resident KiB, processor seconds and reads and writes so far."""
        pid = self.process.pid
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            resident = int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        with open(f"/proc/{pid}/io", encoding="utf-8") as file:
            calls = sum(map(int, re.findall(r"sysc[rw]: (\d+)", file.read())))
        return {"resident": resident, "seconds": seconds, "calls": calls}


def plan(terminals, rate, seconds, first=1, **more):
    return {
        "groups": [{"name": "traders", "account": "load-", "first": first, "count": terminals,
                    "ordersPerSecond": rate}],
        "instruments": INSTRUMENTS, "seconds": seconds, "answerSeconds": 30, **more}


def per_order(notes, figures, first, last, rate):
    """Processor time and system calls of the gateway, an order that was due between two notes."""
    orders = rate * (last - first)
    return {
        name: round((notes[last][key] - notes[first][key]) * scale / orders, 2)
        for name, key, scale in (("processor_us_per_order", "seconds", 1e6),
                                 ("system_calls_per_order", "calls", 1))}


def steady(terminals, seconds, cuts=0):
    """Terminals with 100 orders a second each; what they cost the gateway meanwhile."""
    say(f"{terminals} terminals with 100 orders a second each for {seconds} s"
        + (f", {cuts} connections a second broken" if cuts else ""))
    with contextlib.ExitStack() as stack:
        house = House(stack)
        first = min(10, seconds // 2)
        code, figures, notes = house.load(
            plan(terminals, 100, seconds, cutsPerSecond=cuts), at=[first, seconds])
        figures.update({f"load.{key}": value for key, value in per_order(
            notes, figures, first, seconds, terminals * 100).items()})
        figures["load.resident_last_over_first"] = round(
            notes[seconds]["resident"] / notes[first]["resident"], 4)
    return code, figures


def idle(pairs, seconds, terminals=2_000):
    """Ten busy terminals alone and beside so many silent ones, in turn."""
    with contextlib.ExitStack() as stack:
        house = House(stack)
        busy = plan(10, 100, seconds, first=201)
        silent = {
            "groups": [{"name": "silent", "account": "load-", "count": 200,
                        "terminalsPerAccount": terminals // 200}],
            "instruments": INSTRUMENTS, "seconds": 3_600, "warmUpSeconds": 0}
        ratios, codes, cost = [], [], 0
        for number in range(pairs):
            say(f"ten busy terminals alone and beside {terminals} idle, {number + 1} of {pairs}")
            code, alone, _ = house.load(busy)
            before = house.usage()["resident"]
            crowd = subprocess.Popen(
                house.command(silent, "silent"), stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True)
            try:
                for line in crowd.stderr:
                    if "logged on" in line:
                        break
                cost = max(cost, (house.usage()["resident"] - before) / terminals)
                again, beside, _ = house.load(busy)
            finally:
                crowd.terminate()
                crowd.wait()
                crowd.stderr.close()
            codes += [code, again]
            ratios.append(beside["load.answer_us.p99"] / alone["load.answer_us.p99"])
    ratios.sort()
    return max(codes), {
        "load.idle_session_resident_kib": round(cost, 1),
        "load.busy_beside_idle_p99": round(ratios[len(ratios) // 2], 3)}


def instructions(terminals, rate, seconds, folder):
    """Of the gateway's process, all threads, for a load at a pace that valgrind can follow."""
    out = os.path.join(folder, f"callgrind.{terminals}.{seconds}")
    with contextlib.ExitStack() as stack:
        house = House(stack, under=[
            "valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"])
        code, figures, _ = house.load(plan(terminals, rate, seconds, warmUpSeconds=1))
    with open(out, encoding="utf-8", errors="replace") as file:
        total = int(re.search(r"^summary: (\d+)", file.read(), re.M).group(1))
    return code, total, figures["load.sent"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["steady", "cuts", "idle", "instructions"])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--terminals", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=7)
    arguments = parser.parse_args()
    if arguments.what == "steady":
        code, figures = steady(arguments.terminals, arguments.seconds)
    elif arguments.what == "cuts":
        code, figures = steady(arguments.terminals, arguments.seconds, cuts=20)
    elif arguments.what == "idle":
        code, figures = idle(arguments.pairs, arguments.seconds)
    else:
        code, figures = 0, {}
        with tempfile.TemporaryDirectory(prefix="sluice-load-") as folder:
            for terminals, rate in ((1, 100), (200, 1)):
                runs = [instructions(terminals, rate, seconds, folder)
                        for seconds in (arguments.seconds, 2 * arguments.seconds)]
                code = max(code, *(run[0] for run in runs))
                figures[f"load.instructions_per_order_{terminals}_terminals"] = round(
                    (runs[1][1] - runs[0][1]) / (runs[1][2] - runs[0][2]), 1)
    for key, value in figures.items():
        print(f"{key:<44} {value:>14,}")
    sys.exit(code)


if __name__ == "__main__":
    main()
