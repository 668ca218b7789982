"""The comparison in the real window: opened, moved and closed by the window's own keys."""

from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.compare.panes import Mode
from tests.flows.conftest import Hand

CTRL = Qt.KeyboardModifier.ControlModifier


def titles(hand: Hand) -> list[str]:
    """What the two sides show."""
    pictures = hand.program.compare.stage.pictures
    return [picture.title for picture in pictures] if pictures is not None else []


def is_shown(hand: Hand) -> bool:
    """Whether the comparison stands in the canvas's place."""
    return hand.program.comparing.shown


def test_compare_look_closer_and_accept(hand: Hand) -> None:
    program, stage = hand.program, hand.program.compare.stage
    hand.stroke((80, 90), (150, 90))
    entry = hand.fill()
    hand.until(lambda: program.review.preview is not None)
    hand.key(Qt.Key.Key_C)
    assert is_shown(hand) and titles(hand) == ["Original", "Result"]
    stage.setFocus()
    on_canvas = program.canvas.view
    hand.key(Qt.Key.Key_1, CTRL)
    hand.key(Qt.Key.Key_Plus, CTRL)
    assert stage.view.scale == 2
    hand.key(Qt.Key.Key_0, CTRL)
    assert stage.view.scale < 2
    assert program.canvas.view == on_canvas, "what is not seen does not move"
    QTest.keyPress(stage, Qt.Key.Key_O)
    assert titles(hand) == ["Original", "Original"]
    QTest.keyRelease(stage, Qt.Key.Key_O)
    assert titles(hand) == ["Original", "Result"]
    hand.key(Qt.Key.Key_Return)
    hand.until(lambda: program.document.base == (entry,))
    assert not is_shown(hand) and titles(hand) == [], "closed, it keeps no pictures"


def test_after_accepting_the_original_can_still_be_compared(hand: Hand) -> None:
    program, stage = hand.program, hand.program.compare.stage
    assert program.document.picture is not None
    before = program.document.picture.pixels.copy()
    hand.stroke((80, 90), (150, 90))
    hand.fill()
    hand.until(lambda: program.review.preview is not None)
    program.reviewing.accept()
    hand.until(lambda: bool(program.document.base))
    program.comparing.show(True)
    assert titles(hand) == ["Original", "Picture"] and stage.pictures is not None
    original, now = stage.pictures
    assert original.value_at(100, 90) == tuple(int(v) for v in before[90, 100, 2::-1])
    assert now.value_at(100, 90) == tuple(int(v) for v in program.document.picture.pixels[90, 100, 2::-1])
    stage.setFocus()
    hand.key(Qt.Key.Key_Escape)
    assert not is_shown(hand)


def test_another_result_the_divider_and_a_window_that_changes_its_size(hand: Hand) -> None:
    program, stage, bar = hand.program, hand.program.compare.stage, hand.program.compare.bar
    hand.stroke((80, 90), (150, 90))
    first, second = hand.fill(), hand.fill()
    hand.until(lambda: program.review.preview is not None and program.review.preview.entry.id == second)
    hand.key(Qt.Key.Key_C)
    assert bar.left.count() == 2 and str(bar.left.itemData(1)) == first
    bar.left.setCurrentIndex(1)
    hand.until(lambda: titles(hand) == ["Result", "Result"])
    assert program.review.preview is not None and program.review.preview.entry.id == second, "it stays the chosen one"
    program.compare.set_mode(Mode.DIVIDER)
    stage.setFocus()
    before = stage.grab().toImage()
    for _ in range(4):
        hand.key(Qt.Key.Key_Right)
    assert stage.grab().toImage() != before
    program.window.resize(1400, 800)
    QApplication.processEvents()
    assert stage.width() > before.width() and is_shown(hand)
    bar.left.setCurrentIndex(0)
    hand.until(lambda: titles(hand) == ["Original", "Result"])
    hand.key(Qt.Key.Key_Z, CTRL)
    assert is_shown(hand), "undoing the stroke beneath leaves the comparison"
    hand.key(Qt.Key.Key_C)
    assert not is_shown(hand) and program.canvas.hasFocus()


def test_another_result_from_the_strip_while_comparing(hand: Hand) -> None:
    program = hand.program
    hand.stroke((80, 90), (150, 90))
    first, second = hand.fill(), hand.fill()
    hand.until(lambda: program.review.preview is not None and program.review.preview.entry.id == second)
    hand.key(Qt.Key.Key_C)
    program.strip.setFocus()
    hand.key(Qt.Key.Key_Right)
    hand.until(lambda: program.review.preview is not None and program.review.preview.entry.id == first)
    assert is_shown(hand) and titles(hand) == ["Original", "Result"]
    hand.key(Qt.Key.Key_Delete)
    hand.until(lambda: len(program.history.entries()) == 1)
    hand.until(lambda: not is_shown(hand) or program.review.preview is not None)


def test_with_no_result_the_key_says_so(hand: Hand) -> None:
    hand.key(Qt.Key.Key_C)
    assert not is_shown(hand) and hand.said() == ["There is no result to compare yet: Ctrl+Return makes the first."]
    assert not hand.program.window.action("compare").isChecked()


def test_another_picture_closes_it(hand: Hand, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "other.png")
    hand.stroke((80, 90), (150, 90))
    hand.fill()
    hand.until(lambda: hand.program.review.preview is not None)
    hand.key(Qt.Key.Key_C)
    hand.open(tmp_path / "other.png")
    assert not is_shown(hand)
    hand.key(Qt.Key.Key_C)
    hand.until(lambda: bool(hand.said()))
    assert not is_shown(hand), hand.said()
