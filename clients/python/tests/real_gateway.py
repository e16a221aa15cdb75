"""`sluice serve` for a test module: a small configuration, free ports, gone afterwards."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request
from collections.abc import Callable

from sluice_client import LogonSettings
from sluice_client._codec import order_entry as wire
from sluice_client._codec.framing import Message

from .fake_gateway import Wire
from .vanishing import vanish

ROOT = pathlib.Path(__file__).resolve().parents[3]
SLUICE = pathlib.Path(os.environ.get("SLUICE", ROOT / ".build/release/sluice"))
#: How long anything may take before a test gives up; nothing waits for it.
PATIENCE_SECONDS = 20.0
#: What tests trade.
INSTRUMENTS = (("rb2701", wire.Exchange.SHFE), ("rb2705", wire.Exchange.SHFE),
               ("m2705", wire.Exchange.DCE), ("jd2705", wire.Exchange.DCE))
#: Two of them may be on at once, but of ``lone``.
ACCOUNTS = ("desk-1", "desk-2", "desk-3", "desk-4", "watcher", "lone")

needs_gateway = unittest.skipUnless(
    SLUICE.exists(), f"no gateway at {SLUICE}: build it, or name one in SLUICE")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _port(words: str) -> int:
    """Of a line such as `gateway   listens on 127.0.0.1:7400, trading day 20261123`."""
    return int(words.partition(" listens on ")[2].split()[0].rstrip(",").rpartition(":")[2])


def _settings(
    counter_port: int, changes: dict[str, object], counter_changes: dict[str, object]
) -> dict[str, object]:
    # Two legal owners, so that two desks can trade with each other.
    products = [{"name": name, "mode": "priority"} for name in ("alpha", "beta")]
    funds = [
        {"name": f"{name}-fund", "product": name, "counter": "north", "user": f"88000{number}",
         "password": {"generate": True}, "mayHedge": True,
         "tradingCodes": {"SHFE": f"0080100{number}", "DCE": f"0080100{number}"},
         "opening": {"allowedLoss": 20_000_000}}
        for number, name in enumerate(("alpha", "beta"))
    ]
    accounts = [
        {"name": name, "product": "beta" if name == "desk-2" else "alpha",
         "password": {"generate": True}, "sessions": 1 if name == "lone" else 4,
         "positionLimits": [{"scope": "SHFE.rb", "lots": 100}],
         "opening": {"allowedLoss": 10_000_000}}
        for name in ACCOUNTS
    ]
    controllers = [
        {"name": "risk-1", "password": {"generate": True}, "sessions": 8, "allAccounts": True,
         "rights": ["watch", "liquidate", "bar", "kill", "adjust"]},
        {"name": "risk-2", "password": {"generate": True}, "sessions": 8,
         "rights": ["watch", "bar"], "accounts": ["desk-1"]},
    ]
    counter = {"name": "north", "host": "127.0.0.1", "port": counter_port, "simulated": True,
               "heartbeatSeconds": 1, **counter_changes}
    gateway = {
        "terminals": {"host": "127.0.0.1", "port": 0}, "metrics": None,
        "desk": {"host": "127.0.0.1", "port": 0},
        "passwordHash": {"memoryKibibytes": 8_192, "passes": 1},
        "flow": {"messagesPerSecond": 100_000, "maxInFlight": 256},
        "sessions": {"queueBytes": 65_536},
        "platform": {"seed": 1, "lockoutFailures": 1_000},
        "logLevel": "info",
        **changes,
    }
    return {
        "gateway": gateway, "products": {"products": products},
        "fund-accounts": {"accounts": funds}, "operation-accounts": {"accounts": accounts},
        "counters": {"counters": [counter]}, "controllers": {"controllers": controllers},
        "schemes": {},
    }


class RealGateway:
    """A gateway that runs, and beside it a simulated counter that outlives it."""

    def __init__(
        self, tls: ssl.SSLContext | None = None, counter: dict[str, object] | None = None,
        **settings: object
    ) -> None:
        """``settings`` are keys of gateway.json5, instead of those that tests have; ``counter`` are
        keys of its counter, and ``tls`` is what bare connections trust."""
        self._gateway_settings = settings
        self._counter_settings = counter or {}
        self._tls = tls
        self._folder = tempfile.TemporaryDirectory(prefix="sluice-test-")
        folder = pathlib.Path(self._folder.name)
        self._config, self._data = folder / "config", folder / "data"
        self._errors = open(folder / "stderr", "w", encoding="utf-8")
        self._counter: subprocess.Popen[str] | None = None
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        self.desk_port = 0
        self._metrics = ""
        try:
            shutil.copytree(ROOT / "config", self._config)
            # Hundreds of cancels in one instrument are what many of these tests do.
            (self._config / "budgets.json5").unlink()
            # The counter reads its accounts here, but not its port: it takes a free one.
            self._configure(counter_port=1)
            self._counter, words = self._run(
                "counter", "--name", "north", "--listen", "127.0.0.1:0")
            self._configure(_port(words))
            self._serve()
            self._wait_for_a_market()
        except BaseException:
            self.close()
            raise

    def _configure(self, counter_port: int) -> None:
        for name, content in _settings(
                counter_port, self._gateway_settings, self._counter_settings).items():
            (self._config / f"{name}.json5").write_text(json.dumps(content), encoding="utf-8")

    def _run(self, *words: str | pathlib.Path) -> tuple[subprocess.Popen[str], str]:
        """Starts a program; it, and the line in which it says where it listens."""
        process = subprocess.Popen(
            [SLUICE, *words, "--config", self._config], stdout=subprocess.PIPE,
            stderr=self._errors, text=True)
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("desk ") and " listens on " in line:
                self.desk_port = _port(line)
            elif " listens on " in line:
                return process, line
            if line.startswith("metrics "):
                self._metrics = line.split()[1]
        self._end(process)
        raise RuntimeError(f"{words[0]} does not start: "
                           f"{pathlib.Path(self._errors.name).read_text(encoding='utf-8')}")

    def _serve(self) -> None:
        self._process, words = self._run(
            "serve", "--no-counters", "--data", self._data,
            "--listen", f"127.0.0.1:{self.port}")
        self.port = _port(words)

    def _wait_for_a_market(self) -> None:
        """Before its first tick an instrument has no price limits, and nobody to trade with."""
        missing = {code for code, _ in INSTRUMENTS}
        with self.raw() as terminal:
            terminal.log_on(self.logon("watcher"))
            terminal.send(wire.SubscribeTicks([
                wire.SubscribeTicksInstrumentsEntry(code, exchange)
                for code, exchange in INSTRUMENTS]))
            while missing:
                message = terminal.next()
                assert message is not None
                if isinstance(message, wire.Tick) and message.ask is not None:
                    missing.discard(message.instrument)

    def start_another(
        self, port: int, data: pathlib.Path
    ) -> subprocess.CompletedProcess[str]:
        """A second gateway of the same configuration that is not expected to start."""
        return subprocess.run(
            [SLUICE, "serve", "--no-counters", "--config", self._config, "--data", data,
             "--listen", f"127.0.0.1:{port}"],
            capture_output=True, text=True, timeout=PATIENCE_SECONDS)

    @property
    def data(self) -> pathlib.Path:
        """Its data folder."""
        return self._data

    @property
    def folder(self) -> pathlib.Path:
        """Everything of this test; gone with it."""
        return pathlib.Path(self._folder.name)

    @property
    def log(self) -> str:
        """All that it and its counter have logged."""
        return pathlib.Path(self._errors.name).read_text(encoding="utf-8")

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def metric(self, name: str) -> int:
        """A number of its page of metrics, which is there when ``metrics`` was set."""
        with urllib.request.urlopen(self._metrics, timeout=PATIENCE_SECONDS) as page:
            for line in page.read().decode().splitlines():
                if line.startswith(f"{name} "):
                    return int(line.split()[1])
        raise KeyError(name)

    @property
    def metrics_port(self) -> int:
        """Where its metrics are, when ``metrics`` was set."""
        return int(self._metrics.rpartition(":")[2].partition("/")[0])

    @property
    def is_running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """Ends the gateway's process in the middle of whatever it does."""
        assert self._process is not None
        self._process.kill()
        self._end(self._process)

    def start_again(self, keeps_journal: bool = True) -> None:
        """Starts it at the same port, with the same passwords."""
        if not keeps_journal:
            shutil.rmtree(self._data / "journal")
        self._serve()

    def close(self) -> None:
        """Stops it, and leaves nothing behind."""
        for process in (self._process, self._counter):
            if process is not None:
                process.terminate()
                self._end(process)
        self._process = self._counter = None
        self._errors.close()
        self._folder.cleanup()

    def _end(self, process: subprocess.Popen[str]) -> None:
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()

    @property
    def secrets(self) -> pathlib.Path:
        """Where the passwords are that were drawn."""
        return self._data / "secrets"

    def password(self, account: str) -> str:
        """What was drawn for an account."""
        return (self.secrets / f"{account}.password").read_text().splitlines()[0]

    def desk_password(self, controller: str) -> str:
        """What was drawn for a risk controller."""
        return self.password(f"controller-{controller}")

    def desk_lines(
        self, controller: str, typed: list[str], until: Callable[[dict[str, object]], bool]
    ) -> list[dict[str, object]]:
        """What `sluice desk` prints as JSON for lines that are typed, up to one; then it is ended.
        """
        process = subprocess.Popen(
            [SLUICE, "desk", "--connect", f"127.0.0.1:{self.desk_port}", "--controller",
             controller, "--json", "--follow"],
            env={**os.environ, "SLUICE_PASSWORD": self.desk_password(controller)}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors)
        assert process.stdin is not None and process.stdout is not None
        timer = threading.Timer(PATIENCE_SECONDS, process.kill)
        timer.start()
        lines: list[dict[str, object]] = []
        try:
            for line in typed:
                process.stdin.write(line + "\n")
            process.stdin.flush()
            for printed in process.stdout:
                lines.append(json.loads(printed))
                if until(lines[-1]):
                    return lines
            raise AssertionError(f"it ended without it: {lines}")
        finally:
            timer.cancel()
            process.stdin.close()
            process.terminate()
            process.wait(PATIENCE_SECONDS)
            process.stdout.close()

    def log_lines(self, words: str) -> list[str]:
        """What it, or its counter, has logged with these words."""
        return [line for line in self.log.splitlines() if words in line]

    def logon(self, account: str) -> LogonSettings:
        """Settings to log on with."""
        return LogonSettings(account, self.password(account))

    def raw(self, receive_bytes: int = 0) -> RawTerminal:
        """A bare connection; with so small a buffer of its own, 0 = the system's."""
        return RawTerminal(self.port, receive_bytes, self._tls)


class RawTerminal:
    """A connection without manners: sends any bytes, reads messages."""

    def __init__(
        self, port: int, receive_bytes: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self._socket = socket.socket()
        self._socket.settimeout(PATIENCE_SECONDS)
        if receive_bytes:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self._socket.connect(("127.0.0.1", port))
        if tls is not None:
            self._socket = tls.wrap_socket(self._socket, server_hostname="127.0.0.1")
        self._wire = Wire()
        self._messages: list[Message] = []

    def __enter__(self) -> RawTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def vanish(self) -> None:
        """From now on neither end hears of the other, and nobody has closed anything."""
        vanish(self._socket)

    def send(self, *parts: Message | bytes) -> bool:
        """Sends; False when the gateway has hung up already, which is no fault of a test."""
        data = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def log_on(
        self, settings: LogonSettings, heartbeat_seconds: int = 30, **fields: object
    ) -> wire.LogonAccepted:
        """Logs on, up to the end of the resume; what it was told."""
        self.send(wire.Logon(
            account=settings.account, password=settings.secret().reveal(), schema_version=1,
            heartbeat_interval_seconds=heartbeat_seconds, terminal_name="raw",
            **fields))  # type: ignore
        accepted = self.next()
        assert isinstance(accepted, wire.LogonAccepted), accepted
        while not isinstance(self.next(), (wire.ResumeComplete, wire.ResumeTruncated)):
            pass
        return accepted

    def next(self) -> Message | None:
        """The next message; None when the gateway has closed."""
        while not self._messages:
            try:
                data = self._socket.recv(65_536)
            except ConnectionResetError:
                return None
            if not data:
                return None
            self._messages = self._wire.received(data)
        return self._messages.pop(0)

    def last_word(self) -> wire.Logout:
        """What the gateway says before it closes."""
        last: Message | None = None
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (message := self.next()) is not None and time.monotonic() < deadline:
            last = message
        assert isinstance(last, wire.Logout), last
        return last
