"""Every field of the bundled endpoints: an editor chosen from data, and values that go in and come out unchanged."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.core.endpoint import MISSING, Endpoint, Field
from app.core.schema import read_endpoint
from app.core.values import check
from app.ui.form.choose import EDITORS, editor_for
from app.ui.form.form import Form
from app.ui.form.order import shown_fields, split

Json = Any

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "resources" / "endpoints").glob("*.json"))
ENDPOINTS = {path.stem: read_endpoint(json.loads(path.read_text(encoding="utf-8"))) for path in FILES}

SIDES = (Field("x.width", "integer", "W"), Field("x.height", "integer", "H"))
LETTERS = st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=["Cc", "Cf", "Zs"])


def values_for(field: Field) -> st.SearchStrategy[Json]:
    """Valid values of a field, none of them empty text (which is "not set" on a form)."""
    if field.kind == "array":
        items = values_of_items(field)
        return st.lists(items, max_size=3, unique_by=repr) if field.enum else st.lists(items, max_size=2)
    if field.kind == "any" and field.enum:
        return st.sampled_from(field.enum) | objects(field)
    if field.enum:
        return st.sampled_from(field.enum)
    match field.kind:
        case "boolean":
            return st.booleans()
        case "integer":
            low, high = bounds(field, -(10**30), 10**30)
            return st.integers(int(low), int(high))
        case "number":
            return numbers(field)
        case "object":
            return objects(field)
        case "string" if field.role == "seed":
            return st.integers(0, 10**30).map(str)
        case _:
            return st.text(LETTERS, min_size=1, max_size=20)


def values_of_items(field: Field) -> st.SearchStrategy[Json]:
    only = field.children[0]
    return values_for(only) if only.path.endswith("[]") else objects(field)


def numbers(field: Field) -> st.SearchStrategy[Json]:
    low, high = bounds(field, -1e6, 1e6)
    if field.step:
        start = round(low / field.step)
        return st.integers(start, int(high / field.step)).map(lambda steps: round(steps * (field.step or 1), 6))
    return st.floats(low, high, allow_nan=False).map(lambda number: round(number, 6))


def bounds(field: Field, low: float, high: float) -> tuple[float, float]:
    least = field.minimum if field.minimum is not None else field.exclusive_minimum
    most = field.maximum if field.maximum is not None else field.exclusive_maximum
    return (low if least is None else least), (high if most is None else most)


def objects(field: Field) -> st.SearchStrategy[Json]:
    needed = {child.name: values_for(child) for child in field.children if child.required}
    free = {child.name: values_for(child) for child in field.children if not child.required}
    return st.fixed_dictionaries(needed, optional=free)


def drafts(endpoint: Endpoint) -> st.SearchStrategy[dict[str, Json]]:
    """Some of an endpoint's fields with values that fit."""
    fields = {field.path: field for field in shown_fields(endpoint)}
    made = st.fixed_dictionaries({}, optional={path: values_for(field) for path, field in fields.items()})
    return made.map(lambda draft: {path: draft[path] for path in draft if path not in check(endpoint, draft)})


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_field_is_on_the_form_once(name: str, qtbot: QtBot) -> None:
    endpoint = ENDPOINTS[name]
    front, rare = split(endpoint)
    assert sorted(field.path for field in (*front, *rare)) == sorted(field.path for field in shown_fields(endpoint))
    order = [field.path for field in shown_fields(endpoint)]
    for part in (front, rare):
        places = [order.index(field.path) for field in part if field.role not in ("prompt", "negative_prompt")]
        assert places == sorted(places)
    form = Form(endpoint, {})
    qtbot.addWidget(form)
    form.reveal(rare[0].path if rare else front[0].path)
    assert sorted(form.rows) == sorted(order)
    assert all(not row.editor.is_set() for row in form.rows.values())


@pytest.mark.parametrize("name", ENDPOINTS)
def test_values_go_in_and_come_out_unchanged(name: str, qapp: QApplication) -> None:
    endpoint = ENDPOINTS[name]
    form = Form(endpoint, {})
    form.reveal(next(reversed(shown_fields(endpoint))).path)
    form._build_rare()

    @settings(max_examples=40, deadline=None)
    @given(drafts(endpoint))
    def round_trip(draft: dict[str, Json]) -> None:
        assert not check(endpoint, draft).keys() & draft.keys()
        form.set_values(json.loads(json.dumps(draft)))
        shown = {path: row.value() for path, row in form.rows.items() if row.value() is not MISSING}
        assert json.loads(json.dumps(shown)) == draft
        form.set_values({})
        assert all(row.value() is MISSING for row in form.rows.values())

    round_trip()
    form.deleteLater()


def test_thousands_of_required_fields_do_not_hold_up_the_window(qtbot: QtBot) -> None:
    names = [f"field_{number}" for number in range(3000)]
    endpoint = read_endpoint({"properties": {name: {"type": "string"} for name in names}, "required": names})
    form = Form(endpoint, {})
    qtbot.addWidget(form)
    assert len(form.rows) == 60
    assert len(split(endpoint)[0]) + len(split(endpoint)[1]) == len(endpoint.fields) == 3000


def test_the_last_editor_takes_everything() -> None:
    fits, _ = EDITORS[-1]
    assert fits(Field("x", "any", "X")) and fits(Field("x", "object", "X"))


@pytest.mark.parametrize(
    ("field", "editor"),
    [
        (Field("x", "integer", "X", role="seed"), "SeedEditor"),
        (Field("x", "string", "X", role="seed"), "SeedEditor"),
        (Field("x", "boolean", "X"), "SwitchEditor"),
        (Field("x", "integer", "X"), "NumberEditor"),
        (Field("x", "string", "X"), "LineEditor"),
        (Field("x", "string", "X", multiline=True), "ProseEditor"),
        (Field("x", "string", "X", examples=("a", "b")), "SuggestedEditor"),
        (Field("x", "string", "X", enum=("png", "jpeg", "webp")), "SegmentsEditor"),
        (Field("x", "integer", "X", enum=(1, 2, 4)), "SegmentsEditor"),
        (Field("x", "string", "X", enum=("a long name", "another long name")), "ListEditor"),
        (Field("x", "string", "X", enum=tuple("abcdef")), "ListEditor"),
        (Field("x", "string", "X", enum=tuple("abcdefghijklm")), "SearchedListEditor"),
        (Field("x", "array", "X", enum=("Left", "Right")), "TogglesEditor"),
        (Field("x", "array", "X", enum=tuple("abcdefgh")), "ChipsEditor"),
        (Field("x", "array", "X"), "JsonEditor"),
        (Field("x", "object", "X"), "JsonEditor"),
        (Field("x", "any", "X", children=SIDES), "SizeEditor"),
    ],
)  # fmt: skip
def test_editors_are_chosen_from_data(field: Field, editor: str, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    assert type(editor_for(field, holder)).__name__ == editor


def test_no_widget_knows_an_endpoint_by_name() -> None:
    words = {endpoint.id for endpoint in ENDPOINTS.values()}
    words |= {f'"{endpoint.provider}"' for endpoint in ENDPOINTS.values() if endpoint.provider != "local"}
    sources = [*sorted((ROOT / "app" / "ui" / "form").glob("*.py")), *sorted((ROOT / "app" / "ui").glob("panel*.py"))]
    assert len(sources) > 10
    for path in sources:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in words if word in text], path.name
