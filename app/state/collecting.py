"""Python's cyclic garbage, collected on Qt's thread only.

Python collects on whichever thread happens to allocate. Garbage that holds widgets or timers would then be destroyed on
a worker's thread, and Qt's next event for it ends the program (seen in tests: a collection forced on another thread
crashes within a second).
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 500
SETTLED_MS: Final = 3000
"""When what stands will stand to the end: it is not looked through again, which would take some 40 ms each time."""


class Collector(QObject):
    """From ``start`` on nothing is collected but by this object's timer, on the thread that it lives on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(collect_due)

    def start(self) -> None:
        """Take over from Python."""
        gc.disable()
        self._timer.start()
        QTimer.singleShot(SETTLED_MS, self, gc.freeze)


def collect_due() -> None:
    """Collect the oldest generation that Python would have collected by now."""
    due = [
        age for age, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > limit
    ]
    if due:
        gc.collect(due[-1])
