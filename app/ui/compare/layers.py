"""What the two pictures are drawn from: their pixels and patches with smaller copies, made off the painting thread."""

from collections.abc import Sequence
from concurrent.futures import Executor

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.pyramid import picture_pyramid
from app.ui.canvas.levels import Levels
from app.ui.canvas.picture_painting import Layer
from app.ui.compare.picture import ComparePicture


class PictureLayers(QObject):
    """Levels are kept by their pixels: both sides are mostly the same picture, with and without what lies over it."""

    changed = Signal()

    def __init__(self, executor: Executor | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._sides: tuple[tuple[Layer, ...], ...] = ((), ())

    def show(self, *pictures: ComparePicture) -> None:
        """Make ready what is not yet, and let go of what is shown no more."""
        known = {id(side[0].levels.pixels): side[0].levels for side in self._sides if side}
        self._sides = tuple(self._layers_of(picture, known) for picture in pictures)

    def of(self, side: int) -> Sequence[Layer]:
        """The layers of a side, its picture first."""
        return self._sides[side]

    def pixels_changed(self, box: Box) -> None:
        """The pictures' own pixels were changed in place within ``box``."""
        for levels in {id(side[0].levels): side[0].levels for side in self._sides if side}.values():
            levels.update(box)

    def _layers_of(self, picture: ComparePicture, known: dict[int, Levels]) -> tuple[Layer, ...]:
        base = picture.levels or known.get(id(picture.pixels)) or self._levels(picture.pixels, picture.has_alpha)
        known[id(picture.pixels)] = base
        over = [
            Layer(part.box, self._levels(picture.patch_pixels(part), picture.has_alpha)) for part in picture.clipped()
        ]
        return (Layer(Box.of_size(*picture.size), base), *over)

    def _levels(self, pixels: Pixels, has_alpha: bool) -> Levels:
        image_format = QImage.Format.Format_ARGB32 if has_alpha else QImage.Format.Format_RGB32
        made = Levels(pixels, picture_pyramid, image_format, self._executor)
        made.changed.connect(self._made)
        return made

    def _made(self, _: Box) -> None:
        self.changed.emit()
