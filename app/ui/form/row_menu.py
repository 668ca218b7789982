"""The menu of a field's row: what can be sent for it, copied from it, and what it may be used as."""

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.core.endpoint import MISSING, ROLES, Field, Role

Json = Any

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
"""The roles in words, as in "Use as > Prompt"."""


class Stated(Protocol):
    """What the menu asks of a row."""

    field: Field
    has_roles: bool

    def value(self) -> Json: ...

    def state(self, value: Json) -> None: ...

    def reset(self) -> None: ...

    def open_about(self) -> None: ...

    def ask_role(self, role: object) -> None: ...


def row_menu(row: Stated, parent: QWidget) -> QMenu:
    """The menu for ``row`` as it stands now."""
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    _add(menu, "About this field", "Shift+F1").triggered.connect(row.open_about)
    menu.addSeparator()
    _add_sending(menu, row)
    menu.addSeparator()
    value = row.value()
    copy = _add(menu, "Copy value")
    copy.setEnabled(value is not MISSING or row.field.default is not MISSING)
    copy.triggered.connect(lambda: copy_text(_as_text(row.field.default if value is MISSING else value)))
    _add(menu, "Copy field name").triggered.connect(lambda: copy_text(row.field.path))
    if row.has_roles:
        menu.addSeparator()
        add_roles(menu, row.field).triggered.connect(lambda action: row.ask_role(action.data()))
    return menu


def add_roles(menu: QMenu, field: Field) -> QMenu:
    """Add the choice of what ``field`` is used as; its actions carry the role, None for none."""
    roles = menu.addMenu("Use as")
    for role, words in ((None, "Nothing special"), *((role, ROLE_WORDS[role]) for role in ROLES)):
        action = _add(roles, words)
        action.setData(role)
        action.setCheckable(True)
        action.setChecked(field.role == role)
    return roles


def _add_sending(menu: QMenu, row: Stated) -> None:
    field, value = row.field, row.value()
    if field.kind == "string" and not field.enum:
        empty = _add(menu, "Send as empty text")
        empty.setToolTip("A box left empty sends nothing at all")
        empty.setCheckable(True)
        empty.setChecked(value == "")
        empty.triggered.connect(lambda checked: row.state("") if checked else row.reset())
    if field.nullable:
        null = _add(menu, "Send null")
        null.setCheckable(True)
        null.setChecked(value is None)
        null.triggered.connect(lambda checked: row.state(None) if checked else row.reset())
    default = _add(menu, "Set to the default")
    default.setToolTip("Sends the default itself, whatever the provider makes of it later")
    default.setEnabled(field.default is not MISSING)
    default.triggered.connect(lambda: row.state(field.default))
    reset = _add(menu, "Reset")
    reset.setToolTip("Sends nothing for this field")
    reset.setEnabled(value is not MISSING)
    reset.triggered.connect(row.reset)


def copy_text(text: str) -> None:
    """Put ``text`` on the clipboard."""
    QGuiApplication.clipboard().setText(text)


def _add(menu: QMenu, words: str, keys: str = "") -> QAction:
    # The key is shown only: the row itself hears it.
    action = menu.addAction(f"{words}\t{keys}" if keys else words)
    assert action is not None
    return action


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
