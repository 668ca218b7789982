"""Editors of lists: entries that are added, filled in, moved, copied and taken away, as many as the schema allows."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.endpoint import MISSING, Field
from app.core.values import implied
from app.ui.form.card import Card
from app.ui.form.context import Context
from app.ui.form.face import Editor, Json, same
from app.ui.form.field_row import Make
from app.ui.form.nested import NestedEditor, quiet_label, say
from app.ui.form.short_button import ShortButton
from app.ui.form.speaking import chain_focus
from app.ui.form.summary import noun_for
from app.ui.icons import icon

_MOST_CARDS: Final = 60
"""A longer list is shown as JSON: nobody fills in more by hand."""


class ItemsEditor(NestedEditor):
    """A list. Unset it shows the default's entries, muted; the first change starts from them."""

    def __init__(self, field: Field, make: Make, parent: QWidget | None = None) -> None:
        super().__init__(field, make, parent)
        self.item = item_of(field)
        self._noun = noun_for(field)
        self._fresh = False
        self._cards: list[Card] = []
        self._add = ShortButton(f"Add {self._noun}", self)
        self._add.setIcon(icon("add", size=16))
        self._add.clicked.connect(self._on_add)
        self._limit = QLabel(self)
        self._limit.setTextFormat(Qt.TextFormat.PlainText)
        self._limit.setProperty("secondary", True)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(self._add)
        head.addWidget(self._limit, 1)
        head.addWidget(self.switch)
        self.switch.raise_()  # Tab comes to it after the button
        QWidget.setTabOrder(self._add, self.switch)
        self.column.addLayout(head)
        self._list = QWidget(self)
        self._places = QVBoxLayout(self._list)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(4)
        self.column.addWidget(self._list)
        self._words = quiet_label(self)
        self.column.addWidget(self._words)
        self.name(self._add)
        self._add.setAccessibleName(f"{field.title}: add {self._noun}")
        if not _stands_in_a_card(self):
            self._shortcut("Alt+Up", -1)
            self._shortcut("Alt+Down", 1)
        self.show_value()

    def use(self, context: Context) -> None:
        self.context = context
        for card in self._cards:
            card.use(context)

    def fits(self, value: Json) -> bool:
        return value is MISSING or value is None or (isinstance(value, list) and len(value) <= _MOST_CARDS)

    def inner(self) -> list[Editor]:
        return [card.editor for card in self._cards if card.editor is not None]

    def insist(self) -> None:
        super().insist()
        for card in self._cards:
            card.insist()
        wrong = next((card for card in self._cards if card.fault()), None)
        if wrong is not None:
            wrong.open()

    def show_problem(self, text: str) -> None:
        for card in self._cards:
            card.blame(bool(text))

    def wrong_inside(self) -> Editor | None:
        wrong = next((card for card in self._cards if card.fault()), None)
        if wrong is None:
            return None
        wrong.open()
        return wrong.editor

    def unfinished(self) -> bool:
        return self._fresh or super().unfinished()

    def complaint(self) -> str:
        return super().complaint() or self._doubled()

    def show_value(self) -> None:
        as_json = self.as_json
        items = [] if as_json else self._items()
        while len(self._cards) > len(items):
            self._drop(self._cards[-1])
        while len(self._cards) < len(items):
            self._new_card(len(self._cards))
        ghost = self.current is MISSING
        for number, (card, item) in enumerate(zip(self._cards, items, strict=True), 1):
            card.show_item(number, len(items), item, ghost=ghost)
        self._list.setVisible(bool(items))
        self.show_json()
        self._show_room(len(items))

    def _items(self) -> list[Json]:
        """The entries that are shown: the user's, or the default's while there are none."""
        shown = self.field.default if self.current is MISSING else self.current
        return list(shown) if isinstance(shown, list) and len(shown) <= _MOST_CARDS else []

    def _show_room(self, count: int) -> None:
        low, high = self.field.min_items or 0, self.field.max_items
        full = high is not None and count >= high
        self._add.setVisible(not self.as_json)
        self._add.setEnabled(not full)
        for card in self._cards:
            card.allow_copies(not full and not self.field.unique)
        words = f"At most {high}" if full else f"At least {low}" if count < low else ""
        if not words and count and self.current is MISSING:
            words = "Default"
        self._limit.setText("As JSON" if self.as_json else words)
        empty = self.current is not MISSING and not self.current and not self.as_json
        say(self._words, ("Null is sent." if self.current is None else "An empty list is sent.") if empty else "")

    def _doubled(self) -> str:
        if not self.field.unique or not isinstance(self.current, list) or len(self.current) > _MOST_CARDS:
            return ""
        for at, item in enumerate(self.current):
            for before in range(at):
                if same(self.current[before], item):
                    return f"Each entry may be there once: {at + 1} is the same as {before + 1}."
        return ""

    # -- what the user does -------------------------------------------------------------------------------------------

    def _on_add(self) -> None:
        self._insert(len(self._items()), fresh(self.item))

    def _insert(self, at: int, item: Json) -> None:
        items = self._items()
        items.insert(at, item)
        self._new_card(at)
        self._fresh = True
        self._take(items)
        self._fresh = False
        self._cards[at].open()
        chain_focus(self)
        self._cards[at].focus_in()

    def _remove(self, card: Card) -> None:
        at = self._cards.index(card)
        items = self._items()
        del items[at]
        self._drop(card)
        self._take(items)
        left = self._cards[min(at, len(self._cards) - 1)] if self._cards else None
        target = left if left is not None and left.compound else self._add if self._add.isEnabled() else left
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def _move(self, card: Card, step: int) -> None:
        at = self._cards.index(card)
        to = at + step
        if not 0 <= to < len(self._cards):
            return
        items = self._items()
        items.insert(to, items.pop(at))
        focused = QApplication.focusWidget()
        self._cards.insert(to, self._cards.pop(at))
        self._places.insertWidget(to, card)
        for one in self._cards:
            one.raise_()  # Tab goes through them in this order
        self._take(items)
        chain_focus(self)
        if focused is not None and card.isAncestorOf(focused):
            if not focused.isEnabled():  # the button that has moved it as far as it goes
                focused = card.focusProxy() or card.editor or focused
            focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pull(self, card: Card, height: int) -> None:
        """Let an entry that is pulled past the middle of its neighbour change places with it."""
        at = self._cards.index(card)
        for step in (-1, 1):
            if 0 <= at + step < len(self._cards):
                beside = self._cards[at + step]
                middle = beside.mapToGlobal(beside.rect().center()).y()
                if (height - middle) * step > 0:
                    self._move(card, step)
                    self._places.activate()
                    return

    def _copy(self, card: Card) -> None:
        at = self._cards.index(card)
        self._insert(at + 1, copy.deepcopy(self._items()[at]))

    def _on_item(self, card: Card, value: Json) -> None:
        items = self._items()
        items[self._cards.index(card)] = value
        self._take(items)

    def _take(self, items: list[Json]) -> None:
        self.current = copy.deepcopy(items)
        self.show_value()
        self.changed.emit()

    def _on_key(self, step: int) -> None:
        """Move the innermost entry that the focus is in."""
        around: QWidget | None = QApplication.focusWidget()
        while around is not None and not isinstance(around, Card):
            around = around.parentWidget()
        if around is not None:
            around.moved.emit(step)

    # -- entries ------------------------------------------------------------------------------------------------------

    def _new_card(self, at: int) -> None:
        card = Card(self.item, self._noun, self.make, self.context, self._list)
        card.changed.connect(lambda value: self._on_item(card, value))
        card.moved.connect(lambda step: self._move(card, step))
        card.dragged.connect(lambda height: self._pull(card, height))
        card.copied.connect(lambda: self._copy(card))
        card.removed.connect(lambda: self._remove(card))
        self._cards.insert(at, card)
        self._places.insertWidget(at, card)
        card.show()  # at once, so that it can take the focus
        if self.insisting:
            card.insist()

    def _drop(self, card: Card) -> None:
        self._cards.remove(card)
        self._places.removeWidget(card)
        card.blockSignals(True)  # a text box in it tells of a change when it loses the focus
        card.hide()
        card.deleteLater()

    def _shortcut(self, keys: str, step: int) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        act: Callable[[], None] = lambda: self._on_key(step)  # noqa: E731
        shortcut.activated.connect(act)


def item_of(field: Field) -> Field:
    """One entry of a list as a field of its own."""
    noun = noun_for(field)
    only = field.children[0]
    if only.path == f"{field.path}[]":
        return replace(only, title=noun, media=only.media or field.media, role=None)
    return Field(f"{field.path}[]", "object", noun, required=True, children=field.children)


def fresh(item: Field) -> Json:
    """What a new entry starts as: what it must have and can answer itself; None for what is to be filled in."""
    if implied(item) is not MISSING:
        return copy.deepcopy(implied(item))
    match item.kind:
        case "object":
            needed = (child for child in item.children if child.required and implied(child) is not MISSING)
            return {child.name: copy.deepcopy(implied(child)) for child in needed}
        case "array":
            return []
        case "boolean":
            return False
        case _:
            return item.enum[0] if item.enum else None


def takes_items(field: Field) -> bool:
    """Whether a field is a list whose entries are known."""
    return field.kind == "array" and bool(field.children)


def _stands_in_a_card(editor: QWidget) -> bool:
    around = editor.parentWidget()
    while around is not None and not isinstance(around, Card):
        around = around.parentWidget()
    return around is not None
