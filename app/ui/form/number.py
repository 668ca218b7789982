"""Editors of numbers: an exact box that calculates, beside a slider where there is a range."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.core.endpoint import MISSING, Field
from app.ui.form.arithmetic import evaluate, is_begun
from app.ui.form.face import Editor, Json, ghost, shown
from app.ui.form.slider import ValueSlider, is_whole, scale_of, stepped
from app.ui.icons import icon
from app.ui.plain_text import tip

_BOX_WIDTH: Final = 76


class NumberBox(QLineEdit):
    """A number of any size as text: empty is unset, arithmetic is worked out, the arrows step. Never clips."""

    edited = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._whole = is_whole(field)
        self._typing = False
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setPlaceholderText(ghost(field) or "Not set")
        self.textEdited.connect(self._on_typing)

    def is_begun(self) -> bool:
        """Whether what is being typed is no number yet but may become one, such as "512*"."""
        return self._typing and self.hasFocus() and isinstance(self.number(), str) and is_begun(self.text())

    def number(self) -> Json:
        """MISSING when empty, else the number, else the text as it stands."""
        text = self.text().strip()
        if not text:
            return MISSING
        try:
            return self._fitting(evaluate(text))
        except ValueError:
            return text

    def show_number(self, value: Json) -> None:
        """Show a value without telling anybody; what already stands for it is left as it was typed."""
        if self.hasFocus() and type(value) is type(self.number()) and value == self.number():
            return
        text = "" if value is MISSING or value is None else shown(value)
        if text != self.text():
            self.setText(text)

    def step(self, steps: int) -> None:
        """Go ``steps`` steps up or down, staying inside the range."""
        start = self.number()
        if start is MISSING:
            start = self.field.default
        if isinstance(start, bool) or not isinstance(start, int | float):
            start = self.field.minimum or 0
        self.setText(shown(self._fitting(stepped(self.field, start, steps, self._step_size()))))
        self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        key = Qt.Key(event.key())
        if key in steps:
            self.step(steps[key])
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.ignore()
                return
            self._settle()
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() or not event.angleDelta().y():
            event.ignore()
            return
        self.step(1 if event.angleDelta().y() > 0 else -1)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._settle()

    def sizeHint(self) -> QSize:
        return QSize(_BOX_WIDTH, super().sizeHint().height())

    def _on_typing(self) -> None:
        self._typing = True
        self.edited.emit()

    def _settle(self) -> None:
        """Write the result in place of the arithmetic."""
        self._typing = False
        value = self.number()
        if value is not MISSING and not isinstance(value, str) and shown(value) != self.text():
            self.setText(shown(value))
        self.edited.emit()

    def _fitting(self, number: int | float) -> int | float:
        """A whole number where the field wants one and it is one; anything else is left for the check."""
        if isinstance(number, float) and number.is_integer() and self._whole:
            return int(number)
        return number

    def _step_size(self) -> float:
        if self.field.step:
            return self.field.step
        scale = scale_of(self.field)
        return scale.step if scale is not None else 1 if self._whole else 0.1


class BoxEditor(Editor):
    """An exact box, and something beside it that follows."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._box = NumberBox(field, self)
        self._box.edited.connect(self._on_box)

    def value(self) -> Json:
        return self._box.number()

    def set_value(self, value: Json) -> None:
        self._box.show_number(value)
        self._follow()

    def unfinished(self) -> bool:
        return self._box.is_begun()

    def _on_box(self) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        """Show the box's number in what stands beside it."""


class NumberEditor(BoxEditor):
    """A slider and an exact box, or the box alone where no range is known."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._scale = scale_of(field)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._slider: ValueSlider | None = None
        if self._scale is not None:
            self._slider = ValueSlider(self._scale.last, self)
            self._slider.setAccessibleName(f"{field.title}, slider")
            self._slider.moved.connect(self._on_slider)
            self._slider.reset.connect(self._on_reset)
            self._box.setFixedWidth(_BOX_WIDTH)
            layout.addWidget(self._slider, 1)
        layout.addWidget(self._box, 0 if self._slider else 1)
        self.name(self._box)
        self._follow()

    def _on_slider(self, position: int) -> None:
        assert self._scale is not None
        self._box.setText(shown(self._scale.number(position)))
        self._speak(self._box.text())
        self.changed.emit()

    def _on_reset(self) -> None:
        self.clear()
        self.changed.emit()

    def _follow(self) -> None:
        """Put the slider where the value, or the default, is."""
        if self._slider is None or self._scale is None:
            return
        value = self.value()
        number = self.field.default if value is MISSING else value
        known = isinstance(number, int | float) and not isinstance(number, bool)
        if known:
            self._slider.show_position(self._scale.position(number))
        elif value is MISSING:
            self._slider.show_position(0)
        self._speak(("Not set" if not known else shown(number)) + (" (default)" if known and value is MISSING else ""))

    def _speak(self, number: str) -> None:
        """Tell a screen reader the number: Qt tells it the slider's position, which is not the same."""
        if self._slider is not None:
            self._slider.setAccessibleDescription(number)


def bounds_words(field: Field) -> str:
    """The range in words, such as "1 to 8" or "above 0, up to 1"; "" where there is none."""
    low, high = field.minimum, field.maximum
    above, below = field.exclusive_minimum, field.exclusive_maximum
    if low is not None and high is not None:
        words = f"{shown(low)} to {shown(high)}"
    else:
        start = f"{shown(low)} or more" if low is not None else f"above {shown(above)}" if above is not None else ""
        end = f"up to {shown(high)}" if high is not None else f"below {shown(below)}" if below is not None else ""
        words = ", ".join(part for part in (start, end) if part)
    if field.step and field.step != 1:
        words = ", ".join(part for part in (words, f"in steps of {shown(field.step)}") if part)
    return words


def tool(parent: QWidget, picture: str, words: str, hint: str) -> QToolButton:
    """A small button with a picture, beside a box."""
    button = QToolButton(parent)
    button.setProperty("compact", True)
    button.setIcon(icon(picture, size=16))
    button.setAccessibleName(words)
    button.setToolTip(tip(hint or words))
    return button
