"""Why something was refused, in figures and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from ._codec.order_entry import RefusalFigures, ScopeKind, Unit
from .amounts import from_units
from .rules import rule_name

_NOUNS = {Unit.LOTS: " lots", Unit.MONEY: " yuan", Unit.PERCENT: "%", Unit.MILLISECONDS: " ms",
          Unit.TICKS: " ticks"}
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rule that refused, what it saw, and what it allows. ``str()`` says it in a sentence."""

    #: The rule's code; never 0.
    code: int
    #: The rule's name, such as ``position-limit``.
    rule: str
    #: Of the three figures; ``UNKNOWN`` when they say nothing.
    unit: Unit
    #: What the rule saw before this order, in the unit; None = not said.
    observed: int | None
    #: The limit it is held against.
    limit: int | None
    #: What was asked for on top.
    asked: int | None
    #: What the figures were summed over.
    scope_kind: ScopeKind
    #: Name of the account, instrument, commodity ... of the scope; may be empty.
    scope_name: str
    #: The gateway's own words; mostly empty.
    text: str = ""

    @classmethod
    def of(cls, figures: RefusalFigures, text: str = "") -> Refusal | None:
        """The refusal in a message; None when nothing was refused."""
        if figures.rule == 0:
            return None
        return cls(
            code=figures.rule,
            rule=rule_name(figures.rule),
            unit=figures.unit,
            observed=figures.observed,
            limit=figures.limit,
            asked=figures.asked,
            scope_kind=figures.scope_kind,
            scope_name=figures.scope_name,
            text=text,
        )

    @property
    def scope(self) -> str:
        """Whose figures they are: ``commodity rb``; empty when not said."""
        if self.scope_kind is ScopeKind.UNKNOWN:
            return ""
        kind = self.scope_kind.name.lower().replace("_", " ")
        return f"{kind} {self.scope_name}" if self.scope_name else kind

    def figure(self, value: int) -> str:
        """A figure with its unit: ``98 lots``, ``3120.5``, ``4.2%``."""
        match self.unit:
            case Unit.MONEY | Unit.PRICE | Unit.PERCENT:
                return f"{from_units(value)}{_NOUNS.get(self.unit, '')}"
            case Unit.TIMESTAMP:
                return _moment(value)
            case _:
                return f"{value}{_NOUNS.get(self.unit, '')}"

    def __str__(self) -> str:
        figures = [
            f"{name} {self.figure(value)}"
            for name, value in (
                ("observed", self.observed), ("limit", self.limit), ("asked", self.asked),
            )
            if value is not None and self.unit is not Unit.UNKNOWN
        ]
        words = f"{self.rule} ({self.code})"
        if self.scope:
            words += f", {self.scope}"
        if figures:
            words += f": {', '.join(figures)}"
        return f"{words} [{self.text}]" if self.text else words


def _moment(nanoseconds: int) -> str:
    try:
        moment = _EPOCH + timedelta(microseconds=nanoseconds // 1_000)
    except OverflowError:
        return str(nanoseconds)
    return moment.isoformat().replace("+00:00", "Z")
