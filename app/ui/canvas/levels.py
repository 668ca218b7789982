"""A picture or mask as images of several sizes that share its memory, made without holding up the thread that paints.

A small array is reduced at once. A large one is reduced on a thread; until that is done its own pixels are drawn, which
a nearest-neighbour draw of 108 MP at fit does in about 3 ms.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.state.beside import beside

AT_ONCE = 4_000_000
"""Bytes that may be reduced on the thread that paints (about 2 ms)."""


class Reduced(Protocol):
    """What ``app.core.pyramid`` gives."""

    levels: list[Pixels]

    def update(self, box: Box) -> None:
        """Reduce ``box`` again."""

    def level_for(self, scale: float) -> int:
        """The level to draw at ``scale``."""


class Levels(QObject):
    """The levels of ``pixels`` (C-contiguous; never copied) by ``reduce``; also as images of ``image_format``."""

    changed = Signal(object)
    """A Box whose smaller levels have been made (again) on the thread."""

    def __init__(
        self,
        pixels: Pixels,
        reduce: Callable[[Pixels], Reduced],
        image_format: QImage.Format | None = None,
        executor: Executor | None = None,
    ) -> None:
        super().__init__()
        self.pixels = pixels
        self._depth = pixels.nbytes // max(1, pixels.shape[0] * pixels.shape[1])
        self._format = image_format
        self._executor = executor
        self._reduced: Reduced | None = None
        self._images = self._images_of([pixels])
        self._working = False
        self._missed: list[Box] = []
        box = Box.of_size(pixels.shape[1], pixels.shape[0])
        self._work(lambda: (reduce(pixels), box), pixels.nbytes)

    @property
    def complete(self) -> bool:
        """Whether the smaller levels exist."""
        return self._reduced is not None

    def level_for(self, scale: float) -> int:
        """The level to draw at ``scale`` screen pixels per picture pixel: 0 until the smaller ones exist."""
        return self._reduced.level_for(scale) if self._reduced is not None else 0

    def level(self, index: int) -> Pixels:
        """A level's array: each of its pixels stands for 2 ** index of the picture's in both directions."""
        return self._reduced.levels[index] if self._reduced is not None else self.pixels

    def image(self, index: int) -> QImage:
        """A level as an image over the same memory."""
        return self._images[index]

    def update(self, box: Box) -> None:
        """``box`` of the pixels has changed. Small boxes are reduced at once, large ones on the thread."""
        if self._working:
            self._missed.append(box)  # the thread may have read it too early
        reduced = self._reduced
        if reduced is None:
            return
        if box.area * self._depth <= AT_ONCE or self._executor is None:
            reduced.update(box)
        elif not self._working:
            self._work(lambda: self._again(reduced, box), self.pixels.nbytes)

    @staticmethod
    def _again(reduced: Reduced, box: Box) -> tuple[Reduced, Box]:
        reduced.update(box)
        return reduced, box

    def _work(self, work: Callable[[], tuple[Reduced, Box]], size: int) -> None:
        if self._executor is None or size <= AT_ONCE:
            self._take(work())
            return
        self._working = True
        beside(self._executor, work, self._take_later)

    def _take_later(self, done: "Future[tuple[Reduced, Box]]") -> None:
        self._working = False
        if not done.cancelled():
            self._take(done.result())

    def _take(self, made: tuple[Reduced, Box]) -> None:
        reduced, box = made
        if reduced is not self._reduced:
            self._reduced = reduced
            self._images = self._images_of(reduced.levels)
        missed, self._missed = self._missed, []
        for again in missed:
            self.update(again)
        self.changed.emit(box)

    def _images_of(self, levels: list[Pixels]) -> list[QImage]:
        if self._format is None:
            return []
        # An image reads the array's memory, which the levels keep alive.
        return [QImage(a.data, a.shape[1], a.shape[0], a.strides[0], self._format) for a in levels]
