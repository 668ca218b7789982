"""Values against their fields: what is missing, what does not fit, and what is sent.

Values are a mapping of field name to JSON value that holds only what the user set: left empty is not the same as set to
the default. The checks here are the ones made while typing, with sentences for people; the whole schema, with every
keyword in every nested place, is held against a body by ``app.backends.validation``.
"""

import copy
import difflib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from app.core import sentences
from app.core.attachments import read_attachment
from app.core.depth import is_deep
from app.core.endpoint import FROM_CANVAS, MISSING, Endpoint, Field
from app.core.patterns import read_pattern
from app.core.rules import TYPE, broken, limits, types_in, why_limited
from app.core.sentences import NEEDED
from app.core.sentences import spell as spell

Json = Any

_FEW: Final = 50
"""Entries of a list that are looked for among the named ones by going through them."""


def required_gaps(endpoint: Endpoint, values: Mapping[str, Json]) -> tuple[str, ...]:
    """Paths of required fields that have neither a value, nor a default, nor only one possible value."""
    return tuple(
        field.path
        for field in endpoint.fields
        if field.required and field.role not in FROM_CANVAS and field.path not in values and implied(field) is MISSING
    )


def check(endpoint: Endpoint, values: Mapping[str, Json]) -> dict[str, str]:
    """Path of a top-level field -> what is wrong with its value, in a sentence; empty when all can be sent.

    The fields of picture and mask are not asked for: the canvas fills them.
    """
    fields = {field.path: field for field in endpoint.fields}
    problems = dict.fromkeys(required_gaps(endpoint, values), NEEDED)
    limited = limits(endpoint.rules, values)
    for name, value in values.items():
        field = fields.get(name)
        if name == TYPE and (types := types_in(endpoint.rules)):
            problems |= _fault_of_type(types, value)
        elif field is None:
            problems[name] = f"{endpoint.title} has no field of this name."
        elif field.role not in FROM_CANVAS and (wrong := fault(_bounded(field, limited), value)):
            why = "" if fault(field, value) else why_limited(endpoint.rules, values, name)
            problems[name] = f"{wrong} {why}".strip()
    return {**_broken(endpoint, values, fields), **problems}


def _broken(endpoint: Endpoint, values: Mapping[str, Json], fields: Mapping[str, Field]) -> dict[str, str]:
    """What the rules between fields forbid: told only beside fields that are there."""
    titles = {path: field.title for path, field in fields.items()}
    defaults = {path: field.default for path, field in fields.items() if field.default is not MISSING}
    found = broken(endpoint.rules, _for_rules(endpoint, values), titles, defaults)
    return {name: text for name, text in found.items() if name in fields}


def in_force(field: Field, rules: Iterable[Mapping[str, Json]], values: Mapping[str, Json]) -> Field:
    """``field`` with the limits and the default that hold for the type of the chosen checkpoint."""
    return _bounded(field, limits(rules, values))


def _bounded(field: Field, limited: Mapping[str, Mapping[str, Json]]) -> Field:
    told = limited.get(field.path)
    if not told:
        return field
    bounded = replace(
        field,
        minimum=told.get("minimum", field.minimum),
        maximum=told.get("maximum", field.maximum),
        exclusive_minimum=None if "minimum" in told else field.exclusive_minimum,
        exclusive_maximum=None if "maximum" in told else field.exclusive_maximum,
    )
    default = told.get("default", field.default)
    return replace(bounded, default=MISSING if default is MISSING or fault(bounded, default) else default)


def body(endpoint: Endpoint, values: Mapping[str, Json]) -> dict[str, Json]:
    """What is sent, without picture and mask: what the user set, and what the schema requires and can answer itself."""
    sent: dict[str, Json] = {}
    for field in endpoint.fields:
        if field.role in FROM_CANVAS:
            continue
        if field.path in values:
            value = values[field.path]
            sent[field.path] = value if is_deep(value) else copy.deepcopy(value)
        elif field.required and implied(field) is not MISSING:
            sent[field.path] = copy.deepcopy(implied(field))
    return sent


def implied(field: Field) -> Json:
    """The value a field has when nobody sets it: its default or its only possible value, else MISSING."""
    if field.default is not MISSING:
        return field.default
    return field.enum[0] if len(field.enum) == 1 and field.kind != "array" else MISSING


def fault(field: Field, value: Json) -> str:
    """What is wrong with ``value`` in ``field``, in one sentence; "" when it fits."""
    if value is None:
        return "" if field.nullable or field.kind == "any" else NEEDED
    if is_deep(value):
        return sentences.TOO_DEEP
    match field.kind:
        case "any":
            return _fault_of_union(field, value)
        case "boolean":
            if not isinstance(value, bool):
                return sentences.NOT_BOOLEAN
            return _fault_of_choice(field, value) if field.enum else ""
        case "string":
            return _fault_of_text(field, value)
        case "integer" | "number":
            return _fault_of_number(field, value)
        case "array":
            return _fault_of_list(field, value)
        case "object":
            return _fault_of_object(field, value)


def _fault_of_type(types: tuple[str, ...], value: Json) -> dict[str, str]:
    if not value or value in types:
        return {}
    near = difflib.get_close_matches(str(value)[:60], types, n=1, cutoff=0.4)
    advice = f"did you mean {near[0]}?" if near else f"it can be {', '.join(types)}."
    return {TYPE: f"{sentences.shown(value)} is not a type of checkpoint that is known here: {advice}"}


def _for_rules(endpoint: Endpoint, values: Mapping[str, Json]) -> dict[str, Json]:
    """What rules look at: all that is sent, stand-ins for what the canvas fills, and the checkpoint's stated type."""
    canvas = {field.path: "canvas" for field in endpoint.fields if field.role in FROM_CANVAS}
    stated = {TYPE: values[TYPE]} if TYPE in values else {}
    return {**canvas, **body(endpoint, values), **stated}


def describe(endpoint: Endpoint) -> dict[str, Json]:
    """The endpoint's fields as JSON, parents before what is nested in them; no ``default`` where there is none."""
    return {
        "endpoint": endpoint.id,
        "fields": [_described(field) for top in endpoint.fields for field in with_nested(top)],
        "problems": list(endpoint.problems),
    }


def with_nested(field: Field) -> Iterator[Field]:
    """``field`` and all named fields inside it, parents first; the entries of a list have no name of their own."""
    yield field
    for child in field.children:
        nested = with_nested(child)
        if field.kind == "array" and child.path == f"{field.path}[]":
            next(nested)
        yield from nested


def _described(field: Field) -> dict[str, Json]:
    described: dict[str, Json] = {
        "path": field.path,
        "kind": field.kind,
        "required": field.required,
        "nullable": field.nullable,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "exclusive_minimum": field.exclusive_minimum,
        "exclusive_maximum": field.exclusive_maximum,
        "step": field.step,
        "enum": list(field.enum) or None,
        "min_length": field.min_length,
        "max_length": field.max_length,
        "min_items": field.min_items,
        "max_items": field.max_items,
        "title": field.title,
        "description": field.description,
        "role": field.role,
    }
    if field.default is not MISSING:
        described["default"] = field.default
    return described


def _fault_of_text(field: Field, value: Json) -> str:
    if not isinstance(value, str):
        return sentences.NOT_TEXT
    if field.enum:
        return _fault_of_choice(field, value)
    if read_attachment(value) is not None:
        return ""  # what is sent in its place has another length and form
    if field.min_length is not None and len(value) < field.min_length:
        return sentences.too_few(field.min_length, "character", len(value))
    if field.max_length is not None and len(value) > field.max_length:
        return sentences.too_many(field.max_length, "character", len(value))
    pattern = read_pattern(field.pattern) if field.pattern else None
    return sentences.not_matching(field.pattern) if pattern is not None and pattern.refuses(value) else ""


def _fault_of_number(field: Field, value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return sentences.NOT_A_NUMBER
    if isinstance(value, float) and not math.isfinite(value):
        return sentences.NOT_FINITE
    if field.kind == "integer" and isinstance(value, float) and not value.is_integer():
        return sentences.NOT_WHOLE
    if field.enum:
        return _fault_of_choice(field, value)
    return _fault_of_range(field, value) or _fault_of_step(field, value)


def _fault_of_range(field: Field, value: float) -> str:
    if field.minimum is not None and value < field.minimum:
        return sentences.at_least(field.minimum)
    if field.maximum is not None and value > field.maximum:
        return sentences.at_most(field.maximum)
    if field.exclusive_minimum is not None and value <= field.exclusive_minimum:
        return sentences.above(field.exclusive_minimum)
    if field.exclusive_maximum is not None and value >= field.exclusive_maximum:
        return sentences.below(field.exclusive_maximum)
    return ""


def _fault_of_step(field: Field, value: float) -> str:
    """Steps count from zero as ``multipleOf`` says, or else from the minimum as sliders do."""
    if not field.step or is_multiple(value, field.step):
        return ""
    from_minimum = not field.anchored and is_multiple(value - (field.minimum or 0.0), field.step)
    return "" if from_minimum else sentences.multiple_of(field.step)


def is_multiple(value: float, step: float) -> bool:
    """Whether ``value`` is a whole number of ``step``s (above 0) as far as binary fractions tell: 0.3 is one of 0.1."""
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    try:
        steps = value / step
    except OverflowError:  # a whole number beyond every float
        return False
    return math.isfinite(steps) and abs(steps - round(steps)) <= 1e-6 * max(1.0, abs(steps))


def _fault_of_choice(field: Field, value: Json) -> str:
    if any(value == choice and isinstance(value, bool) == isinstance(choice, bool) for choice in field.enum):
        return ""
    return sentences.not_among(value, field.enum)


def _fault_of_list(field: Field, value: Json) -> str:
    if not isinstance(value, list):
        return sentences.NOT_A_LIST
    if field.min_items is not None and len(value) < field.min_items:
        return sentences.too_few(field.min_items, "entry", len(value))
    if field.max_items is not None and len(value) > field.max_items:
        return sentences.too_many(field.max_items, "entry", len(value))
    if field.unique and _has_twice(value):
        return sentences.NOT_UNIQUE
    named = _named_texts(field) if len(value) > _FEW else frozenset()
    for number, item in enumerate(value, 1):
        wrong = "" if isinstance(item, str) and item in named else _fault_of_item(field, item)
        if wrong:
            return f"Entry {number}: {wrong}"
    return ""


def _named_texts(field: Field) -> frozenset[str]:
    """The texts that a list's entries may be, to look up where there are thousands of both."""
    only = field.children[0] if field.children else None
    if only is None or only.path != f"{field.path}[]" or only.kind != "string":
        return frozenset()
    return frozenset(choice for choice in only.enum if isinstance(choice, str))


def _has_twice(values: list[Json]) -> bool:
    """Whether two values are the same as JSON: true is not 1, the order of a group's names does not count."""
    written = [json.dumps(value, sort_keys=True) for value in values]
    return len(set(written)) < len(written)


def _fault_of_item(field: Field, item: Json) -> str:
    if not field.children:
        return ""
    only = field.children[0]
    return fault(only, item) if only.path == f"{field.path}[]" else _fault_of_object(field, item)


def _fault_of_object(field: Field, value: Json) -> str:
    if not isinstance(value, Mapping):
        return sentences.NOT_A_GROUP
    for child in field.children:
        if child.name not in value:
            if child.required and implied(child) is MISSING:
                return sentences.is_needed(child.title)
        elif wrong := fault(child, value[child.name]):
            return f"{child.title}: {wrong}"
    return ""


def _fault_of_union(field: Field, value: Json) -> str:
    """A union is held to what its branches say: the named values for texts, the group's fields for a group."""
    if isinstance(value, Mapping):
        return _fault_of_object(field, value) if field.children else ""
    if isinstance(value, str) and any(isinstance(choice, str) for choice in field.enum):
        return _fault_of_choice(field, value)
    return ""
