"""The two array types everything speaks of."""

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""uint8 array: a picture is (height, width, 4) BGRA, a crop or patch (height, width, 3) RGB, a mask (height, width)."""


def frozen(pixels: Pixels) -> Pixels:
    """A contiguous copy of ``pixels`` that nobody can write to: what a request carries."""
    copy = np.array(pixels, dtype=np.uint8, order="C", copy=True)
    copy.flags.writeable = False
    return copy
