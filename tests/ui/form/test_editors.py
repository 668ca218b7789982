"""The editors under real keys, clicks and wheels."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.endpoint import MISSING, Field
from app.core.sentences import NEEDED
from app.core.values import fault
from app.ui.form.choose import editor_for
from app.ui.form.face import Editor
from app.ui.form.number import bounds_words
from app.ui.form.row import Row, help_text
from app.ui.form.several import ChoiceList
from app.ui.form.slider import scale_of

Json = Any
Shower = Callable[[Field], Editor]


@pytest.fixture
def show(qtbot: QtBot) -> Shower:
    """Show a field's editor in a window that has the focus elsewhere."""
    windows: list[QWidget] = []

    def shower(field: Field) -> Editor:
        window = QWidget()
        qtbot.addWidget(window)
        windows.append(window)
        layout = QVBoxLayout(window)
        elsewhere = QPushButton("elsewhere", window)
        layout.addWidget(elsewhere)
        editor = editor_for(field, window)
        layout.addWidget(editor)
        window.resize(320, 240)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        elsewhere.setFocus()
        return editor

    return shower


def part(editor: QWidget, kind: type[Any]) -> Any:
    """The editor's one control of a kind."""
    found = editor.findChild(kind)
    assert found is not None
    return found


def button(editor: QWidget, name: str) -> QAbstractButton:
    """The button whose accessible name holds ``name``."""
    found = editor.findChildren(QAbstractButton)
    return min(
        (button for button in found if name in button.accessibleName()), key=lambda one: len(one.accessibleName())
    )


def wheel(widget: QWidget, up: int) -> None:
    """One notch of the wheel over the widget's middle."""
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place, QPointF(widget.mapToGlobal(place.toPoint())), QPoint(), QPoint(0, 120 * up), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


STEPS = Field("steps", "integer", "Steps", default=8, minimum=1, maximum=50)


def test_a_number_is_unset_until_something_is_typed(show: Shower, qtbot: QtBot) -> None:
    editor = show(STEPS)
    box = part(editor, QLineEdit)
    assert editor.value() is MISSING and box.text() == "" and box.placeholderText() == "8"
    assert part(editor, QSlider).value() == 7
    with qtbot.waitSignal(editor.changed):
        QTest.keyClicks(box, "12")
    assert editor.value() == 12
    assert part(editor, QSlider).value() == 11
    assert part(editor, QSlider).accessibleDescription() == "12"
    editor.clear()
    assert part(editor, QSlider).accessibleDescription() == "8 (default)"


def test_arithmetic_becomes_its_result_on_leaving(show: Shower) -> None:
    editor = show(Field("x", "integer", "X"))
    box = part(editor, QLineEdit)
    box.setFocus()
    QTest.keyClicks(box, "512*")
    assert editor.value() == "512*" and editor.unfinished()
    QTest.keyClicks(box, "2")
    assert (editor.value(), box.text()) == (1024, "512*2")
    QTest.keyClick(box, Qt.Key.Key_Tab)
    assert (editor.value(), box.text()) == (1024, "1024")


def test_letters_in_a_number_are_wrong_at_once_and_arithmetic_once_it_is_finished(qtbot: QtBot) -> None:
    row = Row(STEPS)
    qtbot.addWidget(row)
    with qtbot.waitActive(row):
        row.show()
        row.activateWindow()
    row.changed.connect(lambda _: row.show_problem(fault(row.field, row.value()) if row.value() is not MISSING else ""))
    box = part(row, QLineEdit)
    box.setFocus()
    QTest.keyClicks(box, "abc")
    assert row._words.text() == "This must be a number." and row._words.isVisible()
    box.selectAll()
    QTest.keyClicks(box, "512*")
    assert not row._words.isVisible()
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert row._words.text() == "This must be a number." and row._words.isVisible()


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        *((text, True) for text in ('[{"a"', '["a', "[1,", "tru", "[nul", "-", "[1.", "[2e", '{"a": ', "[" * 20)),
        *((text, False) for text in ("abc", '{"a": x', "[1}", "[1] 2", "NaN", "{'a'", "[" * 5000)),
    ],
)
def test_json_is_called_wrong_only_when_it_cannot_go_on(text: str, begun: bool, show: Shower) -> None:
    editor = show(Field("l", "array", "L"))
    box = part(editor, QPlainTextEdit)
    box.setFocus()
    box.setPlainText(text)
    assert editor.complaint() and editor.unfinished() is begun


def test_numbers_are_never_clipped(show: Shower) -> None:
    editor = show(STEPS)
    QTest.keyClicks(part(editor, QLineEdit), "999")
    assert editor.value() == 999
    assert part(editor, QSlider).value() == part(editor, QSlider).maximum()


def test_arrows_step_within_the_range(show: Shower) -> None:
    editor = show(STEPS)
    box = part(editor, QLineEdit)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert editor.value() == 9
    for _ in range(3):
        QTest.keyClick(box, Qt.Key.Key_PageDown)
    assert editor.value() == 1
    scale = Field("s", "number", "S", default=0.618, minimum=0, maximum=1, step=0.001)
    fine = show(scale)
    QTest.keyClick(part(fine, QLineEdit), Qt.Key.Key_Down)
    assert fine.value() == 0.617


def test_the_wheel_works_only_with_the_focus(show: Shower) -> None:
    editor = show(STEPS)
    box, slider = part(editor, QLineEdit), part(editor, QSlider)
    wheel(box, 1)
    wheel(slider, 1)
    assert editor.value() is MISSING
    box.setFocus()
    wheel(box, 1)
    assert editor.value() == 9
    slider.setFocus()
    wheel(slider, -1)
    assert isinstance(editor.value(), int) and editor.value() < 9


def test_a_list_ignores_the_wheel_without_the_focus(show: Shower) -> None:
    editor = show(Field("x", "string", "X", enum=tuple("abcdef"), default="b"))
    wheel(part(editor, QComboBox), -1)
    assert editor.value() is MISSING


def test_a_press_on_the_slider_jumps_there_and_a_double_click_resets(show: Shower, qtbot: QtBot) -> None:
    editor = show(Field("g", "number", "G", default=7.5, minimum=0, maximum=20))
    slider = part(editor, QSlider)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 3, slider.height() // 2))
    assert editor.value() == 20
    with qtbot.waitSignal(editor.changed):
        QTest.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    assert editor.value() is MISSING
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert editor.value() == 7.6 and slider.accessibleDescription() == "7.6"


@pytest.mark.parametrize(
    ("field", "first", "last"),
    [
        (Field("x", "number", "X", exclusive_minimum=0, maximum=1, step=0.001), 0.001, 1),
        (Field("x", "number", "X", exclusive_minimum=0, maximum=1), 0.01, 1),
        (Field("x", "integer", "X", minimum=-64, maximum=64), -64, 64),
        (Field("x", "number", "X", minimum=64, maximum=2048, step=8), 64, 2048),
        (Field("x", "number", "X", minimum=0.01, maximum=1), 0.01, 1),
    ],
)
def test_a_slider_reaches_both_ends_and_only_values_that_fit(field: Field, first: float, last: float) -> None:
    scale = scale_of(field)
    assert scale is not None
    assert (scale.number(0), scale.number(scale.last)) == (first, last)
    for position in range(scale.last + 1):
        assert not fault(field, scale.number(position))
        assert scale.position(scale.number(position)) == position


@pytest.mark.parametrize(
    "field",
    [
        Field("x", "integer", "X", minimum=0, maximum=2**32),
        Field("x", "integer", "X", minimum=0),
        Field("x", "number", "X", minimum=3, maximum=3),
        Field("x", "number", "X", minimum=-1e308, maximum=1e308),
    ],
)
def test_a_range_no_hand_can_set_gets_no_slider(field: Field) -> None:
    assert scale_of(field) is None


def test_a_seed_holds_any_whole_number(show: Shower) -> None:
    editor = show(Field("seed", "integer", "Seed", nullable=True, role="seed"))
    QTest.keyClicks(part(editor, QLineEdit), "196619188014358660123")
    assert editor.value() == 196619188014358660123
    assert button(editor, "keep").isChecked()
    editor.clear()
    QTest.keyClicks(part(editor, QLineEdit), "1.5")
    assert editor.complaint()


def test_dice_draw_a_seed_and_the_lock_lets_it_go(show: Shower) -> None:
    editor = show(Field("seed", "integer", "Seed", minimum=5, maximum=6, role="seed"))
    QTest.mouseClick(button(editor, "dice"), Qt.MouseButton.LeftButton)
    assert editor.value() in (5, 6)
    QTest.mouseClick(button(editor, "keep"), Qt.MouseButton.LeftButton)
    assert editor.value() is MISSING
    QTest.mouseClick(button(editor, "keep"), Qt.MouseButton.LeftButton)
    assert editor.value() in (5, 6)


def test_a_seed_sent_as_text_is_text(show: Shower) -> None:
    editor = show(Field("seed", "string", "Seed", role="seed"))
    QTest.keyClicks(part(editor, QLineEdit), "007")
    assert editor.value() == "7"
    part(editor, QLineEdit).clear()
    QTest.keyClicks(part(editor, QLineEdit), "1e3")
    assert (editor.value(), editor.complaint()) == ("1000", "")
    QTest.keyClicks(part(editor, QLineEdit), "+.5")
    assert editor.complaint() == "This must be a whole number."


def test_a_switch_shows_its_default_and_is_set_by_a_click(show: Shower) -> None:
    editor = show(Field("x", "boolean", "Safety & more", default=True))
    box = part(editor, QCheckBox)
    assert box.isChecked() and editor.value() is MISSING
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert editor.value() is False
    editor.clear()
    assert box.isChecked() and editor.value() is MISSING


def test_segments_show_the_default_and_are_set_by_click_and_arrows(show: Shower) -> None:
    editor = show(Field("f", "string", "F", enum=("jpeg", "png", "webp"), default="png"))

    def pressed() -> list[str]:
        return [button.accessibleName() for button in editor.findChildren(QPushButton) if button.isChecked()]

    assert pressed() == ["F: png"] and editor.value() is MISSING
    QTest.mouseClick(button(editor, "webp"), Qt.MouseButton.LeftButton)
    assert pressed() == ["F: webp"] and editor.value() == "webp"
    QTest.keyClick(button(editor, "webp"), Qt.Key.Key_Left)
    assert pressed() == ["F: png"] and editor.value() == "png"
    editor.set_value("gone")
    assert pressed() == []


def test_a_long_list_is_searched_by_typing(show: Shower) -> None:
    names = tuple(f"Sampler {i}" for i in range(20))
    editor = show(Field("x", "string", "X", enum=names, default="Sampler 3"))
    line = part(editor, QLineEdit)
    assert line.placeholderText() == "Sampler 3" and editor.value() is MISSING
    line.setFocus()
    QTest.keyClicks(line, "sampler 1")
    assert editor.value() == "Sampler 1"
    QTest.keyClicks(line, "x")
    assert editor.value() == "sampler 1x"
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


def test_text_goes_in_as_typed_and_empty_is_unset(show: Shower) -> None:
    prose = show(Field("p", "string", "Prompt", multiline=True, examples=("a\n  cat",)))
    box = part(prose, QPlainTextEdit)
    assert box.placeholderText() == "Such as: a cat"
    QTest.keyClicks(box, "two")
    QTest.keyClick(box, Qt.Key.Key_Return)
    QTest.keyClicks(box, "<b>lines</b>")
    assert prose.value() == "two\n<b>lines</b>"
    box.clear()
    assert prose.value() is MISSING


def test_a_text_box_grows_to_six_lines_and_no_more(show: Shower) -> None:
    editor = show(Field("p", "string", "Prompt", multiline=True))
    box = part(editor, QPlainTextEdit)
    heights = []
    for lines in (1, 3, 5, 6, 20):
        editor.set_value("\n".join("abc" for _ in range(lines)))
        heights.append(box.height())
    assert heights[0] == heights[1] < heights[2] < heights[3] == heights[4]


def test_control_return_in_a_text_box_is_left_to_the_window(show: Shower) -> None:
    editor = show(Field("p", "string", "Prompt", multiline=True))
    QTest.keyClick(part(editor, QPlainTextEdit), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert editor.value() is MISSING


def test_examples_can_be_picked_and_left_for_free_text(show: Shower) -> None:
    editor = show(Field("m", "string", "M", examples=("one", "two")))
    box = part(editor, QComboBox)
    assert editor.value() is MISSING
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert editor.value() == "one"
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "my own")
    assert editor.value() == "my own"


def test_json_is_checked_while_it_is_typed(show: Shower) -> None:
    editor = show(Field("l", "array", "L"))
    box = part(editor, QPlainTextEdit)
    box.setFocus()
    QTest.keyClicks(box, '[{"a": 1}')
    assert editor.complaint().startswith("This is not JSON at line 1") and editor.unfinished()
    QTest.keyClicks(box, "]")
    assert editor.value() == [{"a": 1}] and editor.complaint() == ""
    editor.set_value("[1,")
    assert editor.value() == "[1," and editor.complaint()
    editor.set_value("[" * 5000)
    assert editor.complaint()


def test_a_size_is_a_preset_or_two_numbers(show: Shower) -> None:
    children = (Field("s.width", "integer", "Width", default=512), Field("s.height", "integer", "Height", default=512))
    editor = show(Field("s", "any", "Size", enum=("auto", "square"), default="auto", children=children))
    box = part(editor, QComboBox)
    width, height = (button for button in editor.findChildren(QLineEdit))
    assert editor.value() is MISSING and width.text() == height.text() == ""
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert editor.value() == "square"
    box.setCurrentIndex(2)
    box.activated.emit(2)
    QTest.keyClicks(width, "640")
    QTest.keyClicks(height, "64*8")
    assert editor.value() == {"width": 640, "height": 512}
    editor.set_value({"width": 8, "extra": 1})
    assert editor.value() == {"width": 8, "extra": 1}
    editor.set_value(17)
    assert editor.value() == 17
    editor.clear()
    assert editor.value() is MISSING


def test_chips_are_chosen_from_a_list_and_taken_away(show: Shower) -> None:
    names = tuple(f"Style {i}" for i in range(277))
    editor = show(Field("x", "array", "X", enum=names, default=["Style 5"]))
    assert editor.value() is MISSING
    QTest.mouseClick(button(editor, "X"), Qt.MouseButton.LeftButton)
    popup = part(editor, ChoiceList)
    rows = part(popup, QListWidget)
    assert popup.isVisible() and rows.item(0).text() == "Style 5"
    QTest.keyClicks(part(popup, QLineEdit), "STYLE 27 ")
    shown = [rows.item(row) for row in range(rows.count()) if not rows.item(row).isHidden()]
    assert [item.text() for item in shown] == [name for name in names if "27" in name]
    QTest.keyClick(part(popup, QLineEdit), Qt.Key.Key_Return)
    assert editor.value() == ["Style 5", "Style 27"], "Enter takes the first that was found"
    QTest.keyClick(part(popup, QLineEdit), Qt.Key.Key_Down)
    assert rows.hasFocus() and rows.currentItem() is shown[0]
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Return)
    QTest.keyClick(rows, Qt.Key.Key_Space)
    assert editor.value() == ["Style 5", "Style 27"], "Enter and Space both tick and untick"
    part(popup, QLineEdit).setText("no such")
    assert [label.text() for label in popup.findChildren(QLabel) if label.isVisible()] == ["Nothing has these words."]
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    popup.close()
    QTest.mouseClick(button(editor, "take Style 5 away"), Qt.MouseButton.LeftButton)
    assert editor.value() == ["Style 27"]
    editor.clear()
    assert editor.value() is MISSING


def test_toggles_take_several(show: Shower) -> None:
    editor = show(Field("x", "array", "X", enum=("Left", "Right"), default=[]))
    QTest.mouseClick(button(editor, "Right"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(button(editor, "Left"), Qt.MouseButton.LeftButton)
    assert editor.value() == ["Right", "Left"]
    QTest.mouseClick(button(editor, "Right"), Qt.MouseButton.LeftButton)
    assert editor.value() == ["Left"]


def test_the_list_of_a_box_has_a_name_for_screen_readers(show: Shower) -> None:
    box = part(show(Field("x", "string", "Mode", enum=tuple("abcdefg"))), QComboBox)
    box.showPopup()
    QApplication.processEvents()
    assert box.view().accessibleName() == "Mode: choices"
    box.hidePopup()


def test_every_control_has_a_name_for_screen_readers(show: Shower) -> None:
    fields = [
        STEPS,
        Field("x", "string", "X", enum=tuple("abcdefghijklmnop")),
        Field("x", "array", "X", enum=tuple("abcdefgh"), default=["a"]),
        Field("x", "integer", "X", role="seed"),
        Field("x", "string", "X", examples=("a", "b")),
        Field("x", "string", "X", multiline=True),
    ]
    for field in fields:
        editor = show(field)
        for kind in (QLineEdit, QPlainTextEdit, QComboBox, QSlider, QToolButton, QPushButton):
            for control in editor.findChildren(kind):
                if control.focusPolicy() != Qt.FocusPolicy.NoFocus and control.isVisible():
                    assert control.accessibleName(), (field.kind, control)


def test_a_row_says_that_it_is_needed_only_after_the_user_was_there(qtbot: QtBot) -> None:
    row = Row(replace(STEPS, required=True))
    qtbot.addWidget(row)
    row.show()
    words = row._words
    row.show_problem(NEEDED)
    assert not words.isVisible()
    QTest.keyClicks(part(row, QLineEdit), "9")
    row.show_problem("")
    assert not words.isVisible()
    QTest.keyClick(part(row, QLineEdit), Qt.Key.Key_Backspace)
    row.show_problem(NEEDED)
    assert words.isVisible() and words.text() == NEEDED
    row.set_value(99)
    row.reset()
    row.show_problem(NEEDED)
    assert not words.isVisible()


def test_a_row_says_what_is_wrong_with_a_value_that_came_from_elsewhere(qtbot: QtBot) -> None:
    row = Row(STEPS)
    qtbot.addWidget(row)
    row.show()
    row.set_value(99)
    row.show_problem("This must be 50 or less.")
    assert row._words.isVisible() and part(row, QLineEdit).property("invalid") is True


def test_a_row_says_what_another_field_makes_wrong_with_it(qtbot: QtBot) -> None:
    row = Row(STEPS)
    qtbot.addWidget(row)
    row.show()
    row.show_problem("With a negative prompt this must be above 0.")
    assert row._words.isVisible()


def test_a_row_says_what_is_wrong_while_something_is_typed(qtbot: QtBot) -> None:
    row = Row(STEPS)
    qtbot.addWidget(row)
    row.show()
    words = row._words
    QTest.keyClicks(part(row, QLineEdit), "99")
    row.show_problem("This must be 50 or less.")
    assert words.isVisible() and words.text() == "This must be 50 or less."
    assert part(row, QLineEdit).property("invalid") is True
    reset = button(row, "Reset")
    assert reset.isVisible()
    with qtbot.waitSignal(row.changed) as told:
        QTest.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert told.args == ["steps"] and row.value() is MISSING and not reset.isVisible()


def test_a_row_keeps_its_height_when_the_way_back_appears(qtbot: QtBot) -> None:
    row = Row(STEPS)
    qtbot.addWidget(row)
    row.show()
    before = row.sizeHint()
    row.set_value(4)
    assert row.sizeHint() == before


def test_a_providers_words_are_shown_letter_by_letter(qtbot: QtBot) -> None:
    row = Row(Field("x", "string", "<b>T</b>", description="<img src=x> & <script>"))
    qtbot.addWidget(row)
    assert "&lt;img" in button(row, "About").toolTip() and "<img" not in button(row, "About").toolTip()
    assert any(
        label.text() == "<b>T</b>" and label.textFormat() == Qt.TextFormat.PlainText
        for label in row.findChildren(QLabel)
    )


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (STEPS, "1 to 50"),
        (Field("x", "number", "X", exclusive_minimum=0, maximum=1, step=0.001), "above 0, up to 1, in steps of 0.001"),
        (Field("x", "number", "X", minimum=3), "3 or more"),
        (Field("x", "number", "X"), ""),
    ],
)
def test_ranges_in_words(field: Field, words: str) -> None:
    assert bounds_words(field) == words


def test_help_names_range_length_default_and_wire_name() -> None:
    text = help_text(Field("a_b", "string", "A", "What it does.", default="x", min_length=1, max_length=9), "A note.")
    assert text == "What it does.\nA note.\n1 to 9 characters.\nDefault: x.\nSent as a_b."
