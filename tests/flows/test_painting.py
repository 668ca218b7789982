"""Painting in the real window: what each key and button does, undone and done again, and work beside it."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.flows.conftest import Hand

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def mask_of(hand: Hand) -> np.ndarray:
    assert hand.program.document.mask is not None
    return hand.program.document.mask.pixels


def wheel(hand: Hand, notches: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    canvas = hand.program.canvas
    at = QPointF(canvas.rect().center())
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def test_a_line_from_the_last_point_with_shift(hand: Hand) -> None:
    hand.stroke((40, 40), (42, 40))
    hand.stroke((140, 120), (140, 120), modifiers=SHIFT)
    assert mask_of(hand)[80, 91] == 255, "half way between"


def test_the_size_by_keys_wheel_and_drag(hand: Hand) -> None:
    brush, canvas = hand.program.brush, hand.program.canvas
    sizes = [brush.radius]
    hand.key(Qt.Key.Key_BracketRight)
    sizes.append(brush.radius)
    wheel(hand, 1, CTRL)
    sizes.append(brush.radius)
    middle = canvas.rect().center()
    QTest.mousePress(canvas, RIGHT, ALT, middle)
    QTest.mouseMove(canvas, middle + QPoint(60, 0))
    QTest.mouseRelease(canvas, RIGHT, ALT, middle + QPoint(60, 0))
    sizes.append(brush.radius)
    assert sizes == sorted(set(sizes)) and not mask_of(hand).any()
    hand.key(Qt.Key.Key_BracketLeft)
    assert brush.radius < sizes[-1]


def test_every_step_is_undone_and_done_again_under_its_name(hand: Hand) -> None:
    program, window = hand.program, hand.program.window
    assert not window.action("undo").isEnabled() and not window.action("redo").isEnabled()
    hand.stroke((80, 90), (150, 90))
    hand.stroke((110, 60), (110, 130), RIGHT)
    for key, modifiers in (
        (Qt.Key.Key_I, CTRL),
        (Qt.Key.Key_I, CTRL),
        (Qt.Key.Key_G, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_G, SHIFT),
        (Qt.Key.Key_A, CTRL),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
    ):
        hand.key(key, modifiers)
    names, masks = [], []
    while window.action("undo").isEnabled():
        names.append(window.action("undo").text().replace("&", ""))
        masks.append(mask_of(hand).copy())
        hand.key(Qt.Key.Key_Z, CTRL)
    assert names == [
        "Undo Clear mask",
        "Undo Mask everything",
        "Undo Shrink",
        "Undo Grow",
        "Undo Invert",
        "Undo Invert",
        "Undo Erase",
        "Undo Brush stroke",
    ]
    assert not mask_of(hand).any()
    for name, mask in zip(reversed(names), reversed(masks), strict=True):
        assert window.action("redo").text().replace("&", "") == name.replace("Undo", "Redo")
        hand.key(Qt.Key.Key_Z, CTRL | SHIFT)
        assert (mask_of(hand) == mask).all()
    assert program.document.redo_name == ""


def test_accepting_is_undone_and_done_again(hand: Hand) -> None:
    document = hand.program.document

    def base() -> list[str]:
        return list(document.base)

    hand.stroke((80, 90), (150, 90))
    entry = hand.fill()
    hand.until(lambda: hand.program.review.preview is not None)
    hand.key(Qt.Key.Key_Return)
    hand.until(lambda: base() == [entry])
    assert hand.program.window.action("undo").text().endswith("Accept result") and document.picture is not None
    after = document.picture.pixels.copy()
    hand.key(Qt.Key.Key_Z, CTRL)
    assert base() == [] and (document.picture.pixels != after).any()
    hand.key(Qt.Key.Key_Y, CTRL)
    assert base() == [entry] and (document.picture.pixels == after).all()


def test_zoom_lands_on_100_per_cent_and_fits(hand: Hand) -> None:
    canvas = hand.program.canvas
    fitted, seen = canvas.view.scale, []
    for _ in range(4):
        wheel(hand, 1)
        seen.append(canvas.view.scale)
    for _ in range(8):
        wheel(hand, -1)
        seen.append(canvas.view.scale)
    assert 1.0 in seen and min(seen) < 1 < max(seen)
    hand.key(Qt.Key.Key_1, CTRL)
    assert canvas.view.scale == 1
    hand.stroke((80, 90), (100, 90))
    hand.key(Qt.Key.Key_Z, SHIFT)
    assert canvas.view.scale > 1
    hand.key(Qt.Key.Key_0, CTRL)
    assert canvas.view.scale == fitted


def test_painting_goes_on_while_the_picture_is_saved(hand: Hand, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    Image.fromarray(rng.integers(0, 255, (1500, 1500, 3), np.uint8)).save(tmp_path / "noise.png", compress_level=0)
    hand.open(tmp_path / "noise.png")
    hand.program.files.save(tmp_path / "out.png")
    hand.until(lambda: hand.program.window.windowTitle().startswith("Saving"))
    hand.stroke((400, 400), (600, 400))
    assert mask_of(hand).any(), "the hand never waits"
    hand.until(lambda: "Saved out.png." in hand.said())


def test_space_drag_pans_and_leaves_the_mask(hand: Hand) -> None:
    canvas = hand.program.canvas
    hand.key(Qt.Key.Key_Plus, CTRL)
    before = canvas.view
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    hand.stroke((100, 90), (140, 120))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.view != before and not mask_of(hand).any()


def test_a_mask_that_is_not_binary_is_said_once(hand: Hand, tmp_path: Path) -> None:
    levels = np.tile(np.linspace(0, 255, 240).astype(np.uint8), (180, 1))
    Image.fromarray(levels).save(tmp_path / "soft.png")
    hand.program.files.open_mask(tmp_path / "soft.png")
    hand.until(lambda: bool(mask_of(hand).any()))
    assert (mask_of(hand) == np.where(levels >= 128, 255, 0)).all()
    assert len(hand.said()) == 1


def test_a_command_waits_for_the_picture_to_be_saved(hand: Hand, tmp_path: Path) -> None:
    hand.stroke((80, 90), (100, 90))
    before = mask_of(hand).copy()
    hand.program.files.save(tmp_path / "out.png")
    hand.do("grow")
    hand.until(lambda: bool((mask_of(hand) != before).any()))
    hand.until(lambda: "Saved out.png." in hand.said())


def test_another_picture_waits_for_a_command_that_is_at_work(hand: Hand, photo: Path, tmp_path: Path) -> None:
    Image.new("L", (2000, 1500), 90).save(tmp_path / "large.png")
    hand.open(tmp_path / "large.png")
    hand.do("fill-all")
    hand.program.options.set_amount(500)
    hand.do("shrink")
    hand.open(photo)
    hand.until(lambda: not hand.program.document.busy)
    assert mask_of(hand).shape == (180, 240) and not mask_of(hand).any()
    assert not hand.program.document.undo_name and hand.said() == []
