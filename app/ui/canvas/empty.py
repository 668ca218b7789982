"""What the canvas says while there is no picture: what to do next, with a button for each way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class EmptyCanvas(QWidget):
    """Drop, open, paste, or try the sample."""

    open_requested = Signal()
    paste_requested = Signal()
    sample_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(_line("Drop a picture here", "heading"))
        column.addWidget(_line("Then paint over what should change, and press Generate.", "secondary"))
        column.addLayout(self._buttons())
        column.addStretch(1)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for text, key, signal in (
            ("Open…", "Ctrl+O", self.open_requested),
            ("Paste", "Ctrl+V", self.paste_requested),
            ("Try the sample photo", "", self.sample_requested),
        ):
            button = QPushButton(text)
            button.setToolTip(f"{text.rstrip('…')} ({key})" if key else text)
            button.clicked.connect(signal)
            row.addWidget(button)
            if self.focusProxy() is None:
                self.setFocusProxy(button)
        row.addStretch(1)
        return row


def _line(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty(role, True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
