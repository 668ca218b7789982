"""The comparison is tested in the theme that it is made for."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.theme import apply_theme, load_theme


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> Iterator[None]:
    """The dark theme, for this test only."""
    apply_theme(qapp, load_theme("dark"))
    yield
    qapp.setStyleSheet("")
