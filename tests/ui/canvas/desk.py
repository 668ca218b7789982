"""A canvas on a document with a picture, and a hand that drives it with real events."""

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import cache

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QImage,
    QInputDevice,
    QMouseEvent,
    QPaintEvent,
    QPointingDevice,
    QRegion,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.arrays import Pixels
from app.core.picture import Picture
from app.state.brush import BrushSettings
from app.state.document import Document
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.display import Display
from app.ui.tools.toolbox import Toolbox

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
PLAIN = Qt.KeyboardModifier.NoModifier


class WatchedCanvas(Canvas):
    """Remembers the regions that it was asked to paint, and can pretend to be on a screen of another pixel ratio."""

    def __init__(self, document: Document, brush: BrushSettings, display: Display, executor: Executor | None) -> None:
        self.painted = QRegion()
        super().__init__(document, brush, display, executor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and remember what."""
        self.painted += event.region()
        super().paintEvent(event)


class Desk:
    """Everything a canvas needs, and the hand."""

    def __init__(self, width: int = 400, height: int = 300, executor: Executor | None = None) -> None:
        self.document = Document()
        self.brush = BrushSettings(5)
        self.display = Display()
        self.canvas = WatchedCanvas(self.document, self.brush, self.display, executor)
        self.canvas.resize(width, height)
        self.toolbox = Toolbox(self.canvas)
        self.toolbox.changed.connect(lambda: self.canvas.use(self.toolbox.active))
        self.canvas.use(self.toolbox.active)

    def open(self, pixels: Pixels, has_alpha: bool = False) -> None:
        """Open a BGRA picture and let the canvas be painted once."""
        self.document.open(Picture(pixels, has_alpha))
        self.leave()

    def settle(self) -> None:
        """Let everything that is due be painted."""
        QApplication.processEvents()

    @property
    def mask(self) -> Pixels:
        """The mask's pixels."""
        assert self.document.mask is not None
        return self.document.mask.pixels

    def look_at(self, scale: float, at: QPointF | None = None) -> None:
        """Zoom to exactly this scale with the picture's place ``at`` (else its middle) in the middle."""
        view = self.canvas.view.fit()
        place = at or QPointF(view.size[0] / 2, view.size[1] / 2)
        zoomed = view.zoomed(scale, view.to_widget(place))
        middle = QPointF(self.canvas.width() / 2, self.canvas.height() / 2)
        self.canvas._set_view(zoomed.panned(middle - zoomed.to_widget(place)))
        self.settle()

    def leave(self) -> None:
        """The pointer goes elsewhere. (A window of the offscreen platform opens under it.)"""
        QApplication.sendEvent(self.canvas, QEvent(QEvent.Type.Leave))
        self.settle()

    # -- mouse -------------------------------------------------------------------------------------------------------

    def press(self, at: tuple[int, int], button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        """Put a button down."""
        QTest.mousePress(self.canvas, button, modifiers, QPoint(*at))

    def move(self, at: tuple[int, int]) -> None:
        """Move the pointer, with whatever is down."""
        QTest.mouseMove(self.canvas, QPoint(*at))

    def hover(self, at: tuple[int, int]) -> None:
        """The pointer is at ``at`` with nothing pressed. (QTest would only say so where the system's pointer moves.)"""
        place, none = QPointF(*at), Qt.MouseButton.NoButton
        event = QMouseEvent(QEvent.Type.MouseMove, place, self.canvas.mapToGlobal(place), none, none, PLAIN)
        QApplication.sendEvent(self.canvas, event)

    def release(
        self, at: tuple[int, int], button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = PLAIN
    ) -> None:
        """Let the button go."""
        QTest.mouseRelease(self.canvas, button, modifiers, QPoint(*at))

    def drag(
        self,
        points: Sequence[tuple[int, int]],
        button: Qt.MouseButton = LEFT,
        modifiers: Qt.KeyboardModifier = PLAIN,
    ) -> None:
        """Press at the first point, move through the others, let go at the last."""
        self.press(points[0], button, modifiers)
        for point in points[1:]:
            self.move(point)
        self.release(points[-1], button, modifiers)

    def wheel(
        self,
        at: tuple[int, int],
        angle: int,
        modifiers: Qt.KeyboardModifier = PLAIN,
        pixels: tuple[int, int] = (0, 0),
        phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
    ) -> None:
        """Turn the wheel (120 is a notch), or scroll with two fingers when ``pixels`` and a phase are given."""
        place = QPointF(*at)
        event = QWheelEvent(
            place,
            self.canvas.mapToGlobal(place),
            QPoint(*pixels),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            modifiers,
            phase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)

    # -- pen ---------------------------------------------------------------------------------------------------------

    def pen(self, kind: QEvent.Type, at: tuple[float, float], pressure: float = 1.0, eraser: bool = False) -> None:
        """One report of a pen."""
        pointer = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
        down = kind != QEvent.Type.TabletRelease and pressure > 0
        QApplication.sendEvent(
            self.canvas,
            QTabletEvent(
                kind,
                pen_device(pointer),
                QPointF(*at),
                QPointF(self.canvas.mapToGlobal(QPointF(*at))),
                pressure,
                0.0,
                0.0,
                0.0,
                0.0,
                0.0,
                PLAIN,
                LEFT if kind != QEvent.Type.TabletMove else Qt.MouseButton.NoButton,
                LEFT if down else Qt.MouseButton.NoButton,
            ),
        )

    # -- looking -----------------------------------------------------------------------------------------------------

    def shot(self) -> Pixels:
        """What the canvas looks like: (height, width, 3) RGB in device pixels, painted anew."""
        return image_pixels(self.canvas.grab().toImage())


@cache
def pen_device(pointer: QPointingDevice.PointerType) -> QPointingDevice:
    """A stylus with pressure; kept, because Qt's events only point at it."""
    return QPointingDevice(
        "stylus",
        1,
        QInputDevice.DeviceType.Stylus,
        pointer,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        3,
    )


def image_pixels(image: QImage) -> Pixels:
    """A copy of an image's pixels, (height, width, 3) RGB."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def noise(width: int, height: int, seed: int = 1) -> Pixels:
    """A BGRA picture of which every pixel can be told from its neighbours."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels


def capsule(shape: tuple[int, int], start: tuple[int, int], end: tuple[int, int], radius: int) -> Pixels:
    """Brute force: 255 where a pixel's centre is within ``radius`` of the segment, in whole numbers."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.int64)
    dx, dy = end[0] - start[0], end[1] - start[1]
    px, py = x - start[0], y - start[1]
    qx, qy = x - end[0], y - end[1]
    length = dx * dx + dy * dy
    along, across = px * dx + py * dy, px * dy - py * dx
    limit = radius * radius
    beside = (along >= 0) & (along <= length) & (across * across <= limit * length) & (length > 0)
    inside = (px * px + py * py <= limit) | (qx * qx + qy * qy <= limit) | beside
    return np.where(inside, 255, 0).astype(np.uint8)


def addressed(width: int, height: int) -> Pixels:
    """A BGRA picture in which each pixel's colour says where it is (up to 4096 x 4096): see ``address_of``."""
    y, x = np.mgrid[:height, :width]
    channels = (x & 255, y & 255, (x >> 8) | (y >> 8) << 4, np.full_like(x, 255))
    return np.stack(channels, axis=-1).astype(np.uint8)


def address_of(rgb: Pixels) -> tuple[int, int]:
    """Which pixel (x, y) of an ``addressed`` picture has this colour."""
    red, green, blue = (int(channel) for channel in rgb)
    return blue | (red & 15) << 8, green | (red >> 4) << 8
