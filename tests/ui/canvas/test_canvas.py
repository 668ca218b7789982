"""What the canvas tells and takes: position, zoom, drops, pinches, fingers, and what it says without a picture."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QInputDevice,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
)
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.core.geometry import Box
from app.core.request import Patch
from app.ui.canvas.scene import PATCHES_AT_ONCE
from app.ui.canvas.view import View
from tests.ui.canvas.desk import LEFT, PLAIN, Desk, noise


def test_it_says_which_pixel_is_under_the_pointer(desk: Desk) -> None:
    told: list[tuple[int, int] | None] = []
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    desk.canvas.pointer_moved.connect(told.append)
    left, top = desk.canvas.view.offset
    desk.hover((left + 3, top + 4))
    desk.hover((left - 3, top + 4))
    desk.hover((left + 5, top + 4))
    desk.leave()
    assert told == [(3, 4), None, (5, 4), None]


def test_it_says_so_too_when_the_picture_moves_under_the_pointer(desk: Desk) -> None:
    desk.open(noise(3000, 2000))
    desk.look_at(1.0)
    desk.hover((200, 150))
    told: list[tuple[int, int]] = []
    desk.canvas.pointer_moved.connect(told.append)
    before = desk.canvas.view.pixel_at(QPointF(200, 150))
    desk.canvas.pan_by(QPointF(10, 0))
    assert before is not None and told == [(before[0] - 10, before[1])]


def test_it_says_how_it_is_zoomed(desk: Desk) -> None:
    told: list[View] = []
    desk.canvas.view_changed.connect(told.append)
    desk.open(noise(300, 200))
    desk.canvas.actual_size()
    desk.canvas.zoom_steps(1)
    assert [view.scale for view in told][-2:] == [1.0, 2.0] or told[-1].scale == 2.0
    desk.canvas.fit()
    assert told[-1] == desk.canvas.view


def test_a_fitted_picture_stays_fitted_when_the_canvas_is_resized(desk: Desk) -> None:
    desk.open(noise(3000, 2000))
    before = desk.canvas.view.scale
    desk.canvas.resize(800, 600)
    assert desk.canvas.view.scale == pytest.approx(before * (800 - 48) / (400 - 48))
    desk.canvas.zoom_steps(1)
    after = desk.canvas.view.scale
    desk.canvas.resize(500, 400)
    assert desk.canvas.view.scale == after


def test_two_fingers_zoom_about_their_middle(desk: Desk) -> None:
    desk.open(noise(3000, 2000))
    desk.look_at(1.0)
    at = QPointF(150, 100)
    place = desk.canvas.view.to_picture(at)
    device = QPointingDevice(
        "pad",
        7,
        QInputDevice.DeviceType.TouchPad,
        QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Position,
        2,
        1,
    )
    kind = Qt.NativeGestureType.ZoomNativeGesture
    where = desk.canvas.mapToGlobal(at)
    event = QNativeGestureEvent(kind, device, 2, at, where, where, 0.25, QPointF())
    QApplication.sendEvent(desk.canvas, event)
    assert desk.canvas.view.scale == 1.25
    again = desk.canvas.view.to_widget(place)
    assert abs(again.x() - 150) <= 1 and abs(again.y() - 100) <= 1


@pytest.mark.parametrize("kind", [QInputDevice.DeviceType.TouchScreen, QInputDevice.DeviceType.Stylus])
def test_mouse_events_made_of_fingers_or_pens_paint_nothing(desk: Desk, kind: QInputDevice.DeviceType) -> None:
    desk.open(noise(300, 200))
    pointer = QPointingDevice.PointerType.Finger
    device = QPointingDevice("other", 9, kind, pointer, QInputDevice.Capability.Position, 2, 1)
    at = QPointF(200, 150)
    for event_kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease):
        event = QMouseEvent(event_kind, at, desk.canvas.mapToGlobal(at), LEFT, LEFT, PLAIN, device)
        QApplication.sendEvent(desk.canvas, event)
    assert not desk.mask.any()


def test_a_lost_release_abandons_the_stroke(desk: Desk) -> None:
    desk.open(noise(300, 200))
    desk.press((200, 150))
    assert desk.mask.any()
    desk.hover((220, 160))
    assert not desk.mask.any() and not desk.document.painting
    desk.release((220, 160))


def test_the_right_button_opens_no_menu(desk: Desk) -> None:
    assert desk.canvas.contextMenuPolicy() == Qt.ContextMenuPolicy.PreventContextMenu


def dropped(desk: Desk, content: QMimeData) -> None:
    action = Qt.DropAction.CopyAction
    entered = QDragEnterEvent(QPoint(10, 10), action, content, Qt.MouseButton.LeftButton, PLAIN)
    QApplication.sendEvent(desk.canvas, entered)
    assert entered.isAccepted()
    event = QDropEvent(QPointF(10, 10), action, content, Qt.MouseButton.LeftButton, PLAIN)
    QApplication.sendEvent(desk.canvas, event)


def test_files_are_dropped_as_paths(desk: Desk, tmp_path: Path) -> None:
    told: list[list[Path]] = []
    desk.canvas.dropped.connect(told.append)
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(tmp_path / "ä b.png")), QUrl("https://example.org/c.png")])
    dropped(desk, content)
    assert told == [[tmp_path / "ä b.png"]]


def test_an_image_is_dropped_as_an_image(desk: Desk) -> None:
    told: list[QImage] = []
    desk.canvas.dropped_image.connect(told.append)
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    content = QMimeData()
    content.setImageData(image)
    dropped(desk, content)
    assert [(made.width(), made.height()) for made in told] == [(3, 2)]


def test_without_a_picture_it_says_what_to_do(desk: Desk) -> None:
    asked: list[str] = []
    desk.canvas.open_requested.connect(lambda: asked.append("open"))
    desk.canvas.paste_requested.connect(lambda: asked.append("paste"))
    desk.canvas.sample_requested.connect(lambda: asked.append("sample"))
    for button in desk.canvas.findChildren(QPushButton):
        assert button.isVisible()
        button.click()
    assert asked == ["open", "paste", "sample"]
    desk.open(noise(30, 20))
    assert not any(button.isVisible() for button in desk.canvas.findChildren(QPushButton))


def test_a_closed_document_leaves_nothing_on_the_canvas(desk: Desk) -> None:
    empty = desk.shot()
    desk.open(noise(300, 200))
    desk.document.picture = desk.document.mask = None
    desk.document.closed.emit()
    desk.leave()
    assert np.array_equal(desk.shot()[:80], empty[:80])


def test_large_results_appear_when_they_are_ready_and_late_ones_not_at_all(
    make_desk: Callable[..., Desk], qtbot: QtBot
) -> None:
    with ThreadPoolExecutor(1) as executor:
        desk = make_desk(executor=executor)
        desk.open(np.full((1100, 1000, 4), 128, np.uint8))
        assert PATCHES_AT_ONCE < 1100 * 1000

        def patches(value: int) -> list[Patch]:
            return [Patch(Box(0, 0, 1000, 1100), np.full((1100, 1000, 3), value, np.uint8))]

        def grey() -> int:
            return int(desk.shot()[150, 200][0])

        desk.canvas.show_preview(patches(30))
        qtbot.waitUntil(lambda: grey() == 30, timeout=5000)
        desk.canvas.show_preview(patches(60))
        desk.canvas.show_preview(patches(90))
        desk.canvas.show_preview(None)
        executor.submit(lambda: None).result()
        for _ in range(5):
            QApplication.processEvents()
            assert grey() == 128


def test_the_global_place_of_a_stroke_does_not_matter(desk: Desk) -> None:
    desk.canvas.move(QPoint(37, 11))
    desk.open(noise(300, 200))
    desk.look_at(1.0)
    desk.brush.radius = 1
    desk.drag([(200, 150)])
    assert np.count_nonzero(desk.mask) == 5
