"""Groups inside the form: what is set in them, what survives them, what they say."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from app.core.endpoint import MISSING, Field
from app.core.values import fault
from app.ui.form.face import Editor, same
from app.ui.form.field_row import FieldRow
from app.ui.form.group import GroupEditor
from app.ui.form.nested import NestedEditor
from app.ui.form.row import Row
from app.ui.form.summary import noun_for, summary
from tests.ui.form.conftest import RowOf

Json = Any

SCALE = Field("loras[].scale", "number", "Scale", default=1, minimum=0, maximum=4)
LORAS = Field(
    "loras", "array", "Loras", default=[], children=(Field("loras[].path", "string", "Path", required=True), SCALE)
)
PICTURE = Field(
    "image_prompt_1",
    "object",
    "Image Prompt",
    children=(
        Field("image_prompt_1.type", "string", "Type", default="ImagePrompt", enum=("ImagePrompt", "PyraCanny")),
        Field("image_prompt_1.image_url", "string", "Image URL", nullable=True, media="picture"),
        Field("image_prompt_1.stop_at", "number", "Stop At", default=0.5, minimum=0, maximum=1),
        Field("image_prompt_1.name", "string", "Name"),
    ),
)
NEEDY = Field(
    "box", "object", "Box", children=(Field("box.x", "integer", "X", required=True), Field("box.y", "integer", "Y"))
)
DEEP = Field(
    "palette",
    "object",
    "Palette",
    nullable=True,
    children=(
        Field(
            "palette.members",
            "array",
            "Members",
            children=(
                Field(
                    "palette.members[].rgb",
                    "object",
                    "Colour",
                    required=True,
                    children=tuple(Field(f"palette.members[].rgb.{c}", "integer", c.upper()) for c in "rgb"),
                ),
                Field("palette.members[].weight", "number", "Weight", nullable=True, default=0.5),
            ),
        ),
        Field("palette.note", "any", "Note"),
    ),
)
UNION = Field(
    "size",
    "any",
    "Size",
    default="auto",
    enum=("auto", "square", 3),
    children=(Field("size.ratio", "number", "Ratio", required=True), Field("size.note", "string", "Note")),
)


def named(widget: QWidget, name: str, kind: type[Any] = QWidget) -> Any:
    """The visible control with that accessible name."""
    found = [one for one in widget.findChildren(kind) if one.accessibleName() == name and not one.isHidden()]
    assert len(found) == 1, (name, sorted({one.accessibleName() for one in widget.findChildren(kind)}))
    return found[0]


def words(widget: QWidget) -> set[str]:
    """What the visible labels in ``widget`` say."""
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget) and label.text()}


def group_of(row: Row) -> GroupEditor:
    assert isinstance(row.editor, GroupEditor)
    return row.editor


def test_a_group_is_folded_and_sends_nothing_until_something_in_it_is_set(row_of: RowOf) -> None:
    row = row_of(PICTURE)
    assert row.value() is MISSING and not row.findChildren(QLineEdit)
    named(row, "Image Prompt: Not set", QAbstractButton).click()
    assert row.value() is MISSING
    QTest.keyClicks(named(row, "Image Prompt: Name"), "cat")
    assert row.value() == {"name": "cat"}
    named(row, "Image Prompt: Stop At", QLineEdit).setFocus()
    QTest.keyClicks(named(row, "Image Prompt: Stop At", QLineEdit), "1")
    assert row.value() == {"name": "cat", "stop_at": 1}


def test_what_is_unset_again_is_not_sent_and_the_last_one_unsets_the_group(row_of: RowOf) -> None:
    row = row_of(PICTURE)
    row.set_value({"name": "cat", "stop_at": 0.25})
    named(row, "Image Prompt: Reset Stop At", QAbstractButton).click()
    assert row.value() == {"name": "cat"}
    named(row, "Image Prompt: Reset Name", QAbstractButton).click()
    assert row.value() is MISSING


def test_names_that_the_schema_does_not_know_survive_what_is_changed_beside_them(row_of: RowOf) -> None:
    row = row_of(PICTURE)
    given_value = {"weight_of_old": [1, {"x": None}], "stop_at": 1, "image_url": None, "type": "gone"}
    row.set_value(given_value)
    assert same(row.value(), given_value)
    QTest.keyClicks(named(row, "Image Prompt: Name"), "n")
    assert same(row.value(), {**given_value, "name": "n"})


def test_a_value_of_another_shape_is_shown_as_json_and_never_lost(row_of: RowOf) -> None:
    row = row_of(PICTURE)
    row.set_value(["a", 1.0])
    box = row.findChild(QPlainTextEdit)
    assert box is not None and json.loads(box.toPlainText()) == ["a", 1.0]
    assert same(row.value(), ["a", 1.0])
    box.setPlainText('{"stop_at": 0.75}')
    assert row.value() == {"stop_at": 0.75}
    named(row, "Image Prompt: edit as JSON", QAbstractButton).click()
    assert not box.isVisible() and named(row, "Image Prompt: Stop At", QLineEdit).text() == "0.75"


def test_json_that_is_not_json_is_said(row_of: RowOf) -> None:
    row = row_of(PICTURE)
    row.set_value({"name": "a"})
    named(row, "Image Prompt: edit as JSON", QAbstractButton).click()
    box = row.findChild(QPlainTextEdit)
    assert box is not None
    box.setPlainText('{"name": ')
    row.show_problem(fault(PICTURE, row.value()))
    row.insist()
    assert any("This is not JSON" in said for said in words(row))
    box.setPlainText('{"name": "b"}')
    row.show_problem(fault(PICTURE, row.value()))
    assert row.value() == {"name": "b"} and not any("JSON" in said for said in words(row))


def test_a_fault_stands_beside_the_field_that_has_it(row_of: RowOf) -> None:
    row = row_of(NEEDY)
    named(row, "Box: Not set", QAbstractButton).click()
    QTest.keyClicks(named(row, "Box: Y", QLineEdit), "3")
    assert fault(NEEDY, row.value()) == "X is needed."
    row.insist()
    inner: dict[str, FieldRow] = {child.field.title: child for child in group_of(row).findChildren(FieldRow)}
    assert words(inner["X"]) == {"X *", "A value is needed here."}
    QTest.keyClicks(named(row, "Box: X", QLineEdit), "1.5")
    assert words(inner["X"]) == {"X *", "This must be a whole number."}
    assert words(inner["Y"]) == {"Y"}


def test_a_needed_group_is_open(row_of: RowOf) -> None:
    row = row_of(Field("b", "object", "B", required=True, children=(Field("b.x", "string", "X", required=True),)))
    assert named(row, "B: X", QLineEdit).isVisible()


def test_a_group_starts_from_what_its_default_says_beyond_its_fields(row_of: RowOf) -> None:
    default = {"method": "default", "array": [1, 2]}
    parts = (
        Field("t.method", "string", "Method", default="default", enum=("default", "array")),
        Field("t.array", "array", "Array", default=[], children=(Field("t.array[]", "integer", "Array"),)),
    )
    row = row_of(Field("t", "object", "T", default=default, children=parts))
    row.findChildren(QAbstractButton)[0].click()
    named(row, "T: default, 2 entries", QAbstractButton).click()
    named(row, "T: Method: array", QAbstractButton).click()
    assert row.value() == {"array": [1, 2], "method": "array"}


def test_a_union_is_a_name_a_group_or_anything(row_of: RowOf) -> None:
    row = row_of(UNION)
    box = row.findChild(QComboBox)
    assert box is not None and box.placeholderText() == "auto" and row.value() is MISSING
    box.setFocus()
    for _ in range(2):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert row.value() == "square"
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert same(row.value(), 3)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert row.value() == {}
    QTest.keyClicks(named(row, "Size: Ratio", QLineEdit), "1.5")
    assert row.value() == {"ratio": 1.5}
    QTest.keyClick(box, Qt.Key.Key_Down)
    json_box = row.findChild(QPlainTextEdit)
    assert json_box is not None and json_box.isVisible() and json.loads(json_box.toPlainText()) == {"ratio": 1.5}
    row.set_value([3])
    assert row.value() == [3] and box.currentText() == "Something else, as JSON"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
_keys = st.sampled_from(["path", "scale", "type", "stop_at", "image_url", "members", "rgb", "r", "note", "x", "y", "?"])
_shaped = st.recursive(
    _json, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4), max_leaves=12
)


@pytest.mark.parametrize("field", [LORAS, PICTURE, NEEDY, DEEP, UNION], ids=lambda field: field.path)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_value_goes_in_and_comes_out_exactly(qapp: QApplication, field: Field, data: st.DataObject) -> None:
    row = Row(field)
    unfold(row.editor)
    for _ in range(3):
        value = data.draw(_shaped)
        row.set_value(json.loads(json.dumps(value)))
        assert repr(row.value()) == repr(json.loads(json.dumps(value)))
        unfold(row.editor)
        row.show_problem(fault(field, row.value()))
        row.insist()
        assert repr(row.value()) == repr(json.loads(json.dumps(value)))
    row.reset()
    assert row.value() is MISSING
    row.deleteLater()


def unfold(editor: Editor) -> None:
    """Open every fold in an editor, however deep."""
    for fold in editor.findChildren(QAbstractButton):
        if fold.property("fold") and not fold.isChecked():
            fold.click()


def test_a_group_of_thousands_comes_in_parts_and_keeps_what_is_not_shown(row_of: RowOf) -> None:
    many = tuple(Field(f"g.f{at}", "string", f"F{at}") for at in range(2000))
    row = row_of(Field("g", "object", "G", children=many))
    row.set_value({"f1999": "last", "f50": "x"})
    rows = row.findChildren(FieldRow)
    assert len(rows) == 40
    more = next(one for one in row.findChildren(QAbstractButton) if one.text() == "Show more (1960)")
    more.click()
    QApplication.processEvents()
    assert named(row, "G: F50", QLineEdit).text() == "x" and more.text() == "Show more (1920)"
    QTest.keyClicks(named(row, "G: F0", QLineEdit), "y")
    assert row.value() == {"f1999": "last", "f50": "x", "f0": "y"}


def test_nested_editors_are_made_when_they_are_looked_at(row_of: RowOf) -> None:
    row = row_of(DEEP)
    assert len(row.findChildren(NestedEditor)) == 1
    row.set_value({"members": [{"rgb": {"r": 1}}] * 3})
    assert len(row.findChildren(NestedEditor)) == 2  # the list, its entries folded


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"path": "https://x.test/a/style-lora.safetensors?v=1", "scale": 0.8}, "style-lora, 0.8"),
        ({"scale": 2.0, "unknown": True}, "2"),
        ({}, ""),
        ("data:image/png;base64,AAAA", "data, image/png"),
        (f"mendbrush-file:{'0' * 64}.png?name=my%20cat.png", "my cat.png"),
        ({"path": "http://[bad"}, "http://[bad"),
        ([1, 2], "2 entries"),
    ],
)
def test_a_value_in_a_few_words(value: Json, said: str) -> None:
    item = Field("loras[]", "object", "LoRA", children=LORAS.children)
    assert summary(item, value) == said


@pytest.mark.parametrize(
    ("title", "noun"),
    [("Loras", "LoRA"), ("Control Loras", "Control LoRA"), ("Image Urls", "Image URL"), ("Entries", "Entry"),
     ("Boxes", "Box"), ("Classes", "Class"), ("Ip Adapter", "IP Adapter"), ("Array", "Entry"), ("Sigmas", "Sigma"),
     ("Status", "Status"), ("", "Entry")],
)  # fmt: skip
def test_an_entry_is_called_by_the_lists_title(title: str, noun: str) -> None:
    assert noun_for(Field("x", "array", title)) == noun
