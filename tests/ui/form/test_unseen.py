"""Documents that nobody here has seen: every field gets a working editor, whatever the schema says."""

import html
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QComboBox, QPlainTextEdit, QSlider
from pytestqt.qtbot import QtBot

from app.backends.validation import Validation
from app.core.endpoint import MISSING
from app.core.schema import read_endpoint
from app.core.values import check
from app.ui.form.form import Form
from app.ui.form.order import shown_fields
from app.ui.form.short_button import ShortButton

Json = Any

_words = st.text(max_size=6) | st.sampled_from(["&file", "<b>", "a\nb", "%n", "long " * 60])
_scalars = _words | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
_values: st.SearchStrategy[Json] = st.recursive(
    _scalars | st.none(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_words, inner, max_size=2),
    max_leaves=4,
)
_types = ["string", "integer", "number", "boolean", "array", "object", "file"]
_limits = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "maxItems",
]
_plain = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(_types) | st.just(["string", "null"]),
        "title": _words,
        "description": _words,
        "default": _values,
        "enum": st.lists(_values, max_size=16),
        "examples": st.lists(_values, max_size=3),
        "const": _values,
    },
)
_bounds = st.dictionaries(st.sampled_from(_limits), st.integers(-5, 5000) | st.floats(-10, 10, allow_nan=False))


def _nested(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """A node with other nodes inside."""
    parts = st.dictionaries(st.sampled_from(["width", "height", "a"]), inner)
    branches = st.lists(inner | st.just({"type": "null"}), max_size=3)
    inside = st.fixed_dictionaries({}, optional={"items": inner, "anyOf": branches, "properties": parts})
    return st.builds(lambda node, more: {**node, **more}, _plain, inside)


_leaves = st.builds(lambda node, limits: {**node, **limits}, _plain, _bounds)
_nodes: st.SearchStrategy[Json] = st.recursive(_leaves, _nested, max_leaves=6)
_names = st.sampled_from(["prompt", "seed", "image_size", "styles", "image_url", "strength", "loras", "n", "x.y", "&"])


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(_names, _nodes, max_size=5), st.data())
def test_any_schema_makes_a_form_for_any_value(qapp: QApplication, properties: Json, data: st.DataObject) -> None:
    endpoint = read_endpoint({"type": "object", "properties": properties})
    form = Form(endpoint, {})
    form._build_rare()
    assert sorted(form.rows) == sorted(field.path for field in shown_fields(endpoint))
    assert all(row.value() is MISSING for row in form.rows.values())
    form.set_values({path: data.draw(_values) for path in form.rows})
    form.set_problems(check(endpoint, {path: row.value() for path, row in form.rows.items()}))
    form.insist()
    for row in form.rows.values():
        row.reset()
    assert all(row.value() is MISSING for row in form.rows.values())
    form.deleteLater()


@pytest.mark.shared
def test_published_documents_make_forms_whose_defaults_come_back(shared: Path, qtbot: QtBot) -> None:
    slowest = 0.0
    for path in sorted((shared / "data" / "fal-openapi").glob("*.json")):
        document = json.loads(path.read_text())
        start = time.thread_time()
        endpoint = read_endpoint(document)
        form = Form(endpoint, {})
        slowest = max(slowest, time.thread_time() - start)
        qtbot.addWidget(form)
        form._build_rare()
        assert sorted(form.rows) == sorted(field.path for field in shown_fields(endpoint))
        fields = shown_fields(endpoint)
        defaults = {field.path: field.default for field in fields if field.default not in (MISSING, None, "")}
        form.set_values(defaults)
        assert {name: row.value() for name, row in form.rows.items() if row.value() is not MISSING} == defaults
    assert slowest < 1.0


def form_for(schema: Json, qtbot: QtBot) -> Form:
    """The form of one field of a schema, as wide as the narrowest panel leaves it."""
    form = Form(read_endpoint({"type": "object", "properties": {"x": schema}}), {})
    qtbot.addWidget(form)
    form.resize(256, 400)
    form.show()
    return form


def test_a_list_with_a_long_name_fits_the_narrowest_panel(qtbot: QtBot) -> None:
    title = "A list with a minimal number of items & more"
    form = form_for({"type": "array", "minItems": 3, "title": title, "items": {"type": "string"}}, qtbot)
    row = form.rows["x"]
    assert row.minimumSizeHint().width() <= 256
    button = row.findChild(ShortButton)
    assert button is not None and button.text().endswith("…") and title[:-5] in html.unescape(button.toolTip())
    assert button.geometry().right() < 256


@pytest.mark.parametrize(
    "schema",
    [{"enum": ["a", 1, True, {"k": 1}]}, {"type": ["string", "integer", "null"], "enum": ["a", 1, None]},
     {"anyOf": [{"enum": ["a"]}, {"type": "integer"}]}],
)  # fmt: skip
def test_values_of_several_kinds_are_chosen_from_a_list(schema: Json, qtbot: QtBot) -> None:
    form = form_for(schema, qtbot)
    row = form.rows["x"]
    box = row.findChild(QComboBox)
    assert box is not None
    choices = row.field.enum
    for place, choice in enumerate(choices):
        box.setCurrentIndex(place)
        box.activated.emit(place)
        assert row.value() == choice and type(row.value()) is type(choice)
    box.setCurrentIndex(len(choices))
    box.activated.emit(len(choices))
    text = row.findChild(QPlainTextEdit)
    assert text is not None and text.isVisible()
    text.setPlainText("41")
    assert row.value() == 41
    row.reset()
    assert row.value() is MISSING and not text.isVisible()


@pytest.mark.parametrize("key", ["x-group", "title"])
def test_long_headings_and_chosen_values_fit_the_narrowest_panel(key: str, qtbot: QtBot) -> None:
    words = "A heading that somebody wrote without thinking of narrow panels at all"
    values = [f"{words} {number}" for number in range(20)]
    node = {"type": "array", "items": {"enum": values}, "default": values[:1], key: words}
    fields = {f"f{number}": {"type": "string"} for number in range(12)}
    form = Form(read_endpoint({"type": "object", "properties": {"x": node, **fields}}), {})
    qtbot.addWidget(form)
    form.resize(256, 900)
    form.show()
    form._build_rare()
    QApplication.processEvents()
    assert form.minimumSizeHint().width() <= 256
    buttons = [button for button in form.findChildren(ShortButton) if button.words.startswith("A heading")]
    assert buttons
    for button in buttons:
        edge = button.mapTo(form, button.rect().topRight()).x()
        assert edge < 256 and (not button.isVisible() or button.text().endswith("…")), button.text()


@pytest.mark.parametrize(
    "schema",
    [{"type": "integer", "minimum": 3, "maximum": 50, "multipleOf": 8},
     {"type": "integer", "minimum": 0.5, "maximum": 3.5},
     {"type": "integer", "exclusiveMinimum": 0.5, "exclusiveMaximum": 9},
     {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
     {"type": "number", "minimum": 0.1, "maximum": 0.95, "multipleOf": 0.1},
     {"type": "integer", "minimum": 0, "maximum": 10, "multipleOf": 2.5},
     {"type": "number", "minimum": -1e-6, "maximum": 1e-6}],
)  # fmt: skip
def test_a_slider_gives_nothing_that_the_schema_refuses(schema: Json, qtbot: QtBot) -> None:
    endpoint = read_endpoint({"type": "object", "properties": {"x": schema}})
    form = form_for(schema, qtbot)
    validation = Validation()
    for slider in form.findChildren(QSlider):
        for position in range(slider.maximum(), slider.minimum() - 1, -1):
            slider.setValue(position)
            value = form.rows["x"].value()
            assert check(endpoint, {"x": value}) == validation.faults(endpoint, {"x": value}) == {}, value
