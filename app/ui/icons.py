"""The program's own icons, drawn from `resources/icons/*.svg` in the colours of the theme that is applied."""

from functools import cache, lru_cache
from typing import ClassVar

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.resources import read_text, resource
from app.ui.theme import current_theme

APP_ICON_SIZES = (16, 32, 48, 128, 256, 512)

_PLACEHOLDER = "currentColor"


def icon_names() -> tuple[str, ...]:
    """Every icon's name, sorted; the program's own emblem is not among them."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg") if path.stem != "mendbrush"))


def icon(name: str, role: str = "text", *, checked_role: str = "accent", size: int = 20) -> QIcon:
    """An icon that is drawn anew for every size, pixel ratio and theme.

    `role` and `checked_role` are roles of the theme, for the states off and on; a disabled icon takes the role
    `disabled`. `size` is the largest edge, in device-independent pixels, that it is drawn with.
    Raises OSError for a name that has no file.
    """
    _source(name)
    return QIcon(_SvgEngine(name, role, checked_role, size))


def pixmap(name: str, role: str = "text", *, size: int = 20, ratio: float = 1.0) -> QPixmap:
    """The icon for painting by hand: `size` device-independent pixels square on a screen of that pixel ratio."""
    colour = current_theme().colour(role)
    return _as_pixmap(_square(name, colour.rgba(), round(size * ratio)), ratio)


def svg(name: str, colour: QColor) -> str:
    """The icon's source with its placeholder replaced by the colour."""
    return _source(name).replace(_PLACEHOLDER, colour.name())


def app_icon() -> QIcon:
    """The program's emblem, for windows and the task bar."""
    made = QIcon()
    for edge in APP_ICON_SIZES:
        made.addFile(str(resource("icons", "app", f"mendbrush-{edge}.png")), QSize(edge, edge))
    return made


@cache
def _source(name: str) -> str:
    return read_text("icons", f"{name}.svg")


@lru_cache(maxsize=512)
def _square(name: str, rgba: int, edge: int) -> QImage:
    # An image, not a pixmap: a pixmap kept past the end of the application crashes it.
    drawn = QImage(edge, edge, QImage.Format.Format_ARGB32_Premultiplied)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _render(painter, name, QColor.fromRgba(rgba), QRectF(0, 0, edge, edge))
    painter.end()
    return drawn


def _render(painter: QPainter, name: str, colour: QColor, area: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg(name, colour).encode())).render(painter, area)


def _as_pixmap(image: QImage, ratio: float) -> QPixmap:
    made = QPixmap.fromImage(image)
    made.setDevicePixelRatio(ratio)
    return made


class _SvgEngine(QIconEngine):
    # Qt owns a clone, but PySide frees the one that `clone` returns as soon as Python lets go of it, and Qt then
    # crashes on it (measured with 6.11.3). Qt clones only an icon that somebody adds pixels to, so few are kept.
    _kept: ClassVar[list[QIconEngine]] = []

    def __init__(self, name: str, role: str, checked_role: str, size: int) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._checked_role = checked_role
        self._size = size

    def clone(self) -> QIconEngine:
        copy = _SvgEngine(self._name, self._role, self._checked_role, self._size)
        self._kept.append(copy)
        return copy

    def key(self) -> str:
        return "mendbrush"

    def iconName(self) -> str:
        return self._name

    def availableSizes(self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> list[QSize]:
        return [QSize(self._size, self._size)]

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        edge = self._edge(size)
        return QSize(edge, edge)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        edge = self._edge(rect.size())
        area = QRectF(QPointF(), QSizeF(edge, edge))
        area.moveCenter(QRectF(rect).center())
        painter.save()
        _render(painter, self._name, self._colour(mode, state), area)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        edge = round(self._edge(size) * scale)
        return _as_pixmap(_square(self._name, self._colour(mode, state).rgba(), edge), scale)

    def _edge(self, size: QSize) -> int:
        return max(1, min(self._size, size.width(), size.height()))

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        theme = current_theme()
        if mode == QIcon.Mode.Disabled:
            return theme.disabled
        return theme.colour(self._checked_role if state == QIcon.State.On else self._role)
