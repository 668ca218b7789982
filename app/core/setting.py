"""Settings as they are typed: "name=value" -> the field's name and a JSON value."""

import difflib
import json
import math
from typing import Any

from app.core.depth import is_deep
from app.core.endpoint import FROM_CANVAS, Endpoint, Field
from app.core.errors import InputError
from app.core.rules import TYPE, types_in
from app.core.sentences import TOO_DEEP

Json = Any


def parse_setting(endpoint: Endpoint, text: str) -> tuple[str, Json]:
    """Read "name=value": the value is JSON, else text; a text field keeps the text as it is. Raises InputError."""
    name, equals, raw = text.partition("=")
    name = name.strip()
    if not equals:
        raise InputError(f"{text!r} sets nothing: write it as name=value.")
    if name == TYPE and types_in(endpoint.rules):
        return name, _read(Field(TYPE, "string", "Type"), raw.strip())
    field = endpoint.field_at(name)
    if field is None:
        raise InputError(_unknown(endpoint, name))
    if field.role in FROM_CANVAS:
        raise InputError(f"{name} is filled with the {field.role} itself and cannot be set.")
    return name, _read(field, raw)


def _read(field: Field, raw: str) -> Json:
    try:
        value = json.loads(raw, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        return raw
    if is_deep(value):
        raise InputError(f"{field.path}: {TOO_DEEP}")
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
    names = [field.path for field in endpoint.fields if field.role not in FROM_CANVAS]
    if name.partition(".")[0].partition("[")[0] in names:
        return f"{name} is part of a field: set the whole field with JSON, as in {name.partition('.')[0]}={{...}}."
    lowered = {known.lower(): known for known in names}
    near = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.4)
    advice = f"did you mean {lowered[near[0]]}?" if near else f"it has {', '.join(names[:12]) or 'no fields'}."
    return f"{endpoint.id} has no field {name!r}: {advice}"
