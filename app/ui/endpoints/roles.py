"""What goes where: which field of an endpoint takes the picture, the mask, the prompt, ..., and how masks are sent."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from app.core.endpoint import ROLES, Endpoint, Polarity, Role
from app.core.roles import Correction, takes
from app.ui.endpoints.page import Page
from app.ui.form.face import WheelOnFocus
from app.ui.form.row_menu import ROLE_WORDS
from app.ui.plain_text import one_line

_NOTHING: Final = "No field"
_POLARITIES: Final[tuple[tuple[Polarity, str], ...]] = (
    ("white", "White is repainted"),
    ("black", "Black is repainted"),
)


class RolesPage(Page):
    """Shows the roles as they are taken now; each change is reported at once and kept by whoever listens."""

    corrected = Signal(object)
    """A Correction with what differs from the endpoint's own reading; None to go back to it."""

    def __init__(
        self, read: Endpoint, correction: Correction | None, corrected: Endpoint, parent: QWidget | None = None
    ) -> None:
        """``read`` is the endpoint as its document says, ``corrected`` as it is used with ``correction``."""
        super().__init__(f"What goes where: {one_line(read.title, 60)}", parent, width=500)
        self._read = read
        self._wanted: dict[Role, str | None] = dict(corrected.binding.roles)
        """What each role is to be, the one chosen last at the end."""
        self._polarity = correction.polarity if correction is not None else None
        self._changed = correction is not None
        self.words("Picture and mask are filled from the canvas. Correct a row when a field was taken for another one.")
        self.boxes: dict[Role, QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)
        for line, role in enumerate(ROLES):
            self._add(grid, line, role)
        self.polarity = QComboBox(self)
        self.polarity.addItems([words for _, words in _POLARITIES])
        self._place(grid, len(ROLES), "Mask colours", self.polarity)
        self.polarity.activated.connect(self._on_polarity)
        self.column.addStretch(1)
        self.back = self.button("Back to the endpoint’s own")
        self.back.clicked.connect(self._on_back)
        close = self.button("Close")
        close.clicked.connect(self.accept)
        self._show()

    def _add(self, grid: QGridLayout, line: int, role: Role) -> None:
        box = QComboBox(self)
        box.addItem(_NOTHING, None)
        for field in self._read.fields:
            if takes(role, field):
                box.addItem(one_line(f"{field.title} ({field.path})", 80), field.path)
        self._place(grid, line, ROLE_WORDS[role], box)
        box.activated.connect(lambda _, role=role: self._on_role(role))
        self.boxes[role] = box

    def _place(self, grid: QGridLayout, line: int, words: str, box: QComboBox) -> None:
        label = QLabel(words, self)
        label.setBuddy(box)
        box.setAccessibleName(words)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(16)
        box.installEventFilter(WheelOnFocus(box))
        grid.addWidget(label, line, 0)
        grid.addWidget(box, line, 1)

    def _on_role(self, role: Role) -> None:
        self._wanted.pop(role, None)
        self._wanted[role] = self.boxes[role].currentData()
        self._correct(self._polarity)

    def _on_polarity(self, place: int) -> None:
        self._correct(_POLARITIES[place][0])

    def _on_back(self) -> None:
        self._wanted = dict(self._read.binding.roles)
        self._correct(None)

    def _correct(self, polarity: Polarity | None) -> None:
        own = self._read.binding
        self._polarity = polarity if polarity != own.polarity else None
        now = self._effective()
        roles = {role: now[role] for role in ROLES if own.roles.get(role) != now[role]}
        correction = Correction(roles, self._polarity)
        self._changed = bool(roles) or self._polarity is not None
        self._show()
        self.corrected.emit(correction if self._changed else None)

    def _effective(self) -> dict[Role, str | None]:
        """A field has one role: the one chosen last. Who wanted it before has it again once it is free."""
        taken: dict[str | None, Role] = {path: role for role, path in self._wanted.items()}
        return {role: path if path and taken[path] == role else None for role, path in self._all_wanted()}

    def _all_wanted(self) -> list[tuple[Role, str | None]]:
        return [(role, self._wanted.get(role)) for role in ROLES]

    def _show(self) -> None:
        for role, path in self._effective().items():
            box = self.boxes[role]
            box.setCurrentIndex(max(0, box.findData(path)) if path else 0)
        polarity = self._polarity or self._read.binding.polarity
        self.polarity.setCurrentIndex([name for name, _ in _POLARITIES].index(polarity))
        self.back.setEnabled(self._changed)
        self.say("Corrected by you; kept for this endpoint." if self._changed else "As the endpoint’s document says.")
