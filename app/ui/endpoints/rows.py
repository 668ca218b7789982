"""A list of endpoints: a title, the id beneath it, and a word at the right that says what is special."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.plain_text import one_line, tip
from app.ui.theme import current_theme

_ROW: Final = Qt.ItemDataRole.UserRole
_HEIGHT: Final = 40
_HEADING_HEIGHT: Final = 28


@dataclass(frozen=True)
class EndpointRow:
    """One line of the list; a row without an ``id`` is a heading."""

    id: str
    title: str
    badge: str = ""
    tip: str = ""
    current: bool = False


class EndpointRows(QListWidget):
    """Shows rows; what is chosen is a row's id."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(False)

    def show_rows(self, rows: list[EndpointRow]) -> None:
        """Show these instead; the current one, else the first that can be chosen, is selected."""
        self.clear()
        for row in rows:
            self.add_row(row)
        places = [at for at, row in enumerate(rows) if row.id]
        chosen = next((at for at in places if rows[at].current), places[0] if places else -1)
        self.setCurrentRow(chosen)

    def add_row(self, row: EndpointRow) -> None:
        """One more at the end."""
        item = QListWidgetItem(one_line(row.title, 120), self)
        item.setData(_ROW, row)
        words = ", ".join(word for word in (row.title, row.id, row.badge, "chosen" if row.current else "") if word)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, one_line(words))
        if row.id:
            item.setToolTip(tip(row.tip or row.id))
        else:
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def chosen(self, item: QListWidgetItem | None = None) -> EndpointRow | None:
        """The row of ``item``, or of the selected one; None for a heading or nothing."""
        found: QListWidgetItem | None = (
            item or self.currentItem()
        )  # None when nothing is selected, whatever the stubs say
        row = found.data(_ROW) if found is not None else None
        return row if isinstance(row, EndpointRow) and row.id else None

    def choose(self, endpoint_id: str) -> None:
        """Select that one, if it is here, and show it."""
        place = next((at for at, row in enumerate(self.rows()) if row.id and row.id == endpoint_id), None)
        if place is not None:
            self.setCurrentRow(place)

    def rows(self) -> list[EndpointRow]:
        """All that stand here, headings included."""
        return [self.item(at).data(_ROW) for at in range(self.count())]


class _Delegate(QStyledItemDelegate):
    """Draws a row in the theme's colours: the style sheet knows one line of text only."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(_ROW)
        return QSize(120, _HEIGHT if row is not None and row.id else _HEADING_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, theme = index.data(_ROW), current_theme()
        rect: QRect = option.rect
        painter.save()
        if not row.id:
            painter.setFont(_sized(painter.font(), 11))
            painter.setPen(theme.secondary)
            painter.drawText(rect.adjusted(8, 0, -8, -4), Qt.AlignmentFlag.AlignBottom, row.title)
            painter.restore()
            return
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.selection if selected else theme.control_hover)
        main = theme.selection_text if selected else theme.text
        quiet = theme.selection_text if selected else theme.secondary
        inner = rect.adjusted(8, 3, -8, -3)
        room = inner.width() - _badge(painter, inner, row, quiet)
        painter.setFont(_sized(painter.font(), 13, bold=row.current))
        painter.setPen(main)
        _line(painter, QRect(inner.x(), inner.y(), room, inner.height() // 2 + 1), one_line(row.title, 120))
        painter.setFont(_sized(painter.font(), 11))
        painter.setPen(quiet)
        top = inner.y() + inner.height() // 2 + 1
        _line(painter, QRect(inner.x(), top, room, inner.bottom() - top + 1), one_line(row.id, 120))
        painter.restore()


def _badge(painter: QPainter, inner: QRect, row: EndpointRow, colour: QColor) -> int:
    """Write the badge at the right; the width it took."""
    words = " · ".join(word for word in ("✓" if row.current else "", row.badge) if word)
    if not words:
        return 0
    painter.setFont(_sized(painter.font(), 11))
    painter.setPen(colour)
    painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
    return painter.fontMetrics().horizontalAdvance(words) + 8


def _line(painter: QPainter, rect: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _sized(font: QFont, pixels: int, *, bold: bool = False) -> QFont:
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font
