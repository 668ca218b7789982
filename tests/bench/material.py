"""What the rows work on: masks and strokes as large as the largest we promise to serve."""

from functools import cache
from itertools import pairwise

import cv2
import numpy as np

from app.core.arrays import Pixels

WIDTH, HEIGHT = 12_000, 9_000
"""Of 108 megapixels."""

Segment = tuple[tuple[int, int], tuple[int, int]]


def blobs(height: int, width: int) -> Pixels:
    """A mask as a hand and a selection make it: smooth blobs of many sizes over an eighth of it, and long strokes."""
    random = np.random.default_rng(0)
    wide, narrow = (cv2.GaussianBlur(random.standard_normal((256, 256)), (0, 0), sigma) for sigma in (9, 3))
    coarse = wide * 9 + narrow
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    mask = (smooth > np.quantile(coarse, 0.88)).astype(np.uint8) * np.uint8(255)
    along = np.linspace(0, 3, 60)
    for number in range(6):
        x = width * (0.5 + 0.4 * np.sin(along * (1 + number / 3) + number))
        y = height * (0.5 + 0.4 * np.cos(along * (1.3 - number / 9) + number))
        cv2.polylines(mask, [np.stack([x, y], axis=1).astype(np.int32)], False, 255, max(2, width // 150))
    return np.asarray(mask, np.uint8)


@cache
def large_mask() -> Pixels:
    """The 108 MP mask, made once; copy it before changing it."""
    mask = blobs(HEIGHT, WIDTH)
    mask.flags.writeable = False
    return mask


def curve(height: int, width: int, count: int = 500) -> list[Segment]:
    """The segments of one long pointer movement all over a picture."""
    turn = np.linspace(0, 2 * np.pi, count + 1)
    x = np.round(width * (0.5 + 0.42 * np.sin(2 * turn))).astype(int).tolist()
    y = np.round(height * (0.5 + 0.42 * np.sin(3 * turn + 0.4))).astype(int).tolist()
    return list(pairwise(zip(x, y, strict=True)))
