"""Lists inside the form: entries that are added, filled in, moved, copied and taken away, by pointer and by key."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from app.core.endpoint import MISSING, Field
from app.core.schema import read_endpoint
from app.core.values import fault
from app.ui.form.card import Card
from app.ui.form.face import same
from app.ui.form.items import ItemsEditor, fresh, item_of
from app.ui.form.nested import NestedEditor
from app.ui.form.row import Row
from tests.ui.form.conftest import RowOf

Json = Any

PARTS = (
    Field("loras[].path", "string", "Path", required=True),
    Field("loras[].scale", "number", "Scale", default=1, minimum=0, maximum=4),
)
LORAS = Field("loras", "array", "Loras", default=[], max_items=3, children=PARTS)
DEFAULT = {"path": "https://x.test/offset.safetensors", "scale": 0.1}
FOOOCUS = Field("loras", "array", "Loras", default=[DEFAULT], children=PARTS)
LINKS = Field(
    "urls", "array", "Image URLs", required=True, min_items=1, children=(Field("urls[]", "string", "Image URLs"),)
)
NUMBERS = Field("sigmas", "array", "Sigmas", unique=True, children=(Field("sigmas[]", "number", "Sigmas", maximum=9),))
CONTROLS = Field(
    "unions",
    "array",
    "Unions",
    children=(
        Field(
            "unions[].controls",
            "array",
            "Controls",
            required=True,
            children=(Field("unions[].controls[].mode", "string", "Mode", required=True, enum=("canny", "a", "b")),),
        ),
    ),
)
GRID = Field(
    "grid", "array", "Rows",
    children=(Field("grid[]", "array", "Rows", children=(Field("grid[][]", "integer", "Rows"),)),),
)  # fmt: skip
ROWS = [LORAS, FOOOCUS, LINKS, NUMBERS, CONTROLS, GRID]


def named(widget: QWidget, name: str, kind: type[Any] = QWidget) -> Any:
    """The control with that accessible name, in an entry that is still there."""
    found = [one for one in widget.findChildren(kind) if one.accessibleName() == name and one.isVisible()]
    assert len(found) == 1, (name, sorted({one.accessibleName() for one in widget.findChildren(kind)}))
    return found[0]


def press(widget: QWidget, name: str) -> None:
    """Click the button of that name."""
    QTest.mouseClick(named(widget, name, QAbstractButton), Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def names(row: Row) -> list[str]:
    """What stands on the folded entries, from top to bottom."""
    QApplication.processEvents()
    folds = [fold for fold in row.findChildren(QPushButton) if fold.property("fold") and fold.isVisible()]
    return [fold.accessibleName() for fold in sorted(folds, key=lambda fold: fold.mapTo(row, fold.pos()).y())]


def words(widget: QWidget) -> set[str]:
    """What the visible labels in ``widget`` say."""
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()}


def focused() -> QWidget:
    """What has the focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def two(row: Row) -> None:
    row.set_value([{"path": "a", "scale": 1}, {"path": "b", "more": [1]}])


def test_an_entry_is_added_filled_in_and_named(row_of: RowOf) -> None:
    row = row_of(LORAS)
    assert row.value() is MISSING and not row.findChildren(Card)
    press(row, "Loras: add LoRA")
    assert row.value() == [{}]
    assert focused().accessibleName() == "LoRA 1: Path"
    QTest.keyClicks(focused(), "a/style")
    QTest.keyClicks(named(row, "LoRA 1: Scale", QLineEdit), "0.5")
    assert row.value() == [{"path": "a/style", "scale": 0.5}]
    assert names(row) == ["LoRA 1, a/style, 0.5"]


def test_the_most_entries_are_said_and_no_more_can_come(row_of: RowOf) -> None:
    row = row_of(LORAS)
    for _ in range(3):
        press(row, "Loras: add LoRA")
    add = named(row, "Loras: add LoRA", QAbstractButton)
    assert not add.isEnabled() and "At most 3" in words(row) and len(row.value()) == 3
    assert not named(row, "Duplicate LoRA 1", QAbstractButton).isEnabled()
    press(row, "Remove LoRA 2")
    assert add.isEnabled() and len(row.value()) == 2 and "At most 3" not in words(row)


def test_entries_move_with_all_that_is_in_them(row_of: RowOf) -> None:
    row = row_of(LORAS)
    two(row)
    press(row, "Move up LoRA 2")
    assert row.value() == [{"path": "b", "more": [1]}, {"path": "a", "scale": 1}]
    assert names(row) == ["LoRA 1, b, 1 entry", "LoRA 2, a, 1"]
    assert not named(row, "Move up LoRA 1", QAbstractButton).isEnabled()
    assert not named(row, "Move down LoRA 2", QAbstractButton).isEnabled()


def test_alt_and_the_arrows_move_the_entry_that_has_the_focus_and_it_keeps_it(row_of: RowOf) -> None:
    row = row_of(LORAS)
    two(row)
    press(row, "LoRA 1, a, 1")
    scale = named(row, "LoRA 1: Scale", QLineEdit)
    scale.setFocus()
    QTest.keyClick(scale, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [entry["path"] for entry in row.value()] == ["b", "a"]
    assert focused() is scale and scale.accessibleName() == "LoRA 2: Scale"
    QTest.keyClick(scale, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [entry["path"] for entry in row.value()] == ["b", "a"]
    QTest.keyClick(scale, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert row.value() == [{"path": "a", "scale": 1}, {"path": "b", "more": [1]}]


def pull(widget: QWidget, down: int) -> None:
    """Move the pressed pointer to ``down`` pixels beneath the widget's middle."""
    place = QPointF(widget.rect().center() + QPoint(0, down))
    there, left, none = widget.mapToGlobal(place), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, place, there, left, left, none))
    QApplication.processEvents()


def test_an_entry_is_pulled_to_another_place_by_its_heading(row_of: RowOf) -> None:
    row = row_of(LORAS)
    row.set_value([{"path": "a"}, {"path": "b"}, {"path": "c"}])
    QApplication.processEvents()
    row.resize(280, row.sizeHint().height())
    QApplication.processEvents()
    fold = named(row, "LoRA 1, a", QPushButton)
    QTest.mousePress(fold, Qt.MouseButton.LeftButton, pos=fold.rect().center())
    for _ in range(3):
        pull(fold, 36)
    QTest.mouseRelease(fold, Qt.MouseButton.LeftButton, pos=fold.rect().center())
    assert [entry["path"] for entry in row.value()] == ["b", "c", "a"]
    assert not fold.isChecked()
    press(row, "LoRA 3, a")
    assert fold.isChecked()


def test_tab_goes_through_the_entries_as_they_are_seen(row_of: RowOf) -> None:
    row = row_of(LORAS)
    two(row)
    press(row, "LoRA 2, b, 1 entry")
    press(row, "Move up LoRA 2")
    named(row, "Loras: add LoRA").setFocus()
    met = []
    for _ in range(24):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        met.append(focused().accessibleName())
    order = [
        "LoRA 1, b, 1 entry",
        "Move down LoRA 1",
        "LoRA 1: Path",
        "LoRA 1: Scale",
        "LoRA 2, a, 1",
        "Remove LoRA 2",
    ]
    places = [met.index(name) for name in order]
    assert places == sorted(places)


def test_an_entry_is_copied_beneath_itself(row_of: RowOf) -> None:
    row = row_of(LORAS)
    two(row)
    press(row, "Duplicate LoRA 2")
    assert same(row.value(), [{"path": "a", "scale": 1}, *[{"path": "b", "more": [1]}] * 2])
    QTest.keyClick(named(row, "LoRA 3: Path"), Qt.Key.Key_End)
    QTest.keyClicks(focused(), "!")
    assert [entry["path"] for entry in row.value()] == ["a", "b", "b!"]


def test_delete_on_a_heading_takes_the_entry_away(row_of: RowOf) -> None:
    row = row_of(LORAS)
    two(row)
    fold = named(row, "LoRA 1, a, 1", QPushButton)
    fold.setFocus()
    QTest.keyClick(fold, Qt.Key.Key_Delete)
    assert row.value() == [{"path": "b", "more": [1]}]
    assert focused().accessibleName() == "LoRA 1, b, 1 entry"


def test_an_entry_goes_while_a_text_in_it_is_being_written(row_of: RowOf) -> None:
    row = row_of(Field("a", "array", "Notes", children=(Field("a[].prompt", "string", "Prompt", multiline=True),)))
    press(row, "Notes: add Note")
    QTest.keyClicks(named(row, "Note 1: Prompt"), "cat")
    row.set_value([])
    QApplication.processEvents()
    assert row.value() == []


def test_the_defaults_entries_stand_muted_until_something_is_changed(row_of: RowOf) -> None:
    row = row_of(FOOOCUS)
    assert row.value() is MISSING and names(row) == ["LoRA 1, offset, 0.1"] and "Default" in words(row)
    press(row, "Loras: add LoRA")
    assert row.value() == [DEFAULT, {}] and "Default" not in words(row)
    row.reset()
    assert row.value() is MISSING and names(row) == ["LoRA 1, offset, 0.1"]
    press(row, "LoRA 1, offset, 0.1")
    assert row.value() is MISSING
    scale = named(row, "LoRA 1: Scale", QLineEdit)
    scale.selectAll()
    QTest.keyClicks(scale, "2")
    assert row.value() == [{**DEFAULT, "scale": 2}] and FOOOCUS.default == [DEFAULT]


def test_an_empty_list_is_not_an_unset_one(row_of: RowOf) -> None:
    row = row_of(FOOOCUS)
    press(row, "Remove LoRA 1")
    assert row.value() == [] and "An empty list is sent." in words(row) and names(row) == []
    row.reset()
    assert row.value() is MISSING and "An empty list is sent." not in words(row)


def test_a_list_of_links_is_lines_and_an_unfilled_one_is_said(row_of: RowOf) -> None:
    row = row_of(LINKS)
    assert "At least 1" in words(row)
    press(row, "Image URLs: add Image URL")
    assert row.value() == [None] and fault(LINKS, row.value()) == "Entry 1: A value is needed here."
    QTest.keyClicks(named(row, "Image URL 1: Value"), "https://x.test/a.png")
    assert row.value() == ["https://x.test/a.png"]
    named(row, "Image URL 1: Value").clear()
    QTest.keyClicks(named(row, "Image URL 1: Value"), "b")
    QTest.keyClick(named(row, "Image URL 1: Value"), Qt.Key.Key_Backspace)
    assert row.value() == [None]
    row.insist()
    assert "A value is needed here." in words(row)


def test_numbers_are_held_to_their_limits_each(row_of: RowOf) -> None:
    row = row_of(NUMBERS)
    row.set_value([1, 2.5])
    QTest.keyClicks(named(row, "Sigma 2: Value"), "1")
    assert same(row.value(), [1, 2.51])
    QTest.keyClicks(named(row, "Sigma 1: Value"), "0")
    card = row.findChildren(Card)[0]
    assert same(row.value(), [10, 2.51]) and words(card) == {"This must be 9 or less."}


def test_entries_that_must_differ_are_said(row_of: RowOf) -> None:
    row = row_of(NUMBERS)
    row.set_value([1, 1.0])
    assert row.editor.complaint() == ""
    row.set_value([1, 3, 1])
    row.show_problem("")
    row.insist()
    assert "Each entry may be there once: 3 is the same as 1." in words(row)


def test_a_fault_stands_in_the_entry_that_has_it(row_of: RowOf) -> None:
    row = row_of(LORAS)
    row.set_value([{"path": "a"}, {"scale": 9}])
    row.show_problem(fault(LORAS, row.value()))
    row.insist()
    QApplication.processEvents()
    first, second = row.findChildren(Card)
    assert "Entry 2: Path is needed." in words(row)
    assert words(first) == set()
    assert {"A value is needed here.", "This must be 4 or less."} <= words(second)  # it was opened
    press(row, "LoRA 2, 9")
    assert words(second) == {"Path is needed."}


def test_a_fault_that_came_from_elsewhere_is_marked_on_its_folded_entry(row_of: RowOf) -> None:
    row = row_of(LORAS)
    row.set_value([{"path": "a"}, {"scale": 9}])
    row.show_problem(fault(LORAS, row.value()))
    first, second = row.findChildren(Card)
    assert words(second) == {"Path is needed."} and second.property("invalid") is True
    assert words(first) == set() and not first.property("invalid")
    row.show_problem("")
    assert words(second) == set()


def test_the_focus_goes_to_what_is_wrong_inside(row_of: RowOf) -> None:
    row = row_of(CONTROLS)
    row.set_value([{"controls": [{"mode": "a"}]}, {"controls": [{"mode": "b"}, {}]}])
    row.insist()
    QApplication.processEvents()
    row.editor.go_in()
    assert focused().accessibleName() == "Union 2: Control 2: Mode: canny"
    row = row_of(LORAS)
    row.editor.go_in()
    assert focused().accessibleName() == "Loras: add LoRA"


def test_a_new_entry_is_not_blamed_at_once(row_of: RowOf) -> None:
    row = row_of(LORAS)
    row.changed.connect(lambda _: row.show_problem(fault(LORAS, row.value())))
    press(row, "Loras: add LoRA")
    assert words(row) == {"Loras", "Path *", "Scale"}
    QTest.keyClicks(named(row, "LoRA 1: Scale", QLineEdit), "2")
    assert "Entry 1: Path is needed." in words(row)


def test_lists_inside_lists(row_of: RowOf) -> None:
    row = row_of(CONTROLS)
    press(row, "Unions: add Union")
    press(row, "Union 1: Controls: add Control")
    press(row, "Union 1: Controls: add Control")
    assert row.value() == [{"controls": [{}, {}]}]
    press(row, "Union 1: Control 2: Mode: a")
    press(row, "Union 1: Control 1: Mode: b")
    QTest.keyClick(focused(), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert row.value() == [{"controls": [{"mode": "a"}, {"mode": "b"}]}]
    press(row, "Duplicate Union 1")
    press(row, "Union 2: Remove Control 1")
    assert row.value() == [{"controls": [{"mode": "a"}, {"mode": "b"}]}, {"controls": [{"mode": "b"}]}]


def test_lists_of_lists(row_of: RowOf) -> None:
    row = row_of(GRID)
    press(row, "Rows: add Row")
    assert row.value() == [[]]
    press(row, "Row 1: Row: add Row")
    QTest.keyClicks(named(row, "Row 1: Row 1: Value"), "7")
    assert row.value() == [[7]]


def test_a_list_is_edited_as_json_and_back(row_of: RowOf) -> None:
    row = row_of(LORAS)
    two(row)
    press(row, "Loras: edit as JSON")
    box = row.findChild(QPlainTextEdit)
    assert box is not None and json.loads(box.toPlainText()) == row.value() and names(row) == []
    box.setPlainText('[{"path": "c"}]')
    assert row.value() == [{"path": "c"}]
    press(row, "Loras: edit as JSON")
    assert not box.isVisible() and names(row) == ["LoRA 1, c"]


def test_what_is_no_list_and_what_is_too_long_is_shown_as_json(row_of: RowOf) -> None:
    row = row_of(LORAS)
    values: list[Json] = ["text", {"a": 1}, [{"path": "x"}] * 500]
    for value in values:
        row.set_value(value)
        assert same(row.value(), value) and not [card for card in row.findChildren(Card) if card.isVisible()]
        assert row.findChild(QPlainTextEdit) is not None


def test_an_entry_of_another_shape_is_shown_as_json_and_kept(row_of: RowOf) -> None:
    row = row_of(LORAS)
    row.set_value(["a/path", {"path": "b"}])
    press(row, "LoRA 1, a/path")
    box = row.findChild(QPlainTextEdit)
    assert box is not None and box.isVisible() and box.toPlainText() == "a/path"
    press(row, "Move down LoRA 1")
    assert row.value() == [{"path": "b"}, "a/path"]


def test_a_fresh_entry_holds_what_it_must_and_can_say_itself() -> None:
    parts = (
        Field("a[].kind", "string", "Kind", required=True, enum=("only",)),
        Field("a[].n", "integer", "N", required=True, default=3),
        Field("a[].free", "integer", "Free", default=1),
        Field("a[].text", "string", "Text", required=True),
    )
    assert fresh(item_of(Field("a", "array", "As", children=parts))) == {"kind": "only", "n": 3}
    assert fresh(Field("a[]", "boolean", "A")) is False and fresh(Field("a[]", "string", "A", enum=("x", "y"))) == "x"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["path", "scale", "controls", "mode", "?"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@pytest.mark.parametrize("field", ROWS, ids=lambda field: field.path)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_value_goes_in_and_comes_out_exactly(qapp: QApplication, field: Field, data: st.DataObject) -> None:
    row = Row(field)
    editor = row.editor
    assert isinstance(editor, ItemsEditor)
    for value in data.draw(st.lists(st.lists(_json, max_size=4) | _json, min_size=1, max_size=3)):
        sent = json.loads(json.dumps(value))
        row.set_value(value)
        assert repr(row.value()) == repr(sent)
        open_all(editor)
        row.insist()
        assert repr(row.value()) == repr(sent)
    row.reset()
    assert row.value() is MISSING
    row.deleteLater()


_leaf = st.sampled_from(
    [
        {"type": "string"},
        {"type": "string", "format": "uri", "title": "<b>&File</b>"},
        {"type": "integer", "minimum": 0, "maximum": 9},
        {"type": "boolean"},
        {"enum": ["a", "b", 3]},
        {"type": "object"},
        {"type": "array"},
        {},
    ]
)
_name = st.sampled_from(["path", "image_url", "width", "height", "x.y", "loras", "&", ""])


def _node(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Groups, lists and unions of other nodes."""
    group = st.builds(
        lambda parts, needed: {"type": "object", "properties": parts, "required": needed},
        st.dictionaries(_name, inner, max_size=3),
        st.lists(_name, max_size=2),
    )
    listed = st.builds(lambda item, most: {"type": "array", "items": item, "maxItems": most}, inner, st.integers(0, 4))
    return group | listed | st.lists(inner, min_size=1, max_size=3).map(lambda some: {"anyOf": some})


_nodes: st.SearchStrategy[Json] = st.recursive(_leaf, _node, max_leaves=8)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(_nodes, st.lists(_json, min_size=1, max_size=2))
def test_any_nested_schema_opens_grows_and_gives_back_what_it_was_given(
    qapp: QApplication, node: Json, values: list[Json]
) -> None:
    fields = read_endpoint({"type": "object", "properties": {"top": node}}).fields
    row = Row(fields[0])
    for value in values:
        if isinstance(row.editor, NestedEditor):
            row.set_value(json.loads(json.dumps(value)))
            open_all(row)
            assert repr(row.value()) == repr(value)
    row.reset()
    for _ in range(2):
        for button in row.findChildren(QPushButton):
            if button.text().startswith("Add ") and button.isEnabled():
                button.click()
        open_all(row)
    json.dumps(None if row.value() is MISSING else row.value())
    row.show_problem(fault(fields[0], row.value()) if row.value() is not MISSING else "")
    row.insist()
    row.reset()
    assert row.value() is MISSING
    row.deleteLater()


def open_all(widget: QWidget) -> None:
    """Open every fold there is by now."""
    for fold in widget.findChildren(QAbstractButton):
        if fold.property("fold") and not fold.isChecked():
            fold.click()
