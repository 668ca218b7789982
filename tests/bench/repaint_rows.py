"""Repainting a canvas of 1600 x 1000, against the textbook way: a QGraphicsView with a pixmap and an ARGB overlay.

The reference draws no outline and needs an overlay image of the picture's size; ours does the one and needs no other.
"""

import os
from functools import cache, partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView

from app.core.arrays import Pixels
from app.core.mask import Mask
from app.core.picture import Picture
from app.state.brush import BrushSettings
from app.state.document import Document
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.display import Display
from app.ui.tools.brush import Brush
from tests.bench.framework import Seconds, Timed, row, seconds
from tests.bench.material import blobs

WIDTH, HEIGHT = 1600, 1000
SIZES = {"24 MP": (6000, 4000), "108 MP": (12_000, 9000)}
ZOOMS = {"fit": None, "1:1": 1.0, "800 %": 8.0}
BUDGETS = {"fit": 0.9, "1:1": 2.5, "800 %": 1.2}
"""Ratios to the reference, which has no outline to draw and, at 1:1, nothing but two copies to make."""
FULL, PAINTING = 0.008, 0.004


@cache
def application() -> QApplication:
    """The one application of this process."""
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication([])


@cache
def picture_and_mask(size: str) -> tuple[Pixels, Pixels]:
    """A colourful BGRA picture and a mask over an eighth of it."""
    width, height = SIZES[size]
    coarse = np.random.default_rng(0).integers(0, 256, (height // 40, width // 40, 3), dtype=np.uint8)
    pixels = cv2.cvtColor(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), cv2.COLOR_BGR2BGRA)
    return np.asarray(pixels, np.uint8), blobs(height, width)


def our_canvas(size: str, zoom: float | None) -> Canvas:
    """The canvas at this zoom, shown."""
    application()
    pixels, mask = picture_and_mask(size)
    document = Document()
    canvas = Canvas(document, BrushSettings(50), Display())
    canvas.use(Brush(canvas))
    canvas.resize(WIDTH, HEIGHT)
    canvas.show()
    document.open(Picture(pixels), mask=Mask(mask.copy()))
    if zoom is not None:
        canvas.zoom_by(zoom / canvas.view.scale, QPointF(WIDTH / 2, HEIGHT / 2))
    application().processEvents()
    return canvas


def textbook_view(size: str, zoom: float | None) -> QGraphicsView:
    """The same with Qt's scene: the whole picture as a pixmap, the whole overlay as another."""
    application()
    pixels, mask = picture_and_mask(size)
    width, height = SIZES[size]
    overlay = np.multiply(mask >> 1, np.uint32(0x01010000), dtype=np.uint32)
    scene = QGraphicsScene(0, 0, width, height)
    for array, image_format in (
        (pixels, QImage.Format.Format_RGB32),
        (overlay, QImage.Format.Format_ARGB32_Premultiplied),
    ):
        image = QImage(array.data, width, height, array.strides[0], image_format)
        item = QGraphicsPixmapItem(QPixmap.fromImage(image))
        item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        scene.addItem(item)
    view = QGraphicsView(scene)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.resize(WIDTH, HEIGHT)
    scale = zoom or min(WIDTH / width, HEIGHT / height)
    view.scale(scale, scale)
    view.centerOn(width / 2, height / 2)
    view.show()
    scene.setParent(view)
    application().processEvents()
    return view


def full(size: str, zoom: float | None) -> Timed:
    """Everything painted again."""
    canvas, view = our_canvas(size, zoom), textbook_view(size, zoom)
    return Timed(canvas.repaint, lambda: view.viewport().repaint(), rounds=15)


def painting(size: str, zoom: float | None) -> Timed:
    """A segment of a stroke: mask, its pyramid, the dirty rectangle, and the cursor following."""
    canvas = our_canvas(size, zoom)
    steps = iter(range(10_000))
    canvas.document.begin("Bench")

    def segment() -> Seconds:
        place = QPointF(WIDTH / 3 + 7 * next(steps) % (WIDTH / 3), HEIGHT / 2)
        spot = canvas.view.to_picture(place)
        end = int(spot.x()), int(spot.y())
        canvas.pointer = place
        return Seconds(seconds(lambda: paint(canvas, end)))

    return Timed(segment, rounds=40)


def paint(canvas: Canvas, end: tuple[int, int]) -> None:
    """What one report of the pointer makes the canvas do."""
    start = (end[0] - max(1, round(7 / canvas.view.scale)), end[1])
    canvas.document.paint(start, end, canvas.brush.radius, 255)
    canvas.move_cursor()
    application().processEvents()


for size in SIZES:
    for zoom_name, zoom in ZOOMS.items():
        row(
            f"full repaint, {size}, {zoom_name}",
            against="QGraphicsView, smooth, ARGB overlay",
            budget=BUDGETS[zoom_name],
            limit=FULL,
        )(partial(full, size, zoom))
        row(f"painting r50 with repaint, {size}, {zoom_name}", limit=PAINTING)(partial(painting, size, zoom))
