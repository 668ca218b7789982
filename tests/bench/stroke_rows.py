"""A stroke's segment, per pointer movement, at 108 MP."""

import importlib
import importlib.util
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np

from app.core.arrays import Pixels
from app.core.pyramid import mask_pyramid
from app.core.stroke import paint_segment
from tests.bench.framework import Timed, row
from tests.bench.material import HEIGHT, WIDTH, Segment, curve

Paint = Callable[[Segment], object]


def stroke(radius: int, reference: Callable[[int], Paint]) -> Timed:
    """The whole curve in our way and in another, each on a mask of its own."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    segments = curve(HEIGHT, WIDTH)
    other = reference(radius)

    def ours() -> None:
        for start, end in segments:
            paint_segment(mask, start, end, radius, 255)

    return Timed(ours, lambda: [other(segment) for segment in segments], rounds=5, times=len(segments))


def napari_draw(radius: int) -> Paint:
    """napari's own labels layer, as its paint tool drives it."""
    layer = importlib.import_module("napari.layers").Labels(np.zeros((HEIGHT, WIDTH), np.uint8))
    layer.mode = "paint"
    layer.selected_label = 1
    layer.brush_size = 2 * radius
    return lambda segment: layer._draw(1, segment[0][::-1], segment[1][::-1])


def opencv_line(radius: int) -> Paint:
    """A thick line: fast, but not the pixels within the radius."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    return lambda segment: cv2.line(mask, segment[0], segment[1], 255, 2 * radius + 1)


def box_memset(radius: int) -> Paint:
    """Every pixel of the segment's box: what memory alone costs."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)

    def fill(segment: Segment) -> None:
        (x0, y0), (x1, y1) = segment
        top, left = max(0, min(y0, y1) - radius), max(0, min(x0, x1) - radius)
        mask[top : max(y0, y1) + radius + 1, left : max(x0, x1) + radius + 1] = 255

    return fill


def dirty_update(radius: int) -> Timed:
    """A dab and what it changes in the mask's pyramid."""
    mask: Pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    pyramid = mask_pyramid(mask)
    centres = [end for _, end in curve(HEIGHT, WIDTH)]

    def ours() -> None:
        for centre in centres:
            box = paint_segment(mask, centre, centre, radius, 255)
            if box is not None:
                pyramid.update(box)

    return Timed(ours, times=len(centres))


napari_here = importlib.util.find_spec("napari") is not None
for radius, budget in ((5, 0.35), (50, 0.35), (250, 0.7)):
    name = f"stroke segment r{radius}, 108 MP"
    if napari_here:
        row(name, against="napari _draw", budget=budget)(partial(stroke, radius, napari_draw))
    row(name, against="cv2.line, inexact (napari not installed)" if not napari_here else "cv2.line, inexact")(
        partial(stroke, radius, opencv_line)
    )
    row(name, against="memset of its box")(partial(stroke, radius, box_memset))
for radius in (5, 50, 250):
    row(f"dab r{radius} and its pyramid, 108 MP")(partial(dirty_update, radius))
