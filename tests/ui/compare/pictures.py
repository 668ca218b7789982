"""Pictures whose every pixel is another colour, and a stage to see them on."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QSize
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.request import Patch
from app.ui.compare.picture import ComparePicture

PATCHED = Box(20, 10, 40, 30)
Seen = NDArray[np.uint8]
"""What a widget shows, (height, width, 3) RGB in device pixels."""


def noise(width: int, height: int, seed: int = 1) -> Pixels:
    """Random opaque BGRA pixels."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels


def patch(box: Box, seed: int = 2) -> Patch:
    """Random RGB pixels for ``box``."""
    shape = (box.height, box.width, 3)
    return Patch(box, np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8))


def pair(width: int = 64, height: int = 48, box: Box = PATCHED) -> tuple[ComparePicture, ComparePicture]:
    """A picture and the same with a patch over it, sharing their pixels."""
    pixels = noise(width, height)
    return ComparePicture("Original", "", pixels), ComparePicture("Result 3", "local/fill", pixels, (patch(box),))


def flattened(picture: ComparePicture) -> Seen:
    """The picture with its patches over it, (height, width, 3) RGB: the reference."""
    rgb = picture.pixels[..., 2::-1].copy()
    for part in picture.patches:
        rgb[part.box.slices] = part.pixels
    return rgb


def seen(widget: QWidget) -> Seen:
    """What ``widget`` paints, without its children."""
    ratio = widget.devicePixelRatioF()
    size = QSize(round(widget.width() * ratio), round(widget.height() * ratio))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    widget.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawWindowBackground)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(size.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : size.width(), 2::-1].copy()


def turn_wheel(widget: QWidget, at: QPoint, steps: int) -> None:
    """Turn the wheel over a point of ``widget``; the window hands it to whoever is there, and on to its parents."""
    window = widget.window()
    QTest.wheelEvent(window.windowHandle(), QPointF(widget.mapTo(window, at)), QPoint(0, 120 * steps))
