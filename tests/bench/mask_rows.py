"""Commands on a whole mask of 108 MP, and its file."""

import io
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from PIL import Image

from app.core.arrays import Pixels
from app.core.mask import Mask
from app.core.morphology import bounding_box, grow, grown, shrink
from app.core.pyramid import mask_pyramid, picture_pyramid
from app.store.png import mask_png
from tests.bench.framework import Timed, row
from tests.bench.material import large_mask

Morphology = Callable[[Pixels, int], Pixels]
PRECISE = "cv2.distanceTransform PRECISE"


def distance(pixels: Pixels, radius: int) -> object:
    """Growing by the library's exact distance."""
    far = cv2.distanceTransform(cv2.bitwise_not(pixels), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return cv2.threshold(far, radius + 1e-3, 255, cv2.THRESH_BINARY_INV, dst=far)


def whole(command: Morphology, radius: int) -> Timed:
    """A command against the library's distance."""
    mask = large_mask()
    source = mask if command is grow else np.bitwise_not(mask)
    return Timed(lambda: command(mask, radius), lambda: distance(source, radius))


for command in (grow, shrink):
    for radius in (16, 64, 250, 1000):
        row(f"{command.__name__} r{radius}, 108 MP", against=PRECISE, budget=0.4)(partial(whole, command, radius))


@row("grow r1000, 108 MP (flat in the radius)", against="grow r16", budget=1.5)
def flat() -> Timed:
    """The radius must not matter."""
    mask = large_mask()
    return Timed(lambda: grow(mask, 1000), lambda: grow(mask, 16), rounds=9)


@row("grow r64 of an object in 1/16 of 108 MP", against="grow r64 of all of it", budget=0.5)
def one_object() -> Timed:
    """A small mask must not pay for the whole picture."""
    mask = large_mask()
    few = np.zeros_like(mask)
    rows, columns = slice(3000, 5250), slice(4000, 7000)
    few[rows, columns] = mask[rows, columns]
    return Timed(lambda: grown(few, 64), lambda: grow(mask, 64))


@row("invert, 108 MP", against="np.copyto", budget=0.8)
def invert() -> Timed:
    """A mask turned over in place."""
    mask = Mask(large_mask().copy())
    other = np.empty_like(mask.pixels)
    return Timed(mask.invert, lambda: np.copyto(other, mask.pixels), rounds=11)


@row("bounding box, 108 MP", against="np.copyto")
def bounds() -> Timed:
    """One read of the mask."""
    mask = large_mask()
    other = np.empty_like(mask)
    return Timed(lambda: bounding_box(mask), lambda: np.copyto(other, mask), rounds=11)


@row("mask pyramid, 108 MP", against="np.copyto")
def pyramid_of_mask() -> Timed:
    """All levels, as when a file is opened."""
    mask = large_mask()
    other = np.empty_like(mask)
    return Timed(lambda: mask_pyramid(mask), lambda: np.copyto(other, mask))


@row("picture pyramid, 108 MP", against="np.copyto of all four channels")
def pyramid_of_picture() -> Timed:
    """All levels, as when a file is opened."""
    picture = np.repeat(large_mask()[:, :, None], 4, axis=2)
    other = np.empty_like(picture)
    return Timed(lambda: picture_pyramid(picture), lambda: np.copyto(other, picture))


@row("mask PNG, 108 MP", against="Pillow L level 6", budget=0.25)
def png() -> Timed:
    """One bit per pixel, lossless."""
    mask = large_mask()
    image = Image.fromarray(mask)
    return Timed(
        lambda: mask_png(mask),
        lambda: image.save(io.BytesIO(), "PNG", compress_level=6),
        rounds=3,
    )
