"""The canvas: a plain widget that shows the document and gives what the hand does to the tool.

It paints only the rectangles that changed, from pyramids, in device pixels. It owns what dies with it: where the
picture lies (`View`), where the pointer is, and which gesture is under way.
"""

from collections.abc import Sequence
from concurrent.futures import Executor

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent

from app.core.geometry import Box
from app.core.request import Patch
from app.state.brush import BrushSettings
from app.state.document import Document
from app.ui.canvas.crop_outline import CropOutline
from app.ui.canvas.display import Display
from app.ui.canvas.empty import EmptyCanvas
from app.ui.canvas.gestures import Gesture, Gestures
from app.ui.canvas.pointer_input import PointerInput
from app.ui.canvas.scene import Scene
from app.ui.canvas.view import View
from app.ui.tools.tool import Tool

_MOST_RECTS = 8  # of a dirty region painted one by one; more are painted as the one round them


class Canvas(PointerInput):
    """``tool`` is whose gestures the left and right button make; the window sets it with ``use``."""

    view_changed = Signal(object)
    """The View: another place, scale or size."""
    open_requested = Signal()
    paste_requested = Signal()
    sample_requested = Signal()

    def __init__(
        self, document: Document, brush: BrushSettings, display: Display, executor: Executor | None = None
    ) -> None:
        super().__init__()
        self.document = document
        self.brush = brush
        self.display = display
        self.tool: Tool = Tool(self)
        self.gestures = Gestures(self)
        self._scene = Scene(display, executor)
        self._crops = CropOutline()
        self._view = View((1, 1), (1, 1))
        self._fitted = True
        self._preview: Sequence[Patch] = ()
        self._original = False
        self._cursor_pixel: tuple[int, int] | None = None
        self._cursor_area = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)  # the right button erases
        self.setAccessibleName("Canvas")
        self.setAccessibleDescription("The picture and its mask")
        self._connect()
        self._empty = self._empty_state()
        self._open()

    def use(self, tool: Tool) -> None:
        """Put ``tool`` in the hand."""
        self.abandon()
        self.tool = tool
        self.move_cursor()

    # -- the view ----------------------------------------------------------------------------------------------------

    @property
    def view(self) -> View:
        """Where the picture lies now."""
        return self._view

    @property
    def has_picture(self) -> bool:
        """Whether a picture is open."""
        return self.document.picture is not None

    def fit(self) -> None:
        """Show the whole picture, and go on doing so when the canvas changes its size."""
        self._set_view(self._view.fit())
        self._fitted = True

    def actual_size(self) -> None:
        """One picture pixel on one device pixel."""
        self._set_view(self._view.actual_size(self.pointer))

    def zoom_to(self, box: Box) -> None:
        """Show ``box`` as large as fits."""
        self._set_view(self._view.fit_box(box))

    def zoom_to_mask(self) -> None:
        """Show the masked region; the whole picture where nothing is masked."""
        bounds = self.document.mask.bounds() if self.document.mask is not None else None
        if bounds is None:
            self.fit()
        else:
            self.zoom_to(bounds)

    def zoom_steps(self, steps: int, about: QPointF | None = None) -> None:
        """Zoom in by rungs of the ladder, or out when negative, about a point of the widget (else its middle)."""
        self._set_view(self._view.stepped(steps, about))

    def zoom_by(self, factor: float, about: QPointF) -> None:
        """Zoom freely, as two fingers do."""
        self._set_view(self._view.zoomed(self._view.scale * factor, about))

    def pan_by(self, by: QPointF) -> None:
        """Move the picture by so much of the widget."""
        self._set_view(self._view.panned(by))

    def _set_view(self, view: View) -> None:
        if self.document.picture is None or view == self._view:
            return
        self._view = view
        self._fitted = False
        self.point_at(self.pointer)
        self.update()
        self.view_changed.emit(view)

    # -- results -----------------------------------------------------------------------------------------------------

    def show_preview(self, patches: Sequence[Patch] | None) -> None:
        """Lay a result's patches over the picture; None takes them away."""
        self._preview = patches or ()
        self._lay_patches()

    def show_original(self, on: bool) -> None:
        """Show the picture as it was before any result, for as long as ``on``."""
        if on != self._original:
            self._original = on
            self._lay_patches()

    def show_crops(self, boxes: Sequence[Box]) -> None:
        """Outline the regions that would be sent; none takes the outlines away."""
        for box in self._crops.show(boxes):
            for strip in self._crops.strips(self._view, box):
                self.repaint_device(strip)

    def _lay_patches(self) -> None:
        if self._original:
            self._scene.show_patches(self.document.original_patches())
        else:
            self._scene.show_patches([(patch.box, patch.pixels) for patch in self._preview])

    # -- the document ------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.document.opened.connect(self._open)
        self.document.closed.connect(self._open)
        self.document.mask_changed.connect(self._mask_changed)
        self.document.picture_changed.connect(self._picture_changed)
        self.brush.changed.connect(self.move_cursor)
        self.display.changed.connect(self.update)
        self._scene.changed.connect(self._repaint_box)

    def _empty_state(self) -> EmptyCanvas:
        empty = EmptyCanvas(self)
        empty.open_requested.connect(self.open_requested)
        empty.paste_requested.connect(self.paste_requested)
        empty.sample_requested.connect(self.sample_requested)
        return empty

    def _open(self) -> None:
        self.abandon()
        picture, mask = self.document.picture, self.document.mask
        self._preview, self._original = (), False
        self._crops.show(())
        self._scene.show(picture, mask.pixels if mask is not None else None)
        self._empty.setVisible(picture is None)
        proxy = self._empty if picture is None else None  # Tab then goes through its buttons
        self.setFocusProxy(proxy)  # type: ignore[arg-type]  # None takes the proxy away; the stubs do not know
        if picture is not None:
            port, ratio = self._port()
            self._view = View((picture.width, picture.height), port, ratio).fit()
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # so that the tools' keys work at once
            self._fitted = True
            self.view_changed.emit(self._view)
        self.point_at(self.pointer)
        self.update()

    def _mask_changed(self, box: Box) -> None:
        if self.document.mask is not None:
            self._scene.mask_changed(self.document.mask.pixels, box)

    def _picture_changed(self, box: Box) -> None:
        self._scene.picture_changed(box)
        if self._original:
            self._lay_patches()

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._view.painter_frame(painter)
        for rect in _rects(event.region()):
            exposed = self._view.to_device_rect(rect)
            self._scene.paint(painter, self._view, exposed)
            self._crops.paint(painter, self._view, exposed)
        if self._cursor_pixel is not None:
            self.tool.paint_cursor(painter, self._view, self._cursor_pixel)
        painter.end()

    def repaint_device(self, area: QRect) -> None:
        """Paint these device pixels again."""
        self.update(self._view.from_device(QRectF(area)))

    def _repaint_box(self, box: Box) -> None:
        self.update(self._view.widget_rect(box, self._scene.reach(self._view)))

    def move_cursor(self) -> None:
        """Paint the tool's cursor where the pointer is now, and no longer where it was."""
        point = self.gestures.anchor or self.pointer
        shown = point is not None and self.document.picture is not None and self.gestures.under_way is not Gesture.PAN
        self._cursor_pixel = self._pixel_under(point) if shown and point is not None else None
        area = self.tool.cursor_rect(self._view, self._cursor_pixel) if self._cursor_pixel is not None else QRect()
        for changed in (self._cursor_area, area):
            if not changed.isEmpty():
                self.repaint_device(changed)
        self._cursor_area = area
        self._choose_shape()

    def _pixel_under(self, point: QPointF) -> tuple[int, int]:
        place = self._view.to_picture(point)
        return int(place.x() // 1), int(place.y() // 1)

    def _choose_shape(self) -> None:
        shape = self.tool.shape
        if self.document.picture is None:
            shape = Qt.CursorShape.ArrowCursor
        elif self.gestures.under_way is Gesture.PAN:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self.gestures.space:
            shape = Qt.CursorShape.OpenHandCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    # -- Qt ----------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(960, 640)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._empty.setGeometry(self.rect())
        self._fill_port()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._scene.forget_look()
            self.update()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._fill_port()
        return super().event(event)

    def _fill_port(self) -> None:
        if self.document.picture is None:
            return
        view = self._view.resized(*self._port())
        self._view = view.fit() if self._fitted else view
        self.move_cursor()
        self.update()
        self.view_changed.emit(self._view)

    def _port(self) -> tuple[tuple[int, int], float]:
        ratio = self.devicePixelRatioF()
        return (max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))), ratio


def _rects(region: QRegion) -> list[QRect]:
    if region.rectCount() > _MOST_RECTS:
        return [region.boundingRect()]
    return [QRect(rect) for rect in region]  # type: ignore[attr-defined]  # iterable at run time, not in the stubs
