"""Where the two pictures are drawn: both under one view, so that their zoom and pan cannot drift apart."""

from concurrent.futures import Executor
from dataclasses import replace

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.geometry import Box
from app.ui.canvas.view import View
from app.ui.compare.divider import STEPS, DividerHandle
from app.ui.compare.drawing import draw_label, draw_pane, label_area
from app.ui.compare.layers import PictureLayers
from app.ui.compare.panes import GAP, Mode, Pane, divider_at, panes, port
from app.ui.compare.picture import ComparePicture
from app.ui.compare.stage_input import StageInput
from app.ui.plain_text import one_line
from app.ui.theme import current_theme

CONTEXT = 0.35
"""How much of a box's longer side is shown round it on each side when the view goes there."""


class CompareStage(StageInput):
    """A pure viewer. ``executor`` makes the smaller copies of big pictures; without one they are made at once."""

    view_changed = Signal()

    def __init__(self, executor: Executor | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = PictureLayers(executor, self)
        self._layers.changed.connect(self.update)
        self._pictures: tuple[ComparePicture, ComparePicture] | None = None
        self._mode = Mode.SIDE_BY_SIDE
        self._view = View((1, 1), (1, 1))
        self._goal: Box | None = None
        self._settled = False
        self._surround: QColor | None = None
        self.handle = DividerHandle(self)
        self.handle.valueChanged.connect(self._divider_moved)
        self.handle.hide()
        self._line = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def pictures(self) -> tuple[ComparePicture, ComparePicture] | None:
        """The left (or upper) and the right (or lower) one."""
        return self._pictures

    @property
    def view(self) -> View:
        """The one view, in points of a pane."""
        return self._view

    @property
    def mode(self) -> Mode:
        """How the pictures are laid out."""
        return self._mode

    @property
    def divider(self) -> float:
        """0 to 1 of the way."""
        return self.handle.fraction

    def show_pictures(self, left: ComparePicture, right: ComparePicture) -> None:
        """Show another pair; zoom and pan stay when the pictures' size does."""
        self._pictures = left, right
        self._layers.show(left, right)
        size = max(left.size[0], right.size[0]), max(left.size[1], right.size[1])
        if size != self._view.size:
            self._view = replace(self._view, size=size)
            self._goal, self._settled = None, False
        self.setAccessibleName(f"Comparison: {one_line(left.name)} and {one_line(right.name)}")
        self._lay_out()

    def clear(self) -> None:
        """Show nothing."""
        self._pictures = None
        self._layers.show()
        self.setAccessibleName("Comparison: nothing")
        self.update()

    def pixels_changed(self, box: Box) -> None:
        """Pixels that are shown were changed in place within ``box``."""
        self._layers.pixels_changed(box)
        self.update()

    def set_mode(self, mode: Mode) -> None:
        """Lay the pictures out another way; the middle of the view stays in the middle."""
        self._mode = mode
        across = mode is Mode.DIVIDER_ACROSS
        self.handle.lie(Qt.Orientation.Vertical if across else Qt.Orientation.Horizontal)
        self.handle.setVisible(mode.has_divider)
        self._lay_out()

    def set_divider(self, fraction: float) -> None:
        """Move the divider to ``fraction`` (0 to 1) of the way."""
        self.handle.setValue(round(fraction * STEPS))

    def set_surround(self, colour: QColor | None) -> None:
        """The ground beside the pictures; None for the theme's."""
        self._surround = colour
        self.update()

    # -- zoom and pan ------------------------------------------------------------------------------------------------

    def focus_on(self, box: Box) -> None:
        """Show ``box`` with some of what is round it, and keep to it until the view is moved by hand."""
        more = round(CONTEXT * max(box.width, box.height))
        self._goal, self._settled = box.padded(more, Box.of_size(*self._view.size).union(box)), False
        self._lay_out()

    def fit(self) -> None:
        """Show everything, and keep to it until the view is moved by hand."""
        self._goal, self._settled = None, False
        self._lay_out()

    def actual_size(self) -> None:
        """One picture pixel on one pixel of the screen."""
        self._move(self._view.actual_size())

    def zoom(self, steps: int, about: QPointF | None = None) -> None:
        """``steps`` in, or out when negative, about a point of the widget (else the middle)."""
        self._move(self._view.stepped(steps, None if about is None else self._in_pane(about)))

    def zoom_by(self, factor: float, about: QPointF) -> None:
        """Zoom freely, as two fingers do."""
        self._move(self._view.zoomed(self._view.scale * factor, self._in_pane(about)))

    def pan_by(self, by: QPointF) -> None:
        """Move both pictures by so much of the widget."""
        self._move(self._view.panned(by))

    # -- events ------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(800, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current_theme()
        exposed = self._view.to_device_rect(event.rect())
        painter.save()
        self._view.painter_frame(painter)
        surround = self._surround or theme.surround
        painter.fillRect(exposed, surround if self._pictures is None else theme.hairline)
        if self._pictures is not None:
            for pane in self._panes():
                picture, layers = self._pictures[pane.side], self._layers.of(pane.side)
                draw_pane(painter, pane, exposed, self._view, picture, layers, surround)
        painter.restore()
        self._paint_labels(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.accent)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def pixel_at(self, point: QPointF) -> tuple[int, int] | None:
        """The picture's pixel under a point of the widget, whichever pane it is in; None beside the pictures."""
        return self._view.pixel_at(self._in_pane(point)) if self._pictures is not None else None

    # -- layout ------------------------------------------------------------------------------------------------------

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _gap(self) -> int:
        return round(GAP * self.devicePixelRatioF())

    def _panes(self) -> tuple[Pane, Pane]:
        return panes(self._mode, *self._device_size(), self.divider, self._gap())

    def _in_pane(self, point: QPointF) -> QPointF:
        ratio = self.devicePixelRatioF()
        last = self._panes()[1]
        if self._mode is Mode.SIDE_BY_SIDE and point.x() * ratio >= last.origin.x():
            return point - QPointF(last.origin) / ratio
        return point

    def _lay_out(self) -> None:
        seen = port(self._mode, *self._device_size(), self._gap())
        view = self._view.resized(seen, self.devicePixelRatioF())
        if not self._settled:
            view = view.fit() if self._goal is None else view.fit_box(self._goal)
        self._view = view
        self._place_handle()
        self.update()
        self.view_changed.emit()

    def _move(self, view: View) -> None:
        """The view was moved by hand: from now on it stays where it is put."""
        self._settled = True
        if view != self._view:
            self._view = view
            self.update()
            self.view_changed.emit()

    def _place_handle(self) -> None:
        length = self._device_size()[1 if self._mode is Mode.DIVIDER_ACROSS else 0]
        self._line = divider_at(self.divider, length)
        self.handle.place(self._line / self.devicePixelRatioF())

    def _divider_moved(self) -> None:
        before = self._line
        self._place_handle()
        low, high = sorted((before, self._line))
        ratio = self.devicePixelRatioF()
        start, end = int(low / ratio) - 2, int(high / ratio) + 3
        if self._mode is Mode.DIVIDER_ACROSS:
            self.update(QRect(0, start, self.width(), end - start))
        else:
            self.update(QRect(start, 0, end - start, self.height()))

    def _paint_labels(self, painter: QPainter) -> None:
        if self._pictures is None:
            return
        start = round(self._panes()[1].area.left() / self.devicePixelRatioF())
        for side, picture in enumerate(self._pictures):
            draw_label(painter, label_area(self._mode, side, self.size(), start, picture.name), picture.name)
