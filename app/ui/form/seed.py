"""The seed's editor: left open a new one is drawn each time; the dice throw one, the lock keeps it."""

import random
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.endpoint import Field, Missing
from app.core.sentences import NOT_WHOLE
from app.core.values import spell
from app.ui.form.context import Context
from app.ui.form.face import Editor, Json, ghost
from app.ui.form.number import NumberBox, tool
from app.ui.icons import icon
from app.ui.plain_text import tip

_SEEDS: Final = 2**32 - 1
"""The highest seed the dice throw where the schema names no limit."""


class SeedEditor(Editor):
    """A seed: left open a new one is drawn each time; the dice throw one and the lock keeps it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._told_last = ""
        self._given = ""  # a seed sent as text keeps its letters: "007" is not "7"
        self._box = NumberBox(field, self)
        self._box.setPlaceholderText(ghost(field) or "New each time")
        self._box.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._dice = tool(self, "dice", f"{field.title}: throw the dice", "Draw a new seed and keep it")
        self._last = tool(self, "history", f"{field.title}: reuse the last", "")
        self._lock = tool(self, "unlock", f"{field.title}: keep", "")
        self._lock.setCheckable(True)
        self._box.edited.connect(self._on_box)
        self._dice.clicked.connect(self._throw)
        self._last.clicked.connect(self._on_last)
        self._box.installEventFilter(self)
        self._lock.clicked.connect(self._on_lock)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._box, 1)
        for button in (self._dice, self._last, self._lock):
            layout.addWidget(button)
        self.name(self._box)
        self._show_lock()
        self._show_last()

    def use(self, context: Context) -> None:
        super().use(context)
        self._show_last()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The last seed changes with every result: looked at again whenever somebody comes near."""
        self._show_last()
        super().enterEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._show_last()
        return super().eventFilter(watched, event)

    def value(self) -> Json:
        value = self._box.number()
        if self.field.kind != "string" or isinstance(value, str | Missing):
            return value
        return self._given if self._box.text() == self._given else spell(value)

    def set_value(self, value: Json) -> None:
        self._given = value if isinstance(value, str) else ""
        self._box.show_number(value)
        self._show_lock()

    def unfinished(self) -> bool:
        return self._box.is_begun()

    def complaint(self) -> str:
        """A seed sent as text is still a number."""
        number = self._box.number()
        whole = not isinstance(number, str | float) or (isinstance(number, float) and number.is_integer())
        return "" if whole else NOT_WHOLE

    def _on_box(self) -> None:
        self._show_lock()
        self.changed.emit()

    def _on_lock(self) -> None:
        if self._lock.isChecked():
            self._throw()
        else:
            self.clear()
            self.changed.emit()

    def _throw(self) -> None:
        low = int(self.field.minimum or 0)
        high = int(self.field.maximum) if self.field.maximum is not None else _SEEDS
        self._box.setText(str(random.SystemRandom().randint(low, max(low, high))))
        self._on_box()

    def _on_last(self) -> None:
        seed = self.context.last_seed()
        if seed is not None:
            self._box.setText(str(seed))
            self._on_box()

    def _show_last(self) -> None:
        seed = self.context.last_seed()
        words = "No result yet whose seed could be used again" if seed is None else f"Use the last seed: {seed}"
        if words != self._told_last:
            self._told_last = words
            self._last.setEnabled(seed is not None)
            self._last.setToolTip(tip(words))
            self._last.setAccessibleDescription(words)

    def _show_lock(self) -> None:
        kept = self.is_set()
        self._lock.setChecked(kept)
        self._lock.setIcon(icon("lock" if kept else "unlock", size=16))
        self._lock.setToolTip(tip("Kept: click to draw a new seed each time" if kept else "Keep one seed"))
