"""A round trip form -> JSON -> form for random valid values over random fields, empty texts and null included."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from app.core.endpoint import MISSING, Binding, Endpoint, Field
from app.core.values import check, fault
from app.ui.form.face import same
from app.ui.form.form import Form

Json = Any

_letters = st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc", "Cf", "Cs"])
_text = st.text(_letters, max_size=12) | st.sampled_from(["", " ", "1024x768", "null", "[]", "1.0", "a\nb"])
_numbers = st.integers(-(2**70), 2**70) | st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 6))


@st.composite
def fields(draw: st.DrawFn, path: str = "x", depth: int = 0) -> Field:
    """A field of any kind, with limits, choices and parts."""
    kinds = ["string", "integer", "number", "boolean", "any"] + (["array", "object", "size"] if depth < 2 else [])
    kind = draw(st.sampled_from(kinds))
    field = Field(path, "any" if kind == "size" else kind, "Title & so on", nullable=draw(st.booleans()))  # type: ignore[arg-type]  # one of Kind's words
    match kind:
        case "string":
            field = draw(_texts(field))
        case "integer" | "number":
            field = draw(_bounded(field))
        case "array":
            items = draw(fields(f"{path}[]", depth + 1))
            field = replace(field, children=items.children if items.kind == "object" else (items,))
            if items.kind == "string" and items.enum:
                field = replace(field, enum=items.enum)
        case "object":
            field = replace(field, children=tuple(draw(fields(f"{path}.{name}", depth + 1)) for name in ("a", "b")))
        case "size":
            side = Field(f"{path}.width", "integer", "Width", minimum=1, maximum=9000)
            parts = (side, replace(side, path=f"{path}.height", title="Height"))
            field = replace(field, children=parts, enum=draw(st.sampled_from([(), ("square", "wide")])))
        case _:
            pass
    return field


@st.composite
def _texts(draw: st.DrawFn, field: Field) -> Field:
    choices = draw(st.lists(_text.filter(str.strip), max_size=14, unique=True))
    named = draw(st.booleans()) and bool(choices)
    return replace(
        field,
        enum=tuple(choices) if named else (),
        labels=tuple(f"Label {place // 2}" for place in range(len(choices))) if named and draw(st.booleans()) else (),
        multiline=draw(st.booleans()),
        role=draw(st.sampled_from([None, "prompt", "seed"])) if not named else None,
        default=draw(st.sampled_from([MISSING, "1024x1024"])) if not named else MISSING,
        examples=tuple(draw(st.lists(st.sampled_from(["one", "two", "1x1"]), max_size=2))),
        max_length=draw(st.sampled_from([None, 8])),
    )


@st.composite
def _bounded(draw: st.DrawFn, field: Field) -> Field:
    low = draw(st.sampled_from([None, 0, 1, -5]))
    high = draw(st.sampled_from([None, 10, 8192, 5_000_000]))
    return replace(
        field,
        minimum=low,
        maximum=high,
        step=draw(st.sampled_from([None, 1, 8])) if field.kind == "integer" else draw(st.sampled_from([None, 0.001])),
        role=draw(st.sampled_from([None, "seed"])),
        enum=(1, 2, 4) if draw(st.integers(0, 4)) == 0 else (),
    )


def values(field: Field) -> st.SearchStrategy[Json]:
    """Values that fit the field."""
    made = _values(field)
    return (made | st.none() if field.nullable else made).filter(lambda value: not fault(field, value))


def _values(field: Field) -> st.SearchStrategy[Json]:
    match field.kind:
        case "array":
            only = field.children[0] if field.children else None
            if field.enum:
                return st.lists(st.sampled_from(field.enum), max_size=3, unique=True)
            if only is None:
                return st.just([])
            return st.lists(values(only) if only.path.endswith("[]") else _group(field), max_size=2)
        case "object":
            return _group(field)
        case "boolean":
            return st.booleans()
        case "integer" | "number" if not field.enum:
            low, high = round(field.minimum or 0), round(field.maximum or 2**70)
            step = field.step or 1
            whole = st.integers(low, high).map(lambda number: number - number % max(1, round(step)))
            free = st.floats(low, min(high, 1e6), allow_nan=False).map(lambda number: round(number, 3))
            return whole if field.kind == "integer" else whole | free
        case "any" if not field.children:
            return _text | st.booleans() | _numbers | st.lists(_numbers, max_size=2)
        case "any":
            return st.sampled_from(field.enum) | _group(field) if field.enum else _group(field)
        case _:
            return st.sampled_from(field.enum) if field.enum else _text


def _group(field: Field) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({}, optional={child.name: values(child) for child in field.children})


def plain(value: Json) -> Json:
    """``value`` with 1.0 written as 1, which JSON does not tell apart."""
    match value:
        case dict():
            return {key: plain(part) for key, part in value.items()}
        case list():
            return [plain(part) for part in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_values_of_random_fields_come_back(qapp: QApplication, data: st.DataObject) -> None:
    shown = [data.draw(fields(name)) for name in ("width", "height", "other")]
    shown = [replace(field, group=data.draw(st.sampled_from(["", "Group"]))) for field in shown]
    roles = {field.role: field.path for field in shown if field.role}
    endpoint = Endpoint("e", "E", "", tuple(shown), binding=Binding(roles=roles))
    draft = {field.path: data.draw(values(field)) for field in shown if data.draw(st.booleans())}
    form = Form(endpoint, {})
    form._build_rare()
    form.set_values(json.loads(json.dumps(draft)))
    form.set_problems(check(endpoint, draft))
    back = {path: row.value() for path, row in form.rows.items() if row.value() is not MISSING}
    assert same(plain(json.loads(json.dumps(back))), plain(draft))
    again = Form(endpoint, json.loads(json.dumps(back)))
    again._build_rare()
    assert same({path: row.value() for path, row in again.rows.items() if row.value() is not MISSING}, back)
    form.set_values({})
    assert all(row.value() is MISSING and row.sent() == "" for row in form.rows.values())
    form.deleteLater()
    again.deleteLater()
