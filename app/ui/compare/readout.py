"""The line below the comparison: the pixel under the pointer with both its values, the zoom, and sizes that differ."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.compare.picture import ComparePicture
from app.ui.status_line import HEIGHT, StatusPart, zoom_words
from app.ui.theme import current_theme

_FIGURE = "\u2007"
"""A blank as wide as a figure, so that values stand still whatever their length."""


class CompareReadout(QWidget):
    """Position, left and right value, zoom; a hint, or what differs in size, takes the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        self.hint = StatusPart("Hint", "", left)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.position = StatusPart("Position", "30000, 30000", right)
        self.values = tuple(StatusPart(name, f"Right {rgb_words((255, 255, 255))}", left) for name in ("Left", "Right"))
        self.zoom = StatusPart("Zoom", "6,400 %", right)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 1)
        row.setSpacing(16)
        row.addWidget(self.hint, 1)
        for part in (self.position, *self.values, self.zoom):
            row.addWidget(part)

    def show_pixel(
        self, pixel: tuple[int, int] | None, pictures: tuple[ComparePicture, ComparePicture], names: tuple[str, str]
    ) -> None:
        """The values of both pictures at ``pixel`` (x, y); ``names`` are what the two sides are called here."""
        self.position.say("" if pixel is None else f"{pixel[0]}, {pixel[1]}")
        for part, picture, name in zip(self.values, pictures, names, strict=True):
            value = None if pixel is None else picture.value_at(*pixel)
            part.say("" if pixel is None else f"{name} {rgb_words(value)}")

    def show_zoom(self, scale: float) -> None:
        """``scale`` is screen pixels per picture pixel."""
        self.zoom.say(zoom_words(scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current_theme().window)
        painter.fillRect(0, 0, self.width(), 1, current_theme().hairline)
        for part in (self.position, *self.values, self.zoom):
            painter.fillRect(part.x() - 8, 6, 1, self.height() - 12, current_theme().edge_disabled)
        painter.end()


def rgb_words(value: tuple[int, int, int] | None) -> str:
    """Three values of one width each; a dash where the picture has no such pixel."""
    if value is None:
        return "outside"
    return " ".join(str(part).rjust(3, _FIGURE) for part in value)


def size_words(left: ComparePicture, right: ComparePicture) -> str:
    """What to say when the sizes differ; empty when they do not."""
    if left.size == right.size:
        return ""
    sizes = " and ".join(f"{width} × {height}" for width, height in (left.size, right.size))
    return f"Sizes differ: {sizes}, shown at one scale"
