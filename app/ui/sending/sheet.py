"""The sheet of what will be sent: a window beside the work, never in front of it, that follows what is changed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.core.wire import json_text
from app.state.sending import SendingSheet
from app.ui.plain_text import one_line, several_lines, tip
from app.ui.sending.crop_view import SIDE, CropView
from app.ui.sending.words import in_the_way, left_out, shortened_body, total, where
from app.ui.theme import SECONDARY_PX, refresh

SIZE = (820, 640)
COLUMN = 2 * (SIDE + 2) + 12
"""Device-independent pixels: the width of the two thumbnails."""


class SendingView(QDialog):
    """Shows the sheets it is given. ``generate_requested`` and ``save_requested`` are for the window to act on."""

    generate_requested = Signal()
    save_requested = Signal()
    shown = Signal(bool)
    """Whether somebody can look at it now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sheet: SendingSheet | None = None
        self.setWindowTitle("What will be sent")
        self.setModal(False)
        self.resize(*SIZE)
        self._title = _words(self, heading=True)
        self._where = _words(self, wraps=True)
        self._address = _reading("Address and headers", self, height=4)
        self.crops = CropView(self)
        self.left_out = _reading("Not sent: the provider’s own default counts", self)
        self.body = _reading("Body", self)
        self._bytes, self._price, self._source = _words(self), _words(self), _words(self, secondary=True, wraps=True)
        self._reason = _words(self, wraps=True)
        self._said = _words(self, secondary=True)
        self.copy_json = _button("Copy JSON", "Copy the body, with stand-ins for picture and mask", self)
        self.copy_curl = _button("Copy as curl", "Copy a command that sends this", self)
        self.copy_python = _button("Copy as Python", "Copy a script that sends this", self)
        self.save = _button("Save picture and mask…", "Save them as they are sent, beside a copied command", self)
        self.generate = _button("Generate", "Send it now", self)
        self.generate.setProperty("primary", True)
        self._readiness = ""
        self._connect()
        self._arrange()

    def show_sheet(self, sheet: SendingSheet) -> None:
        """Show what would be sent now."""
        self._sheet = sheet
        target = sheet.destination
        self._title.setText(one_line(sheet.draft.endpoint.title, 80))
        self._where.setText(one_line(where(sheet)))
        headers = [f"{name}: {value}" for name, value in target.headers.items()]
        self._address.setPlainText("\n".join([one_line(f"{target.method} {target.url}"), *headers]))
        self._address.setVisible(bool(target.url))
        self.crops.show_sheet(sheet)
        self._put(self.left_out, left_out(sheet) or "Everything has a value.")
        self._show_body()
        self._bytes.setText(total(sheet))
        self._price.setText(sheet.price.words)
        self._source.setText(one_line(sheet.price.source))
        self._name_buttons(sheet)
        self._show_reason(in_the_way(sheet))

    def say_ready(self, text: str, reason: str) -> None:
        """What the window's Generate button says, and why it cannot be pressed."""
        self.generate.setText(one_line(text).replace("&", "&&"))
        self.generate.setEnabled(not reason)
        self.generate.setToolTip(tip(reason or "Send it now"))
        self._readiness = reason
        if self._sheet is not None:
            self._show_reason(in_the_way(self._sheet))

    def say(self, text: str) -> None:
        """A sentence about what was just done."""
        self._said.setText(one_line(text))
        self._said.setToolTip(tip(text))

    @property
    def sheet(self) -> SendingSheet | None:
        """What is shown."""
        return self._sheet

    def _connect(self) -> None:
        self.crops.turned.connect(self._show_body)
        self.copy_json.clicked.connect(lambda: self._copy("JSON", lambda sheet, index: sheet.json(index)))
        self.copy_curl.clicked.connect(lambda: self._copy("command", lambda sheet, index: sheet.curl(index)))
        self.copy_python.clicked.connect(lambda: self._copy("script", lambda sheet, index: sheet.python(index)))
        self.save.clicked.connect(self.save_requested)
        self.generate.clicked.connect(self.generate_requested)

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.crops)
        left.addSpacing(8)
        left.addWidget(_heading("Not sent: the provider’s own default counts", self.left_out))
        left.addWidget(self.left_out, 1)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(_heading("Body", self.body))
        right.addWidget(self.body, 1)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(left)
        middle.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(8)
        for part in (self._title, self._where, self._address):
            whole.addWidget(part)
        whole.addLayout(middle, 1)
        whole.addWidget(_rule(self))
        whole.addLayout(self._facts())
        whole.addWidget(self._reason)
        whole.addLayout(self._buttons())

    def _facts(self) -> QGridLayout:
        facts = QGridLayout()
        facts.setHorizontalSpacing(12)
        facts.setVerticalSpacing(4)
        facts.setColumnStretch(2, 1)
        for row, (name, value) in enumerate((("Size", self._bytes), ("Price", self._price))):
            title = _words(self, secondary=True)
            title.setText(name)
            title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            value.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            value.setAccessibleName(name)
            facts.addWidget(title, row, 0)
            facts.addWidget(value, row, 1)
        facts.addWidget(self._said, 0, 2)
        facts.addWidget(self._source, 1, 2)
        return facts

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.copy_json, self.copy_curl, self.copy_python, self.save):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.generate)
        return row

    def _name_buttons(self, sheet: SendingSheet) -> None:
        """What stays on this computer is no request: its command is this program's own."""
        self.copy_curl.setText("Copy as curl" if sheet.leaves else "Copy as command")
        for button, text in ((self.copy_curl, sheet.curl()), (self.copy_python, sheet.python())):
            button.setEnabled(bool(text))
            button.setToolTip(tip("Needs picture and mask beside it: save them too." if text else "Address not known"))
        self.copy_json.setEnabled(True)
        self.save.setEnabled(bool(sheet.crops))

    def _show_body(self, _: int = 0) -> None:
        if self._sheet is None:
            return
        crops, index = self._sheet.crops, self.crops.index
        body = crops[index].body if index < len(crops) else self._sheet.body
        self._put(self.body, json_text(shortened_body(body), indent=2))

    def _put(self, place: QPlainTextEdit, text: str) -> None:
        """New text, read on from where the old one was being read."""
        safe = several_lines(text)
        if place.toPlainText() != safe:
            at = place.verticalScrollBar().value()
            place.setPlainText(safe)
            place.verticalScrollBar().setValue(at)

    def _show_reason(self, reasons: Sequence[str]) -> None:
        """What is in the way; what the button says only where nothing else does."""
        said = list(reasons) or ([one_line(self._readiness)] if self._readiness else [])
        notes = [one_line(note) for note in self._sheet.notes] if self._sheet is not None else []
        self._reason.setText("\n".join((said + notes)[:4]))
        self._reason.setVisible(bool(said or notes))
        self._reason.setProperty("caution", bool(said))
        refresh(self._reason)

    def _copy(self, what: str, text: Callable[[SendingSheet, int], str]) -> None:
        if self._sheet is not None:
            QGuiApplication.clipboard().setText(text(self._sheet, self.crops.index))
            beside = "" if what == "JSON" else " Save picture and mask beside it to run it."
            self.say(f"Copied the {what}.{beside}")

    # -- Qt ----------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.say("")
        self.shown.emit(False)


def _words(parent: QWidget, *, heading: bool = False, secondary: bool = False, wraps: bool = False) -> QLabel:
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("heading", heading)
    made.setProperty("secondary", secondary)
    made.setWordWrap(wraps)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made


def _reading(name: str, parent: QWidget, *, height: int = 0) -> QPlainTextEdit:
    """Text to read and to copy from; of ``height`` lines, or as high as there is room."""
    made = QPlainTextEdit(parent)
    made.setReadOnly(True)
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(SECONDARY_PX + 1)
    made.setFont(font)
    if height:
        made.setFixedHeight(height * made.fontMetrics().lineSpacing() + 14)
        made.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    return made


def _heading(text: str, buddy: QWidget) -> QLabel:
    made = QLabel(text, buddy.parentWidget())
    made.setProperty("secondary", True)
    made.setBuddy(buddy)
    return made


def _button(text: str, words: str, parent: QWidget) -> QPushButton:
    made = QPushButton(text, parent)
    made.setAutoDefault(False)
    made.setToolTip(tip(words))
    made.setEnabled(False)
    return made


def _rule(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("rule", "horizontal")
    line.setFixedHeight(1)
    return line
