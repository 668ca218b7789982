"""The sheet of what will be sent: a window beside the work, never in front of it, that follows what is changed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.core.json_text import json_text
from app.state.sending import SendingSheet
from app.ui.icons import pixmap
from app.ui.plain_text import one_line, several_lines, tip
from app.ui.sending.crop_view import CropView
from app.ui.sending.parts import heading, reading, rule, words
from app.ui.sending.words import address, body_title, in_the_way, left_out, left_out_title, shortened_body, total, where
from app.ui.theme import refresh

SIZE = (860, 640)
"""Device-independent pixels: room for a long body beside the thumbnails, and for the window behind at 1280 x 720."""

PATIENCE_MS = 400
"""How long making a sheet may take before that is said."""
WORKING = "Packing the crop…"


class SendingView(QDialog):
    """Shows the sheets it is given. ``generate_requested`` and ``save_requested`` are for the window to act on."""

    generate_requested = Signal()
    save_requested = Signal()
    shown = Signal(bool)
    """Whether somebody can look at it now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sheet: SendingSheet | None = None
        self._readiness = ""
        self.setWindowTitle("What will be sent")
        self.setModal(False)
        self.resize(*SIZE)
        self._title, self._where = words(self, "heading"), words(self, wraps=True)
        self._address = reading("Address and headers", self, lines=4)
        self.crops = CropView(self)
        self._headings = heading("", self), heading("", self)
        self.body, self.left_out = reading("Body", self), reading("Not sent", self)
        self._bytes, self._price, self._source = words(self), words(self), words(self, "secondary", wraps=True)
        self.reason = Reason(self)
        self.said = words(self, "secondary")
        self.copy_json = _button("Copy JSON", self)
        self.copy_curl = _button("Copy as curl", self)
        self.copy_python = _button("Copy as Python", self)
        self.save = _button("Save picture and mask…", self)
        self.generate = _button("Generate", self)
        self.generate.setProperty("primary", True)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(lambda: self.say(WORKING))
        self._connect()
        self._arrange()
        self.body.setFocus()

    @property
    def sheet(self) -> SendingSheet | None:
        """What is shown."""
        return self._sheet

    def show_sheet(self, sheet: SendingSheet) -> None:
        """Show what would be sent now."""
        self._sheet = sheet
        self._title.setText(one_line(sheet.draft.endpoint.title, 80))
        self._where.setText(one_line(where(sheet)))
        self._address.setPlainText(several_lines(address(sheet)))
        self._address.setVisible(bool(sheet.destination.url))
        self.crops.show_sheet(sheet)
        titles = body_title(sheet), left_out_title(sheet)
        for label, place, title in zip(self._headings, (self.body, self.left_out), titles, strict=True):
            label.setText(title)
            place.setAccessibleName(title)
        _put(self.left_out, left_out(sheet) or "Every field has a value.")
        self._show_body()
        self._bytes.setText(total(sheet))
        self._price.setText(one_line(sheet.price.words))
        self._source.setText(one_line(sheet.price.source))
        self._name_buttons(sheet)
        self._show_reason()

    def say_ready(self, text: str, reason: str) -> None:
        """What the window's Generate button says, and why it cannot be pressed."""
        self._readiness = reason
        self.generate.setText(one_line(text).replace("&", "&&"))
        self.generate.setEnabled(not reason)
        self.generate.setToolTip(tip(reason or "Send it now"))
        self._show_reason()

    def say(self, text: str) -> None:
        """A sentence about what was just done."""
        self.said.setText(one_line(text))
        self.said.setToolTip(tip(text) if text else "")

    def show_working(self, on: bool) -> None:
        """Say so when it takes long until what is shown is what will be sent."""
        if on and self.isVisible():
            self._patience.start()
        else:
            self._patience.stop()
        if not on and self.said.text() == WORKING:
            self.say("")

    # -- building ----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.crops.turned.connect(self._show_body)
        self.copy_json.clicked.connect(lambda: self._copy("JSON", SendingSheet.json))
        self.copy_curl.clicked.connect(lambda: self._copy("command", SendingSheet.curl))
        self.copy_python.clicked.connect(lambda: self._copy("script", SendingSheet.python))
        self.save.clicked.connect(self.save_requested)
        self.generate.clicked.connect(self.generate_requested)

    def _arrange(self) -> None:
        left, right, middle = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.crops)
        left.addSpacing(12)
        for name, parts in (("Size", (self._bytes,)), ("Price", (self._price, self._source))):
            left.addWidget(heading(name, self))
            for part in parts:
                part.setAccessibleName(name)
                left.addWidget(part)
            left.addSpacing(4)
        left.addStretch(1)
        right.setSpacing(4)
        for title, text, share in zip(self._headings, (self.body, self.left_out), (3, 2), strict=True):
            right.addWidget(title)
            right.addWidget(text, share)
        middle.setSpacing(16)
        middle.addLayout(left)
        middle.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(8)
        for widget in (self._title, self._where, self._address):
            whole.addWidget(widget)
        whole.addLayout(middle, 1)
        whole.addWidget(rule(self))
        whole.addWidget(self.reason)
        whole.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.copy_json, self.copy_curl, self.copy_python, self.save):
            row.addWidget(button)
        row.addWidget(self.said, 1)
        row.addWidget(self.generate)
        return row

    # -- showing -----------------------------------------------------------------------------------------------------

    def _name_buttons(self, sheet: SendingSheet) -> None:
        """What stays on this computer is no request: its command is this program's own."""
        self.copy_curl.setText("Copy as curl" if sheet.leaves else "Copy as command")
        beside = "Picture and mask must lie beside it: save them too"
        if sheet.leaves and sheet.draft.backend == "practice":
            beside += ". Running it is no practice: it is sent, and may cost"
        for button, text in ((self.copy_curl, sheet.curl()), (self.copy_python, sheet.python())):
            button.setEnabled(bool(text))
            button.setToolTip(tip(beside if text else "The provider’s address is not known"))
        self.copy_json.setEnabled(True)
        self.copy_json.setToolTip(tip("The body, with stand-ins for picture and mask"))
        self.save.setEnabled(bool(sheet.crops))
        self.save.setToolTip(tip("Exactly as they are sent, beside a copied command"))

    def _show_body(self, _: int = 0) -> None:
        if self._sheet is not None:
            body = self._sheet.body_of(self.crops.index)
            _put(self.body, json_text(shortened_body(body), indent=2))

    def _show_reason(self) -> None:
        """What is in the way; what the button says only where nothing else does."""
        sheet = self._sheet
        faults = list(in_the_way(sheet)) if sheet is not None else []
        faults = faults or ([one_line(self._readiness)] if self._readiness else [])
        self.reason.show_texts(faults, [one_line(note) for note in sheet.notes] if sheet is not None else [])

    def _copy(self, what: str, text: Callable[[SendingSheet, int], str]) -> None:
        if self._sheet is not None:
            QGuiApplication.clipboard().setText(text(self._sheet, self.crops.index))
            real = what != "JSON" and self._sheet.leaves and self._sheet.draft.backend == "practice"
            self.say(f"Copied the {what}." + (" Running it is no practice: it may cost." if real else ""))

    # -- Qt ----------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.say("")
        self._sheet = None  # crops may be large, and are cut anew when somebody looks again
        self.crops.forget()
        self.shown.emit(False)


class Reason(QWidget):
    """What is in the way, with a sign, else what is worth knowing; two lines of room that are kept."""

    MOST = 3
    """Sentences that are shown; the tool tip has all of them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = ""
        self._sign, self._words = QLabel(self), words(self, wraps=True)
        self._sign.setFixedSize(16, 16)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.setMinimumHeight(32)

    def show_texts(self, faults: Sequence[str], notes: Sequence[str]) -> None:
        """Faults first; nothing at all leaves the room empty."""
        texts = [*faults, *notes]
        more = len(texts) - self.MOST
        shown = texts[: self.MOST] + ([f"and {more} more"] if more > 0 else [])
        self._kind = "warning" if faults else "info" if notes else ""
        self._words.setText("\n".join(shown))
        self._words.setToolTip(tip("\n".join(texts)) if texts else "")
        self._words.setProperty("caution", bool(faults))
        refresh(self._words)
        self._draw_sign()

    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_sign()

    def _draw_sign(self) -> None:
        """A label keeps pixels, so a change of theme draws them again."""
        self._sign.setVisible(bool(self._kind))
        if self._kind:
            role = "warning" if self._kind == "warning" else "accent"
            self._sign.setPixmap(pixmap(self._kind, role, size=16, ratio=self.devicePixelRatioF()))


def _put(place: QPlainTextEdit, text: str) -> None:
    """New text, read on from where the old one was being read."""
    safe = several_lines(text)
    if place.toPlainText() != safe:
        at = place.verticalScrollBar().value()
        place.setPlainText(safe)
        place.verticalScrollBar().setValue(at)


def _button(text: str, parent: QWidget) -> QPushButton:
    made = QPushButton(text, parent)
    made.setAutoDefault(False)
    made.setEnabled(False)
    return made
