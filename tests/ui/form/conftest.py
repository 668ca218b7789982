"""A field's row in a window of its own."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.endpoint import Field
from app.ui.form.row import Row

RowOf = Callable[[Field], Row]


@pytest.fixture
def row_of(qtbot: QtBot) -> RowOf:
    """Show a field's row in a window that is active."""

    def show(field: Field) -> Row:
        window = QWidget()
        qtbot.addWidget(window)
        row = Row(field, parent=window)
        row.resize(280, 600)
        window.resize(280, 600)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return row

    return show
