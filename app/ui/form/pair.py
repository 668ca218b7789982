"""Two number fields that are width and height, in one block: each has its own row and its own place in the request."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Field
from app.ui.form.context import Context
from app.ui.form.face import Editor
from app.ui.form.number import BoxEditor
from app.ui.form.row import Row
from app.ui.form.sides import SizeTools, fault_of_side


class PairBlock(QWidget):
    """Width and height side by side, with known sizes, the crop's size and a swap below."""

    def __init__(
        self,
        width: Field,
        height: Field,
        notes: Mapping[str, str],
        parent: QWidget | None = None,
        *,
        context: Context,
    ) -> None:
        super().__init__(parent)
        self.rows = tuple(
            SideRow(field, notes.get(field.path, ""), self, context=context, make=_side) for field in (width, height)
        )
        tools = SizeTools("Size", lambda: (self.rows[0].field, self.rows[1].field), self)
        tools.use(context, context.sizes)
        tools.picked.connect(self._set)
        tools.swapped.connect(self._swap)
        line = QHBoxLayout()
        line.setSpacing(8)
        for row in self.rows:
            line.addWidget(row, 1, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(tools)
        layout.addLayout(below)

    def _set(self, width: int, height: int) -> None:
        for row, side in zip(self.rows, (width, height), strict=True):
            row.state(side)

    def _swap(self) -> None:
        """Exchange what counts now; a side that is left to its default takes the other's number."""
        width, height = (row.field.default if row.value() is MISSING else row.value() for row in self.rows)
        if width is not MISSING and height is not MISSING:
            for row, side in zip(self.rows, (height, width), strict=True):
                row.state(side)


class SideRow(Row):
    """A row in half the width."""

    compact = True


class SideEditor(BoxEditor):
    """A number's box alone; a number that does not fit is said with the nearest that does."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._box)
        self.name(self._box)

    def complaint(self) -> str:
        return fault_of_side(self.field, self.value())


def _side(field: Field, parent: QWidget, context: Context) -> Editor:
    editor = SideEditor(field, parent)
    editor.use(context)
    return editor
