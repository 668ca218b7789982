"""The brush's cursor: the outline of exactly the pixels that a dab paints, as a light hairline between two dark ones.

Where picture pixels are large enough to be seen, the outline follows their edges; below that it is the circle round
them. On the screen it is never so small that it cannot be found: below 4 device pixels a cross joins it.
"""

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.core.stroke import Column, spans
from app.ui.canvas.view import View

STEPS_FROM = 3.0
"""Device pixels per picture pixel from which the outline follows the pixels' edges."""

_CROSS_BELOW = 4  # device-independent pixels across
_ARM, _GAP = 7, 3  # the cross's arms end and begin so many device-independent pixels from the middle
_DARK_ALPHA = 0.6


def cursor_rect(view: View, pixel: tuple[int, int], radius: int) -> QRect:
    """The device pixels that the cursor of a dab at ``pixel`` may touch."""
    reach = max((radius + 0.5) * view.scale, _ARM * view.ratio) + 3 * view.ratio
    middle = _middle(view, pixel)
    return QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach).toAlignedRect()


def paint_cursor(
    painter: QPainter, view: View, pixel: tuple[int, int], radius: int, light: QColor, dark: QColor
) -> None:
    """Draw it; ``painter`` counts in device pixels."""
    across = (2 * radius + 1) * view.scale
    stepped = view.scale >= STEPS_FROM
    path = _steps(view, pixel, radius) if stepped else _circle(view, pixel, radius)
    if across < _CROSS_BELOW * view.ratio:
        path = _cross(view, pixel)
        stepped = True
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not stepped)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    width = max(1, int(view.ratio))
    faint = QColor(dark)
    faint.setAlphaF(_DARK_ALPHA)
    for colour, pen_width in ((faint, 3 * width), (light, width)):
        pen = QPen(colour, pen_width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        painter.drawPath(path)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _middle(view: View, pixel: tuple[int, int]) -> QPointF:
    return view.to_device(QPointF(pixel[0] + 0.5, pixel[1] + 0.5))


def _circle(view: View, pixel: tuple[int, int], radius: int) -> QPainterPath:
    path = QPainterPath()
    reach = (radius + 0.5) * view.scale
    path.addEllipse(_middle(view, pixel), reach, reach)
    return path


def _cross(view: View, pixel: tuple[int, int]) -> QPainterPath:
    middle = _middle(view, pixel)
    x, y = math.floor(middle.x()), math.floor(middle.y())
    arm, gap = round(_ARM * view.ratio), round(_GAP * view.ratio)
    path = QPainterPath()
    for line in (
        QLineF(x - arm, y, x - gap, y),
        QLineF(x + gap, y, x + arm, y),
        QLineF(x, y - arm, x, y - gap),
        QLineF(x, y + gap, x, y + arm),
    ):
        path.moveTo(line.p1())
        path.lineTo(line.p2())
    return path


def _steps(view: View, pixel: tuple[int, int], radius: int) -> QPainterPath:
    """The staircase round the dab's pixels, of the rows in sight only."""
    in_sight = [math.floor((edge - view.offset[1]) / view.scale) for edge in (0, view.port[1])]
    top = max(pixel[1] - radius, in_sight[0] - 2)
    bottom = min(pixel[1] + radius, in_sight[1] + 2)
    path = QPainterPath()
    if top <= bottom:
        rows = np.arange(top, bottom + 1, dtype=np.int64)
        low, high = spans(pixel, pixel, radius, rows)
        path.addPolygon(QPolygonF([*_side(view, rows, low), *reversed(_side(view, rows, high + 1))]))
        path.closeSubpath()
    return path


def _side(view: View, rows: Column, columns: Column) -> list[QPointF]:
    """One side of the staircase in device pixels: the corners where the column changes, and both ends."""
    changes = np.flatnonzero(np.diff(columns)) + 1
    starts, ends = np.append(0, changes), np.append(changes, len(rows))
    left, top = view.offset
    x = (np.repeat(columns[starts], 2) * view.scale + left).tolist()
    y = (np.stack([rows[0] + starts, rows[0] + ends], axis=1).ravel() * view.scale + top).tolist()
    return [QPointF(*corner) for corner in zip(x, y, strict=True)]
