"""The type of the chosen checkpoint: a fact about it that the endpoint's rules ask for, stated here and never sent."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Endpoint
from app.core.keywords import snake_case
from app.core.rules import TYPE, TYPE_TITLE, type_of, types_in
from app.ui.form.face import WheelOnFocus, show_ghost
from app.ui.form.nested import quiet_label, say
from app.ui.plain_text import one_line, tip
from app.ui.theme import refresh

Json = Any

_NAMES: Final = ("model_id", "checkpoint", "checkpoint_id", "model", "model_name", "base_model_id")


class TypeRow(QWidget):
    """A choice like a row's; ``stated`` says the type under the name that values keep it by, or MISSING."""

    stated = Signal(str, object)

    def __init__(self, endpoint: Endpoint, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rules = endpoint.rules
        self._types = types_in(endpoint.rules)
        title = QLabel(TYPE_TITLE, self)
        unsent = QLabel("not sent", self)
        unsent.setProperty("secondary", True)
        self._box = QComboBox(self)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(8)
        self._box.addItem("Not known")
        self._box.addItems([one_line(name) for name in self._types])
        self._box.setAccessibleName(f"{TYPE_TITLE}, not sent")
        self._box.setToolTip(
            tip("What the chosen checkpoint is: it decides which ranges and rules hold. It is never sent.")
        )
        self._box.installEventFilter(WheelOnFocus(self._box))
        self._box.activated.connect(self._on_choice)
        title.setBuddy(self._box)
        self.setFocusProxy(self._box)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title)
        head.addWidget(unsent, 0, Qt.AlignmentFlag.AlignBottom)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._box)
        self._wrong = quiet_label(self)
        layout.addWidget(self._wrong)

    def show_problem(self, text: str) -> None:
        """Say what is wrong with the type that was stated; "" for nothing."""
        say(self._wrong, one_line(text), wrong=bool(text))
        if bool(self._box.property("invalid")) != bool(text):
            self._box.setProperty("invalid", bool(text))
            refresh(self._box)

    def show_values(self, values: Mapping[str, Json]) -> None:
        """Show the type stated among ``values``, else the one that is known from the checkpoint itself."""
        told = values.get(TYPE)
        known = type_of(self._rules, {path: value for path, value in values.items() if path != TYPE})
        self._box.setItemText(0, f"{one_line(known)} (by its name)" if known else "Not known")
        self._box.setCurrentIndex(self._types.index(told) + 1 if told in self._types else 0)
        show_ghost(self._box, self._box.currentIndex() == 0)

    def _on_choice(self, place: int) -> None:
        self.stated.emit(TYPE, self._types[place - 1] if place > 0 else MISSING)


def checkpoint_field(endpoint: Endpoint) -> str:
    """The path of the field that names the checkpoint, "" where the rules ask for no type or no field names one."""
    if not types_in(endpoint.rules):
        return ""
    told = next((rule.get("field") for rule in endpoint.rules if rule.get("rule") == "type_of"), None)
    paths = {snake_case(field.path): field.path for field in endpoint.fields}
    return str(told) if told in paths.values() else next((paths[name] for name in _NAMES if name in paths), "")
