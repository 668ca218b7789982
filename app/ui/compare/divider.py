"""The divider's handle: a line over the pictures with a grip, moved by mouse and by keys."""

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QWidget

from app.ui.theme import current_theme

WIDTH = 32
GRIP = 26
REACH = 8
"""How far from the line the pointer still takes it."""
STEPS = 10_000
"""The slider's range: finer than the pixels of any screen."""


class DividerHandle(QAbstractSlider):
    """A slider, so that keys and screen readers know it as one; its value is ten-thousandths of the way."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._stage = parent
        self._grabbed: int | None = None
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 200)
        self.setPageStep(STEPS // 10)
        self.setValue(STEPS // 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Divider between the two pictures")
        self.lie(Qt.Orientation.Horizontal)

    @property
    def fraction(self) -> float:
        """0 to 1 of the way."""
        return self.value() / STEPS

    def lie(self, way: Qt.Orientation) -> None:
        """Slide along ``way``: horizontally for an upright line."""
        self.setOrientation(way)
        upright = way == Qt.Orientation.Horizontal
        # Down is further: the value counts from the top.
        self.setInvertedControls(not upright)
        self.setCursor(Qt.CursorShape.SplitHCursor if upright else Qt.CursorShape.SplitVCursor)
        self.setToolTip("Drag, or use the arrow keys")

    def place(self, at: float) -> None:
        """Lie over the line at ``at`` device-independent pixels of the parent."""
        whole = self._stage.rect()
        start = round(at) - WIDTH // 2
        if self.orientation() == Qt.Orientation.Horizontal:
            self.setGeometry(start, 0, WIDTH, whole.height())
        else:
            self.setGeometry(0, start, whole.width(), WIDTH)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton or not self._is_near(point):
            event.ignore()  # the pictures beneath take it
            return
        self._grabbed = self._along(point) - WIDTH // 2
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.setSliderDown(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None:
            event.ignore()
            return
        at = self._along(self.mapToParent(event.position().toPoint())) - self._grabbed
        length = max(1, self._along(QPoint(self._stage.width(), self._stage.height())))
        self.setValue(round(at / length * STEPS))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None:
            event.ignore()
            return
        self._grabbed = None
        self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._is_near(event.position().toPoint()):
            self.setValue(STEPS // 2)
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel zooms, wherever the pointer is

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current_theme()
        upright = self.orientation() == Qt.Orientation.Horizontal
        if not upright:
            painter.translate(self.width() / 2, self.height() / 2)
            painter.rotate(90)
            painter.translate(-self.height() / 2, -self.width() / 2)
        length = self.height() if upright else self.width()
        middle = WIDTH // 2
        painter.fillRect(QRectF(middle - 1, 0, 3, length), _veiled(theme.outline_dark, 110))
        painter.fillRect(QRectF(middle, 0, 1, length), theme.outline_light)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_grip(painter, QPointF(middle + 0.5, length / 2))
        painter.end()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _paint_grip(self, painter: QPainter, middle: QPointF) -> None:
        theme = current_theme()
        painter.setBrush(theme.panel)
        edge = theme.accent if self.hasFocus() else theme.outline_light
        painter.setPen(QPen(edge, 3 if self.hasFocus() else 1.5))
        painter.drawEllipse(middle, GRIP / 2, GRIP / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.text)
        for way in (-1, 1):
            tip = middle + QPointF(way * 8, 0)
            back = QPointF(way * 4.5, 0)
            painter.drawPolygon(QPolygonF([tip, tip - back + QPointF(0, 4.5), tip - back - QPointF(0, 4.5)]))

    def _along(self, point: QPoint) -> int:
        return point.x() if self.orientation() == Qt.Orientation.Horizontal else point.y()

    def _is_near(self, point: QPoint) -> bool:
        off_grip = QPointF(point) - QPointF(self.rect().center())
        on_grip = off_grip.x() ** 2 + off_grip.y() ** 2 <= (GRIP / 2) ** 2
        return on_grip or abs(self._along(point) - WIDTH // 2) <= REACH


def _veiled(colour: QColor, alpha: int) -> QColor:
    made = QColor(colour)
    made.setAlpha(alpha)
    return made
