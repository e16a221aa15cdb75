"""`sluice load` against a gateway that runs: what is right passes, and what is not is told."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from .real_gateway import SLUICE, RealGateway, needs_gateway

PLAN = {
    "groups": [
        {"name": "busy", "account": "desk-", "count": 4, "ordersPerSecond": 50},
        {"name": "silent", "account": "watcher", "terminalsPerAccount": 2},
    ],
    "instruments": ["rb2701", "rb2705", "m2705"], "seconds": 2, "warmUpSeconds": 0,
    "restMilliseconds": 100, "cutsPerSecond": 2, "answerSeconds": 20,
}


@needs_gateway
class LoadTest(unittest.TestCase):
    gateway: RealGateway

    @classmethod
    def setUpClass(cls) -> None:
        cls.gateway = RealGateway()
        cls.addClassCleanup(cls.gateway.close)

    def load(self, plan: dict[str, object]) -> tuple[int, dict[str, float], str]:
        with tempfile.TemporaryDirectory(prefix="sluice-test-") as folder:
            path = pathlib.Path(folder) / "plan.json5"
            path.write_text(json.dumps(plan), encoding="utf-8")
            done = subprocess.run(
                [SLUICE, "load", "--plan", path, "--connect", f"127.0.0.1:{self.gateway.port}",
                 "--secrets", self.gateway.secrets], capture_output=True, text=True, timeout=120)
        figures = {}
        for line in done.stdout.splitlines():
            key, value = line.split()
            figures[key] = float(value)
        return done.returncode, figures, done.stderr

    def test_every_order_is_answered_and_audited(self) -> None:
        code, figures, errors = self.load(PLAN)
        self.assertEqual(code, 0, errors)
        self.assertEqual(figures["load.sent"] + figures["load.skipped"], 4 * 50 * 2)
        self.assertEqual(figures["load.faults"], 0)
        self.assertEqual(figures["load.unanswered"], 0)
        self.assertEqual(figures["load.terminals_audited"], 4)
        self.assertGreater(figures["load.fills"], 0)
        self.assertGreater(figures["load.refused.badPriceTick"], 0)
        self.assertEqual(
            figures["load.accepted"] + figures["load.refused"], figures["load.sent"])

    def test_a_plan_with_faults_sends_nothing(self) -> None:
        code, figures, errors = self.load({**PLAN, "instruments": [], "mix": {"rests": 1}})
        self.assertEqual(code, 1)
        self.assertEqual(figures, {})
        self.assertIn("mix.rests: no such key; did you mean 'rest'?", errors)
        self.assertIn("instruments", errors)

    def test_an_account_without_a_password_is_told(self) -> None:
        plan = {**PLAN, "groups": [{"name": "x", "account": "nobody"}]}
        code, _, errors = self.load(plan)
        self.assertEqual(code, 1)
        self.assertIn("nobody.password", errors)


if __name__ == "__main__":
    unittest.main()
