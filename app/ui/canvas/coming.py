"""The picture that is being opened, seen before it can be painted on: a quick small form of it over the canvas."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.core.arrays import Pixels
from app.ui.canvas.display import Display
from app.ui.theme import current_theme


class ComingPicture(QWidget):
    """Covers ``canvas`` while it is shown, pointer included: nobody paints on the old picture under the new one."""

    def __init__(self, canvas: QWidget, display: Display) -> None:
        super().__init__(canvas)
        self._canvas, self._display = canvas, display
        self._image = QImage()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.BusyCursor)
        self.setAccessibleName("Picture being opened")
        self.hide()
        canvas.installEventFilter(self)

    def show_pixels(self, pixels: Pixels | None) -> None:
        """Show (height, width, 4) uint8 BGRA pixels as large as the canvas; None takes them away."""
        if pixels is None:
            self.hide()
            return
        kept = np.ascontiguousarray(pixels)
        height, width = kept.shape[:2]
        self._image = QImage(kept.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()
        self.setGeometry(self._canvas.rect())
        self.show()
        self.raise_()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the canvas."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._canvas.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), self._display.surround_colour(current_theme()))
        size = QSizeF(self._image.size()).scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(place, self._image)
        painter.end()
