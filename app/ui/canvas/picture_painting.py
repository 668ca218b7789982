"""Drawing the visible part of the picture and what lies over it: crisp squares above 100 %, smooth below.

Above 100 % the pixels are gathered with index arrays rather than scaled by Qt: which picture pixel a device pixel shows
is then decided by `View.columns` and `View.rows` alone, the same in a full repaint and in the smallest dirty rectangle.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap

from app.core.geometry import Box
from app.ui.canvas.levels import Levels
from app.ui.canvas.view import View

_APRON = 2  # level pixels drawn beyond the rectangle, so that smoothing finds its neighbours
_SMOOTH_DOWN_TO = 0.25  # below it smoothing would skip pixels anyway (only while the levels are being made)
_CHECK = 8  # device-independent pixels


@dataclass(frozen=True, eq=False)
class Layer:
    """Something drawn at ``box`` of the picture; its levels have the box's size."""

    box: Box
    levels: Levels


def draw_layers(painter: QPainter, view: View, rect: QRect, layers: Sequence[Layer], *, translucent: bool) -> None:
    """Draw what ``rect`` (device pixels, within the picture) shows of ``layers``, the picture itself first.

    With ``translucent`` the picture is laid over what is there already; otherwise it replaces it.
    """
    source_over = QPainter.CompositionMode.CompositionMode_SourceOver
    painter.setCompositionMode(source_over if translucent else QPainter.CompositionMode.CompositionMode_Source)
    if view.scale > 1:
        _draw_magnified(painter, view, rect, layers)
    else:
        for layer in layers:
            _draw_reduced(painter, view, rect, layer)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.setCompositionMode(source_over)


def checker_brush(light: QColor, dark: QColor, ratio: float) -> QBrush:
    """The pattern that shows through where the picture is transparent."""
    side = round(_CHECK * ratio)
    tile = QPixmap(2 * side, 2 * side)
    tile.fill(light)
    painter = QPainter(tile)
    painter.fillRect(0, 0, side, side, dark)
    painter.fillRect(side, side, side, side, dark)
    painter.end()
    return QBrush(tile)


def _draw_magnified(painter: QPainter, view: View, rect: QRect, layers: Sequence[Layer]) -> None:
    columns = view.columns(rect.left(), rect.right() + 1)
    rows = view.rows(rect.top(), rect.bottom() + 1)
    seen = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    shown = (
        _flattened(seen, layers).take(columns - seen.x0, axis=1, mode="clip").take(rows - seen.y0, axis=0, mode="clip")
    )
    image_format = layers[0].levels.image(0).format()
    painter.drawImage(rect.topLeft(), QImage(shown.data, rect.width(), rect.height(), shown.strides[0], image_format))


def _flattened(seen: Box, layers: Sequence[Layer]) -> NDArray[np.uint32]:
    """The pixels of ``seen`` with all layers over each other, one number per pixel."""
    whole: NDArray[np.uint32] = layers[0].levels.pixels.view(np.uint32)[..., 0][seen.slices]
    if len(layers) == 1:
        return whole
    whole = whole.copy()
    for layer in layers[1:]:
        part = layer.box.intersection(seen)
        if part is not None:
            pixels = layer.levels.pixels.view(np.uint32)[..., 0]
            whole[part.shifted(-seen.x0, -seen.y0).slices] = pixels[part.shifted(-layer.box.x0, -layer.box.y0).slices]
    return whole


def _draw_reduced(painter: QPainter, view: View, rect: QRect, layer: Layer) -> None:
    index = layer.levels.level_for(view.scale)
    image = layer.levels.image(index)
    factor = view.scale * 2**index  # device pixels per pixel of the level
    area = view.device_area(layer.box)
    source = _needed(rect, area.topLeft(), factor, image.rect())
    if source.isEmpty():
        return
    if math.isclose(factor, 1.0):
        corner = area.topLeft().toPoint() + source.topLeft()
        painter.drawImage(corner, image, source)
        return
    target = QRectF(
        area.x() + source.x() * factor,
        area.y() + source.y() * factor,
        source.width() * factor,
        source.height() * factor,
    )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, factor >= _SMOOTH_DOWN_TO)
    painter.drawImage(target, image, QRectF(source))


def _needed(rect: QRect, corner: QPointF, factor: float, whole: QRect) -> QRect:
    """The pixels of a level that ``rect`` shows, with those that smoothing looks at."""
    left = math.floor((rect.left() - corner.x()) / factor) - _APRON
    top = math.floor((rect.top() - corner.y()) / factor) - _APRON
    right = math.ceil((rect.right() + 1 - corner.x()) / factor) + _APRON
    bottom = math.ceil((rect.bottom() + 1 - corner.y()) / factor) + _APRON
    return QRect(left, top, right - left, bottom - top).intersected(whole)


def surround_rects(rect: QRect, picture: QRect) -> list[QRect]:
    """The parts of ``rect`` beside the picture."""
    middle = rect.intersected(picture)
    if middle.isEmpty():
        return [rect]
    above = QRect(rect.left(), rect.top(), rect.width(), middle.top() - rect.top())
    below = QRect(rect.left(), middle.bottom() + 1, rect.width(), rect.bottom() - middle.bottom())
    left = QRect(rect.left(), middle.top(), middle.left() - rect.left(), middle.height())
    right = QRect(middle.right() + 1, middle.top(), rect.right() - middle.right(), middle.height())
    return [part for part in (above, below, left, right) if not part.isEmpty()]


def fill_checker(painter: QPainter, rect: QRect, brush: QBrush, corner: QPointF) -> None:
    """Fill ``rect`` with the pattern, fixed to the picture's corner."""
    painter.setBrushOrigin(corner)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(rect, brush)
