"""Which fields stand in front, under a heading or folded away: by what the fields are, never by whose they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.core.endpoint import FROM_CANVAS, Endpoint, Field

_FIRST_ROLES: Final = ("prompt", "negative_prompt")
FEW: Final = 8
"""A form of at most this many fields folds nothing."""
_TUNED: Final = 6
"""Fields with a range or named values that stand in front besides those with a role."""
_NUMBERS: Final = ("integer", "number")
_MOST_GROUPS: Final = 40
"""A document with more headings than this gets none: they are no groups."""
_MOST_IN_FRONT: Final = 60
"""A document that requires thousands of fields does not hold up the window: the rest is folded."""


Unit = tuple[Field, ...]
"""What stands together on the form: one field, or the two that are width and height."""


@dataclass(frozen=True)
class Arrangement:
    """The form's parts from top to bottom."""

    front: tuple[Unit, ...]
    groups: tuple[tuple[str, tuple[Unit, ...]], ...]
    """The provider's own sections, in its order: title and fields."""
    rare: tuple[Unit, ...]


def arrange(endpoint: Endpoint) -> Arrangement:
    """Where each field of the form stands; every field once."""
    front, rare = split(endpoint)
    folded = {field.path for field in rare if _is_folded(field)} | _aside(endpoint)
    grouped = [
        field
        for field in shown_fields(endpoint)
        if field.group and field.role not in _FIRST_ROLES and (field.required or field.path not in folded)
    ]
    titles = dict.fromkeys(field.group for field in grouped)
    if len(titles) > _MOST_GROUPS:
        grouped, titles = [], {}
    inside = {field.path for field in grouped}
    pair = pair_of(endpoint)
    front, rare = _together(
        tuple(field for field in front if field.path not in inside),
        tuple(field for field in rare if field.path not in inside),
        pair,
    )
    sections = tuple((title, _units([field for field in grouped if field.group == title], pair)) for title in titles)
    return Arrangement(_units(front, pair), sections, _units(rare, pair))


def pair_of(endpoint: Endpoint) -> tuple[Field, ...]:
    """The two number fields that are width and height: as bound, else as named; empty without two such."""
    fields = {field.path: field for field in shown_fields(endpoint) if field.kind in _NUMBERS and not field.enum}
    for names in ((endpoint.binding.width, endpoint.binding.height), ("width", "height")):
        if all(name in fields for name in names):
            return tuple(fields[name] for name in names)
    return ()


def _together(front: Unit, rare: Unit, pair: Unit) -> tuple[Unit, Unit]:
    """Both fields of a pair in front where one is."""
    paths = {field.path for field in pair}
    if len(paths & {field.path for field in front}) != 1:
        return front, rare
    moved = tuple(field for field in rare if field.path in paths)
    first = next(place for place, field in enumerate(front) if field.path in paths)
    front = (*front[: first + 1], *moved, *front[first + 1 :])
    return front, tuple(field for field in rare if field.path not in paths)


def _units(fields: Sequence[Field], pair: Unit) -> tuple[Unit, ...]:
    """One unit for each field, width and height in one where both are here."""
    paths = {field.path for field in pair}
    here = len(paths & {field.path for field in fields}) == len(pair) == 2
    units: list[Unit] = []
    for field in fields:
        if not here or field.path not in paths:
            units.append((field,))
        elif pair not in units:
            units.append(pair)
    return tuple(units)


def shown_fields(endpoint: Endpoint) -> tuple[Field, ...]:
    """The fields that people fill in, in the provider's order; picture and mask come from the canvas."""
    return tuple(field for field in endpoint.fields if field.role not in FROM_CANVAS)


def split(endpoint: Endpoint) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """The fields in front (the prompts first, then the provider's order) and the rarely used ones."""
    fields = shown_fields(endpoint)
    if len(fields) <= FEW:
        front = [field for field in fields if field.required or not _is_folded(field)]
        return _prompts_first(front), _without(fields, front)
    aside = _aside(endpoint)
    near = [field for field in fields if field.path not in aside]
    tuned = {field.path for field in [field for field in near if field.role is None and _is_tuned(field)][:_TUNED]}
    front = [
        field
        for field in fields
        if field.required or field.path in tuned or (field.role is not None and field.path not in aside)
    ]
    front = front[:_MOST_IN_FRONT]
    return _prompts_first(front), _without(fields, front)


def _without(fields: Sequence[Field], taken: Sequence[Field]) -> tuple[Field, ...]:
    paths = {field.path for field in taken}
    return tuple(field for field in fields if field.path not in paths)


def _prompts_first(fields: Sequence[Field]) -> tuple[Field, ...]:
    return tuple(sorted(fields, key=lambda field: (*_FIRST_ROLES, field.role).index(field.role)))


def _is_tuned(field: Field) -> bool:
    """Whether a field is one that people try out by hand: named values, or a number between two bounds."""
    if field.enum:
        return True
    low = field.minimum if field.minimum is not None else field.exclusive_minimum
    high = field.maximum if field.maximum is not None else field.exclusive_maximum
    return field.kind in ("integer", "number") and low is not None and high is not None


def _aside(endpoint: Endpoint) -> set[str]:
    """Fields that are deprecated, or count only under a condition on another field."""
    conditional = (rule for rule in endpoint.rules if rule.get("rule") == "only_when")
    names = {str(name) for rule in conditional for name in _list(rule.get("fields"))}
    properties = endpoint.input.get("properties")
    if isinstance(properties, Mapping):
        nodes = ((str(name), node) for name, node in properties.items() if isinstance(node, Mapping))
        names |= {name for name, node in nodes if node.get("deprecated")}
    return names | {field.path for field in endpoint.fields if _is_folded(field)}


def _is_folded(field: Field) -> bool:
    return field.deprecated or field.rare


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
