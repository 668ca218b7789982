"""The keywords of one schema node that check its value by themselves, read from whatever form they have."""

from collections.abc import Mapping
from typing import Any, Final

from app.core.bounds import SMALLEST_STEP, impossible
from app.core.depth import is_deep
from app.core.keywords import KINDS, MOST_CHOICES, is_number
from app.core.patterns import read_pattern

Json = Any

READ: Final = (
    "type", "enum", "const", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minContains", "maxContains", "minProperties",
    "maxProperties", "required", "dependentRequired",
)  # fmt: skip
"""What ``checks`` gives, in the order in which faults are told: what a value is before how large it is."""

_BOUNDS: Final = {
    "minimum": ("minimum", "ge", "min"),
    "exclusiveMinimum": ("exclusiveMinimum", "gt"),
    "maximum": ("maximum", "le", "max"),
    "exclusiveMaximum": ("exclusiveMaximum", "lt"),
}
_COUNTS: Final = tuple(key for key in READ if key[:3] in ("min", "max") and key not in _BOUNDS)
_DEEPEST_CHOICE: Final = 20
_LARGEST_COUNT: Final = 2**53


def checks(node: Mapping[str, Json]) -> dict[str, Json]:
    """Those of ``READ`` that ``node`` has and that make sense, each in its proper form."""
    limits = {**_bounds(node), **_counts(node)}
    wrong = impossible(limits)
    possible = {key: limit for key, limit in limits.items() if key not in wrong}
    found = {**_types(node), **_choices(node), **possible, **_names(node)}
    pattern = read_pattern(node["pattern"]) if isinstance(node.get("pattern"), str) else None
    if pattern is not None:
        found["pattern"] = pattern.expression.pattern
    if node.get("uniqueItems") is True:
        found["uniqueItems"] = True
    return {key: found[key] for key in READ if key in found}


def _types(node: Mapping[str, Json]) -> dict[str, Json]:
    """The type, unless it is none of JSON's or contradicts every choice."""
    told = node.get("type")
    listed = told if isinstance(told, list) else [told]
    kinds = _texts(listed)
    if not kinds or not {*KINDS, "null"}.issuperset(kinds) or not _are_texts(listed):
        return {}
    named = _choices(node).get("enum")
    if named and not any(_is_a(value, kind) for value in named for kind in kinds):
        return {}
    return {"type": kinds if isinstance(told, list) else told}


def _is_a(value: Json, kind: str) -> bool:
    match value:
        case None:
            return kind == "null"
        case bool():
            return kind == "boolean"
        case int() | float():
            return kind == "number" or (kind == "integer" and value == value // 1)
        case str():
            return kind == "string"
        case list():
            return kind == "array"
        case _:
            return kind == "object"


def _choices(node: Mapping[str, Json]) -> dict[str, Json]:
    """The allowed values; all or none, for a part of them would forbid the others."""
    found: dict[str, Json] = {}
    listed = node.get("enum")
    if isinstance(listed, list) and 0 < len(listed) <= MOST_CHOICES and not is_deep(listed, _DEEPEST_CHOICE):
        found["enum"] = listed
    if "const" in node and not is_deep(node["const"], _DEEPEST_CHOICE):
        found["const"] = node["const"]
    return found


def _bounds(node: Mapping[str, Json]) -> dict[str, Json]:
    found = {ours: number for ours, keys in _BOUNDS.items() if (number := _number(node, keys)) is not None}
    for ours, theirs in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if node.get(theirs) is True and ours in found:
            found[theirs] = found.pop(ours)
    step = node.get("multipleOf")
    if is_number(step) and step >= SMALLEST_STEP:
        found["multipleOf"] = step
    return found


def _number(node: Mapping[str, Json], keys: tuple[str, ...]) -> float | None:
    return next((node[key] for key in keys if key in node and is_number(node[key])), None)


def _counts(node: Mapping[str, Json]) -> dict[str, Json]:
    told = {key: node[key] for key in _COUNTS if key in node}
    return {key: int(count) for key, count in told.items() if is_number(count) and 0 <= count <= _LARGEST_COUNT}


def _names(node: Mapping[str, Json]) -> dict[str, Json]:
    """Which properties must be there, always and beside others."""
    found: dict[str, Json] = {}
    if isinstance(node.get("required"), list):
        found["required"] = _texts(node["required"])
    for key in ("dependencies", "dependentRequired"):
        told = node.get(key)
        if isinstance(told, Mapping):
            needed = {str(name): _texts(names) for name, names in told.items() if isinstance(names, list)}
            found["dependentRequired"] = {**found.get("dependentRequired", {}), **needed}
    return found


def _texts(listed: list[Json]) -> list[str]:
    return list(dict.fromkeys(name for name in listed if isinstance(name, str)))


def _are_texts(listed: list[Json]) -> bool:
    return all(isinstance(part, str) for part in listed)
