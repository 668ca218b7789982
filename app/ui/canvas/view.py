"""Where the picture lies on the screen: the one transform that drawing, tools, cursor and tests share.

Lengths on the screen are device pixels, so that a scale of 1 is one picture pixel on one real pixel at every pixel
ratio; points of the widget (`QPointF`) are what Qt gives, device-independent. What is drawn starts at a whole device
pixel (`offset`), so edges of picture pixels and of the screen's agree.

Rotating and mirroring belong here and nowhere else: `to_picture` and `to_widget` are the only ways across, and
everything is painted in the device frame that `painter_frame` sets up.
"""

import bisect
import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from app.core.geometry import Box

LADDER = (
    *(1 / n for n in (32, 24, 16, 12, 8, 6, 4, 3, 2)),
    2 / 3,
    *map(float, (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)),
)
"""The scales that zooming stops at."""

MARGIN = 24
"""Device-independent pixels left free round a fitted picture."""

KEPT = 64
"""Device-independent pixels of the picture that always stay in sight."""

_SAME = 1e-6  # two scales closer than this are one


@dataclass(frozen=True)
class View:
    """``size`` is the picture's (width, height); ``port`` the widget's in device pixels; ``ratio`` device pixels per
    device-independent one; ``scale`` device pixels per picture pixel; ``x``, ``y`` where the picture's corner wants to
    be, in device pixels (kept unrounded, so that zooming out and in again comes back).
    """

    size: tuple[int, int]
    port: tuple[int, int]
    ratio: float = 1.0
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    # -- across ------------------------------------------------------------------------------------------------------

    @property
    def offset(self) -> tuple[int, int]:
        """The device pixel where the picture's top left corner is drawn."""
        return round(self.x), round(self.y)

    def to_picture(self, point: QPointF) -> QPointF:
        """The place in the picture under a point of the widget; pixel (0, 0) covers 0 up to 1."""
        left, top = self.offset
        return QPointF((point.x() * self.ratio - left) / self.scale, (point.y() * self.ratio - top) / self.scale)

    def to_widget(self, place: QPointF) -> QPointF:
        """The point of the widget over a place in the picture."""
        left, top = self.offset
        return QPointF((place.x() * self.scale + left) / self.ratio, (place.y() * self.scale + top) / self.ratio)

    def to_device(self, place: QPointF) -> QPointF:
        """The same in device pixels, for painting."""
        left, top = self.offset
        return QPointF(place.x() * self.scale + left, place.y() * self.scale + top)

    def pixel_at(self, point: QPointF) -> tuple[int, int] | None:
        """The picture's pixel under a point of the widget; None beside the picture."""
        place = self.to_picture(point)
        x, y = math.floor(place.x()), math.floor(place.y())
        return (x, y) if 0 <= x < self.size[0] and 0 <= y < self.size[1] else None

    # -- rectangles --------------------------------------------------------------------------------------------------

    @property
    def picture_rect(self) -> QRect:
        """The device pixels that show the picture."""
        left, top = self.offset
        width, height = (max(1, round(side * self.scale)) for side in self.size)
        return QRect(left, top, width, height)

    def device_area(self, box: Box) -> QRectF:
        """Exactly where ``box`` is drawn, in device pixels."""
        left, top = self.offset
        return QRectF(
            box.x0 * self.scale + left, box.y0 * self.scale + top, box.width * self.scale, box.height * self.scale
        )

    def device_rect(self, box: Box) -> QRect:
        """The device pixels that ``box`` touches."""
        return self.device_area(box).toAlignedRect()

    def widget_rect(self, box: Box, margin: int = 0) -> QRect:
        """The widget's rectangle to paint again when ``box`` changed, with ``margin`` device pixels round it."""
        area = self.device_area(box).adjusted(-margin, -margin, margin, margin)
        return self.from_device(area)

    def from_device(self, area: QRectF) -> QRect:
        """The widget's whole rectangle round an area in device pixels; one wider at broken ratios, where Qt rounds."""
        more = 0 if self.ratio == round(self.ratio) else 1
        scaled = QRectF(
            area.x() / self.ratio, area.y() / self.ratio, area.width() / self.ratio, area.height() / self.ratio
        )
        return scaled.toAlignedRect().adjusted(-more, -more, more, more)

    def to_device_rect(self, rect: QRect) -> QRect:
        """The device pixels of a rectangle of the widget."""
        r = self.ratio
        return QRectF(rect.x() * r, rect.y() * r, rect.width() * r, rect.height() * r).toAlignedRect()

    def columns(self, left: int, right: int) -> NDArray[np.intp]:
        """The picture column that each device column from ``left`` up to ``right`` shows (its centre decides)."""
        return self._shown(left, right, self.offset[0], self.size[0])

    def rows(self, top: int, bottom: int) -> NDArray[np.intp]:
        """The picture row that each device row from ``top`` up to ``bottom`` shows."""
        return self._shown(top, bottom, self.offset[1], self.size[1])

    def _shown(self, first: int, end: int, offset: int, side: int) -> NDArray[np.intp]:
        places = (np.arange(first, end) + (0.5 - offset)) / self.scale
        return np.asarray(np.clip(np.floor(places), 0, side - 1), np.intp)

    def painter_frame(self, painter: QPainter) -> None:
        """Let ``painter`` (of the widget, untouched so far) count in device pixels from the widget's corner.

        The corner of a widget may lie between two device pixels at broken ratios; it is moved to a whole one, so that
        filled, scaled and unscaled parts are all rounded alike.
        """
        painter.scale(1 / self.ratio, 1 / self.ratio)
        frame = painter.deviceTransform()
        painter.translate(round(frame.dx()) - frame.dx(), round(frame.dy()) - frame.dy())

    # -- moving ------------------------------------------------------------------------------------------------------

    def fit(self) -> "View":
        """The whole picture in the middle; a small one is enlarged by a whole number, so that pixels stay square."""
        return self._centred_on(Box.of_size(*self.size), MARGIN)

    def fit_box(self, box: Box) -> "View":
        """``box`` in the middle, as large as fits with room round it."""
        return self._centred_on(box, 2 * MARGIN)

    def actual_size(self, about: QPointF | None = None) -> "View":
        """One picture pixel on one device pixel."""
        return self.zoomed(1.0, about)

    def zoomed(self, scale: float, about: QPointF | None = None) -> "View":
        """Another scale, with the picture standing still under ``about`` (else the middle of the widget)."""
        scale = min(LADDER[-1], max(self.smallest, scale))
        at_x, at_y = self.port[0] / 2, self.port[1] / 2
        if about is not None:
            at_x, at_y = about.x() * self.ratio, about.y() * self.ratio
        factor = scale / self.scale
        return self._placed(scale, at_x - (at_x - self.x) * factor, at_y - (at_y - self.y) * factor)

    def stepped(self, steps: int, about: QPointF | None = None) -> "View":
        """``steps`` rungs of the ladder in (or out, when negative)."""
        scale = self.scale
        for _ in range(abs(steps)):
            scale = self._next_rung(scale, steps > 0)
        return self.zoomed(scale, about)

    def panned(self, by: QPointF) -> "View":
        """Moved by device-independent pixels of the widget."""
        return self._placed(self.scale, self.x + by.x() * self.ratio, self.y + by.y() * self.ratio)

    def resized(self, port: tuple[int, int], ratio: float) -> "View":
        """The widget has another size or pixel ratio; the middle stays in the middle."""
        moved = replace(self, port=port, ratio=ratio)
        return moved._placed(self.scale, self.x + (port[0] - self.port[0]) / 2, self.y + (port[1] - self.port[1]) / 2)

    @property
    def smallest(self) -> float:
        """The smallest scale: the ladder's first, or what shows the whole picture if that is smaller."""
        return min(LADDER[0], self._fitting(Box.of_size(*self.size), MARGIN))

    def _fitting(self, box: Box, margin: int) -> float:
        free = [max(1.0, side - 2 * margin * self.ratio) for side in self.port]
        scale = min(free[0] / box.width, free[1] / box.height)
        return float(math.floor(scale)) if scale > 1 else scale

    def _centred_on(self, box: Box, margin: int) -> "View":
        scale = min(LADDER[-1], max(self.smallest, self._fitting(box, margin)))
        middle_x, middle_y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        return self._placed(scale, self.port[0] / 2 - middle_x * scale, self.port[1] / 2 - middle_y * scale)

    def _placed(self, scale: float, x: float, y: float) -> "View":
        x = self._kept(x, self.size[0] * scale, self.port[0])
        y = self._kept(y, self.size[1] * scale, self.port[1])
        return replace(self, scale=scale, x=x, y=y)

    def _kept(self, at: float, length: float, port: int) -> float:
        kept = min(KEPT * self.ratio, max(1.0, length), port)
        return min(port - kept, max(kept - length, at))

    def _next_rung(self, scale: float, larger: bool) -> float:
        if larger:
            found = bisect.bisect_right(LADDER, scale * (1 + _SAME))
            return LADDER[min(found, len(LADDER) - 1)]
        found = bisect.bisect_left(LADDER, scale * (1 - _SAME)) - 1
        return LADDER[found] if found >= 0 else self.smallest
