"""The mask: which pixels an endpoint is to repaint."""

import cv2
import numpy as np

from app.core.arrays import Pixels
from app.core.errors import MaskError
from app.core.geometry import Box
from app.core.morphology import bounding_box, grown, shrunk
from app.core.stroke import paint_segment

_BAND = 1 << 20  # pixels looked at together when checking, so that a check needs next to no memory


class Mask:
    """One (height, width) uint8 array, 255 = repaint and 0 = keep, and the commands that change it in place.

    Each command returns the box that it may have changed, or None when it changed nothing. ``pixels`` is for reading;
    whoever changes it otherwise (undo) calls ``touched``.
    """

    def __init__(self, pixels: Pixels) -> None:
        """Take ``pixels`` over without a copy where it is C-contiguous and writable.

        Raises MaskError when it is not a two-dimensional uint8 array of 0 and 255 with at least one pixel.
        """
        if pixels.dtype != np.uint8 or pixels.ndim != 2 or pixels.size == 0:
            raise MaskError("A mask is one plane of 8-bit pixels; save it as a grey picture and open it again.")
        if not _is_binary(pixels):
            raise MaskError("A mask holds only black and white pixels; save it without grey levels and open it again.")
        self._pixels = np.require(pixels, requirements=["C", "W"])
        self._bounds: Box | None = self.box
        self._bounds_known = False  # until then the bounds are somewhere inside _bounds

    @classmethod
    def blank(cls, width: int, height: int) -> "Mask":
        """A mask of ``width`` x ``height`` pixels that keeps everything."""
        return cls._of(np.zeros((height, width), np.uint8), None, known=True)

    @classmethod
    def from_grey(cls, grey: Pixels) -> tuple["Mask", bool]:
        """A mask of what is 128 or more in ``grey`` (height, width) uint8, and whether ``grey`` held only 0 and 255.

        ``grey`` itself stays as it is. Raises MaskError when it is not such an array.
        """
        if grey.dtype != np.uint8 or grey.ndim != 2 or grey.size == 0:
            raise MaskError("A mask is one plane of 8-bit pixels; save it as a grey picture and open it again.")
        whole = Box.of_size(grey.shape[1], grey.shape[0])
        return cls._of(_thresholded(grey), whole, known=False), _is_binary(grey)

    @property
    def pixels(self) -> Pixels:
        """The (height, width) uint8 array itself: C-contiguous, ``width`` bytes per line, always the same object."""
        return self._pixels

    @property
    def width(self) -> int:
        """Columns."""
        return int(self._pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self._pixels.shape[0])

    @property
    def box(self) -> Box:
        """The whole mask."""
        return Box.of_size(self.width, self.height)

    def bounds(self) -> Box | None:
        """The smallest box around the pixels to repaint, or None. At hand unless something was erased before."""
        if not self._bounds_known:
            self._bounds = self._found_bounds()
            self._bounds_known = True
        return self._bounds

    def count(self) -> int:
        """How many pixels are to be repainted."""
        bounds = self.bounds()
        return 0 if bounds is None else int(np.count_nonzero(self._pixels[bounds.slices]))

    def is_empty(self) -> bool:
        """Whether nothing is to be repainted."""
        return self.bounds() is None

    def paint(self, start: tuple[int, int], end: tuple[int, int], radius: int, value: int) -> Box | None:
        """Set every pixel within ``radius`` of the segment to ``value`` (0 or 255): see ``stroke.paint_segment``."""
        box = paint_segment(self._pixels, start, end, radius, value)
        if box is None:
            return None
        if value:
            self._bounds = box.union(self._bounds)  # its outermost pixels are all set, so this stays exact
        elif self._bounds is not None and box.intersection(self._bounds):
            self._bounds_known = False
        return box

    def invert(self) -> Box:
        """Repaint what was kept, and keep what was to be repainted."""
        np.bitwise_not(self._pixels, out=self._pixels)
        self._bounds, self._bounds_known = self.box, False
        return self.box

    def grow(self, radius: int) -> Box | None:
        """Add every pixel within ``radius`` of the mask (0 to ``morphology.MAX_RADIUS``)."""
        return self._put(grown(self._pixels, radius), known=True)

    def shrink(self, radius: int) -> Box | None:
        """Keep every pixel within ``radius`` of a kept one. The picture's edge takes nothing away."""
        return self._put(shrunk(self._pixels, radius), known=False)

    def clear(self) -> Box | None:
        """Keep everything."""
        box = self.bounds()
        if box is not None:
            self._pixels[box.slices] = 0
        self._bounds, self._bounds_known = None, True
        return box

    def fill(self) -> Box:
        """Repaint everything."""
        self._pixels.fill(255)
        self._bounds, self._bounds_known = self.box, True
        return self.box

    def replace(self, box: Box, pixels: Pixels) -> Box | None:
        """Put (box.height, box.width) uint8 ``pixels`` at ``box``, 128 and more as 255; what lies outside is left off.

        Raises MaskError when their size is not the box's.
        """
        if pixels.shape != (box.height, box.width):
            raise MaskError("The new part of the mask does not have the size of its place; select it again.")
        inside = box.intersection(self.box)
        if inside is None:
            return None
        rows, columns = inside.shifted(-box.x0, -box.y0).slices
        self._pixels[inside.slices] = _thresholded(pixels[rows, columns])
        self.touched(inside)
        return inside

    def touched(self, box: Box) -> None:
        """Say that pixels inside ``box`` were changed from outside (by undo)."""
        self._bounds, self._bounds_known = box.union(self._bounds), False

    @classmethod
    def _of(cls, pixels: Pixels, bounds: Box | None, *, known: bool) -> "Mask":
        """A mask of pixels that need no check."""
        mask = cls.__new__(cls)
        mask._pixels, mask._bounds, mask._bounds_known = pixels, bounds, known
        return mask

    def _found_bounds(self) -> Box | None:
        if self._bounds is None:
            return None
        found = bounding_box(self._pixels[self._bounds.slices])
        return found and found.shifted(self._bounds.x0, self._bounds.y0)

    def _put(self, change: tuple[Box, Pixels] | None, *, known: bool) -> Box | None:
        if change is None:
            return None
        box, pixels = change
        self._pixels[box.slices] = pixels
        self._bounds, self._bounds_known = box, known
        return box


def _is_binary(grey: Pixels) -> bool:
    rows = max(1, _BAND // grey.shape[1])
    # Adding 1 turns 255 into 0 and 0 into 1; everything else becomes larger.
    return all(int((grey[top : top + rows] + np.uint8(1)).max()) <= 1 for top in range(0, len(grey), rows))


def _thresholded(grey: Pixels) -> Pixels:
    return np.asarray(cv2.threshold(grey, 127, 255, cv2.THRESH_BINARY)[1], np.uint8)
