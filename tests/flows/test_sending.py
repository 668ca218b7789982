"""What will be sent, in the real window: opened by its key, following the work, outlined on the canvas, saved."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.state.sending import SendingSheet
from app.ui.canvas.crop_outline import CropOutline
from app.ui.theme import current_theme
from tests.flows.conftest import Hand

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def outlined(hand: Hand) -> bool:
    """Whether the canvas shows the lines of every region that would be sent."""
    canvas, boxes = hand.program.canvas, hand.program.crops.boxes
    shot, theme = canvas.grab().toImage(), current_theme()
    tones = {theme.outline_light.rgb(), theme.outline_dark.rgb()}
    strips = [strip for box in boxes for strip in CropOutline().strips(canvas.view, box)]
    inside = [strip.intersected(canvas.rect()) for strip in strips]
    corners = [rect.center() for rect in inside if not rect.isEmpty()]
    return bool(corners) and all(QColor(shot.pixel(at)).rgb() in tones for at in corners)


def sheet_of(hand: Hand) -> SendingSheet:
    """The sheet that is shown, once there is one with a crop."""
    view = hand.program.announcing.view
    hand.until(lambda: view.isVisible() and view.sheet is not None and bool(view.sheet.crops))
    assert view.sheet is not None
    return view.sheet


def test_the_sheet_follows_the_work(hand: Hand) -> None:
    view = hand.program.announcing.view
    hand.stroke((100, 80), (120, 90))
    hand.key(Qt.Key.Key_I, CTRL_SHIFT)
    first = sheet_of(hand)
    assert len(first.crops) == 1
    hand.until(lambda: outlined(hand))
    hand.program.window.activateWindow()
    hand.program.canvas.setFocus()
    hand.stroke((20, 150), (30, 150))
    hand.until(lambda: sheet_of(hand).crops[0].mask_pixels > first.crops[0].mask_pixels)
    assert not hand.program.document.busy
    QTest.keyClick(view, Qt.Key.Key_Escape)
    hand.until(lambda: not view.isVisible())
    QApplication.processEvents()
    assert not outlined(hand)


def test_the_outline_can_be_shown_alone(hand: Hand) -> None:
    hand.stroke((100, 80), (120, 90))
    hand.do("crops")
    hand.until(lambda: outlined(hand))
    before = hand.program.crops.boxes
    hand.program.document.grow(30)
    hand.until(lambda: hand.program.crops.boxes != before)
    hand.until(lambda: outlined(hand))
    hand.do("crops")
    assert not outlined(hand)


def test_generate_on_the_sheet_fills(hand: Hand) -> None:
    hand.stroke((100, 80), (120, 90))
    hand.do("sheet")
    view = hand.program.announcing.view
    boxes = [crop.box for crop in sheet_of(hand).crops]
    hand.until(view.generate.isEnabled)
    QTest.mouseClick(view.generate, Qt.MouseButton.LeftButton)
    hand.until(lambda: bool(hand.program.history.entries()))
    entry = hand.program.history.entries()[0]
    assert [box for box, _ in entry.patches] == boxes
    view.close()


def test_the_key_that_generates_does_so_from_the_sheet(hand: Hand) -> None:
    hand.stroke((100, 80), (120, 90))
    hand.do("sheet")
    sheet_of(hand)
    view = hand.program.announcing.view
    view.activateWindow()
    hand.until(view.isActiveWindow)
    QTest.keyClick(view.body, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: bool(hand.program.history.entries()))
    view.close()


def test_picture_and_mask_are_saved_as_they_are_sent(hand: Hand, tmp_path: Path) -> None:
    hand.stroke((100, 80), (120, 90))
    hand.do("sheet")
    view = hand.program.announcing.view
    sheet = sheet_of(hand)
    folder = tmp_path / "parts"
    folder.mkdir()
    hand.program.announcing.save(sheet, folder)
    hand.until(lambda: "Saved" in view.said.text())
    crop = sheet.crops[0]
    with Image.open(folder / "mask.png") as image:
        assert (np.asarray(image) == hand.program.document.committed[crop.box.slices]).all()
    hand.program.announcing.save(sheet, tmp_path / "nowhere")
    hand.until(lambda: "nowhere" in view.said.text())
    view.close()


def test_leaving_with_the_sheet_open_leaves_nothing(hand: Hand) -> None:
    hand.stroke((100, 80), (120, 90))
    hand.do("sheet")
    hand.until(lambda: hand.program.announcing.view.isVisible())
    hand.program.window.close_for_good()
    QApplication.processEvents()
    assert not hand.program.announcing.view.isVisible()


def test_the_button_says_a_price_that_is_known_and_no_other(hand: Hand) -> None:
    program = hand.program

    def said() -> str:
        return " | ".join(
            button.text() for button in program.panel.findChildren(QPushButton) if "Gener" in button.text()
        )

    program.parameters.choose("fal-ai/inpaint")
    assert said() == "Generate"
    program.parameters.choose("scenario/generate/inpaint")
    assert said() == "Generate 4 – about 20 CU"
    program.parameters.set_value("numSamples", 1)
    assert said() == "Generate – about 5 CU"
    program.parameters.choose_backend("practice")
    assert said() == "Generate (practice)"
