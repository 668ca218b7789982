"""What is known about a field, in words: its tool tip, and a small sheet for texts too long for one."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.core.endpoint import Field
from app.ui.form.face import ghost
from app.ui.form.number import bounds_words
from app.ui.plain_text import one_line, several_lines

_TIP_LENGTH: Final = 800
_WIDTH: Final = 296
_TALLEST: Final = 360
_EDGE: Final = 12
_SCROLL_BAR: Final = 12


def help_text(field: Field, note: str = "", *, limit: int = _TIP_LENGTH) -> str:
    """What is known about a field: description, range, default, group, name on the wire."""
    lines = [several_lines(field.description, limit), note]
    limits = bounds_words(field)
    lines.append(f"Range: {limits}." if limits else "")
    lines.append(_lengths(field))
    default = ghost(field)
    lines.append(f"Default: {one_line(default, 200)}." if default else "")
    lines.append("May be null." if field.nullable and field.default is not None else "")
    lines.append("Deprecated: the provider advises against it." if field.deprecated else "")
    lines.append(f"Group: {one_line(field.group, 80)}." if field.group else "")
    lines.append(f"Sent as {one_line(field.path)}.")
    return "\n".join(line for line in lines if line)


def _lengths(field: Field) -> str:
    low, high, noun = (
        (field.min_items, field.max_items, "entries")
        if field.kind == "array"
        else (field.min_length, field.max_length, "characters")
    )
    if low is not None and high is not None:
        return f"{low} to {high} {noun}."
    return f"At least {low} {noun}." if low else f"At most {high} {noun}." if high is not None else ""


class AboutSheet(QFrame):
    """A field's whole help under its title: read with the keys, marked and copied, closed with Esc or a click away."""

    def __init__(self, field: Field, note: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("popup", True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(f"About {one_line(field.title)}")
        heading = _plain(one_line(field.title), self)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        self.words = QPlainTextEdit(help_text(field, note, limit=4000), self)
        self.words.setReadOnly(True)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.words.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.words.setAccessibleName(f"About {one_line(field.title)}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 4, 8)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(self.words)

    def open_below(self, anchor: QWidget) -> None:
        """Show it under ``anchor``, or above it where the screen ends."""
        screen = anchor.screen().availableGeometry()
        self.ensurePolished()
        room = QRect(0, 0, _WIDTH - _SCROLL_BAR - 2 * _EDGE, 10_000)
        metrics = self.words.fontMetrics()
        flags = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
        lines = -(-metrics.boundingRect(room, flags, self.words.toPlainText()).height() // metrics.lineSpacing())
        height = min((lines + 1) * metrics.lineSpacing() + 3 * _EDGE, _TALLEST)
        place = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
        if place.y() + height > screen.bottom():
            place.setY(anchor.mapToGlobal(QPoint(0, 0)).y() - height - 4)
        place.setX(max(screen.left(), min(place.x(), screen.right() - _WIDTH)))
        self.setGeometry(QRect(place.x(), place.y(), _WIDTH, height))
        self.show()
        self.words.setFocus(Qt.FocusReason.PopupFocusReason)


def _plain(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setContentsMargins(4, 0, 0, 0)
    return label
