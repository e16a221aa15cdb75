"""More connections than a gateway has room for, and such that are slow, silent or half there: a
session that was there before trades on, memory and processor time stay bounded, and there is room
again when they are gone."""

from __future__ import annotations

import os
import pathlib
import resource
import socket
import threading
import time
import unittest

from sluice_client import LogoutReason, TickReceived
from sluice_client._codec import order_entry as wire

from .crowd import Crowd, most_at_once
from .real_gateway import PATIENCE_SECONDS, needs_gateway
from .witness import WitnessCase

#: Connections of terminals that the gateway has room for; a quarter of them without a logon.
ROOM, WAITING_ROOM = 64, 16
LOGON_SECONDS = 2
#: What a process may grow by that holds 10 000 connections off.
GROWTH_KIBIBYTES = 16_384


class OverloadCase(WitnessCase):
    settings = {
        "capacities": {"sessions": ROOM}, "metrics": {"host": "127.0.0.1", "port": 0},
        "sessions": {"queueBytes": 65_536, "logonSeconds": LOGON_SECONDS},
    }

    def only_the_witness_is_there(self) -> None:
        """Waits until every other connection is gone."""
        self.until(lambda: self.gateway.metric("sluice_terminals") == 1, "connections are left")

    def somebody_logs_on(self, account: str = "desk-1") -> None:
        """A session from its logon to its goodbye."""
        with self.gateway.raw() as terminal:
            terminal.log_on(self.gateway.logon(account))
            terminal.send(wire.Logout(LogoutReason.REQUESTED))
            self.assertEqual(terminal.last_word().reason, LogoutReason.REQUESTED)

    def kibibytes(self) -> int:
        """The memory that the gateway has asked the system for."""
        for line in self.of_the_system("status").splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1])
        raise KeyError("VmData")

    def of_the_system(self, name: str) -> str:
        return pathlib.Path(f"/proc/{self.gateway.pid}/{name}").read_text(encoding="utf-8")

    def descriptors(self) -> int:
        """How many the gateway has open."""
        return len(os.listdir(f"/proc/{self.gateway.pid}/fd"))

    def sockets(self) -> list[str]:
        """Those that the gateway has open. Files come and go with its other threads: the journal's
        next segment, one that the follower reads."""
        folder = pathlib.Path(f"/proc/{self.gateway.pid}/fd")
        links = []
        for path in folder.iterdir():
            try:
                links.append(os.readlink(path))
            except FileNotFoundError:
                continue
        return sorted(link for link in links if link.startswith("socket:"))

    def processor_seconds(self) -> float:
        """What the gateway has used of them."""
        fields = self.of_the_system("stat").rpartition(")")[2].split()
        ticks: int = os.sysconf("SC_CLK_TCK")
        return (int(fields[11]) + int(fields[12])) / ticks

    def assert_it_sleeps(self) -> None:
        """For a second of ticks the gateway uses less than half of a processor."""
        # What the follower does when it starts is over when it has answered.
        self.witness.query_funds()
        self.witness.subscribe_ticks("SHFE.rb2701")
        events = self.witness.events(PATIENCE_SECONDS)
        began, used = time.monotonic(), self.processor_seconds()
        while (elapsed := time.monotonic() - began) < 1:
            self.assertIsInstance(next(events), TickReceived)
        self.assertLess(self.processor_seconds() - used, elapsed / 2)
        self.witness.unsubscribe_ticks()


@needs_gateway
class CrowdTest(OverloadCase):
    def test_ten_thousand_connections_that_never_log_on(self) -> None:
        left, most = 10_000, most_at_once()
        timed_out = 0
        # An answer of the follower says that it has all its memory.
        self.witness.query_funds()
        before = self.kibibytes()
        with self.trading():
            while left:
                count = min(left, most)
                with Crowd(self.gateway.port, count) as crowd:
                    left -= count
                    # Each has an end: told that it took too long, or turned away at once.
                    crowd.listen_until(left=0)
                    timed_out += len(crowd.last_words)
                    self.assertEqual({word.reason for word in crowd.last_words},
                                     {LogoutReason.LOGON_TIMEOUT})
        self.assertGreaterEqual(timed_out, WAITING_ROOM)
        self.assertLess(self.kibibytes() - before, GROWTH_KIBIBYTES)
        self.somebody_logs_on()
        self.only_the_witness_is_there()

    def test_a_crowd_that_hangs_up_leaves_room_at_once(self) -> None:
        with self.trading(), Crowd(self.gateway.port, 1_000) as crowd:
            crowd.listen_until(left=WAITING_ROOM)
        self.only_the_witness_is_there()
        self.somebody_logs_on()

    def test_who_is_turned_away_is_counted_and_not_logged_one_by_one(self) -> None:
        name = "sluice_terminals_refused_total"
        before, lines = self.gateway.metric(name), len(self.gateway.log_lines("terminalRefused"))
        with Crowd(self.gateway.port, 2_000) as crowd:
            crowd.listen_until(left=WAITING_ROOM)
            turned_away = crowd.turned_away
        self.until(lambda: self.gateway.metric(name) - before >= turned_away,
                   f"of {turned_away} not all are counted")
        self.assertEqual(self.gateway.metric(name) - before, turned_away)
        self.until(lambda: len(self.gateway.log_lines("terminalRefused")) > lines, "no line")
        # So many a second, however many come.
        self.assertLess(len(self.gateway.log_lines("terminalRefused")) - lines, turned_away / 10)
        self.only_the_witness_is_there()


@needs_gateway
class SlowTest(OverloadCase):
    def test_logons_of_single_bytes_are_over_when_the_time_is(self) -> None:
        frame = wire.Logon(account="desk-1", password="not the password",
                           heartbeat_interval_seconds=1, schema_version=1).encode()
        with self.trading(), Crowd(self.gateway.port, WAITING_ROOM) as crowd:
            began, sent = time.monotonic(), 0
            while len(crowd) and sent < len(frame):
                crowd.say(frame[sent : sent + 1])
                sent += 1
                pace = began + sent * 5 * LOGON_SECONDS / len(frame)
                while len(crowd) and (rest := pace - time.monotonic()) > 0:
                    crowd.listen(rest)
            self.assertLess(sent, len(frame), "it takes as many bytes as come")
            self.assertGreaterEqual(time.monotonic() - began, LOGON_SECONDS)
            self.assertEqual([word.reason for word in crowd.last_words],
                             [LogoutReason.LOGON_TIMEOUT] * WAITING_ROOM)
        self.assertEqual(self.gateway.log_lines("logonRefused"), [])
        self.only_the_witness_is_there()

    def test_who_vanishes_is_given_up_and_not_counted_any_more(self) -> None:
        with self.trading(), self.gateway.raw() as gone, self.gateway.raw() as never_there:
            never_there.vanish()
            gone.log_on(self.gateway.logon("lone"), heartbeat_seconds=1)
            gone.vanish()
            self.until(lambda: bool(self.gateway.log_lines("terminalEnded account=lone")),
                       "a session without another end goes on")
            (line,) = self.gateway.log_lines("terminalEnded account=lone")
            self.assertIn("nothing was heard for too long", line)
            # It may have one session, and nobody has closed the old one.
            self.somebody_logs_on("lone")
            self.only_the_witness_is_there()


class DescriptorCase(OverloadCase):
    """A gateway that may open some eight files more than it has open, for as long as a test."""

    def setUp(self) -> None:
        super().setUp()
        self.least = len(self.sockets())
        self.most = self.descriptors() + 8
        limits = resource.prlimit(self.gateway.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.gateway.pid, resource.RLIMIT_NOFILE, (self.most, limits[1]))
        self.addCleanup(resource.prlimit, self.gateway.pid, resource.RLIMIT_NOFILE, limits)

    def until_the_table_is_full(self) -> None:
        self.until(lambda: self.descriptors() == self.most,
                   f"{self.descriptors()} of {self.most} descriptors are used")

    def until_there_is_room(self) -> None:
        self.until(lambda: len(self.sockets()) <= self.least,
                   f"{len(self.sockets())} sockets are open, before it were {self.least}")


@needs_gateway
class DescriptorTest(DescriptorCase):
    settings = {"capacities": {"sessions": ROOM}, "metrics": None}

    def test_without_a_descriptor_nobody_comes_in_and_those_who_are_in_trade(self) -> None:
        for _ in range(2):
            with Crowd(self.gateway.port, 40):
                self.until_the_table_is_full()
                with Crowd(self.gateway.port, 1) as late:
                    with self.trading():
                        pass
                    # It waits at the door, as the others do for whom there is no descriptor.
                    late.listen(0)
                    self.assertEqual(len(late), 1)
                    self.assertEqual(late.turned_away, 0)
                self.assert_it_sleeps()
                # Also once some have taken too long to log on: others come in for them.
                self.until_the_table_is_full()
            self.until_there_is_room()
            self.somebody_logs_on()


@needs_gateway
class TwoDoorsTest(DescriptorCase):
    settings = {"capacities": {"sessions": ROOM}, "metrics": {"host": "127.0.0.1", "port": 0}}

    def test_two_doors_that_take_each_others_descriptors_stay_doors(self) -> None:
        """Terminals and metrics are let in by two threads: one takes what the other has just let
        go of to turn somebody away."""
        with Crowd(self.gateway.port, 40):
            self.until_the_table_is_full()
            ports = (self.gateway.port, self.gateway.metrics_port)
            knocking = [threading.Thread(target=knock, args=(port,)) for port in 2 * ports]
            for thread in knocking:
                thread.start()
            for thread in knocking:
                thread.join()
            self.assert_it_sleeps()
        self.until_there_is_room()
        self.somebody_logs_on()
        self.only_the_witness_is_there()


def knock(port: int) -> None:
    """Comes and goes for two seconds, at a door that answers."""
    end = time.monotonic() + 2
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionError:
            continue
        except TimeoutError:
            return


@needs_gateway
class PortInUseTest(OverloadCase):
    def test_a_gateway_without_a_port_says_so_and_leaves_the_next_start_free(self) -> None:
        data = self.gateway.folder / "second"
        with self.trading():
            second = self.gateway.start_another(self.gateway.port, data)
        self.assertEqual(second.returncode, 1)
        self.assertEqual(
            second.stderr, f"terminals at 127.0.0.1:{self.gateway.port}: the address is in use: "
            "is another one running? choose another port\n")
        # A journal holds what the files said when it was begun: one of a gateway that never was
        # would go before whatever is corrected in them now.
        self.assertEqual(list(data.glob("journal/**/*.journal")), [])

    def test_a_second_gateway_on_the_same_data_does_not_start(self) -> None:
        # Those that are made ready for later come by themselves.
        first = "journal/*.journal/00000001.sluicejournal"
        journals = sorted(self.gateway.data.glob(first))
        self.assertEqual(len(journals), 1)
        with self.trading():
            second = self.gateway.start_another(0, self.gateway.data)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another gateway runs in this data folder", second.stderr)
        self.assertEqual(sorted(self.gateway.data.glob(first)), journals)
        self.somebody_logs_on()


if __name__ == "__main__":
    unittest.main()
