"""What the canvas gives to an endpoint: picture and mask as small pictures at the top of the form."""

import re
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from app.core.endpoint import Endpoint, Field, Role
from app.ui.form.about import AboutSheet, help_text
from app.ui.form.context import Context
from app.ui.form.nested import quiet_label, say
from app.ui.form.row_menu import add_roles, copy_text
from app.ui.form.title import Title
from app.ui.plain_text import one_line, tip
from app.ui.theme import refresh

ROLES: Final[tuple[Role, ...]] = ("picture", "mask")
_SIDE: Final = 64
_ADDRESS: Final = re.compile(r"(?<=\w)[ _-]+ur[il]s?$", re.IGNORECASE)
"""What a title says of how a picture is sent, where the picture itself is shown."""
_NO_PICTURE: Final = "Open a picture"
_NO_MASK: Final = "Paint a mask"


class CanvasBlock(QWidget):
    """The fields that are filled from the canvas, side by side, and what it means when one is missing."""

    role_requested = Signal(str, object)

    def __init__(self, endpoint: Endpoint, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.cells: dict[str, CanvasCell] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        fields = [(role, endpoint.field_for(role)) for role in ROLES]
        line = QHBoxLayout()
        line.setSpacing(4)
        for role, field in fields:
            if field is not None:
                cell = self.cells[field.path] = CanvasCell(role, field, self)
                cell.role_requested.connect(self.role_requested)
                line.addWidget(cell, 1)
        if self.cells:
            layout.addLayout(line)
        self._wrong = quiet_label(self)
        layout.addWidget(self._wrong)
        words = meaning(endpoint)
        if words:
            layout.addWidget(_quiet(words, self))
        self.refresh()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say under the pictures what is wrong with them, each by its title."""
        told = []
        for path, cell in self.cells.items():
            problem = one_line(problems.get(path, ""))
            cell.show_problem(problem)
            told += [f"{one_line(cell.field.title, 40)}: {problem}"] if problem else []
        say(self._wrong, "\n".join(told), wrong=bool(told))

    def refresh(self) -> None:
        """Ask the window again what it would send."""
        size = self._context.crop_size() if self.cells else None
        for cell in self.cells.values():
            image = self._context.canvas(cell.role, _SIDE)
            cell.show_picture(QPixmap() if image is None else QPixmap.fromImage(image), size)


class CanvasCell(QFrame):
    """One field that takes the picture or the mask: a small picture of it, its title and its size."""

    role_requested = Signal(str, object)

    def __init__(self, role: Role, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.role, self.field = role, field
        self.setProperty("cell", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tip(f"Filled from the canvas.\n{help_text(field)}"))
        self._picture = QLabel(self)
        self._picture.setFixedSize(_SIDE, _SIDE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setProperty("thumbnail", True)
        self._problem = ""
        self._title = Title(_ADDRESS.sub("", one_line(field.title, 80)), "", self)
        self._size = _quiet("", self)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._size)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._picture)
        layout.addLayout(words, 1)

    def show_picture(self, picture: QPixmap, size: tuple[int, int] | None) -> None:
        """Show the small picture and the size that would be sent; without one, what is missing."""
        self._picture.setPixmap(picture)
        missing = _NO_MASK if self.role == "mask" or not picture.isNull() else _NO_PICTURE
        words = f"{size[0]} × {size[1]}" if size is not None and not picture.isNull() else missing
        self._size.setText(words)
        self.setAccessibleName(f"{one_line(self.field.title)}: from the canvas, {words}")

    def show_problem(self, text: str) -> None:
        """Mark or unmark it; the words stand below both."""
        if text != self._problem:
            self._problem = text
            self.setAccessibleDescription(text)
            self.setProperty("invalid", bool(text))
            refresh(self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction("About this field\tShift+F1").triggered.connect(self._open_about)
        menu.addAction("Copy field name").triggered.connect(lambda: copy_text(self.field.path))
        menu.addSeparator()
        roles = add_roles(menu, self.field)
        roles.triggered.connect(lambda action: self.role_requested.emit(self.field.path, action.data()))
        menu.aboutToHide.connect(menu.deleteLater)
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        menu.popup(event.globalPos() if by_mouse else self.mapToGlobal(self.rect().bottomLeft()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self._open_about()
            return
        super().keyPressEvent(event)

    def _open_about(self) -> None:
        AboutSheet(self.field, "Filled from the canvas.", self).open_below(self)


def meaning(endpoint: Endpoint) -> str:
    """What it means for the result that an endpoint takes no picture, no mask, or not always one; "" for the usual."""
    if endpoint.backends[0] == "local":
        return ""  # what runs on this computer is given both beside its fields
    picture, mask = (endpoint.field_for(role) for role in ROLES)
    if picture is None and mask is None and endpoint.field_for("prompt") is None:
        return "This endpoint takes neither picture nor mask. What it makes is fitted into the mask’s crop."
    if picture is None and mask is None:
        return "This endpoint takes no picture: it makes one from your words. It is fitted into the mask’s crop."
    if mask is None:
        return "This endpoint takes no mask: it may repaint the whole crop. Only what lies inside your mask is used."
    if picture is None:
        return "This endpoint takes a mask but no picture: it does not see what surrounds the mask."
    if not mask.required:
        return "The mask is optional here: without one it may repaint the whole crop. Yours is always sent."
    return ""


def _quiet(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumWidth(1)
    label.setProperty("secondary", True)
    label.setWordWrap(True)
    return label
