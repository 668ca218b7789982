"""The strip by mouse and keys, and results that come while the user is at something else."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QPushButton

from app.ui.reviewing import ELSEWHERE
from tests.flows.conftest import Hand

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def three(hand: Hand) -> list[str]:
    """Three results of one mask, newest first, none selected, with the strip in focus."""
    hand.program.parameters.set_value("engine", "quick")
    hand.stroke((80, 90), (120, 90))
    made = [hand.fill() for _ in range(3)]
    hand.until(lambda: hand.program.review.preview is not None)
    hand.program.reviewing.dismiss()
    hand.program.strip.setFocus()
    return made[::-1]


def cell(hand: Hand, row: int) -> QPoint:
    strip = hand.program.strip.list
    return strip.visualRect(strip.index_of(row)).center()


def seen_entry(hand: Hand) -> str | None:
    preview = hand.program.review.preview
    return preview.entry.id if preview is not None else None


def test_arrows_enter_star_and_discard_with_undo(hand: Hand, three: list[str]) -> None:
    program = hand.program
    QTest.mouseClick(program.strip.list.viewport(), Qt.MouseButton.LeftButton, pos=cell(hand, 0))
    hand.until(lambda: seen_entry(hand) == three[0])
    hand.key(Qt.Key.Key_Right)
    hand.until(lambda: seen_entry(hand) == three[1])
    hand.key(Qt.Key.Key_S)
    hand.until(lambda: [entry.starred for entry in program.history.entries()] == [False, True, False])
    hand.key(Qt.Key.Key_Delete)
    hand.until(lambda: program.history.entry(three[1]) is None)
    hand.until(lambda: seen_entry(hand) in (three[0], three[2]))  # the next one is seen
    assert program.document.mask is not None and not program.document.mask.is_empty(), "Del meant the entry"
    undo = next(b for b in program.messages.findChildren(QPushButton) if b.text() == "Undo")
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    hand.until(lambda: [entry.id for entry in program.history.entries()] == three)
    program.strip.select(three[2])
    program.strip.setFocus()
    hand.key(Qt.Key.Key_Return)
    hand.until(lambda: program.document.base == (three[2],))


def test_double_click_accepts(hand: Hand, three: list[str]) -> None:
    viewport = hand.program.strip.list.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=cell(hand, 1))
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=cell(hand, 1))
    hand.until(lambda: hand.program.document.base == (three[1],))
    hand.qtbot.wait(50)
    assert hand.program.document.base == (three[1],), "once"


def test_the_menu_of_an_entry_restores_its_values(hand: Hand, three: list[str]) -> None:
    program = hand.program
    program.parameters.choose("fal-ai/inpaint")
    program.strip.select(three[0])
    hand.key(Qt.Key.Key_Menu)
    QTest.keyClick(program.strip.list, Qt.Key.Key_Menu)
    program.strip.list.menu_requested.emit(0)
    menu = next(found for found in program.strip.findChildren(QMenu) if found.isVisible())
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == ["Accept\tEnter", "Compare\tC", "Star\tS", "Restore values\tV", "Discard\tDel"]
    next(action for action in menu.actions() if action.text().startswith("Restore")).trigger()
    menu.close()
    assert program.parameters.endpoint.id == "local/fill" and program.parameters.values["engine"] == "quick"


def test_a_result_does_not_take_the_place_of_another_that_is_looked_at(hand: Hand, three: list[str]) -> None:
    program = hand.program
    program.parameters.choose_backend("practice")
    program.generating.generate()
    hand.until(lambda: bool(program.jobs.running()))
    QTest.mouseClick(program.strip.list.viewport(), Qt.MouseButton.LeftButton, pos=cell(hand, 2))
    hand.until(lambda: seen_entry(hand) is not None)
    looked_at = seen_entry(hand)
    hand.until(lambda: len(program.history.entries()) == 4)
    hand.qtbot.wait(50)
    assert seen_entry(hand) == looked_at
    assert any("click it to see it" in text for text in hand.said())


def test_each_of_two_jobs_is_shown_when_nothing_else_was_begun(hand: Hand, three: list[str]) -> None:
    program = hand.program
    for _ in range(2):
        program.generating.generate()
        hand.until(lambda: not program.document.busy)
    hand.until(lambda: len(program.history.entries()) == 5 and not program.jobs.running())
    hand.until(lambda: seen_entry(hand) == program.history.entries()[0].id)


def test_two_results_that_come_during_a_stroke_leave_it_alone(hand: Hand, three: list[str]) -> None:
    program = hand.program
    assert program.document.mask is not None
    for _ in range(2):
        program.generating.generate()
        hand.until(lambda: not program.document.busy)
    canvas = program.canvas
    canvas.setFocus()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    hand.until(lambda: len(program.history.entries()) == 5)
    assert program.document.painting and seen_entry(hand) is None
    QTest.mouseMove(canvas, canvas.rect().center() + QPoint(60, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center() + QPoint(60, 0))
    assert program.document.undo_name == "Brush stroke" and np.count_nonzero(program.document.mask.pixels) > 0


def test_the_overlay_key_shows_the_mask_over_a_result(hand: Hand, three: list[str]) -> None:
    hand.program.strip.select(three[0])
    hand.until(lambda: seen_entry(hand) == three[0])
    hand.program.canvas.setFocus()
    seen = [hand.program.display.shows_mask]
    for key in (Qt.Key.Key_Backslash,) * 2:
        hand.key(key)
        seen.append(hand.program.display.shows_mask)
    assert seen == [False, True, False]


def test_a_prompt_of_ten_thousand_characters(hand: Hand) -> None:
    program = hand.program
    hand.stroke((80, 90), (110, 90))
    program.parameters.choose("fal-ai/z-image/turbo/inpaint")
    program.parameters.choose_backend("practice")
    program.practice.options = type(program.practice.options)(delay=0, queue=0)
    field = program.panel.findChild(QPlainTextEdit)
    assert field is not None
    field.setFocus()
    height = field.height()
    QApplication.clipboard().setText("green grass & <b>more</b> " * 400)
    hand.key(Qt.Key.Key_V, CTRL)
    assert len(program.parameters.values["prompt"]) == 10_400
    assert field.height() <= height * 4 and program.window.height() == 720
    hand.key(Qt.Key.Key_Return, CTRL)
    hand.until(lambda: bool(program.history.entries()))
    assert len(program.history.entries()[0].values["prompt"]) == 10_400


def test_a_failure_is_told_with_a_way_on(hand: Hand) -> None:
    program, bar = hand.program, hand.program.messages
    hand.stroke((80, 90), (110, 90))
    program.parameters.choose_backend("practice")
    program.practice.options = type(program.practice.options).of({"delay": 0, "queue": 0, "failure": "failed"})
    program.generating.generate()
    hand.until(lambda: bool(hand.said()))
    assert [message.action for message in bar.messages] == ["Try again"]
    program.practice.options = type(program.practice.options)(delay=0, queue=0)
    again = next(found for found in bar.findChildren(QPushButton) if found.text() == "Try again")
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    hand.until(lambda: bool(program.history.entries()))
    assert hand.said() == []


def test_a_result_of_another_photo_of_the_same_size_is_shown_with_a_warning(
    hand: Hand, three: list[str], tmp_path: Path
) -> None:
    Image.new("RGB", (240, 180), (9, 99, 199)).save(tmp_path / "other.png")
    hand.open(tmp_path / "other.png")
    hand.program.strip.select(three[0])
    hand.until(lambda: seen_entry(hand) == three[0])
    assert hand.said() == [ELSEWHERE]
    hand.key(Qt.Key.Key_Escape)
    assert hand.said() == [] and seen_entry(hand) is None


def test_what_was_said_of_an_earlier_try_goes_with_the_next(hand: Hand) -> None:
    hand.do("fill-all")
    hand.fill()
    hand.until(lambda: any("smaller mask" in text for text in hand.said()))
    hand.do("clear")
    hand.stroke((80, 90), (110, 90))
    hand.fill()
    assert hand.said() == []
