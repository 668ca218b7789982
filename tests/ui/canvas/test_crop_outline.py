"""The outline of what would be sent: on the canvas only, seamless whatever part is painted, and cheap."""

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.core.geometry import Box
from app.ui.canvas.canvas import _rects
from app.ui.canvas.crop_outline import WIDTH, CropOutline
from app.ui.canvas.view import View
from app.ui.theme import apply_theme, load_theme
from tests.ui.canvas.desk import Desk, image_pixels, noise

BOX = Box(10, 12, 40, 30)


def grey(width: int = 60, height: int = 50) -> np.ndarray:
    pixels = np.full((height, width, 4), 128, np.uint8)
    pixels[..., 3] = 255
    return pixels


def tones(name: str = "dark") -> set[tuple[int, int, int]]:
    theme = load_theme(name)
    return {(tone.red(), tone.green(), tone.blue()) for tone in (theme.outline_light, theme.outline_dark)}


def strip(shot: np.ndarray, rect: QRect) -> np.ndarray:
    return shot[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]


def test_the_region_has_a_line_of_light_and_dark_dashes_round_it(desk: Desk) -> None:
    desk.open(grey())
    plain = desk.shot()
    desk.canvas.show_crops([BOX])
    outlined = desk.shot()
    view = desk.canvas.view
    changed = (plain != outlined).any(axis=-1)
    expected = np.zeros_like(changed)
    for rect in CropOutline().strips(view, BOX):
        assert {tuple(pixel) for pixel in strip(outlined, rect).reshape(-1, 3).tolist()} == tones()
        strip(expected, rect)[:] = True
    assert (changed == expected).all()
    inside = view.device_rect(BOX)
    assert not strip(changed, inside).any()  # nothing of what is sent is covered


def test_none_takes_the_outline_away(desk: Desk) -> None:
    desk.open(noise(60, 50))
    plain = desk.shot()
    desk.canvas.show_crops([BOX, Box(0, 0, 5, 5)])
    desk.canvas.show_crops([])
    assert (desk.shot() == plain).all()


def test_only_the_lines_are_painted_again(desk: Desk) -> None:
    desk.open(grey())
    desk.settle()
    desk.canvas.painted = type(desk.canvas.painted)()
    desk.canvas.show_crops([BOX])
    desk.settle()
    painted = sum(rect.width() * rect.height() for rect in _rects(desk.canvas.painted))
    lines = sum(rect.width() * rect.height() for rect in CropOutline().strips(desk.canvas.view, BOX))
    assert lines <= painted <= 1.2 * lines
    desk.canvas.painted = type(desk.canvas.painted)()
    desk.canvas.show_crops([BOX])
    desk.settle()
    assert desk.canvas.painted.isEmpty()  # nothing changed


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_parts_painted_at_different_times_fit(ratio: float) -> None:
    view = View((60, 50), (400, 300), ratio).fit()
    outline = CropOutline()
    outline.show([BOX, Box(0, 0, 60, 50)])

    def painted(*parts: QRect) -> np.ndarray:
        image = QImage(400, 300, QImage.Format.Format_RGB32)
        image.fill(0x808080)
        painter = QPainter(image)
        for part in parts:
            outline.paint(painter, view, part)
        painter.end()
        return image_pixels(image)

    pieces = [QRect(x, y, 37, 29) for x in range(0, 400, 37) for y in range(0, 300, 29)]
    assert (painted(QRect(0, 0, 400, 300)) == painted(*reversed(pieces))).all()
    assert outline.strips(view, BOX)[0].height() == max(1, round(WIDTH * ratio))


def test_painting_over_the_line_keeps_it(desk: Desk) -> None:
    desk.open(noise(60, 50))
    desk.brush.radius = 3
    desk.canvas.show_crops([BOX])
    view = desk.canvas.view
    x, y = view.device_rect(BOX).left(), view.device_rect(BOX).center().y()
    desk.drag([(x - 20, y), (x + 20, y)])
    desk.leave()
    drawn = image_pixels(desk.canvas.grab().toImage())
    desk.canvas.update()
    desk.settle()
    assert (desk.shot() == drawn).all()
    assert desk.document.picture is not None and (desk.document.picture.pixels == noise(60, 50)).all()


def test_a_huge_region_at_a_high_scale_costs_what_is_seen(desk: Desk) -> None:
    view = View((12000, 9000), (400, 300)).fit().zoomed(64.0)
    outline = CropOutline()
    outline.show([Box(5995, 0, 12000, 9000)])
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    outline.paint(painter, view, QRect(0, 0, 400, 300))
    painter.end()
    assert (image_pixels(image) > 0).any()


def test_another_picture_has_no_outline(desk: Desk) -> None:
    desk.open(grey())
    plain = desk.shot()
    desk.canvas.show_crops([BOX])
    desk.open(grey())
    assert (desk.shot() == plain).all()


def test_the_theme_gives_the_tones(qapp: QApplication) -> None:
    outline = CropOutline()
    outline.show([BOX])
    view = View((60, 50), (400, 300)).fit()
    for name in ("light", "dark"):
        apply_theme(qapp, load_theme(name))
        image = QImage(400, 300, QImage.Format.Format_RGB32)
        image.fill(0x808080)
        painter = QPainter(image)
        outline.paint(painter, view, QRect(0, 0, 400, 300))
        painter.end()
        seen = {tuple(pixel) for pixel in image_pixels(image).reshape(-1, 3).tolist()} - {(128, 128, 128)}
        assert seen == tones(name)
