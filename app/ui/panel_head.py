"""The head of the parameter panel: which endpoint, who answers, and how the practice backend behaves."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Field
from app.core.values import fault, spell
from app.ui.endpoints.button import EndpointButton
from app.ui.form.choice import ListEditor, Segment, segment_side
from app.ui.form.number import NumberBox, bounds_words
from app.ui.icons import icon
from app.ui.plain_text import tip
from app.ui.theme import refresh

BACKENDS: Final[Mapping[str, str]] = {"local": "Local", "remote": "Remote", "practice": "Practice"}

_EXPLAINED: Final[Mapping[str, str]] = {
    "local": "Filled on this computer; nothing is sent anywhere",
    "remote": "Sent to the provider, who may charge for it",
    "practice": "Tried out here without a provider: answers look real and cost nothing",
}
_WHY_NOT: Final[Mapping[str, str]] = {
    "local": "This endpoint runs at its provider, not on this computer",
    "remote": "This endpoint runs on this computer; nothing has to be sent",
}

FAILURES: Final[Mapping[str, str]] = {
    "none": "Nothing",
    "refused": "The request is refused",
    "failed": "The job fails",
    "lost": "The connection is lost",
    "nsfw": "The safety filter objects",
    "timeout": "No answer in time",
}
"""What the practice backend can be told to do wrong, in words."""

_DELAY: Final = Field("delay", "number", "Seconds", "How long an answer takes.", default=1.5, minimum=0, maximum=60)
_QUEUE: Final = Field("queue", "integer", "Jobs ahead", "Places in the queue.", default=2, minimum=0, maximum=20)
_FAILURE: Final = Field(
    "failure", "string", "What fails", "What goes wrong.", default=FAILURES["none"], enum=tuple(FAILURES.values())
)


class EndpointLine(QWidget):
    """The endpoint's name, and beside it the menus of presets and of everything else about endpoint and values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = EndpointButton(self)
        self.presets = _menu_button("preset", "Presets", self)
        self.more = _menu_button("more", "Endpoint and values", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button, 1)
        layout.addWidget(self.presets)
        layout.addWidget(self.more)


class BackendSwitch(QWidget):
    """Local, Remote, Practice: one of them, and those that make no sense here say why."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._buttons: dict[str, Segment] = {}
        for place, (name, text) in enumerate(BACKENDS.items()):
            button = Segment(text, self)
            button.setProperty("segment", segment_side(place, len(BACKENDS)))
            button.setAccessibleName(f"Backend: {text}")
            button.setAccessibleDescription(_EXPLAINED[name])
            button.clicked.connect(lambda _=False, name=name: self._on_click(name))
            layout.addWidget(button, 1)
            self._buttons[name] = button

    def show_backend(self, current: str, possible: Iterable[str]) -> None:
        """Press ``current`` and allow only the ``possible`` ones."""
        allowed = set(possible)
        for name, button in self._buttons.items():
            button.setChecked(name == current)
            button.setEnabled(name in allowed)
            button.setToolTip(tip(_EXPLAINED[name] if name in allowed else _WHY_NOT[name]))

    def _on_click(self, name: str) -> None:
        for other, button in self._buttons.items():
            button.setChecked(other == name)
        self.chosen.emit(name)


class PracticeOptions(QWidget):
    """How the practice backend behaves: ``{"delay": seconds, "queue": jobs ahead, "failure": one of FAILURES}``."""

    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delay = _number_box(_DELAY, self)
        self._queue = _number_box(_QUEUE, self)
        self._failure = ListEditor(_FAILURE, self)
        numbers = QHBoxLayout()
        numbers.setSpacing(8)
        for field, box in ((_DELAY, self._delay), (_QUEUE, self._queue)):
            numbers.addWidget(_label(field, box))
            numbers.addWidget(box, 1)
            box.edited.connect(self._on_change)
        failure = QHBoxLayout()
        failure.setSpacing(8)
        failure.addWidget(_label(_FAILURE, self._failure.focusProxy() or self._failure))
        failure.addWidget(self._failure, 1)
        self._failure.changed.connect(self._on_change)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(numbers)
        layout.addLayout(failure)

    def options(self) -> dict[str, Any]:
        """The options as they stand; what cannot be used counts as its default, and is marked."""
        words = self._failure.value()
        named = next((name for name, text in FAILURES.items() if text == words), "none")
        return {"delay": float(_usable(self._delay)), "queue": int(_usable(self._queue)), "failure": named}

    def _on_change(self) -> None:
        for box in (self._delay, self._queue):
            wrong = box.number() is not MISSING and bool(fault(box.field, box.number()))
            if bool(box.property("invalid")) != wrong:
                box.setProperty("invalid", wrong)
                refresh(box)
        self.changed.emit(self.options())


def _menu_button(picture: str, words: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setProperty("compact", True)
    button.setIcon(icon(picture, size=16))
    button.setMenu(QMenu(button))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setAccessibleName(words)
    button.setToolTip(tip(words))
    button.setFixedSize(32, 32)
    return button


def _number_box(field: Field, parent: QWidget) -> NumberBox:
    box = NumberBox(field, parent)
    box.setMinimumWidth(44)
    box.setAccessibleName(f"Practice: {field.title.lower()}")
    box.setToolTip(tip(f"{field.description} {bounds_words(field)}, {spell(field.default)} unless set."))
    return box


def _label(field: Field, control: QWidget) -> QLabel:
    label = QLabel(field.title, control.parentWidget())
    label.setProperty("secondary", True)
    label.setBuddy(control)
    return label


def _usable(box: NumberBox) -> Any:
    value = box.number()
    return box.field.default if value is MISSING or fault(box.field, value) else value
