"""What a panel is moved by: a slim line of dots in the place of a title, so that the panel's own head is its title."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QWidget

from app.ui.theme import current_theme

THICK = 12
DOTS = 5
APART = 6.0
RADIUS = 1.0


class Grip(QWidget):
    """The title bar of ``dock``: dragging it moves the panel, a double click lets it float."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._upright = bool(dock.features() & QDockWidget.DockWidgetFeature.DockWidgetVerticalTitleBar)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setToolTip(f"Drag to move {dock.windowTitle()}; the View menu hides it")
        self.setAccessibleName(f"Move {dock.windowTitle()}")

    def sizeHint(self) -> QSize:
        return QSize(THICK, 4 * THICK) if self._upright else QSize(4 * THICK, THICK)

    def minimumSizeHint(self) -> QSize:
        return QSize(THICK, THICK)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.window if self._upright else theme.panel)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.edge)
        middle = QPointF(self.width() / 2, self.height() / 2)
        for dot in range(DOTS):
            along = (dot - (DOTS - 1) / 2) * APART
            painter.drawEllipse(middle + (QPointF(0, along) if self._upright else QPointF(along, 0)), RADIUS, RADIUS)
        painter.end()
