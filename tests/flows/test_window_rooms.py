"""What the window promises while one works: nothing jumps, nothing is stuck, keys reach what they mean."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPlainTextEdit, QPushButton, QToolBar, QWidget

from app.ui.message_bar import ROW_HEIGHT, Message, Tone
from app.ui.theme import current_theme
from tests.flows.conftest import Hand

CTRL = Qt.KeyboardModifier.ControlModifier


def preview(hand: Hand) -> str:
    """Paint, fill and wait until the result is seen; its id."""
    hand.stroke((80, 90), (150, 90))
    entry = hand.fill()
    hand.until(lambda: hand.program.review.preview is not None)
    return entry


def verdict_button(hand: Hand, words: str) -> QPushButton | None:
    found = [button for button in hand.program.canvas.findChildren(QPushButton) if button.text() == words]
    return next((button for button in found if button.isVisible()), None)


def test_the_picture_does_not_jump_when_a_message_comes(hand: Hand) -> None:
    program = hand.program
    before, where = program.canvas.view, program.canvas.mapToGlobal(QPoint())
    program.messages.say(Message(Tone.ERROR, "Something is not right; " * 4, details="more"))
    QApplication.processEvents()
    assert program.messages.isVisible() and program.messages.width() == program.canvas.width()
    assert program.canvas.view == before and program.canvas.mapToGlobal(QPoint()) == where
    assert program.messages.mapToGlobal(QPoint()) == where
    assert program.messages.height() == ROW_HEIGHT
    program.window.resize(1300, 740)
    QApplication.processEvents()
    assert program.messages.width() == program.canvas.width()
    program.messages.dismiss()
    assert not program.messages.isVisible()


def test_a_message_leaves_the_comparisons_names_free(hand: Hand) -> None:
    program = hand.program
    preview(hand)
    program.comparing.show(True)
    program.messages.say(Message(Tone.INFO, "A note."))
    QApplication.processEvents()
    readout, messages = program.compare.readout, program.messages
    assert messages.mapToGlobal(QPoint()).y() + messages.height() == readout.mapToGlobal(QPoint()).y()


def test_the_tick_on_the_canvas_and_enter_accept(hand: Hand) -> None:
    program = hand.program
    assert verdict_button(hand, "Accept") is None
    entry = preview(hand)
    button = verdict_button(hand, "Accept")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    hand.until(lambda: program.document.base == (entry,))
    assert verdict_button(hand, "Accept") is None and program.canvas.hasFocus()
    hand.key(Qt.Key.Key_Z, CTRL)
    program.strip.select(entry)
    hand.until(lambda: program.review.preview is not None)
    program.canvas.setFocus()
    hand.key(Qt.Key.Key_Return)
    hand.until(lambda: program.document.base == (entry,))


def test_escape_on_the_canvas_puts_the_result_aside(hand: Hand) -> None:
    preview(hand)
    hand.program.canvas.setFocus()
    hand.key(Qt.Key.Key_Escape)
    assert hand.program.review.preview is None and hand.program.strip.selected_entry is None
    assert hand.program.display.shows_mask and len(hand.program.history.entries()) == 1


def test_the_options_bar_follows_the_theme(hand: Hand) -> None:
    program = hand.program

    def drawn() -> QColor:
        label = next(found for found in program.options.findChildren(QLabel) if not found.pixmap().isNull())
        image = label.pixmap().toImage()
        inked = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return max(inked, key=lambda colour: colour.alpha())

    for light in (True, False):
        program.window.action("light").setChecked(light)
        QApplication.processEvents()
        assert drawn().rgb() == current_theme().text.rgb()


def test_recent_pictures_are_listed_after_an_empty_menu(hand: Hand, photo: Path) -> None:
    menu: QMenu = hand.program.window.recent_menu
    hand.program.places.recent.unlink(missing_ok=True)
    menu.aboutToShow.emit()
    assert menu.isEnabled() and [action.isEnabled() for action in menu.actions()] == [False]
    hand.open(photo)
    menu.aboutToShow.emit()
    assert [action.toolTip() for action in menu.actions()] == [str(photo)]
    menu.actions()[0].trigger()
    hand.until(lambda: hand.program.document.path == photo)


def test_generate_with_new_seed_says_what_is_in_the_way(hand: Hand) -> None:
    hand.do("generate-new")
    assert any("Paint a mask first" in text for text in hand.said())


def test_cancel_is_offered_only_while_something_runs(hand: Hand) -> None:
    cancel = hand.program.window.action("cancel")
    assert not cancel.isEnabled()
    hand.stroke((80, 90), (150, 90))
    hand.program.parameters.choose_backend("practice")
    hand.program.generating.generate()
    hand.until(cancel.isEnabled)
    cancel.trigger()
    hand.until(lambda: not cancel.isEnabled())


@pytest.mark.parametrize("how", ["in a text field", "in another window"])
def test_the_original_goes_when_the_key_comes_up_elsewhere(hand: Hand, how: str) -> None:
    program = hand.program
    preview(hand)
    program.canvas.setFocus()
    held: list[bool] = []
    program.window.original_held.connect(held.append)
    QTest.keyPress(program.canvas, Qt.Key.Key_O)
    if how == "in a text field":
        program.parameters.choose("fal-ai/inpaint")
        field = program.panel.findChild(QPlainTextEdit)
        assert field is not None
        field.setFocus()
        QTest.keyRelease(field, Qt.Key.Key_O)
    else:
        other = QLabel("other")
        hand.qtbot.addWidget(other)
        other.show()
        other.activateWindow()
        hand.until(lambda: not program.window.isActiveWindow())
    assert held == [True, False]


def test_full_screen_and_back_keeps_a_maximised_window(hand: Hand) -> None:
    window = hand.program.window
    window.showMaximized()
    hand.do("full-screen")
    assert window.isFullScreen()
    hand.do("full-screen")
    assert not window.isFullScreen() and window.isMaximized()


def test_tab_hides_the_panels_and_brings_them_back_as_they_were(hand: Hand) -> None:
    program = hand.program
    width = program.panel.width()
    program.canvas.setFocus()
    hand.key(Qt.Key.Key_Tab)
    assert not program.panel.isVisible() and not program.strip.isVisible() and not program.options.isVisible()
    assert program.canvas.isVisible() and program.canvas.hasFocus()
    hand.key(Qt.Key.Key_Tab)
    QApplication.processEvents()
    assert program.panel.isVisible() and program.strip.isVisible() and program.options.isVisible()
    assert program.panel.width() == width


def test_f6_goes_from_part_to_part_and_back(hand: Hand) -> None:
    program = hand.program
    tools = program.window.findChild(QToolBar)
    assert tools is not None
    parts: list[QWidget] = [program.canvas, program.strip, program.panel, program.options, tools]

    def part_in_focus() -> int:
        focused = QApplication.focusWidget()
        assert focused is not None
        return next(n for n, part in enumerate(parts) if focused is part or part.isAncestorOf(focused))

    program.canvas.setFocus()
    seen = []
    for key in (Qt.Key.Key_F6,) * 5:
        hand.key(key)
        seen.append(part_in_focus())
    assert seen == [1, 2, 3, 4, 0]
    hand.key(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert part_in_focus() == 4


def test_shift_tab_goes_back_through_the_fields(hand: Hand) -> None:
    program = hand.program
    stops = [found for found in program.panel.findChildren(QPushButton) if found.isVisible() and found.isEnabled()]
    last = stops[-1]
    last.setFocus()
    QTest.keyClick(last, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    focused = QApplication.focusWidget()
    assert focused is not None and focused is not last
    assert program.panel.isVisible() and program.panel.isAncestorOf(focused)
