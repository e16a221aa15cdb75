"""Processes of a measurement: settings in a folder of their own, free ports, gone afterwards."""

import contextlib
import json
import os
import socket
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SLUICE = os.environ.get("SLUICE", os.path.join(ROOT, ".build", "release", "sluice"))
PROGRAM = os.path.join(ROOT, ".build", "release", "SluiceBench")


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def write(folder, name, value):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(value, file)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(arguments, ready, log):
    """A process that has printed its ready line, and the port at that line's end."""
    process = subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        for line in process.stdout:
            if ready in line:
                number = line.split(ready, 1)[1].replace(",", " ").split()[0]
                yield process, int(number.rsplit(":", 1)[-1])
                break
        else:
            log.flush()
            with open(log.name, encoding="utf-8") as words:
                sys.exit(f"bench: {' '.join(arguments[:2])} did not start: {words.read()}")
    finally:
        process.terminate()
        process.wait()
        process.stdin.close()
        process.stdout.close()
