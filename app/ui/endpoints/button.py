"""The button that names the chosen endpoint, and the searched list that it opens."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.core.endpoint import Endpoint
from app.ui.endpoints.rows import EndpointRow, EndpointRows
from app.ui.icons import icon
from app.ui.plain_text import one_line, tip

_PROVIDERS: Final = {"local": "On this computer", "fal": "fal.ai", "": "Other"}
_LIST: Final = QSize(320, 420)
_BESIDE: Final = 10 + 8 + 16 + 8
"""Pixels of the button that the name does not have: margins, arrow, a gap."""


class EndpointButton(QPushButton):
    """The chosen endpoint's name; a click lists all, grouped by provider."""

    chosen = Signal(str)
    add_requested = Signal(str)
    """Somebody looks for an endpoint that is not here: the words typed, "" for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(32)
        self._endpoints: tuple[Endpoint, ...] = ()
        self._current: Endpoint | None = None
        # A label inside, because a push button centres its own text.
        self._name = QLabel(self)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setProperty("heading", True)
        self._name.setMinimumWidth(1)
        self._arrow = QLabel(self)
        self._arrow.setPixmap(icon("chevron-down", size=16).pixmap(16, 16))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 8, 0)
        for part, share in ((self._name, 1), (self._arrow, 0)):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(part, share)
        self.clicked.connect(self.open_list)

    def show_endpoints(self, endpoints: Sequence[Endpoint], current: Endpoint) -> None:
        """What can be chosen, and what is."""
        self._endpoints, self._current = tuple(endpoints), current
        title = one_line(current.title, 60)
        self._fit()
        self.setToolTip(tip(f"{current.id}\n{current.description}"))
        self.setAccessibleName(f"Endpoint: {title}")

    def open_list(self) -> "EndpointList":
        """Show the list under the button."""
        shown = EndpointList(self._endpoints, self._current, self)
        shown.chosen.connect(self.chosen)
        shown.add_requested.connect(self.add_requested)
        shown.open_below(self)
        return shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_arrow"):
            self._arrow.setPixmap(icon("chevron-down", size=16).pixmap(16, 16))

    def _fit(self) -> None:
        """A name that is too long ends in an ellipsis: an id says most at its start and at its end."""
        if self._current is not None:
            title = one_line(self._current.title, 60)
            room = self.width() - _BESIDE
            self._name.setText(self._name.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, room))


class EndpointList(QFrame):
    """All endpoints, searched by typing; arrows and Enter choose while the search line keeps the focus."""

    chosen = Signal(str)
    add_requested = Signal(str)

    def __init__(self, endpoints: Sequence[Endpoint], current: Endpoint | None, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", True)
        self._endpoints, self._current = endpoints, current
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search endpoints")
        self.search.setAccessibleName("Search endpoints")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._show)
        self.search.installEventFilter(self)
        self.rows = EndpointRows("Endpoints", self)
        self.rows.itemClicked.connect(self._choose)
        self._nothing = QLabel("None of your endpoints has these words.", self)
        self._nothing.setProperty("secondary", True)
        self.add = QPushButton("Add endpoint…", self)
        self.add.setIcon(icon("add", size=16))
        self.add.clicked.connect(self._on_add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        for part in (self.search, self._nothing, self.rows, self.add):
            layout.addWidget(part)
        self._show("")

    def open_below(self, anchor: QWidget) -> None:
        """Show the list under ``anchor``, inside the screen."""
        screen = anchor.screen().availableGeometry()
        place = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
        size = QSize(max(anchor.width(), _LIST.width()), min(_LIST.height(), screen.height() - 64))
        place.setX(min(place.x(), screen.right() - size.width()))
        if place.y() + size.height() > screen.bottom():
            place.setY(screen.bottom() - size.height())
        self.setGeometry(QRect(place, size))
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows and Enter mean the list although one types into the line."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
                self.rows.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(None)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.rows.hasFocus():
            self._choose(None)
            return
        super().keyPressEvent(event)

    def _show(self, text: str) -> None:
        words = one_line(text).casefold().split()
        found = [endpoint for endpoint in self._endpoints if all(word in _words_of(endpoint) for word in words)]
        rows: list[EndpointRow] = []
        for provider, members in groupby(found, key=lambda endpoint: endpoint.provider):
            rows.append(EndpointRow("", provider_words(provider)))
            rows.extend(self._row(endpoint) for endpoint in members)
        self.rows.show_rows(rows)
        self._nothing.setVisible(not found)
        looked_for = one_line(text, 24).replace("&", "&&")
        self.add.setText(f"Look for “{looked_for}” at fal.ai…" if words and not found else "Add endpoint…")

    def _row(self, endpoint: Endpoint) -> EndpointRow:
        return EndpointRow(
            endpoint.id,
            endpoint.title,
            badge="yours" if endpoint.own else "",
            tip=f"{endpoint.id}\n{endpoint.description}",
            current=self._current is not None and endpoint.id == self._current.id,
        )

    def _choose(self, item: QListWidgetItem | None) -> None:
        row = self.rows.chosen(item)
        if row is not None:
            self.close()
            self.chosen.emit(row.id)
        elif not self.rows.rows():
            self._on_add()

    def _on_add(self) -> None:
        words = self.search.text().strip()
        self.close()
        self.add_requested.emit(words)


def provider_words(provider: str) -> str:
    """A provider's heading."""
    return _PROVIDERS.get(provider, one_line(provider, 40).capitalize())


def _words_of(endpoint: Endpoint) -> str:
    return f"{endpoint.title} {endpoint.id} {endpoint.provider} {endpoint.description[:400]}".casefold()
