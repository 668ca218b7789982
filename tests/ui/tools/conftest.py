"""The canvas's desk, for the tools' tests."""

from tests.ui.canvas.conftest import desk, make_desk

__all__ = ["desk", "make_desk"]
