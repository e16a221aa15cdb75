"""The examples, run as a reader would: the C terminal built by a compiler, the Python scripts."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from .real_gateway import ROOT, RealGateway, needs_gateway

COMPILER = shutil.which(os.environ.get("CC", "cc"))
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]


@needs_gateway
class ExamplesTest(unittest.TestCase):
    gateway: RealGateway

    @classmethod
    def setUpClass(cls) -> None:
        cls.gateway = RealGateway()
        cls.addClassCleanup(cls.gateway.close)

    def run_program(self, *words: str | pathlib.Path, password: str = "") -> tuple[int, str]:
        """Its exit code, and what it printed."""
        environment = {**os.environ, "SLUICE_PASSWORD": password or self.gateway.password("desk-1"),
                       "PYTHONPATH": str(ROOT / "clients/python")}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertNotIn("runtime error", done.stderr)
        return done.returncode, done.stdout + done.stderr

    @unittest.skipUnless(COMPILER, "no C compiler is installed")
    def test_the_terminal_in_c_places_an_order_and_prints_its_reports(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / "first_order"
            assert COMPILER is not None
            code, words = self.run_program(
                COMPILER, "-std=c11", "-O1", *WARNINGS, "-o", program,
                ROOT / "clients/examples/first_order.c")
            self.assertEqual((code, words), (0, ""))
            call: list[str | pathlib.Path] = [
                program, "127.0.0.1", str(self.gateway.port), "desk-1", "rb2701"]
            code, words = self.run_program(*call, "3250")
            self.assertEqual(code, 0, words)
            self.assertIn("logged on, trading day ", words)
            self.assertIn(": new, 0 filled, 1 left\n", words)
            self.assertIn(": trade, 1 filled, 0 left, at ", words)
            self.assertIn("logged out, reason 1, rule 0\n", words)
            code, words = self.run_program(*call, "3250.5")
            self.assertIn(": rejected, 0 filled, 0 left, rule 206: ", words)
            code, words = self.run_program(*call, "3250", password="wrong")
            self.assertEqual((code, words), (1, "logged out, reason 2, rule 101\n"))

    def test_the_scripts_in_python_run(self) -> None:
        folder = ROOT / "clients/python/examples"
        address = ["127.0.0.1", str(self.gateway.port), "desk-1"]
        code, words = self.run_program(
            sys.executable, folder / "place_order.py", *address, "SHFE.rb2701", "3250")
        self.assertEqual(code, 0, words)
        self.assertIn("FILLED: 1 of 1 at ", words)
        code, words = self.run_program(
            sys.executable, folder / "place_order.py", *address, "SHFE.rb2701", "3250.5")
        self.assertEqual(code, 1, words)
        self.assertIn("bad-price-tick (206)", words)
        code, words = self.run_program(
            sys.executable, folder / "watch_ticks.py", *address, "3", "SHFE.rb2701")
        self.assertEqual((code, words.count("rb2701")), (0, 3), words)


if __name__ == "__main__":
    unittest.main()
