"""Values against their fields: what is missing, what does not fit, and what is sent.

Values are a mapping of field name to JSON value that holds only what the user set: left empty is not the same as set to
the default. Whole documents with nested schemas are checked again by ``jsonschema`` where a request is sent; the checks
here are the ones a form makes while typing, with sentences for people.
"""

import copy
import difflib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.core.endpoint import MISSING, Endpoint, Field
from app.core.errors import InputError
from app.core.rules import broken

Json = Any

NEEDED: Final = "A value is needed here."

_FROM_CANVAS: Final = ("picture", "mask")
_SHOWN: Final = 6
"""Allowed values named in a sentence before it says how many more there are."""


def required_gaps(endpoint: Endpoint, values: Mapping[str, Json]) -> tuple[str, ...]:
    """Paths of required fields that have neither a value, nor a default, nor only one possible value."""
    return tuple(
        field.path
        for field in endpoint.fields
        if field.required and field.role not in _FROM_CANVAS and field.path not in values and implied(field) is MISSING
    )


def check(endpoint: Endpoint, values: Mapping[str, Json]) -> dict[str, str]:
    """Path of a top-level field -> what is wrong with its value, in a sentence; empty when all can be sent.

    The fields of picture and mask are not asked for: the canvas fills them.
    """
    fields = {field.path: field for field in endpoint.fields}
    problems = dict.fromkeys(required_gaps(endpoint, values), NEEDED)
    for name, value in values.items():
        field = fields.get(name)
        if field is None:
            problems[name] = f"{endpoint.title} has no field of this name."
        elif field.role not in _FROM_CANVAS and (wrong := fault(field, value)):
            problems[name] = wrong
    return {**broken(endpoint.rules, body(endpoint, values)), **problems}


def body(endpoint: Endpoint, values: Mapping[str, Json]) -> dict[str, Json]:
    """What is sent, without picture and mask: what the user set, and what the schema requires and can answer itself."""
    sent: dict[str, Json] = {}
    for field in endpoint.fields:
        if field.role in _FROM_CANVAS:
            continue
        if field.path in values:
            sent[field.path] = copy.deepcopy(values[field.path])
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
    match field.kind:
        case "any":
            return _fault_of_union(field, value)
        case "boolean":
            return "" if isinstance(value, bool) else "This must be true or false."
        case "string":
            return _fault_of_text(field, value)
        case "integer" | "number":
            return _fault_of_number(field, value)
        case "array":
            return _fault_of_list(field, value)
        case "object":
            return _fault_of_object(field, value)


def parse_setting(endpoint: Endpoint, text: str) -> tuple[str, Json]:
    """Read "name=value": the value is JSON, else text; a text field keeps the text as it is. Raises InputError."""
    name, equals, raw = text.partition("=")
    name = name.strip()
    if not equals:
        raise InputError(f"{text!r} sets nothing: write it as name=value.")
    field = next((field for field in endpoint.fields if field.path == name), None)
    if field is None:
        raise InputError(_unknown(endpoint, name))
    if field.role in _FROM_CANVAS:
        raise InputError(f"{name} is filled with the {field.role} itself and cannot be set.")
    return name, _read(field, raw)


def describe(endpoint: Endpoint) -> dict[str, Json]:
    """The endpoint's fields as JSON, parents before what is nested in them; no ``default`` where there is none."""
    return {
        "endpoint": endpoint.id,
        "fields": [_described(field) for top in endpoint.fields for field in with_nested(top)],
        "problems": list(endpoint.problems),
    }


def with_nested(field: Field) -> Iterator[Field]:
    """``field`` and all named fields inside it, parents first."""
    if not field.path.endswith("[]"):
        yield field
    for child in field.children:
        yield from with_nested(child)


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


def _read(field: Field, raw: str) -> Json:
    try:
        value = json.loads(raw, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        return raw
    if field.kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)  # 7.0 and 1e3 are whole numbers too, and a seed is looked for as one
    keeps_text = field.kind == "string" and not isinstance(value, str) and not (value is None and field.nullable)
    return raw if keeps_text else value


def _no_number(name: str) -> Json:
    """JSON itself has no NaN and no Infinity."""
    raise ValueError(name)


def _finite(text: str) -> float:
    return float(text) if math.isfinite(float(text)) else _no_number(text)


def _unknown(endpoint: Endpoint, name: str) -> str:
    names = [field.path for field in endpoint.fields if field.role not in _FROM_CANVAS]
    if name.partition(".")[0].partition("[")[0] in names:
        return f"{name} is part of a field: set the whole field with JSON, as in {name.partition('.')[0]}={{...}}."
    lowered = {known.lower(): known for known in names}
    near = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.4)
    advice = f"did you mean {lowered[near[0]]}?" if near else f"it has {', '.join(names[:12]) or 'no fields'}."
    return f"{endpoint.id} has no field {name!r}: {advice}"


def _fault_of_text(field: Field, value: Json) -> str:
    if not isinstance(value, str):
        return "This must be text."
    if field.enum:
        return _fault_of_choice(field, value)
    if field.min_length is not None and len(value) < field.min_length:
        return f"At least {_counted(field.min_length, 'character')} needed; this has {len(value)}."
    if field.max_length is not None and len(value) > field.max_length:
        return f"At most {_counted(field.max_length, 'character')} allowed; this has {len(value)}."
    return ""


def _fault_of_number(field: Field, value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "This must be a number."
    if isinstance(value, float) and not math.isfinite(value):
        return "This must be a number that is finite."
    if field.kind == "integer" and isinstance(value, float) and not value.is_integer():
        return "This must be a whole number."
    if field.enum:
        return _fault_of_choice(field, value)
    return _fault_of_range(field, value) or _fault_of_step(field, value)


def _fault_of_range(field: Field, value: float) -> str:
    if field.minimum is not None and value < field.minimum:
        return f"This must be {spell(field.minimum)} or more."
    if field.maximum is not None and value > field.maximum:
        return f"This must be {spell(field.maximum)} or less."
    if field.exclusive_minimum is not None and value <= field.exclusive_minimum:
        return f"This must be more than {spell(field.exclusive_minimum)}."
    if field.exclusive_maximum is not None and value >= field.exclusive_maximum:
        return f"This must be less than {spell(field.exclusive_maximum)}."
    return ""


def _fault_of_step(field: Field, value: float) -> str:
    """Steps count from zero as ``multipleOf`` says, or from the minimum as sliders do."""
    if not field.step:
        return ""
    for start in (0.0, field.minimum or 0.0):
        steps = (value - start) / field.step
        if math.isfinite(steps) and abs(steps - round(steps)) <= 1e-6 * max(1.0, abs(steps)):
            return ""
    return f"This must be a multiple of {spell(field.step)}."


def _fault_of_choice(field: Field, value: Json) -> str:
    if any(value == choice and isinstance(value, bool) == isinstance(choice, bool) for choice in field.enum):
        return ""
    named = ", ".join(_shown(choice) for choice in field.enum[:_SHOWN])
    more = len(field.enum) - _SHOWN
    return f"{_shown(value)} is not one of: {named}{f' and {more} more' if more > 0 else ''}."


def _fault_of_list(field: Field, value: Json) -> str:
    if not isinstance(value, list):
        return "This must be a list."
    if field.min_items is not None and len(value) < field.min_items:
        return f"At least {_counted(field.min_items, 'entry')} needed; this has {len(value)}."
    if field.max_items is not None and len(value) > field.max_items:
        return f"At most {_counted(field.max_items, 'entry')} allowed; this has {len(value)}."
    for number, item in enumerate(value, 1):
        wrong = _fault_of_item(field, item)
        if wrong:
            return f"Entry {number}: {wrong}"
    return ""


def _fault_of_item(field: Field, item: Json) -> str:
    if not field.children:
        return ""
    only = field.children[0]
    return fault(only, item) if only.path == f"{field.path}[]" else _fault_of_object(field, item)


def _fault_of_object(field: Field, value: Json) -> str:
    if not isinstance(value, Mapping):
        return "This must be a group of named values."
    for child in field.children:
        if child.name not in value:
            if child.required and implied(child) is MISSING:
                return f"{child.title} is needed."
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


def spell(number: float) -> str:
    """A number as people write it: 8 rather than 8.0, no digit lost."""
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else str(number)


def _shown(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _counted(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
