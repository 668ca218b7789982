"""A widget that lies over the edge of others, so that they do not move when it comes and goes."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

PLACING = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest)
"""Events after which it lies elsewhere."""


class OverTop(QObject):
    """Keeps ``lid`` as wide as ``stack`` and as high as it needs, over the upper edge of the page that is shown.

    A page whose upper edge says something itself gives the height of its lowest line as the property ``foot``, and the
    lid lies above that line instead.
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
        foot = page.property("foot") if page is not None else None
        needed = self._lid.heightForWidth(place.width())
        height = min(needed if needed > 0 else self._lid.sizeHint().height(), place.height())
        top = place.y() if foot is None else place.y() + place.height() - int(foot) - height
        self._lid.setGeometry(place.x(), top, place.width(), height)
        self._lid.raise_()
