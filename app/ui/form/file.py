"""Editors of files: a link or an id as text, or a file of one's own, kept beside the history until it is sent."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, cast

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget
from shiboken6 import Shiboken

from app.core.attachments import read_attachment
from app.core.endpoint import MISSING, Field
from app.ui.form.entry_list import EntryList
from app.ui.form.face import Editor, Json, ghost, same, shown
from app.ui.icons import icon
from app.ui.plain_text import one_line, tip

THUMBNAIL: Final = 48
_LONGEST_LINE: Final = 2000
"""Characters that are edited as text; a longer value, such as a data URI, is said in words."""
_PICTURES: Final = ("picture", "mask")


class FileEditor(Editor):
    """A line for a link or an id, and a menu that brings a file of one's own; a kept file is shown small, in words."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._value: Json = MISSING
        self._is_picture = field.media in _PICTURES
        self._line = LinkLine(self)
        self._line.setPlaceholderText(ghost(field) or f"Link, or choose a {'picture' if self._is_picture else 'file'}")
        self._line.textEdited.connect(self._on_text)
        self._line.file_pasted.connect(self._from_clipboard)
        self._line.long_pasted.connect(self._take)
        self._thumbnail = QLabel(self)
        self._thumbnail.setProperty("thumbnail", True)
        self._thumbnail.setFixedSize(THUMBNAIL, THUMBNAIL)
        self._thumbnail.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._button = QToolButton(self)
        self._button.setProperty("compact", True)
        self._button.setIcon(icon("open", size=16))
        self._button.setAccessibleName(f"{field.title}: choose a file")
        self._button.setToolTip(tip("Choose a file, or take one away"))
        self._button.clicked.connect(self.open_menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._line, 1)
        layout.addWidget(self._thumbnail)
        layout.addSpacing(4)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._button)
        self.setAcceptDrops(True)
        self.name(self._line)
        self._show()

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        value = MISSING if value is None or value == "" else value
        if same(value, self._value):
            return
        self._value = value
        self._show()

    def open_menu(self) -> None:
        """Offer where a file can come from."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """The places that a file can come from, and the way to take it away."""
        menu = QMenu(self)
        files = self.context.attachments
        if files is not None:
            menu.addAction(icon("open", size=16), "From disk…", self._from_disk)
            if self._is_picture:
                menu.addAction(icon("paste", size=16), "From the clipboard", self._from_clipboard)
                history = menu.addAction(icon("history", size=16), "From the history…", self._from_history)
                history.setEnabled(bool(files.entries()))
            menu.addSeparator()
        remove = menu.addAction(icon("dismiss", size=16), "Remove", self._remove)
        remove.setEnabled(self._value is not MISSING)
        return menu

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        act = self._dropped(event.mimeData())
        if act is not None:
            event.acceptProposedAction()
            act()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A kept file goes with Delete, and another one comes with Ctrl+V, as in a text box."""
        if self._is_kept() and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove()
        elif self._is_kept() and event.matches(QKeySequence.StandardKey.Paste):
            self._from_clipboard()
        else:
            super().keyPressEvent(event)

    def _dropped(self, dropped: QMimeData) -> Callable[[], object] | None:
        """What to do with something that is dropped here; None when it is nothing for this field."""
        files = self.context.attachments
        path = local_file(dropped)
        if path is not None:
            return partial(files.take_file, path, self._arrived, self.field.media or "file") if files else None
        if dropped.hasText() and dropped.text().strip():
            return partial(self._take, dropped.text().strip().splitlines()[0].strip())
        if dropped.hasImage() and files is not None and self._is_picture:
            return partial(files.take_picture, QImage(dropped.imageData()), self._arrived)
        return None

    def _from_disk(self) -> None:
        if self.context.attachments is not None:
            self.context.attachments.ask_file(self, self._arrived, self.field.media or "file")

    def _from_clipboard(self) -> None:
        """A picture, or a file that was copied in a file manager."""
        files = self.context.attachments
        path = local_file(copied())
        if files is not None and path is not None:
            files.take_file(path, self._arrived, self.field.media or "file")
        elif files is not None:
            files.take_clipboard(self._arrived)

    def _from_history(self) -> None:
        files = self.context.attachments
        if files is not None:
            choice = EntryList(files, self)
            choice.chosen.connect(lambda entry: files.take_entry(entry, self._arrived))
            choice.open_below(self._button)

    def _arrived(self, value: str) -> None:
        """A file is kept; the field may be gone by now."""
        if Shiboken.isValid(self):
            self._take(value)

    def _take(self, value: Json) -> None:
        focused = self._line.hasFocus() or self._button.hasFocus()
        self._value = value
        self._show()
        if focused:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _remove(self) -> None:
        self._take(MISSING)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_text(self, text: str) -> None:
        self._value = self._meant(text) if text else MISSING
        if self._is_kept():
            self._take(self._value)
        else:
            self.changed.emit()

    def _meant(self, text: str) -> Json:
        """A field that takes lists and groups beside links reads them as JSON."""
        if self.field.kind == "any" and text[:1] in ("[", "{"):
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                return text
        return text

    def _is_kept(self) -> bool:
        """Whether the value is said in words instead of being edited as text."""
        if not isinstance(self._value, str):
            return self._value is not MISSING and len(shown(self._value)) > _LONGEST_LINE
        return read_attachment(self._value) is not None or len(self._value) > _LONGEST_LINE

    def _show(self) -> None:
        kept = self._is_kept()
        text = "" if kept or self._value is MISSING else shown(self._value)
        if text != self._line.text():
            self._line.setText(text)
            self._line.setCursorPosition(0)  # where a link begins says more than where it ends
        self._line.setVisible(not kept)
        self._words.setVisible(kept)
        self._thumbnail.setVisible(False)
        target: QWidget = self._button if kept else self._line
        if self.focusProxy() is not target:
            self.setFocusProxy(target)
        if kept:
            self._show_kept()

    def _show_kept(self) -> None:
        files = self.context.attachments
        value = self._value
        attachment = read_attachment(value)
        if attachment is None:
            self._say(_long_words(value))
            return
        self._say((files.words(value) if files is not None else "") or attachment.name or "A file of your own")
        if files is None:
            return

        def seen(image: QImage) -> None:
            if Shiboken.isValid(self) and self._value == value:
                self._say(files.words(value))
                self._show_thumbnail(image)

        ratio = self.devicePixelRatioF()
        files.thumbnail(value, round((THUMBNAIL - 2) * ratio), seen)

    def _show_thumbnail(self, image: QImage) -> None:
        self._thumbnail.setVisible(not image.isNull())
        if not image.isNull():
            image.setDevicePixelRatio(self.devicePixelRatioF())
            self._thumbnail.setPixmap(QPixmap.fromImage(image))

    def _say(self, words: str) -> None:
        self._words.setText(one_line(words, 160))
        self._words.setToolTip(tip(words))
        self._button.setAccessibleDescription(words)


class LinkLine(QLineEdit):
    """One line of text that leaves drops, and pasted files and long texts, to the editor that it stands in."""

    file_pasted = Signal()
    long_pasted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)
        self.setMinimumWidth(64)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            pasted = copied()
            text = pasted.text().strip() if pasted.hasText() else ""
            if local_file(pasted) is not None or (not text and pasted.hasImage()):
                self.file_pasted.emit()
                return
            if len(text) > _LONGEST_LINE:  # a line keeps 32767 characters and would cut the rest off without a word
                self.long_pasted.emit(text)
                return
        super().keyPressEvent(event)


def copied() -> QMimeData:
    """What the clipboard carries; Qt has None for nothing, whatever its types say."""
    return cast("QMimeData | None", QGuiApplication.clipboard().mimeData()) or QMimeData()


def local_file(carried: QMimeData) -> Path | None:
    """The file of this machine that a drop or the clipboard names, None for anything else."""
    urls = carried.urls()
    return Path(urls[0].toLocalFile()) if urls and urls[0].isLocalFile() else None


def takes_file(field: Field) -> bool:
    """Whether a field's value names a file that is not the canvas's."""
    plain = field.kind in ("string", "any") and not field.enum and not field.children
    return plain and bool(field.media) and field.role is None


def _long_words(value: Json) -> str:
    text = value if isinstance(value, str) else shown(value)
    if text.startswith("data:"):
        kind = one_line(text[5:60].partition(",")[0].partition(";")[0], 40) or "text"
        return f"Data URI: {kind}, {len(text) * 3 / 4 / 1e3:.0f} kB"
    return f"{one_line(text, 60)} ({len(text)} characters)"
