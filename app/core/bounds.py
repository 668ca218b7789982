"""What bounds a value: a schema node's limits in every spelling met, those of JSON Schema first."""

import re
from collections.abc import Mapping
from typing import Any, Final

from app.core.keywords import is_number
from app.core.oddities import Oddities

Json = Any

LONGEST_PATTERN: Final = 1000
SMALLEST_STEP: Final = 1e-12
"""A smaller one is below what numbers can tell apart."""
_LARGEST_COUNT: Final = 2**31
_PAIRS: Final = (
    ("minimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minContains", "maxContains"),
)
_ENDS: Final = re.compile(r"_(\w)")


def limits(path: str, node: Mapping[str, Json], oddities: Oddities) -> dict[str, Any]:
    """The bounds of ``node`` by ``Field``'s names: numbers, lengths and counts, None where there is none."""
    limits: dict[str, Any] = {
        "minimum": _number(oddities, path, node, "minimum", "ge", "min"),
        "maximum": _number(oddities, path, node, "maximum", "le", "max"),
        "exclusive_minimum": _number(oddities, path, node, "exclusiveMinimum", "gt"),
        "exclusive_maximum": _number(oddities, path, node, "exclusiveMaximum", "lt"),
        "step": _number(oddities, path, node, "multipleOf", "step"),
    }
    for ours, theirs in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if node.get(theirs) is True:
            limits[f"exclusive_{ours}"], limits[ours] = limits[ours], None
    if limits["step"] is not None and limits["step"] < SMALLEST_STEP:
        oddities.note(f"{path}: its step is none that values can be counted in and was left out.")
        limits["step"] = None
    names = {"min_length": "minLength", "max_length": "maxLength", "min_items": "minItems", "max_items": "maxItems"}
    for ours, theirs in names.items():
        number = _number(oddities, path, node, theirs)
        limits[ours] = None if number is None or not 0 <= number < _LARGEST_COUNT else int(number)
    return _possible(path, limits, oddities)


def impossible(limits: Mapping[str, Json]) -> set[str]:
    """The keywords, as JSON Schema spells them, of limits that no value fits together."""
    found: set[str] = set()
    for low, high in _PAIRS:
        least, most = limits.get(low), limits.get(high)
        if least is None or most is None:
            continue
        if least > most or (least == most and "exclusive" in low + high):
            found |= {low, high}
    return found


def _possible(path: str, limits: dict[str, Any], oddities: Oddities) -> dict[str, Any]:
    """``limits`` without those that no value fits together."""
    spelt = {_ENDS.sub(lambda end: end[1].upper(), ours): ours for ours in limits}
    wrong = {spelt[key] for key in impossible({key: limits[ours] for key, ours in spelt.items()})}
    if wrong:
        oddities.note(f"{path}: its lowest limit lies above its highest; both were left out.")
    return {ours: None if ours in wrong else limit for ours, limit in limits.items()}


def _number(oddities: Oddities, path: str, node: Mapping[str, Json], *keys: str) -> float | None:
    for key in keys:
        value = node.get(key)
        if is_number(value):
            return value
        if value is not None and not isinstance(value, bool):
            oddities.note(f"{path}: {key} is not a number and was left out.")
    return None


def pattern(path: str, node: Mapping[str, Json], oddities: Oddities) -> str:
    """The regular expression a text must hold a match of, as it was written."""
    told = node.get("pattern")
    if told is None:
        return ""
    if isinstance(told, str) and len(told) <= LONGEST_PATTERN:
        return told
    oddities.note(f"{path}: its pattern cannot be read and is left to the provider.")
    return ""
