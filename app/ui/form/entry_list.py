"""The history's newest entries to pick one from, shown over the form and closed with Esc or a click beside it."""

from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from shiboken6 import Shiboken

from app.ui.form.context import Attachments
from app.ui.plain_text import one_line, tip

_SIDE: Final = 48
_SIZE: Final = QSize(260, 320)


class EntryList(QFrame):
    """``chosen`` gives the entry's id; the list closes with it."""

    chosen = Signal(str)

    def __init__(self, files: Attachments, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", True)
        self.rows = QListWidget(self)
        self.rows.setAccessibleName("Results of the history")
        self.rows.setIconSize(QSize(_SIDE, _SIDE))
        self.rows.setWordWrap(True)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for entry_id, words in files.entries():
            item = QListWidgetItem(one_line(words), self.rows)
            item.setData(Qt.ItemDataRole.UserRole, entry_id)
            item.setSizeHint(QSize(0, _SIDE + 8))
            item.setToolTip(tip(words))
            files.entry_thumbnail(entry_id, partial(self._show_thumbnail, item))
        self.rows.itemActivated.connect(self._choose)
        self.rows.itemClicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.rows)

    def open_below(self, anchor: QWidget) -> None:
        """Show the list under ``anchor``, ending at its right edge, or above it where the screen ends."""
        place = anchor.mapToGlobal(QPoint(anchor.width() - _SIZE.width(), anchor.height() + 4))
        if place.y() + _SIZE.height() > anchor.screen().availableGeometry().bottom():
            place = anchor.mapToGlobal(QPoint(anchor.width() - _SIZE.width(), -_SIZE.height() - 4))
        place.setX(max(place.x(), anchor.screen().availableGeometry().left()))
        self.setGeometry(QRect(place, _SIZE))
        self.show()
        self.rows.setFocus()
        self.rows.setCurrentRow(0)

    def _choose(self, item: QListWidgetItem) -> None:
        if self.isVisible():  # activated and clicked come as two where one click activates
            self.close()
            self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))

    def _show_thumbnail(self, item: QListWidgetItem, image: QImage) -> None:
        if Shiboken.isValid(self):
            item.setIcon(QIcon(QPixmap.fromImage(image)))
