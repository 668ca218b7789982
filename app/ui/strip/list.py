"""The strip's list view: one row of cells, chosen by mouse or keys, that stays where it is when results come."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from app.ui.icons import pixmap
from app.ui.strip.cell import CELL, EDGE, MARGIN
from app.ui.strip.delegate import StripDelegate
from app.ui.strip.model import StripModel
from app.ui.theme import SECONDARY_PX, current_theme

EMPTY = "No results yet"
EMPTY_HINT = "Ctrl+Return makes the first"

_COMMANDS = {
    Qt.Key.Key_Return: "accept",
    Qt.Key.Key_Enter: "accept",
    Qt.Key.Key_Delete: "discard",
    Qt.Key.Key_S: "star",
    Qt.Key.Key_V: "restore",
}
_STEPS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End}
_OURS = {*_COMMANDS, *_STEPS, Qt.Key.Key_Escape}


class StripList(QListView):
    """``command`` carries "accept", "discard" or "star" and a row; ``chosen`` says that another row is selected."""

    chosen = Signal()
    command = Signal(str, int)
    menu_requested = Signal(int)

    def __init__(self, model: StripModel, delegate: StripDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = model
        # Laying out asks twice for the count of rows per row. Answered in Python that took 35 ms for 10,000 of them;
        # the proxy answers from its own memory, and its rows are the model's.
        self._rows = QSortFilterProxyModel(self)
        self._rows.setDynamicSortFilter(False)
        self._rows.setSourceModel(model)
        self.setAccessibleName("History")
        self.setModel(self._rows)
        self.setItemDelegate(delegate)
        self._lay_out()
        self._rows.rowsInserted.connect(self._rows_inserted)
        self._rows.rowsAboutToBeRemoved.connect(self._rows_go)
        self._rows.modelReset.connect(lambda: self._give_buttons(0, model.rowCount() - 1))
        for signal in (self._rows.rowsInserted, self._rows.rowsRemoved, self._rows.modelReset):
            signal.connect(self._describe)
        self._give_buttons(0, model.rowCount() - 1)
        self._describe()

    def selected_row(self) -> int:
        """The selected row, -1 when there is none."""
        rows = self.selectionModel().selectedIndexes()
        return rows[0].row() if rows else -1

    def index_of(self, row: int) -> QModelIndex:
        """The index of a row here; an invalid one for -1."""
        return self._rows.index(row, 0)

    def redraw(self, row: int) -> None:
        """Draw a row again, if there is such a row and it is seen."""
        if row >= 0:
            self.update(self.index_of(row))

    def select(self, row: int) -> None:
        """Select a row, or nothing for -1."""
        if row >= 0:
            self.setCurrentIndex(self.index_of(row))
        else:
            self.clearSelection()
            self.selectionModel().clearCurrentIndex()

    def menu_point(self, row: int) -> QPoint:
        """Where a menu of that row opens, on the screen."""
        return self.viewport().mapToGlobal(self.visualRect(self.index_of(row)).center())

    # -- events ------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # The window has keys of its own for these (Del clears the mask): while the strip has the focus they are ours.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = _COMMANDS.get(Qt.Key(event.key()))
        if name is not None and self._is_ours(event):
            if self.selected_row() >= 0 and not event.isAutoRepeat():
                self.command.emit(name, self.selected_row())
            return
        if event.key() == Qt.Key.Key_Escape and self.selected_row() >= 0:
            self.select(-1)
            return
        if event.key() in _STEPS and self.selected_row() < 0 and self._is_ours(event):
            # The focus alone makes a row the current one for Qt, and a step to it would select nothing.
            self.select(self._strip.rowCount() - 1 if event.key() == Qt.Key.Key_End else 0)
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, not a search through the names."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.indexAt(event.position().toPoint()).isValid():
            self.select(-1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.command.emit("accept", index.row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid():
            self.menu_requested.emit(index.row())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._strip.rowCount() == 0:
            self._paint_empty()

    def selectionChanged(self, *changes: object) -> None:
        super().selectionChanged(*changes)  # type: ignore[arg-type]  # two QItemSelections, passed on as they came
        self.chosen.emit()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalScrollBar().setSingleStep(CELL.width() // 2)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        # The cells draw focus and selection themselves; a frame round the whole row would take height from them.
        self.setStyleSheet("QListView { border: none; border-radius: 0; background: transparent; }")

    @staticmethod
    def _is_ours(event: QKeyEvent) -> bool:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        return plain and Qt.Key(event.key()) in _OURS

    def _rows_inserted(self, _: QModelIndex, first: int, last: int) -> None:
        self._give_buttons(first, last)
        self._shift(first, last, 1)

    def _rows_go(self, _: QModelIndex, first: int, last: int) -> None:
        self._shift(first, last, -1)

    def _describe(self) -> None:
        self.setAccessibleDescription("" if self._strip.rowCount() else f"{EMPTY}. {EMPTY_HINT}")

    def _shift(self, first: int, last: int, way: int) -> None:
        """Keep what is seen where it is when rows come or go to the left of it."""
        bar = self.horizontalScrollBar()
        if bar.value() >= (first + 1) * CELL.width():
            wanted = bar.value() + way * (last - first + 1) * CELL.width()
            if way > 0:
                self.executeDelayedItemsLayout()
            bar.setValue(wanted)

    def _give_buttons(self, first: int, last: int) -> None:
        for row in range(first, min(last + 1, len(self._strip.jobs))):
            self.openPersistentEditor(self.index_of(row))

    def _paint_empty(self) -> None:
        painter = QPainter(self.viewport())
        theme, area = current_theme(), self.viewport().rect()
        painter.drawPixmap(
            area.center().x() - 10, MARGIN + 14, pixmap("history", "secondary", ratio=self.devicePixelRatioF())
        )
        painter.setPen(theme.text)
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(QRect(0, MARGIN + 42, area.width(), 20), centre, EMPTY)
        small = QFont(self.font())
        small.setPixelSize(SECONDARY_PX)
        painter.setFont(small)
        painter.setPen(theme.secondary)
        painter.drawText(QRect(0, MARGIN + 64, area.width(), EDGE - 64), centre, EMPTY_HINT)
        if self.hasFocus():
            painter.setPen(theme.accent)
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        painter.end()
