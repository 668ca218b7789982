"""The allowed number nearest to a wanted one: bounds, bounds that are themselves not allowed, steps, whole numbers."""

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from app.core.endpoint import Field

_FINEST: Final = 0.01
"""How far from a bound that is not allowed itself a number is put, where the range is not smaller still."""


def nearest(field: Field, value: int | float) -> int | float | None:
    """The number that ``field`` allows and that is nearest to ``value``; None when it allows none.

    Steps are counted from zero or from the minimum, as the check of values does. The arithmetic is exact.
    """
    wanted = _exact(value)
    found = list(_candidates(field, wanted))
    if not found:
        return None
    best = min(found, key=lambda number: (abs(number - wanted), number))
    whole = field.kind == "integer" or (isinstance(value, int) and best.denominator == 1)
    return int(best) if whole else _as_float(best)


def _candidates(field: Field, wanted: Fraction) -> Iterator[Fraction]:
    """The nearest on each grid that counts, or the one within the bounds where there is no grid."""
    if not field.step and field.kind != "integer":
        inside = _within(field, wanted)
        if inside is not None:
            yield inside
        return
    step = _exact(field.step) if field.step else Fraction(1)
    for start in {Fraction(0), _exact(0 if field.anchored else field.minimum or 0)}:
        if field.kind != "integer":
            yield from _on_grid(field, wanted, start, step)
        elif start.denominator == 1:
            # Of the multiples of p/q only those of p are whole.
            yield from _on_grid(field, wanted, start, Fraction(step.numerator))


def _on_grid(field: Field, wanted: Fraction, start: Fraction, step: Fraction) -> Iterator[Fraction]:
    place = round((wanted - start) / step)
    if field.minimum is not None:
        place = max(place, math.ceil((_exact(field.minimum) - start) / step))
    if field.exclusive_minimum is not None:
        place = max(place, math.floor((_exact(field.exclusive_minimum) - start) / step) + 1)
    if field.maximum is not None:
        place = min(place, math.floor((_exact(field.maximum) - start) / step))
    if field.exclusive_maximum is not None:
        place = min(place, math.ceil((_exact(field.exclusive_maximum) - start) / step) - 1)
    number = start + place * step
    if _allowed(field, number):
        yield number


def _within(field: Field, wanted: Fraction) -> Fraction | None:
    nudge = _nudge(field)
    low = _highest(field.minimum, field.exclusive_minimum)
    high = _lowest(field.maximum, field.exclusive_maximum)
    number = wanted
    if low is not None and not _above(field, number):
        number = low if _above(field, low) else low + nudge
    if high is not None and not _below(field, number):
        number = high if _below(field, high) else high - nudge
    return number if _allowed(field, number) else None


def _nudge(field: Field) -> Fraction:
    """A hundredth of the range, as a power of ten, 0.01 at most."""
    low = _highest(field.minimum, field.exclusive_minimum)
    high = _lowest(field.maximum, field.exclusive_maximum)
    span = float(high - low) if low is not None and high is not None and high > low else 1.0
    return _exact(min(10.0 ** (math.floor(math.log10(span)) - 2), _FINEST)) if span > 1e-300 else Fraction(0)


def _allowed(field: Field, number: Fraction) -> bool:
    return _above(field, number) and _below(field, number)


def _above(field: Field, number: Fraction) -> bool:
    reached = field.minimum is None or number >= _exact(field.minimum)
    return reached and (field.exclusive_minimum is None or number > _exact(field.exclusive_minimum))


def _below(field: Field, number: Fraction) -> bool:
    reached = field.maximum is None or number <= _exact(field.maximum)
    return reached and (field.exclusive_maximum is None or number < _exact(field.exclusive_maximum))


def _highest(*bounds: float | None) -> Fraction | None:
    return max((_exact(bound) for bound in bounds if bound is not None), default=None)


def _lowest(*bounds: float | None) -> Fraction | None:
    return min((_exact(bound) for bound in bounds if bound is not None), default=None)


def _exact(number: int | float) -> Fraction:
    """The number as people write it: 0.001 is a thousandth, though no float is."""
    return Fraction(number) if isinstance(number, int) else Fraction(repr(float(number)))


def _as_float(number: Fraction) -> float | int:
    try:
        return float(number)
    except OverflowError:
        return int(number)
