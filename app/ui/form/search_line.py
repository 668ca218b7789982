"""The line above a long form: a search over its fields, and a switch that leaves only what is sent."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.ui.form.face import can_be_cleared
from app.ui.icons import icon
from app.ui.plain_text import one_line, tip


class SearchLine(QWidget):
    """Says when the words or the switch change; Down and Enter ask for the first field that is left."""

    changed = Signal()
    left = Signal()
    """The user goes on to the first field found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = _Line(self)
        self._line.setPlaceholderText("Search fields")
        self._line.setAccessibleName("Search fields")
        can_be_cleared(self._line)
        self._line.textChanged.connect(self.changed)
        self._line.left.connect(self.left)
        self._sent = QToolButton(self)
        self._sent.setText("Sent")
        self._sent.setCheckable(True)
        self._sent.setProperty("filter", True)
        self._sent.setIcon(icon("dot", "secondary", size=16))
        self._sent.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._sent.setAccessibleName("Only what is sent")
        self._sent.setToolTip(tip("Only what is sent: the fields you set and those the endpoint asks for"))
        self._sent.toggled.connect(self.changed)
        self.setFocusProxy(self._line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._line, 1)
        layout.addWidget(self._sent)

    def words(self) -> list[str]:
        """The words looked for, in lower case."""
        return one_line(self._line.text()).casefold().split()

    def only_sent(self) -> bool:
        """Whether only what is sent is wanted."""
        return self._sent.isChecked()

    def clear(self) -> None:
        """Show every field again."""
        self._line.clear()
        self._sent.setChecked(False)


class _Line(QLineEdit):
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if plain and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            return
        super().keyPressEvent(event)
