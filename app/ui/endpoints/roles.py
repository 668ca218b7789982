"""What goes where: which field of an endpoint takes the picture, the mask, the prompt, ..., and how masks are sent."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from app.core.endpoint import ROLES, Endpoint, Role
from app.core.roles import Correction, takes
from app.ui.endpoints.page import Page
from app.ui.form.face import WheelOnFocus
from app.ui.plain_text import one_line

ROLE_WORDS: Final[Mapping[Role, str]] = {
    "picture": "Picture",
    "mask": "Mask",
    "prompt": "Prompt",
    "negative_prompt": "Negative prompt",
    "seed": "Seed",
    "size": "Size",
    "count": "Number of pictures",
    "format": "File format",
    "strength": "Strength",
}
_NOTHING: Final = "No field"
_POLARITIES: Final = (("white", "White is repainted"), ("black", "Black is repainted"))


class RolesPage(Page):
    """Shows the roles as they are taken now; each change is reported at once and kept by whoever listens."""

    corrected = Signal(object)
    """A Correction with what differs from the endpoint's own reading; None to go back to it."""

    def __init__(
        self, read: Endpoint, correction: Correction | None, corrected: Endpoint, parent: QWidget | None = None
    ) -> None:
        """``read`` is the endpoint as its document says, ``corrected`` as it is used with ``correction``."""
        super().__init__(f"What goes where: {one_line(read.title, 60)}", parent, width=440)
        self._read, self._correction = read, correction or Correction({}, None)
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
        self._show(corrected)

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
        path = self.boxes[role].currentData()
        # A field has one role: who had this one loses it.
        lost = {
            other: None for other, box in self.boxes.items() if path and other != role and box.currentData() == path
        }
        self._correct(Correction({**self._correction.roles, **lost, role: path}, self._correction.polarity))

    def _on_polarity(self, place: int) -> None:
        name = _POLARITIES[place][0]
        self._correct(Correction(self._correction.roles, "black" if name == "black" else "white"))

    def _on_back(self) -> None:
        self._correct(Correction({}, None))

    def _correct(self, correction: Correction) -> None:
        own = self._read.binding
        roles = {role: path for role, path in correction.roles.items() if own.roles.get(role) != path}
        polarity = correction.polarity if correction.polarity != own.polarity else None
        self._correction = Correction(roles, polarity)
        self.corrected.emit(self._correction if roles or polarity else None)

    def show_endpoint(self, corrected: Endpoint) -> None:
        """The endpoint as it is used now."""
        self._show(corrected)

    def _show(self, endpoint: Endpoint) -> None:
        for role, box in self.boxes.items():
            box.setCurrentIndex(max(0, box.findData(endpoint.binding.roles.get(role))))
        self.polarity.setCurrentIndex([name for name, _ in _POLARITIES].index(endpoint.binding.polarity))
        changed = bool(self._correction.roles) or self._correction.polarity is not None
        self.back.setEnabled(changed)
        self.say("Corrected by you; kept for this endpoint." if changed else "As the endpoint’s document says.")
