"""Passwords and tokens, kept out of every text that a person or a log may see."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """A text that is shown to nobody: not by ``repr``, ``str``, ``format`` or pickling."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")
