"""What the canvas shows, without a widget: picture, patches over it, the mask's overlay, and how they are painted."""

from collections.abc import Sequence
from concurrent.futures import Executor, Future

import cv2
import numpy as np
from PySide6.QtCore import QObject, QPointF, QRect, Signal
from PySide6.QtGui import QBrush, QImage, QPainter

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.picture import Picture
from app.core.pyramid import mask_pyramid, picture_pyramid
from app.state.beside import beside
from app.ui.canvas.display import Display
from app.ui.canvas.levels import Levels
from app.ui.canvas.overlay import OverlayInk, overlay_images, overlay_ink, reach
from app.ui.canvas.picture_painting import Layer, checker_brush, draw_layers, fill_checker, surround_rects
from app.ui.canvas.view import View
from app.ui.theme import current_theme

PATCHES_AT_ONCE = 1_000_000
"""Pixels of patches that may be made ready on the thread that paints (about 2 ms)."""


class Scene(QObject):
    """``executor`` reduces large pictures and masks beside the thread that paints; without one it is done at once."""

    changed = Signal(object)
    """The Box of the picture that looks different now."""

    def __init__(self, display: Display, executor: Executor | None = None) -> None:
        super().__init__()
        self.display = display
        self._executor = executor
        self._picture: Picture | None = None
        self._base: Levels | None = None
        self._mask: Levels | None = None
        self._patches: list[Layer] = []
        self._call = 0
        self._look: tuple[float, OverlayInk, QBrush] | None = None
        display.changed.connect(self.forget_look)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show(self, picture: Picture | None, mask: Pixels | None) -> None:
        """Show this picture and mask from now on; both share the arrays' memory."""
        self._patches = []
        self._call += 1
        self._picture = picture
        self._mask = self._mask_levels(mask) if mask is not None else None  # first: it is reduced in no time
        self._base = self._picture_levels(picture.pixels) if picture is not None else None

    def picture_changed(self, box: Box) -> None:
        """``box`` of the picture's pixels is different now."""
        if self._base is not None:
            self._base.update(box)
            self.changed.emit(box)

    def mask_changed(self, mask: Pixels, box: Box) -> None:
        """``box`` of the mask is different now, or it is another array altogether."""
        if self._mask is None or self._mask.pixels is not mask:
            self._mask = self._mask_levels(mask)
        else:
            self._mask.update(box)
        self.changed.emit(box)

    def show_patches(self, patches: Sequence[tuple[Box, Pixels]]) -> None:
        """Lay RGB ``patches`` (each of its box's size) over the picture in this order; none shows the picture.

        Large ones are made ready on the thread and appear when they are.
        """
        self._call += 1
        call, alpha = self._call, self._picture.pixels if self._picture and self._picture.has_alpha else None
        if self._executor is None or sum(box.area for box, _ in patches) <= PATCHES_AT_ONCE:
            self._lay(call, _prepared(patches, alpha))
            return
        beside(self._executor, lambda: _prepared(patches, alpha), lambda done: self._lay_later(call, done))

    def reach(self, view: View) -> int:
        """Device pixels round a changed box that must be painted with it."""
        ink = self._looks(view)[1]
        return reach(ink, view)

    def forget_look(self) -> None:
        """Colours or theme have changed."""
        self._look = None

    # -- painting ----------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, view: View, rect: QRect) -> None:
        """Paint ``rect`` (device pixels) whole: surround, picture, patches, overlay."""
        theme = current_theme()
        if self._base is None or self._picture is None:
            painter.fillRect(rect, theme.surround)
            return
        for part in surround_rects(rect, view.picture_rect):
            painter.fillRect(part, self.display.surround_colour(theme))
        inside = rect.intersected(view.picture_rect)
        if not inside.isEmpty():
            self._paint_picture(painter, view, inside, self._base, self._picture)
        if self._mask is not None and self.display.shows_mask:
            for corner, image in overlay_images(view, self._mask, rect, self._looks(view)[1]):
                painter.drawImage(corner, image)

    def _paint_picture(self, painter: QPainter, view: View, rect: QRect, base: Levels, picture: Picture) -> None:
        painter.save()
        painter.setClipRect(rect)
        if picture.has_alpha:
            fill_checker(painter, rect, self._looks(view)[2], QPointF(*view.offset))
        layers = [Layer(picture.box, base), *self._patches]
        draw_layers(painter, view, rect, layers, translucent=picture.has_alpha)
        painter.restore()

    def _looks(self, view: View) -> tuple[float, OverlayInk, QBrush]:
        if self._look is None or self._look[0] != view.ratio:
            theme, display = current_theme(), self.display
            ink = overlay_ink(
                display.colour,
                display.opacity,
                view.ratio,
                (theme.outline_light, theme.outline_dark) if display.outline else None,
            )
            self._look = view.ratio, ink, checker_brush(theme.checker_light, theme.checker_dark, view.ratio)
        return self._look

    # -- levels ------------------------------------------------------------------------------------------------------

    def _picture_levels(self, pixels: Pixels) -> Levels:
        levels = Levels(np.require(pixels, requirements="C"), picture_pyramid, self._picture_format(), self._executor)
        levels.changed.connect(self.changed)
        return levels

    def _mask_levels(self, mask: Pixels) -> Levels:
        levels = Levels(mask, mask_pyramid, executor=self._executor)
        levels.changed.connect(self.changed)
        return levels

    def _lay_later(self, call: int, done: Future[list[tuple[Box, Pixels]]]) -> None:
        if not done.cancelled():
            self._lay(call, done.result())

    def _lay(self, call: int, patches: list[tuple[Box, Pixels]]) -> None:
        if call != self._call:
            return  # others were asked for meanwhile
        before = [layer.box for layer in self._patches]
        self._patches = [self._layer(box, pixels) for box, pixels in patches]
        for box in (*before, *(layer.box for layer in self._patches)):
            self.changed.emit(box)

    def _layer(self, box: Box, pixels: Pixels) -> Layer:
        levels = Levels(pixels, picture_pyramid, self._picture_format(), self._executor)
        levels.changed.connect(lambda part: self.changed.emit(part.shifted(box.x0, box.y0)))
        return Layer(box, levels)

    def _picture_format(self) -> QImage.Format:
        has_alpha = self._picture is not None and self._picture.has_alpha
        return QImage.Format.Format_ARGB32 if has_alpha else QImage.Format.Format_RGB32


def _prepared(patches: Sequence[tuple[Box, Pixels]], picture: Pixels | None) -> list[tuple[Box, Pixels]]:
    """The patches in BGRA, as transparent as ``picture`` is beneath them."""
    ready = []
    for box, rgb in patches:
        pixels = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA), np.uint8)
        if picture is not None:
            pixels[..., 3] = picture[box.slices][..., 3]
        ready.append((box, pixels))
    return ready
