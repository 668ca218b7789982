"""A widget that lies over the upper edge of others, so that they do not move when it comes and goes."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

PLACING = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest)
"""Events after which it lies elsewhere."""


class OverTop(QObject):
    """Keeps ``lid`` as wide as ``stack`` and as high as it needs, over the upper edge of the page that is shown.

    A page with a bar of its own there gives its height as the property ``head``, and the lid lies beneath the bar.
    """

    def __init__(self, lid: QWidget, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._lid, self._stack = lid, stack
        lid.setParent(stack.parentWidget())
        lid.hide()
        for watched in (stack, lid):
            watched.installEventFilter(self)
        stack.currentChanged.connect(self._place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the stack's size and what the lid needs."""
        if event.type() in PLACING:
            self._place()
        return False

    def _place(self) -> None:
        page, place = self._stack.currentWidget(), self._stack.geometry()
        below = int(page.property("head") or 0) if page is not None else 0
        height = min(self._lid.sizeHint().height(), place.height() - below)
        self._lid.setGeometry(place.x(), place.y() + below, place.width(), height)
        self._lid.raise_()
