"""docs/HOSTILE.md says which tests hold what it promises: they exist."""

import pathlib
import re
import unittest

from .real_gateway import ROOT

DOCUMENT = ROOT / "docs" / "HOSTILE.md"
#: What is between backquotes and names a file.
NAMED = re.compile(r"`([\w/.+-]+\.(?:swift|py)): (\w+)`")


def rows() -> list[list[str]]:
    """The cells of every row but the headings'."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in lines if line.startswith("| ")]
    return [row for row in cells if row[0] != "what comes" and not row[0].startswith("---")]


def is_there(path: str, name: str) -> bool:
    """Whether a file has a test of that name."""
    is_swift = path.endswith(".swift")
    file: pathlib.Path = ROOT / ("Tests" if is_swift else "clients/python/tests") / path
    keyword = "func" if is_swift else "def"
    return file.is_file() and re.search(
        rf"\b{keyword} {name}\(", file.read_text(encoding="utf-8")) is not None


class HostileDocumentTest(unittest.TestCase):
    def test_every_test_that_is_named_exists(self) -> None:
        named = NAMED.findall(DOCUMENT.read_text(encoding="utf-8"))
        self.assertGreater(len(named), 60)
        self.assertEqual([one for one in named if not is_there(*one)], [])

    def test_every_row_names_its_tests_and_nothing_else(self) -> None:
        self.assertGreater(len(rows()), 35)
        for what, _, tests in rows():
            with self.subTest(what):
                self.assertTrue(NAMED.search(tests))
                self.assertEqual(NAMED.sub("", tests).strip(", "), "")

    def test_what_is_not_there_is_noticed(self) -> None:
        self.assertFalse(is_there("WireTests/FrameTests.swift", "nobodyWroteThis"))
        self.assertFalse(is_there("WireTests/NoTests.swift", "theLimitItselfPassesAndOneMore"))
        self.assertFalse(is_there("WireTests/FrameTests.swift", "theLimitItselfPasses"))


if __name__ == "__main__":
    unittest.main()
