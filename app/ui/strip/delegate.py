"""The strip's delegate: draws each cell from what the model and the thumbnails hold, and gives jobs a Cancel button."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolButton, QWidget

from app.ui.icons import icon
from app.ui.plain_text import one_line
from app.ui.strip.cell import (
    CELL,
    EDGE,
    CellState,
    button_rect,
    cell_rect,
    draw_entry,
    draw_ground,
    draw_job,
    draw_rings,
)
from app.ui.strip.model import StripModel
from app.ui.strip.thumbnails import Thumbnails
from app.ui.theme import current_theme

_State = QStyle.StateFlag


class StripDelegate(QStyledItemDelegate):
    """``pulses`` maps the ids of results that have just come to the strength of their ring, 1 fading to 0."""

    cancel_requested = Signal(str)

    def __init__(self, model: StripModel, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._thumbnails = thumbnails
        self.pulses: dict[str, float] = {}
        self.moving = True

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return CELL

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, row = current_theme(), index.row()
        cell = cell_rect(option.rect)
        state = self._state(option, row)
        painter.save()
        draw_ground(painter, cell, state, theme)
        job, entry = self._model.job_at(row), self._model.entry_at(row)
        if job is not None:
            draw_job(painter, cell, job, theme, state)
        elif entry is not None:
            edge = round(EDGE * painter.device().devicePixelRatioF())
            image = self._thumbnails.image(entry, edge)
            draw_entry(painter, cell, entry, self._model.number_at(row), image, theme, state)
        draw_rings(painter, cell, state, theme)
        painter.restore()

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """A job's Cancel button: a widget of its own, so that it has a focus, a name and a place in the tab order."""
        job = self._model.job_at(index.row())
        button = QToolButton(parent)
        button.setProperty("compact", True)
        button.setIcon(icon("cancel"))
        button.setIconSize(QSize(16, 16))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if job is not None:
            job_id, title = job.id, one_line(job.title, 80)
            button.setAccessibleName(f"Cancel {title}")
            button.setToolTip("Cancel")
            button.clicked.connect(lambda: self.cancel_requested.emit(job_id))
        return button

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        editor.setGeometry(button_rect(cell_rect(option.rect)))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        return False  # the button keeps its keys: it is not a field whose value would be taken over

    def _state(self, option: QStyleOptionViewItem, row: int) -> CellState:
        flags = option.state
        entry = self._model.entry_at(row)
        return CellState(
            selected=bool(flags & _State.State_Selected),
            focused=bool(flags & _State.State_HasFocus),
            hovered=bool(flags & _State.State_MouseOver),
            pulse=self.pulses.get(entry.id, 0.0) if entry is not None else 0.0,
            moving=self.moving,
        )
