"""How a cell of the strip is drawn: a thumbnail with its marks, or the place that a job keeps for its result."""

import math
import time
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen

from app.ui.icons import pixmap
from app.ui.strip.sources import RunningJob, StripEntry
from app.ui.strip.words import PRACTICE, clamped, entry_caption, is_practice, job_stage, minutes, short_name
from app.ui.theme import SECONDARY_PX, Theme, body_font

EDGE = 96
"""The thumbnail's square, in device-independent pixels."""
MARGIN = 4
CAPTION = 15
CELL = QSize(EDGE + 2 * MARGIN, MARGIN + EDGE + CAPTION)
BUTTON = QSize(28, 28)
RING = 44
TURN_SECONDS = 1.2


@dataclass(frozen=True)
class CellState:
    """What is true of a cell beside what it shows. ``pulse`` is 1 when a result has just come, 0 when that is over."""

    selected: bool = False
    focused: bool = False
    hovered: bool = False
    pulse: float = 0.0
    moving: bool = True
    """Whether things may turn and fade; False when the desktop asks for stillness."""


def caption_font() -> QFont:
    """The 11 px font with figures of one width."""
    font = body_font()
    font.setPixelSize(SECONDARY_PX)
    return font


def cell_rect(item: QRect) -> QRect:
    """The cell within the place that the list gives an item, which is as high as the list: always at its top."""
    return QRect(item.topLeft(), CELL)


def square(cell: QRect) -> QRect:
    """Where the thumbnail is within its cell."""
    return QRect(cell.x() + MARGIN, cell.y() + MARGIN, EDGE, EDGE)


def button_rect(cell: QRect) -> QRect:
    """Where a running job's Cancel button is: the upper right corner of the square."""
    return QRect(square(cell).topRight() + QPoint(1 - BUTTON.width(), 0), BUTTON)


def draw_ground(painter: QPainter, cell: QRect, state: CellState, theme: Theme) -> None:
    """The ground behind a cell, and the ring of the focus."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state.selected or state.hovered:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.selection if state.selected else theme.control)
        painter.drawRoundedRect(QRectF(cell), 4, 4)
    painter.fillRect(square(cell), theme.surround)


def draw_rings(painter: QPainter, cell: QRect, state: CellState, theme: Theme) -> None:
    """The focus ring round the cell, and the fading ring of a result that has just come."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state.pulse > 0:
        colour = QColor(theme.accent)
        colour.setAlphaF(state.pulse)
        painter.setPen(QPen(colour, 3))
        painter.drawRoundedRect(QRectF(square(cell)).adjusted(1.5, 1.5, -1.5, -1.5), 2, 2)
    if state.focused:
        painter.setPen(QPen(theme.accent, 2))
        painter.drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), 4, 4)


def draw_entry(
    painter: QPainter, cell: QRect, entry: StripEntry, number: int, image: QImage | None, theme: Theme, state: CellState
) -> None:
    """A result: its thumbnail (None while it is on its way, null when it is damaged), its marks and its caption."""
    area = square(cell)
    if image is not None and not image.isNull():
        painter.drawImage(_centred(image, area, painter.device().devicePixelRatioF()), image)
    elif image is not None:
        _draw_damaged(painter, area, theme)
    if is_practice(entry):
        _draw_pill(painter, area, PRACTICE, theme)
    if entry.starred:
        _draw_mark(painter, QRect(area.right() - 21, area.top() + 2, 20, 20), "star-filled", "warning", theme)
    if entry.flags:
        _draw_mark(painter, QRect(area.left() + 2, area.top() + 2, 20, 20), "warning", "warning", theme)
    _draw_caption(painter, cell, entry_caption(entry, number), theme, state)


def draw_job(painter: QPainter, cell: QRect, job: RunningJob, theme: Theme, state: CellState) -> None:
    """A running job: a ring with the time in it, where it stands in words, and the endpoint it asks."""
    area = square(cell)
    ring = QRectF(area.x() + (EDGE - RING) / 2, area.y() + 14, RING, RING)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.control_hover, 3))
    painter.drawEllipse(ring)
    painter.setPen(QPen(theme.accent, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    start, span = ring_arc(job, time.monotonic() if state.moving else 0.0)
    if span:
        painter.drawArc(ring, round(start * 16), round(span * 16))
    painter.setFont(caption_font())
    painter.setPen(theme.text)
    painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, minutes(job.elapsed))
    _draw_stage(painter, QRect(area.x() + 4, area.y() + 62, EDGE - 8, 30), job_stage(job), theme)
    name = short_name(job.title)
    _draw_caption(painter, cell, f"{PRACTICE}: {name}" if is_practice(job) else name, theme, state)


def ring_arc(job: RunningJob, now: float) -> tuple[float, float]:
    """Start and span in degrees, counter-clockwise from three; a turning quarter while nobody can say how far."""
    if job.state != "running":
        return 90.0, 0.0
    if job.fraction is None or math.isnan(job.fraction):
        return 90.0 - 360.0 * ((now / TURN_SECONDS) % 1.0), -90.0
    return 90.0, -360.0 * clamped(job.fraction)


# -- parts -----------------------------------------------------------------------------------------------------------


def _centred(image: QImage, area: QRect, ratio: float) -> QRectF:
    width, height = image.width() / ratio, image.height() / ratio
    # Whole screen pixels: a thumbnail between two of them would be blurred.
    left = round((area.x() + (area.width() - width) / 2) * ratio) / ratio
    top = round((area.y() + (area.height() - height) / 2) * ratio) / ratio
    return QRectF(left, top, width, height)


def _draw_damaged(painter: QPainter, area: QRect, theme: Theme) -> None:
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(
        QPointF(area.x() + (EDGE - 20) / 2, area.y() + 28), pixmap("error", "error_text", size=20, ratio=ratio)
    )
    painter.setFont(caption_font())
    painter.setPen(theme.secondary)
    painter.drawText(area.adjusted(0, 52, 0, -24), Qt.AlignmentFlag.AlignCenter, "damaged")


def _draw_pill(painter: QPainter, area: QRect, word: str, theme: Theme) -> None:
    width = QFontMetrics(caption_font()).horizontalAdvance(word) + 10
    pill = QRectF(area.x() + 3, area.bottom() - 18, width, 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_veil(theme))
    painter.drawRoundedRect(pill, 3, 3)
    painter.setFont(caption_font())
    painter.setPen(theme.text)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, word)


def _draw_mark(painter: QPainter, place: QRect, name: str, role: str, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_veil(theme))
    painter.drawEllipse(place)
    mark = pixmap(name, role, size=14, ratio=painter.device().devicePixelRatioF())
    painter.drawPixmap(QPointF(place.x() + 3, place.y() + 3), mark)


def _veil(theme: Theme) -> QColor:
    """What marks stand on, so that they are read on any picture."""
    colour = QColor(theme.window)
    colour.setAlpha(225)
    return colour


def _draw_stage(painter: QPainter, area: QRect, words: str, theme: Theme) -> None:
    painter.setPen(theme.secondary)
    lines = two_lines(words, QFontMetrics(painter.font()), area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, "\n".join(lines))


def two_lines(words: str, metrics: QFontMetrics, width: int) -> list[str]:
    """``words`` on at most two lines of ``width`` pixels, broken between words; an ellipsis says what is missing."""
    first, rest = words, ""
    while metrics.horizontalAdvance(first) > width and " " in first:
        first, _, word = first.rpartition(" ")
        rest = f"{word} {rest}".rstrip()
    lines = [first, rest] if rest else [first]
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines]


def _draw_caption(painter: QPainter, cell: QRect, words: str, theme: Theme, state: CellState) -> None:
    area = QRect(cell.x() + MARGIN, cell.y() + MARGIN + EDGE, EDGE, CAPTION)
    painter.setFont(caption_font())
    painter.setPen(theme.selection_text if state.selected else theme.secondary)
    shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
