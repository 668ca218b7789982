"""What ``jsonschema`` found, in our own words: never its message, which repeats whole values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from app.core import sentences
from app.core.endpoint import Endpoint
from app.core.place import title_at, within

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Json = Any

OTHERWISE: Final = "This is not what the endpoint's description allows."

_CHOICES: Final = ("enum", "const")
_KINDS: Final = {
    "string": ("text", sentences.NOT_TEXT),
    "number": ("a number", sentences.NOT_A_NUMBER),
    "integer": ("a whole number", sentences.NOT_A_NUMBER),
    "boolean": ("true or false", sentences.NOT_BOOLEAN),
    "array": ("a list", sentences.NOT_A_LIST),
    "object": ("a group of named values", sentences.NOT_A_GROUP),
    "null": ("empty", "This must be left empty."),
}


def said(endpoint: Endpoint, name: str, error: ValidationError, steps: tuple[str | int, ...]) -> str:
    """The sentence for ``error`` at ``steps`` inside the top-level field ``name``; the place in it comes first."""
    branches = first_of_branches(error) if error.validator in ("anyOf", "oneOf") else []
    if branches:
        meant = [inner for inner in branches if inner.validator != "type" or inner.relative_path]
        if not meant:
            return within(endpoint, name, steps) + _none_of_the_kinds(error)
        if all(inner.validator in _CHOICES and not inner.relative_path for inner in meant):
            return within(endpoint, name, steps) + _none_of(error.instance, [_allowed(inner) for inner in meant])
        nearest = max(meant, key=lambda inner: (len(inner.relative_path), inner.validator not in _CHOICES))
        return said(endpoint, name, nearest, (*steps, *nearest.relative_path))
    if error.validator == "required":
        missing = next((key for key in error.validator_value if key not in error.instance), "")
        return within(endpoint, name, steps) + sentences.is_needed(title_at(endpoint, name, (*steps, missing)))
    return within(endpoint, name, steps) + _words(error)


def first_of_branches(error: ValidationError) -> list[ValidationError]:
    """What is wrong first in each branch of a union that fits nowhere."""
    first: dict[int, ValidationError] = {}
    for inner in error.context or ():
        if inner.validator is not None:  # else the branch allows nothing, and no value was meant for it
            first.setdefault(int(inner.relative_schema_path[0]), inner)
    return list(first.values())


def _allowed(error: ValidationError) -> list[Json]:
    return list(error.validator_value) if error.validator == "enum" else [error.validator_value]


def _none_of(value: Json, choices: list[list[Json]]) -> str:
    return sentences.not_among(value, [choice for named in choices for choice in named])


def _none_of_the_kinds(error: ValidationError) -> str:
    kinds: dict[str, None] = {}
    for inner in first_of_branches(error):
        told = inner.validator_value
        kinds |= dict.fromkeys(told if isinstance(told, list) else [told])
    needless = {"null", "integer"} if "number" in kinds else {"null"}
    return _not_of_kinds([kind for kind in kinds if kind not in needless] or list(kinds), error.instance)


def _not_of_kinds(kinds: list[str], value: Json) -> str:
    if value is None:
        return sentences.NEEDED
    if len(kinds) != 1:
        return f"This must be {' or '.join(_KINDS[kind][0] for kind in kinds)}."
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return sentences.NOT_WHOLE if kinds == ["integer"] and is_number else _KINDS[kinds[0]][1]


def _words(error: ValidationError) -> str:
    limit, value = error.validator_value, error.instance
    match error.validator:
        case "type":
            return _not_of_kinds(limit if isinstance(limit, list) else [limit], value)
        case "enum" | "const":
            return _none_of(value, [_allowed(error)])
        case "minimum":
            return sentences.at_least(limit)
        case "maximum":
            return sentences.at_most(limit)
        case "exclusiveMinimum":
            return sentences.above(limit)
        case "exclusiveMaximum":
            return sentences.below(limit)
        case "multipleOf":
            return sentences.multiple_of(limit)
        case "pattern":
            return sentences.not_matching(limit)
        case "uniqueItems":
            return sentences.NOT_UNIQUE
        case "minLength":
            return sentences.too_few(limit, "character", len(value))
        case "maxLength":
            return sentences.too_many(limit, "character", len(value))
        case "minItems":
            return sentences.too_few(limit, "entry", len(value))
        case "maxItems":
            return sentences.too_many(limit, "entry", len(value))
        case "minProperties":
            return sentences.too_few(limit, "value", len(value))
        case "maxProperties":
            return sentences.too_many(limit, "value", len(value))
        case "additionalProperties":
            return f"Nothing of the name {sentences.shown(next(iter(unknown_names(error)), ''))} is known here."
        case _:
            return OTHERWISE


def unknown_names(error: ValidationError) -> list[str]:
    """The names in a group that its schema (``additionalProperties``) does not know."""
    known, patterns = error.schema.get("properties", {}), error.schema.get("patternProperties", {})
    return [
        name
        for name in error.instance
        if name not in known and not any(re.search(pattern, name) for pattern in patterns)
    ]
