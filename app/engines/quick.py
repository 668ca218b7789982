"""Quick fill: the surroundings flow into the hole along lines of equal brightness. For thin masks and smooth ground.

Bertalmio, Bertozzi, Sapiro: Navier-Stokes, fluid dynamics, and image and video inpainting (CVPR 2001), as in OpenCV.
"""

import cv2
import numpy as np

from app.core.arrays import Pixels

RADIUS = 5
GREY = 128


def fill(picture: Pixels, mask: Pixels, *, radius: int = RADIUS) -> Pixels:
    """``picture`` (h, w, 3) uint8 RGB with the pixels under ``mask`` (h, w; 255 = fill) replaced; a new array.

    ``radius`` in pixels, 1 to 16: how far around a pixel is looked. Where the mask covers everything there is nothing
    to flow in, and the result is an even grey.
    """
    hole = mask != 0
    if hole.all():
        return np.full_like(picture, GREY)
    result = cv2.inpaint(picture, hole.astype(np.uint8) * 255, radius, cv2.INPAINT_NS)
    result[~hole] = picture[~hole]
    return np.asarray(result, np.uint8)
