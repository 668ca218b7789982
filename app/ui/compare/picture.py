"""What the comparison is given to show: a picture, what lies over it, and what it is called."""

from dataclasses import dataclass

import cv2
import numpy as np

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.request import Patch
from app.ui.canvas.levels import Levels


@dataclass(frozen=True, eq=False)
class ComparePicture:
    """``pixels`` is (height, width, 4) uint8 BGRA, C-contiguous and never copied. ``patches`` are drawn over it in
    order, so that a result needs no full-size copy. ``levels`` may be given when the smaller copies exist.
    """

    title: str
    subtitle: str
    pixels: Pixels
    patches: tuple[Patch, ...] = ()
    has_alpha: bool = False
    levels: Levels | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])

    @property
    def name(self) -> str:
        """Title and subtitle in one."""
        return f"{self.title}, {self.subtitle}" if self.subtitle else self.title

    def value_at(self, x: int, y: int) -> tuple[int, int, int] | None:
        """Red, green and blue of the pixel (x, y) as shown; None beside the picture."""
        width, height = self.size
        if not (0 <= x < width and 0 <= y < height):
            return None
        for patch in reversed(self.patches):
            if patch.box.x0 <= x < patch.box.x1 and patch.box.y0 <= y < patch.box.y1:
                red, green, blue = patch.pixels[y - patch.box.y0, x - patch.box.x0]
                return int(red), int(green), int(blue)
        blue, green, red = self.pixels[y, x, :3]
        return int(red), int(green), int(blue)

    def patch_pixels(self, patch: Patch) -> Pixels:
        """A patch as (height, width, 4) BGRA, with the picture's own alpha beneath it."""
        made = np.asarray(cv2.cvtColor(patch.pixels, cv2.COLOR_RGB2BGRA), np.uint8)
        if self.has_alpha:
            made[..., 3] = self.pixels[patch.box.slices][..., 3]
        return made

    def clipped(self) -> tuple[Patch, ...]:
        """The patches' parts that lie within the picture."""
        whole = Box.of_size(*self.size)
        inside = [(patch, patch.box.intersection(whole)) for patch in self.patches]
        return tuple(_part(patch, box) for patch, box in inside if box is not None)


def _part(patch: Patch, box: Box) -> Patch:
    if box == patch.box:
        return patch
    return Patch(box, patch.pixels[box.shifted(-patch.box.x0, -patch.box.y0).slices])
