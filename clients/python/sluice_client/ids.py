"""Client order ids that do not repeat."""

from __future__ import annotations

import secrets

from .errors import InvalidRequest

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Digits of each of the two parts, in base 36.
_PLACES = 8


class ClOrdIDSource:
    """A prefix, eight digits of a seed, eight that count.

    Two sources differ when their seeds do. A terminal takes a new seed at each start, so that ids
    of an earlier run of the same day do not come again.
    """

    #: What 20 bytes leave beside 16 digits.
    PREFIX_MAXIMUM = 4
    #: Seeds are taken modulo this.
    SEEDS = 1 << 41

    def __init__(self, prefix: str = "", seed: int | None = None) -> None:
        """``prefix`` is up to 4 printable ASCII characters; ``seed`` is drawn unless given."""
        printable = prefix.isascii() and all("!" <= character <= "~" for character in prefix)
        if len(prefix) > self.PREFIX_MAXIMUM or not printable:
            raise InvalidRequest(f"a prefix is up to 4 printable ASCII characters, not {prefix!r}")
        if seed is None:
            seed = secrets.randbelow(self.SEEDS)
        self._start = prefix + _digits(seed % self.SEEDS)
        self._count = 0

    def next(self) -> str:
        """An id that this source has not made before."""
        self._count += 1
        return self._start + _digits(self._count)


def _digits(number: int) -> str:
    digits = []
    for _ in range(_PLACES):
        number, digit = divmod(number, 36)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
