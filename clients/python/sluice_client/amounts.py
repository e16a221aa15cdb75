"""Prices and money: integers of 0.0001 on the wire, ``Decimal`` for people, never a float."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from .errors import InvalidRequest

#: What a caller may state an amount as. A float is none: 0.1 is not a tenth.
Amount = Decimal | int | str

_UNITS = 10_000
_LIMIT = 1 << 63


def to_units(amount: Amount) -> int:
    """An amount as units of 0.0001; ``InvalidRequest`` when it is not exactly some."""
    if isinstance(amount, bool) or not isinstance(amount, (Decimal, int, str)):
        raise InvalidRequest(f"an amount is a Decimal, an int or a text, not {amount!r}")
    if isinstance(amount, int) and abs(amount) >= _LIMIT:
        raise InvalidRequest("an amount is out of range")
    try:
        exact = Decimal(amount)
    except InvalidOperation as fault:
        raise InvalidRequest(f"{amount!r} is no number") from fault
    # Bounded before anything is computed: 1e999999 would fill memory with digits.
    sign, digits, exponent = exact.as_tuple()
    if not exact.is_finite() or exact.adjusted() > 18 or len(digits) > 100:
        raise InvalidRequest("an amount is out of range")
    assert isinstance(exponent, int)
    mantissa: int = int("".join(map(str, digits)))
    places = exponent + 4
    if places >= 0:
        units = mantissa * int(10**places)
    else:
        while places < 0 and mantissa % 10 == 0 and mantissa:
            mantissa, places = mantissa // 10, places + 1
        if mantissa and places < 0:
            raise InvalidRequest(f"{amount!r} has more than four decimals")
        units = mantissa
    if units >= _LIMIT:
        raise InvalidRequest("an amount is out of range")
    return -units if sign else units


def from_units(units: int) -> Decimal:
    """Units of 0.0001 as an amount without needless zeros: 31200000 is 3120."""
    whole, part = divmod(abs(units), _UNITS)
    text = f"{whole}.{part:04d}".rstrip("0").rstrip(".")
    return Decimal(f"-{text}" if units < 0 else text)
