"""Which regions of a picture are sent: the mask's islands, each with enough surroundings to fill it from.

Only the mask's bounding box is looked at, so the cost does not grow with the picture: a spot in a 100 megapixel photo
costs what it costs in a small one.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.arrays import Pixels, frozen
from app.core.geometry import Box
from app.core.picture import Picture
from app.core.request import Crop

NEARLY_ALL = 0.8
"""Regions that cover this part of the picture become the picture: the rest is cheap, and more to fill from."""
CELL = 8
"""Islands are told apart on a copy of the mask reduced by this factor: parts nearer than a cell are one island."""

Edges = NDArray[np.int64]
"""Boxes as rows of x0, y0, x1, y1."""


def context_boxes(
    mask_pixels: Pixels, bounds: Box, *, factor: float = 1.0, minimum: int = 64, maximum: int = 1024
) -> tuple[Box, ...]:
    """The regions to send, in reading order: disjoint, inside the picture, together holding every mask pixel.

    ``mask_pixels`` is (height, width) uint8, 0 or 255, of the whole picture; ``bounds`` a box that holds all its 255.
    Each island gets ``factor`` times its longest side more on every side, at least ``minimum`` and at most ``maximum``
    pixels; regions that overlap become one, and so does nearly the whole picture. Empty when the mask is.
    """
    within = Box.of_size(int(mask_pixels.shape[1]), int(mask_pixels.shape[0]))
    inside = bounds.intersection(within)
    if inside is None:
        return ()
    cells = _cells(mask_pixels[inside.slices])
    _, labels, found, _ = cv2.connectedComponentsWithStats(cells, connectivity=8)
    if len(found) == 1:
        return ()
    windows = _padded(_in_pixels(found[1:], inside), factor, minimum, maximum, within)
    groups = _unite(windows, _neighbourhoods(cells, labels, minimum))
    boxes = sorted((Box(*map(int, edges)) for edges in _disjoint(groups)), key=lambda box: (box.y0, box.x0))
    return (within,) if sum(box.area for box in boxes) >= NEARLY_ALL * within.area else tuple(boxes)


def one_box(bounds: Box, picture_box: Box, factor: float = 1.0, *, minimum: int = 64, maximum: int = 1024) -> Box:
    """One region round everything in ``bounds``, with the surroundings that ``context_boxes`` gives an island."""
    side = max(bounds.width, bounds.height)
    return bounds.padded(int(np.clip(side * factor, minimum, maximum)), picture_box)


def cut(picture: Picture, mask_pixels: Pixels, boxes: Sequence[Box]) -> tuple[Crop, ...]:
    """``boxes`` of a picture and its mask as frozen copies, so painting on cannot change what was sent."""
    return tuple(_crop(picture, mask_pixels, box) for box in boxes)


def _crop(picture: Picture, mask_pixels: Pixels, box: Box) -> Crop:
    rgb = picture.rgb(box)
    rgb.flags.writeable = False
    return Crop(box, rgb, frozen(mask_pixels[box.slices]))


def _cells(mask: Pixels) -> Pixels:
    """Whether anything is painted in each ``CELL`` x ``CELL`` square, 1 or 0; the last ones may be cut off."""
    height, width = mask.shape
    tall = height // CELL
    rows = np.zeros((-(-height // CELL), -(-width // CELL) * CELL), np.uint8)
    np.bitwise_or.reduce(mask[: tall * CELL].reshape(tall, CELL, width), axis=1, out=rows[:tall, :width])
    if tall < len(rows):
        rows[tall, :width] = np.bitwise_or.reduce(mask[tall * CELL :], axis=0)
    # Eight bytes of a row looked at as one number: a hundred times faster than a maximum over so short an axis.
    return np.asarray(rows.view(np.uint64) != 0, np.uint8)


def _in_pixels(found: NDArray[Any], inside: Box) -> Edges:
    """The components' boxes, from OpenCV's rows of left, top, width, height in cells, kept inside ``inside``."""
    x, y, width, height = found[:, :4].astype(np.int64).T * CELL
    pixels = np.stack([x, y, x + width, y + height], axis=1) + np.array([inside.x0, inside.y0, inside.x0, inside.y0])
    inner: Edges = np.minimum(pixels, np.array([inside.x1, inside.y1, inside.x1, inside.y1]))
    return inner


def _padded(boxes: Edges, factor: float, minimum: int, maximum: int, within: Box) -> Edges:
    side = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    pad = np.clip(side * factor, minimum, maximum).astype(np.int64)[:, None]
    low = np.maximum(boxes[:, :2] - pad, 0)
    high = np.minimum(boxes[:, 2:] + pad, np.array([within.x1, within.y1]))
    return np.concatenate([low, high], axis=1)


def _neighbourhoods(cells: Pixels, labels: NDArray[Any], minimum: int) -> NDArray[np.int64]:
    """A number for each island, equal for islands so near that their windows overlap whatever their size.

    This settles a spray of a hundred thousand dots at once, before windows are compared one by one.
    """
    reach = max(0, minimum // CELL - 1)
    wide = cv2.dilate(cells, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    _, near = cv2.connectedComponents(wide, connectivity=8)
    painted = cells > 0
    group = np.zeros(int(labels.max()), np.int64)
    group[labels[painted] - 1] = near[painted] - 1
    return group


def _unite(windows: Edges, group: NDArray[np.int64]) -> Edges:
    """One window for each group: the union of its members'."""
    count = int(group.max()) + 1
    low = np.full((count, 2), np.iinfo(np.int64).max)
    high = np.zeros((count, 2), np.int64)
    np.minimum.at(low, group, windows[:, :2])
    np.maximum.at(high, group, windows[:, 2:])
    return np.concatenate([low, high], axis=1)


def _disjoint(windows: Edges) -> Edges:
    """Windows that overlap are replaced by their union until none do."""
    kept = np.empty((0, 4), np.int64)
    for window in windows:
        while (hits := _overlapping(kept, window)).any():
            met = np.concatenate([kept[hits], window[None]])
            window = np.concatenate([met[:, :2].min(axis=0), met[:, 2:].max(axis=0)])
            kept = kept[~hits]
        kept = np.concatenate([kept, window[None]])
    return kept


def _overlapping(kept: Edges, window: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(((kept[:, :2] < window[2:]) & (window[:2] < kept[:, 2:])).all(axis=1))
