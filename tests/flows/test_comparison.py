"""The comparison in the real window: opened, moved and closed by the window's own keys."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

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
