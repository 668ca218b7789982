"""Opening a 108 megapixel JPEG: until it is seen, until it can be painted on, and in what memory; and saving it."""

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from app.core.arrays import Pixels
from app.core.picture import Picture
from app.store.pictures import open_picture, quick_preview, save_picture
from app.store.png import mask_from_png, mask_png
from tests.bench.framework import Counted, Timed, row
from tests.bench.material import HEIGHT, WIDTH, large_mask

SCREEN = (1600, 1000)

PEAK = """
import sys
from pathlib import Path
from app.store.pictures import open_picture

def kilobytes(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))

before = kilobytes("VmRSS:")
picture = open_picture(Path(sys.argv[1]))
print((kilobytes("VmHWM:") - before) * 1024 / (picture.width * picture.height))
"""
"""In a process of its own: the peak of this one is long past."""


@cache
def folder() -> tempfile.TemporaryDirectory[str]:
    """Where the files lie until this process ends."""
    return tempfile.TemporaryDirectory()


@cache
def photo() -> Path:
    """A JPEG of 108 megapixels, 15 MB."""
    small = np.random.default_rng(1).integers(0, 256, (HEIGHT // 40, WIDTH // 40, 3), np.uint8)
    pixels = np.asarray(cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)
    path = Path(folder().name) / "photo.jpg"
    Image.fromarray(pixels).save(path, quality=92)
    return path


@cache
def opened() -> Picture:
    """The photo, opened once."""
    return open_picture(photo())


def with_pillow() -> Pixels:
    """All that Pillow itself does before anything can be edited."""
    with Image.open(photo()) as image:
        return np.asarray(image)


@row("picture visible, 108 MP JPEG", limit=0.5)
def first_sight() -> Timed:
    """The file is in the cache; its header, an eighth of its coefficients, and a reduction to the screen."""
    photo()
    return Timed(lambda: quick_preview(photo(), SCREEN), rounds=3)


@row("picture editable, 108 MP JPEG", against="Pillow to an RGB array", budget=1.5, limit=2.5)
def editable() -> Timed:
    """Decoded, as BGRA, with the file's digest and metadata."""
    photo()
    return Timed(lambda: open_picture(photo()), with_pillow, rounds=3)


@row("peak memory of opening it, per pixel", limit=9)
def peak() -> Counted:
    """Above what the program had before."""
    command = [sys.executable, "-c", PEAK, str(photo())]
    root = Path(__file__).parents[2]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout
    return Counted(float(said), None, "B")


@row("save it as JPEG, to the disk and synced")
def save() -> Timed:
    """With the original's quality settings."""
    opened()
    return Timed(lambda: save_picture(photo().with_name("saved.jpg"), opened()), rounds=3)


@row("mask PNG back into memory, 108 MP")
def mask_back() -> Timed:
    """1 bit per pixel to 0 and 255."""
    data = mask_png(large_mask())
    return Timed(lambda: mask_from_png(data), rounds=3)
