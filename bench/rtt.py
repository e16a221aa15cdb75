"""Round trips: a counter, a proxy and a gateway as processes of their own, and the bench program
that goes each way in turn. bench/README.md says under which conditions."""

import contextlib
import os
import shutil
import subprocess
import tempfile

from process import PROGRAM, ROOT, SLUICE, free_port, running, write

INSTRUMENT = "rb2701"
DAY = "20261123"
PRICE = 3100
ROUNDS = 9
TRIPS = 2_000
FAR = 10_000_000_000

# Every limit of the account is set, out of reach of what is sent.
ACCOUNT = {
    "name": "bench", "product": "bench", "password": {"generate": True},
    "positionCap": 1_000_000, "marginCap": FAR,
    "positionLimits": [
        {"scope": "SHFE.rb", "hedge": "any", "lots": 1_000_000, "margin": FAR},
        {"scope": "SHFE." + INSTRUMENT, "hedge": "speculation", "lots": 1_000_000, "margin": FAR},
    ],
    "limitBands": [{"commodity": "SHFE.rb", "ticks": 1, "bar": "all"}],
    "tradable": {"listed": "only", "scopes": ["SHFE.rb"]},
    "orderSizes": [{"commodity": "SHFE.rb", "lots": 1_000, "margin": FAR}],
    "fatFinger": {"notional": FAR, "ticks": 1_000, "percent": 50},
    "cancelLimit": {"count": 1_000_000}, "openOrders": 1_000_000,
    "orderRate": {"count": 4_096, "windowMilliseconds": 1},
    "tradedValue": 10_000_000_000_000,
    "duplicates": {"count": 1_000, "windowMilliseconds": 1},
    "opening": {"allowedLoss": FAR},
}


def fund_account(name, product):
    return {"name": name, "product": product, "counter": "north", "user": name,
            "password": {"generate": True}, "opening": {"allowedLoss": FAR},
            "tradingCodes": {"SHFE": "00000001"}}


def settings(folder, port, fund_accounts):
    """A folder of settings: the project's own but for who is there."""
    shutil.copytree(os.path.join(ROOT, "config"), folder)
    # More than an exchange would let pass in a day comes in a minute here.
    # Who else is spoken of there does not exist here.
    for name in ("budgets", "schemes", "controllers"):
        os.remove(os.path.join(folder, f"{name}.json5"))
    write(folder, "gateway.json5", {
        "terminals": {"host": "127.0.0.1", "port": 0},
        "capacities": {"orders": 1_000_000, "children": 1_000_000},
        "flow": {"messagesPerSecond": 1_000_000, "maxInFlight": 65_536},
        "platform": {"ordersPerAccountDay": 10_000_000},
        "logLevel": "warning",
    })
    write(folder, "counters.json5", {
        "counters": [{"name": "north", "host": "127.0.0.1", "port": port, "simulated": True,
                      "heartbeatSeconds": 60}]})
    write(folder, "products.json5", {"products": [{"name": "bench", "mode": "priority"}]})
    write(folder, "fund-accounts.json5", {"accounts": fund_accounts})
    write(folder, "operation-accounts.json5", {"accounts": [ACCOUNT]})
    return folder


def placed(middle):
    """On two processors or more: the client on one, counter and middle on another."""
    count = os.cpu_count() or 1
    return ["taskset", "-c", "1" if middle else "0"] if count > 1 else []


class House:
    """A counter whose market fills at once, and a gateway before it, in a folder of their own."""

    def __init__(self, stack):
        self.folder = tempfile.mkdtemp(prefix="sluice-rtt-")
        stack.callback(shutil.rmtree, self.folder)
        port = free_port()
        ours = [fund_account("bench-fund", "bench")]
        others = [fund_account(name, None) for name in ("direct", "proxied", "again")]
        gateway = settings(os.path.join(self.folder, "gateway"), port, ours)
        counter = settings(os.path.join(self.folder, "counter"), port, ours + others)
        data = os.path.join(self.folder, "data")
        self.counter_port = port
        self.log = stack.enter_context(
            open(os.path.join(self.folder, "log"), "w", encoding="utf-8"))
        stack.enter_context(running(
            placed(True) + [SLUICE, "counter", "--config", counter, "--day", DAY,
                            "--instant", "fill", "--market-seconds", "1"],
            "listens on ", self.log))
        _, self.port = stack.enter_context(running(
            placed(True) + [SLUICE, "serve", "--no-counters", "--config", gateway, "--data",
                            data, "--day", DAY],
            "listens on ", self.log))
        with open(os.path.join(data, "secrets", "bench.password"), encoding="utf-8") as file:
            self.password = file.read()


def measure(trips=TRIPS):
    subprocess.run(
        ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o",
         os.path.join(ROOT, ".build", "proxy"), os.path.join(ROOT, "bench", "peers", "proxy.c")],
        check=True)
    with contextlib.ExitStack() as stack:
        house = House(stack)
        _, proxy = stack.enter_context(running(
            placed(True) + [os.path.join(ROOT, ".build", "proxy"), "0", str(house.counter_port)],
            "ready ", house.log))
        output = subprocess.run(
            placed(False) + [PROGRAM, "rtt", str(house.counter_port), str(proxy), str(house.port),
                             INSTRUMENT, str(PRICE), str(ROUNDS), str(trips)],
            input=house.password, stdout=subprocess.PIPE, text=True, check=True).stdout
    result = {}
    for line in output.splitlines():
        key, value = line.split()
        number = float(value)
        result[key] = int(number) if number == int(number) and "us" not in key else number
    return result
