#!/usr/bin/env python3
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
import urllib.request

from process import ROOT, SLUICE, free_port, running, say, write

FAR = 10_000_000_000
INSTRUMENTS = ["rb2701", "rb2705", "m2705", "jd2705"]
MODES = ("priority", "ratio", "net-position")
ACCOUNTS = 210


def gateway(metrics, log_level="warning", **capacities):
    return {
        "terminals": {"host": "127.0.0.1", "port": 0},
        "metrics": {"host": "127.0.0.1", "port": metrics},
        "capacities": {
            "orders": 1_500_000, "children": 2_000_000, "sessions": 12_000, **capacities},
        "flow": {"messagesPerSecond": 100_000, "maxInFlight": 65_536},
        "sessions": {"reportsKept": 1_000_000},
        "passwordHash": {"memoryKibibytes": 8_192, "passes": 1},
        "platform": {"ordersPerAccountDay": 10_000_000, "seed": 1},
        "logLevel": log_level,
    }


def settings(folder, port, sessions, more):
    """200 accounts that trade, ten beside them, and those in `more`, in three products, one in
    each mode."""
    shutil.copytree(os.path.join(ROOT, "config"), folder)
    # More than an exchange would let pass in a day comes in a minute here.
    # Who else is spoken of there does not exist here.
    for name in ("budgets", "schemes", "controllers"):
        os.remove(os.path.join(folder, f"{name}.json5"))
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
        for number in range(1, ACCOUNTS + 1)] + more})
    return folder


class House:
    """A gateway with its counter, and what the system says of the gateway's process."""

    def __init__(self, stack, sessions=64, gateway_program=(SLUICE,), log_level="warning",
                 counter_options=(), more=(), capacities=None, shorten=lambda config: None):
        """`more`: accounts beside those that trade. `shorten` may rewrite the settings."""
        self.capacities = capacities or {}
        self.folder = tempfile.mkdtemp(prefix="sluice-load-")
        stack.callback(shutil.rmtree, self.folder)
        port = free_port()
        config = settings(os.path.join(self.folder, "config"), port, sessions, list(more))
        shorten(config)
        self.log = stack.enter_context(
            open(os.path.join(self.folder, "log"), "w", encoding="utf-8"))
        write(config, "gateway.json5", gateway(0, **self.capacities))
        self.counter, _ = stack.enter_context(running(
            [SLUICE, "counter", "--config", config, *counter_options], "listens on ", self.log))
        data = os.path.join(self.folder, "data")
        self.metrics = free_port()
        write(config, "gateway.json5", gateway(self.metrics, log_level, **self.capacities))
        self.process, self.port = stack.enter_context(running(
            [*gateway_program, "serve", "--no-counters", "--config", config, "--data", data],
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
        self.lags = []

        def watch():
            for line in process.stderr:
                errors.append(line)
                if "logged on" in line and at:
                    start = time.monotonic()
                    for second in at:
                        time.sleep(max(0, start + second - time.monotonic()))
                        notes[second] = self.usage()
                        self.lags.append(lag(self.metrics))

        watcher = threading.Thread(target=watch)
        watcher.start()
        output = process.stdout.read()
        code = process.wait()
        watcher.join()
        process.stdout.close()
        process.stderr.close()
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


def lag(port):
    """The follower's, in nanoseconds, as the metrics page says."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as page:
        text = page.read().decode()
    return int(float(re.search(r"^sluice_follower_lag_nanoseconds (\S+)", text, re.M).group(1)))


def queries(pairs, seconds):
    """Ten busy terminals alone and beside twenty that ask for 50 pages a second each, in turn."""
    with contextlib.ExitStack() as stack:
        house = House(stack)
        busy = plan(10, 100, seconds, first=201)
        asking = {**busy, "groups": busy["groups"] + [
            {"name": "asking", "account": "load-", "count": 20, "queriesPerSecond": 50}]}
        # Something to list.
        house.load(plan(20, 100, 5))
        ratios, codes, pages, lags = [], [], [], []
        for number in range(pairs):
            say(f"ten busy terminals alone and beside queries, {number + 1} of {pairs}")
            code, alone, _ = house.load(busy)
            again, beside, _ = house.load(
                asking, at=[1 + tenth / 10 for tenth in range(10 * (seconds - 1))])
            codes += [code, again]
            pages.append(beside["load.query_us.p50"])
            ratios.append(beside["load.answer_us.p99"] / alone["load.answer_us.p99"])
            lags += house.lags
    ratios.sort()
    lags.sort()
    return max(codes), {
        "load.busy_beside_queries_p99": round(ratios[len(ratios) // 2], 3),
        "load.query_us.p50": sorted(pages)[len(pages) // 2],
        "load.follower_lag_us.p50": round(lags[len(lags) // 2] / 1e3, 1),
        "load.follower_lag_us.max": round(lags[-1] / 1e3, 1)}


def instructions(terminals, rate, seconds, folder):
    """Of the gateway's process, all threads, for a load at a pace that valgrind can follow."""
    out = os.path.join(folder, f"callgrind.{terminals}.{seconds}")
    # valgrind doesn't read this compiler's debug information.
    program = os.path.join(folder, "sluice")
    if not os.path.exists(program):
        shutil.copy(SLUICE, program)
        subprocess.run(["strip", "--strip-debug", program], check=True)
    with contextlib.ExitStack() as stack:
        house = House(stack, gateway_program=[
            "valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program])
        code, figures, _ = house.load(plan(terminals, rate, seconds, warmUpSeconds=1))
    with open(out, encoding="utf-8", errors="replace") as file:
        total = int(re.search(r"^summary: (\d+)", file.read(), re.M).group(1))
    return code, total, figures["load.sent"]


def instructions_per_order(seconds):
    """With one terminal, and with 200 that send as much together."""
    code, result = 0, {}
    with tempfile.TemporaryDirectory(prefix="sluice-load-") as folder:
        for terminals, rate in ((1, 200), (200, 1)):
            say(f"counting instructions with {terminals} terminals")
            runs = [instructions(terminals, rate, part * seconds, folder) for part in (1, 2)]
            code = max(code, *(run[0] for run in runs))
            result[f"load.instructions_per_order_{terminals}_terminals"] = round(
                (runs[1][1] - runs[0][1]) / (runs[1][2] - runs[0][2]), 1)
    return code, result


def measure(seconds=8, pairs=1):
    """The rows of the bench."""
    code, result = steady(200, seconds)
    alone_code, alone = steady(1, seconds)
    for key in ("load.processor_us_per_order", "load.system_calls_per_order"):
        result[key + "_alone"] = alone[key]
    idle_code, crowd = idle(pairs, seconds)
    query_code, pages = queries(pairs, seconds)
    code = max(code, alone_code, idle_code, query_code)
    if code:
        sys.exit("bench: the load found faults, told above")
    wanted = re.compile(r"load\.(latency|lateness|answer)_us\.(p50|p99)|load\.(processor|system)")
    return {**{key: value for key, value in result.items() if wanted.match(key)}, **crowd, **pages}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "what", choices=["all", "steady", "cuts", "idle", "queries", "instructions"])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--terminals", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=7)
    arguments = parser.parse_args()
    seconds, pairs = arguments.seconds, arguments.pairs
    parts = {
        "steady": lambda: steady(arguments.terminals, seconds),
        "alone": lambda: steady(1, seconds),
        "cuts": lambda: steady(arguments.terminals, seconds, cuts=20),
        "idle": lambda: idle(pairs, min(seconds, 10)),
        "queries": lambda: queries(pairs, min(seconds, 10)),
        "instructions": lambda: instructions_per_order(min(seconds, 10)),
    }
    worst = 0
    for name in parts if arguments.what == "all" else [arguments.what]:
        code, figures = parts[name]()
        worst = max(worst, code)
        print(f"{name}: exit code {code}")
        for key, value in figures.items():
            print(f"  {key:<44} {value:>14,}")
    sys.exit(worst)


if __name__ == "__main__":
    main()
