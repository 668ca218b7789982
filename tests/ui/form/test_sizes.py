"""Sizes: presets with their pixels, sides kept to multiples and limits, the crop's size, width and height swapped."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.core.endpoint import MISSING, Binding, Endpoint, Field
from app.core.rules import TYPE
from app.core.schema import read_endpoint
from app.core.sizes import written_size
from app.core.values import fault
from app.ui.form.choose import editor_for
from app.ui.form.context import NOTHING, Context
from app.ui.form.face import Editor
from app.ui.form.form import Form
from app.ui.form.order import arrange
from app.ui.form.sides import fault_of_side, fitted, nearest

Json = Any
Shower = Callable[..., Editor]

SIDE = Field("s.width", "integer", "Width", minimum=64, maximum=2048, step=8, default=512)
SIZE = Field(
    "s",
    "any",
    "Size",
    enum=("auto", "square_hd"),
    default="square_hd",
    children=(SIDE, replace(SIDE, path="s.height", title="Height")),
)
KNOWN = replace(NOTHING, crop_size=lambda: (1021, 760), sizes=(("square_hd", 1024, 1024), ("wide", 1344, 768)))


@pytest.fixture
def show(qtbot: QtBot) -> Shower:
    windows: list[QWidget] = []

    def shower(field: Field, context: Context = KNOWN) -> Editor:
        window = QWidget()
        qtbot.addWidget(window)
        windows.append(window)
        editor = editor_for(field, window, context)
        QVBoxLayout(window).addWidget(editor)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return editor

    return shower


def boxes(editor: QWidget) -> list[QLineEdit]:
    return [box for box in editor.findChildren(QLineEdit) if not isinstance(box.parent(), QComboBox)]


def press(widget: QWidget, words: str) -> None:
    button = next(one for one in widget.findChildren(QAbstractButton) if words in one.accessibleName())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_presets_show_their_pixels(show: Shower) -> None:
    editor = show(SIZE)
    box = editor.findChild(QComboBox)
    assert box is not None
    assert [box.itemText(place) for place in range(box.count())] == ["auto", "square_hd   1024 × 1024", "Custom"]
    assert box.placeholderText() == "square_hd   1024 × 1024"
    assert [side.placeholderText() for side in boxes(editor)] == ["1024", "1024"]
    editor.set_value("auto")
    assert editor.value() == "auto" and [side.placeholderText() for side in boxes(editor)] == ["Width", "Height"]


def test_fals_own_names_have_pixels_everywhere(show: Shower) -> None:
    box = show(replace(SIZE, enum=("square_hd", "landscape_4_3")), NOTHING).findChild(QComboBox)
    assert box is not None and box.itemText(1) == "landscape_4_3   1024 × 768"
    other = show(replace(SIZE, enum=("square", "wide")), NOTHING).findChild(QComboBox)
    assert other is not None and other.itemText(0) == "square"


def test_typing_makes_it_a_size_of_ones_own(show: Shower, qtbot: QtBot) -> None:
    editor = show(SIZE)
    width, height = boxes(editor)
    with qtbot.waitSignal(editor.changed):
        QTest.keyClicks(width, "640")
    assert editor.value() == {"width": 640, "height": 1024} and height.text() == "1024"


def test_a_side_that_does_not_fit_is_said_with_the_nearest(show: Shower) -> None:
    editor = show(SIZE)
    editor.set_value({"width": 1001, "height": 512})
    assert editor.complaint() == "Width: this must be a multiple of 8. The nearest that fits is 1000."
    editor.set_value({"width": 1000, "height": 5000})
    assert editor.complaint().startswith("Height: ") and editor.complaint().endswith("The nearest that fits is 2048.")
    editor.show_problem("wrong")
    assert [bool(box.property("invalid")) for box in boxes(editor)] == [False, True]
    editor.set_value({"width": 1000, "height": 512})
    assert editor.complaint() == ""


def test_arrows_go_by_the_multiple(show: Shower) -> None:
    editor = show(SIZE)
    editor.set_value({"width": 1001, "height": 2048})
    width, height = boxes(editor)
    QTest.keyClick(width, Qt.Key.Key_Up)
    QTest.keyClick(height, Qt.Key.Key_Up)
    assert editor.value() == {"width": 1008, "height": 2048}
    QTest.keyClick(width, Qt.Key.Key_Down)
    assert editor.value() == {"width": 1000, "height": 2048}


def test_the_crops_size_is_taken_fitted(show: Shower) -> None:
    editor = show(SIZE)
    press(editor, "crop")
    assert editor.value() == {"width": 1024, "height": 760}


def test_without_a_mask_the_crop_button_says_why(show: Shower) -> None:
    editor = show(SIZE, NOTHING)
    press(editor, "crop")
    assert editor.value() is MISSING


def test_width_and_height_are_swapped(show: Shower) -> None:
    editor = show(SIZE)
    editor.set_value({"width": 640, "height": 512, "more": 1})
    press(editor, "swap")
    assert editor.value() == {"more": 1, "width": 512, "height": 640}


def test_a_size_as_text_is_written_by_two_boxes(show: Shower) -> None:
    editor = show(Field("ratio", "string", "Ratio", default="1024*1024", step=8))
    width, height = boxes(editor)
    assert editor.value() is MISSING and width.placeholderText() == "1024"
    QTest.keyClicks(width, "900")
    assert editor.value() == "900*1024", "the side that is not typed keeps what stood there muted"
    height.setFocus()
    height.selectAll()
    QTest.keyClick(height, Qt.Key.Key_Delete)
    assert editor.complaint() == "Both width and height are needed." and editor.unfinished()
    QTest.keyClick(height, Qt.Key.Key_Tab)
    assert not editor.unfinished()
    QTest.keyClicks(height, "640")
    assert editor.value() == "900*640"
    assert editor.complaint() == "Width: this must be a multiple of 8. The nearest that fits is 896."
    press(editor, "swap")
    assert editor.value() == "640*900"
    press(editor, "crop")
    assert editor.value() == "1024*760" and editor.complaint() == ""
    editor.set_value("what")
    assert editor.value() == "what" and "is not a size" in editor.complaint()
    editor.clear()
    assert editor.value() is MISSING


def test_known_sizes_are_offered(show: Shower) -> None:
    editor = show(Field("ratio", "string", "Ratio", examples=("1024x1024", "1152x896")), NOTHING)
    button = next(one for one in editor.findChildren(QToolButton) if one.menu() is not None)
    menu = button.menu()
    assert menu is not None
    assert [found.text() for found in menu.actions()] == ["1024x1024\t1024 × 1024", "1152x896\t1152 × 896"]
    menu.actions()[1].trigger()
    assert editor.value() == "1152x896"


def test_two_number_fields_make_one_block_with_rows_of_their_own(qtbot: QtBot, qapp: QApplication) -> None:
    fields = (
        Field("prompt", "string", "Prompt", role="prompt"),
        Field("width", "integer", "Width", minimum=64, maximum=2048, step=8, default=512),
        Field("x", "integer", "X"),
        Field("height", "integer", "Height", minimum=64, maximum=2048, step=8, default=768),
    )
    endpoint = Endpoint("e", "E", "", fields, sizes=(("wide", 1344, 768),))
    assert [[field.path for field in unit] for unit in arrange(endpoint).front] == [
        ["prompt"],
        ["width", "height"],
        ["x"],
    ]
    form = Form(endpoint, {}, context=KNOWN)
    qtbot.addWidget(form)
    form.resize(256, 400)
    form.show()
    told: list[tuple[str, object]] = []
    form.value_changed.connect(lambda path, value: told.append((path, value)))
    press(form, "crop")
    assert told == [("width", 1024), ("height", 760)]
    press(form, "swap")
    assert (form.rows["width"].value(), form.rows["height"].value()) == (760, 1024)
    form.rows["width"].reset()
    assert told[-1] == ("width", MISSING)
    assert form.rows["width"].geometry().top() == form.rows["height"].geometry().top()
    form.rows["width"].set_value(100)
    form.set_problems({"width": "This must be a multiple of 8."})
    form.insist()
    qapp.processEvents()
    tops = {boxes(form.rows[path])[0].mapTo(form, QPoint(0, 0)).y() for path in ("width", "height")}
    assert len(tops) == 1
    assert "104" in form.rows["width"].editor.complaint() or "96" in form.rows["width"].editor.complaint()


def test_the_crops_size_is_fitted_into_the_limits_in_force(qtbot: QtBot) -> None:
    fields = tuple(Field(name, "integer", name, minimum=64, maximum=2048, step=8) for name in ("width", "height"))
    limits = {name: {"minimum": 512} for name in ("width", "height")}
    rules = ({"rule": "by_type", "types": ["large"], "limits": limits},)
    form = Form(Endpoint("e", "E", "", fields, rules=rules), {}, context=replace(NOTHING, crop_size=lambda: (208, 104)))
    qtbot.addWidget(form)
    press(form, "crop")
    assert [form.rows[field.path].value() for field in fields] == [208, 104]
    form.set_values({TYPE: "large"})
    press(form, "crop")
    assert [form.rows[field.path].value() for field in fields] == [1024, 512]


def test_a_bound_pair_has_other_names() -> None:
    fields = (Field("w", "integer", "W"), Field("h", "integer", "H"))
    bound = Endpoint("e", "E", "", fields, binding=Binding(width="w", height="h"))
    assert [len(unit) for unit in arrange(bound).front] == [2]
    assert [len(unit) for unit in arrange(replace(bound, binding=Binding())).front] == [1, 1]


def test_a_multiple_of_the_rules_holds_for_text(qtbot: QtBot) -> None:
    endpoint = read_endpoint({"properties": {"ratio": {"type": "string", "default": "1152x896"}}})
    rule = {"rule": "size_text", "field": "ratio", "multiple": 64}
    form = Form(replace(endpoint, rules=(rule,)), {"ratio": "1000x896"})
    qtbot.addWidget(form)
    assert "multiple of 64" in form.rows["ratio"].editor.complaint()


@given(
    st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 64), st.integers(1, 600), st.integers(601, 9000)
)  # fmt: skip
def test_what_is_fitted_always_fits(width: int, height: int, step: int, low: int, high: int) -> None:
    side = Field("w", "integer", "W", minimum=low, maximum=max(high, low + 2 * step), step=step)
    sides = fitted((width, height), side, side)
    assert all(fault(side, found) == "" for found in sides)
    assert nearest(side, sides[0]) == sides[0] and fault_of_side(side, sides[0]) == ""


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1024x768", (1024, 768)),
        ("12×34", (12, 34)),
        ("1*2", (1, 2)),
        ("1024", None),
        ("axb", None),
        ("square", None),
        (7, None),
    ],
)
def test_written_sizes(text: Json, size: tuple[int, int] | None) -> None:
    assert written_size(text) == size
