"""How a pane of the comparison and its title are drawn."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from app.ui.canvas.picture_painting import Layer, checker_brush, draw_layers, fill_checker, surround_rects
from app.ui.canvas.view import View
from app.ui.compare.panes import Mode, Pane
from app.ui.compare.picture import ComparePicture
from app.ui.plain_text import one_line
from app.ui.status_line import status_font
from app.ui.theme import current_theme

LABEL_HEIGHT = 22
LABEL_MARGIN = 8


def draw_pane(
    painter: QPainter,
    pane: Pane,
    exposed: QRect,
    view: View,
    picture: ComparePicture,
    layers: Sequence[Layer],
    surround: QColor,
) -> None:
    """Draw what ``exposed`` (device pixels of the widget) shows of a picture in its pane, and the ground beside it."""
    rect = exposed.intersected(pane.area)
    if rect.isEmpty():
        return
    # The view spans both pictures; each is drawn at its own size, never stretched to the other's.
    view = replace(view, size=picture.size)
    rect.translate(-pane.origin)
    painter.save()
    painter.translate(pane.origin)
    for part in surround_rects(rect, view.picture_rect):
        painter.fillRect(part, surround)
    inside = rect.intersected(view.picture_rect)
    if not inside.isEmpty():
        painter.setClipRect(inside)
        if picture.has_alpha:
            theme = current_theme()
            brush = checker_brush(theme.checker_light, theme.checker_dark, view.ratio)
            fill_checker(painter, inside, brush, QPointF(QPoint(*view.offset)))
        draw_layers(painter, view, inside, layers, translucent=picture.has_alpha)
    painter.restore()


def label_area(mode: Mode, side: int, size: QSize, second: int, words: str) -> QRect:
    """Where a title stands, in points of a widget of ``size``: in its pane's upper corner, for the lower picture in the
    lower one. ``second`` is where the second pane begins. It takes no more than its pane has, or half of the widget.
    """
    room = size.width() if mode is Mode.DIVIDER_ACROSS else size.width() // 2
    width = QFontMetrics(status_font()).horizontalAdvance(one_line(words)) + 2 * LABEL_MARGIN
    width = min(width, room - 2 * LABEL_MARGIN)
    left, top = LABEL_MARGIN, LABEL_MARGIN
    if side == 1 and mode is Mode.SIDE_BY_SIDE:
        left += second
    elif side == 1 and mode is Mode.DIVIDER:
        left = size.width() - LABEL_MARGIN - width
    elif side == 1:
        top = size.height() - LABEL_MARGIN - LABEL_HEIGHT
    return QRect(left, top, width, LABEL_HEIGHT)


def draw_label(painter: QPainter, area: QRect, words: str) -> None:
    """A title on a ground of its own, so that it is read on any picture."""
    theme = current_theme()
    ground = QColor(theme.window)
    ground.setAlpha(215)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(area, 4, 4)
    painter.setFont(status_font())
    painter.setPen(theme.text)
    room = area.width() - 2 * LABEL_MARGIN + 1
    shown = QFontMetrics(status_font()).elidedText(one_line(words), Qt.TextElideMode.ElideRight, room)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, shown)
    painter.restore()
