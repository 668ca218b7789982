"""Run by ``test_ratio`` with QT_SCALE_FACTOR set: what is seen under the pointer is painted, on device pixels."""

import sys

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QRegion
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from app.core.arrays import Pixels
from tests.ui.canvas.desk import LEFT, PLAIN, Desk, address_of, addressed, capsule, image_pixels

NONE = Qt.MouseButton.NoButton


def main(ratio: float) -> None:
    """Check squares, strokes and partial repaints, on a canvas whose corner is not on a whole device pixel."""
    QApplication([])
    desk = Desk(401, 303)
    window = QWidget()
    row = QHBoxLayout(window)
    row.setContentsMargins(41, 7, 3, 5)
    row.addWidget(desk.canvas)
    window.show()
    desk.settle()
    assert desk.canvas.devicePixelRatioF() == ratio
    picture = addressed(600, 400)
    desk.open(picture)
    for scale in (1.0, 2.0, 7.0, 64.0):
        desk.look_at(scale, QPointF(300.3, 200.8))
        check_squares(desk, picture)
        check_strokes(desk)
    for scale in (0.5, 0.7, 1.0, 3.0):
        desk.look_at(scale)
        check_partial_repaints(desk)
    window.close()


def check_squares(desk: Desk, picture: Pixels) -> None:
    """Each device pixel shows the picture's pixel under its centre."""
    desk.leave()
    shown = desk.shot()
    view = desk.canvas.view
    left, top = view.offset
    for at in np.random.default_rng(5).integers(0, 301, (200, 2)).tolist():
        x, y = (int((at[axis] + 0.5 - (left, top)[axis]) // view.scale) for axis in (0, 1))
        if 0 <= x < 600 and 0 <= y < 400:
            assert address_of(shown[at[1], at[0]]) == (x, y), (view, at)


def check_strokes(desk: Desk) -> None:
    """A dab's middle is the pixel that was seen at the device pixel of the press."""
    desk.leave()
    desk.display.overlay = False
    shown = desk.shot()
    desk.brush.radius = 2
    for at in ((201, 150), (133, 71), (290, 211)):
        seen = address_of(shown[at[1], at[0]])
        click(desk, at)
        assert np.array_equal(desk.mask, capsule(desk.mask.shape, seen, seen, 2)), (desk.canvas.view, at)
        desk.document.undo()
    desk.display.overlay = True


def click(desk: Desk, device: tuple[int, int]) -> None:
    """Press and release at the middle of a device pixel."""
    ratio = desk.canvas.devicePixelRatioF()
    place = QPointF((device[0] + 0.5) / ratio, (device[1] + 0.5) / ratio)
    where = desk.canvas.mapToGlobal(place)
    for kind, held in ((QEvent.Type.MouseButtonPress, LEFT), (QEvent.Type.MouseButtonRelease, NONE)):
        QApplication.sendEvent(desk.canvas, QMouseEvent(kind, place, where, LEFT, held, PLAIN))


def check_partial_repaints(desk: Desk) -> None:
    """After small repaints the screen looks as if it were painted whole, and they were small."""
    desk.brush.radius = 4
    desk.canvas.painted = QRegion()
    for at in ((150, 100), (171, 131), (143, 160)):
        click(desk, at)
        desk.settle()
    assert desk.canvas.painted.boundingRect().width() < 200
    desk.leave()
    store = desk.canvas.window().backingStore().paintDevice()
    assert isinstance(store, QImage)
    screen = image_pixels(store)
    ratio = desk.canvas.devicePixelRatioF()
    corner = [round(part * ratio) for part in desk.canvas.pos().toTuple()]
    whole = desk.shot()
    seen = screen[corner[1] : corner[1] + whole.shape[0], corner[0] : corner[0] + whole.shape[1]]
    inner = np.s_[4:-4, 4:-4]
    assert abs(seen.astype(int) - whole)[inner].max() <= 2, desk.canvas.view


main(float(sys.argv[1]))
print("exact")
