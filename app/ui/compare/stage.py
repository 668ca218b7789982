"""Where the two pictures are drawn: both under one view, so that their zoom and pan cannot drift apart."""

from concurrent.futures import Executor
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.pyramid import picture_pyramid
from app.ui.canvas.levels import Levels
from app.ui.canvas.picture_painting import Layer, checker_brush, draw_layers, fill_checker, surround_rects
from app.ui.canvas.view import View
from app.ui.compare.divider import STEPS, DividerHandle
from app.ui.compare.panes import GAP, Mode, Pane, divider_at, panes, port
from app.ui.compare.picture import ComparePicture
from app.ui.plain_text import one_line
from app.ui.status_line import status_font
from app.ui.theme import current_theme

KEY_PAN = 64
"""Device-independent pixels that an arrow key pans by."""
CONTEXT = 0.35
"""How much of a box's longer side is shown round it on each side when the view goes there."""

_LABEL_HEIGHT = 22


class CompareStage(QWidget):
    """A pure viewer. ``executor`` makes the smaller copies of big pictures; without one they are made at once."""

    hovered = Signal(object)
    """The picture's pixel (x, y) under the pointer, or None."""
    view_changed = Signal()

    def __init__(self, executor: Executor | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._pictures: tuple[ComparePicture, ComparePicture] | None = None
        self._layers: tuple[tuple[Layer, ...], ...] = ((), ())
        self._mode = Mode.SIDE_BY_SIDE
        self._view = View((1, 1), (1, 1))
        self._goal: Box | None = None
        self._settled = False
        self._dragged: QPointF | None = None
        self._wheel = 0
        self._surround: QColor | None = None
        self.handle = DividerHandle(self)
        self.handle.valueChanged.connect(self._divider_moved)
        self.handle.hide()
        self._line = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self._point()

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
        known = {id(layer.levels.pixels): layer.levels for side in self._layers for layer in side}
        self._pictures = left, right
        self._layers = self._layers_of(left, known), self._layers_of(right, known)
        size = max(left.size[0], right.size[0]), max(left.size[1], right.size[1])
        if size != self._view.size:
            self._view = replace(self._view, size=size)
            self._goal, self._settled = None, False
        self.setAccessibleName(f"Comparison: {one_line(left.name)} and {one_line(right.name)}")
        self._lay_out()

    def pixels_changed(self, box: Box) -> None:
        """Pixels that are shown were changed in place within ``box``."""
        for layers in self._layers[:2]:
            if layers:
                layers[0].levels.update(box)
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
        painter.fillRect(exposed, theme.hairline)
        if self._pictures is not None:
            for pane in self._panes():
                self._paint_pane(painter, pane, exposed)
        painter.restore()
        if self._pictures is not None:
            self._paint_labels(painter)
        if self.hasFocus():
            painter.setPen(theme.accent)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged = event.position()
            self._point()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._move(self._view.panned(event.position() - self._dragged))
            self._dragged = event.position()
        self.hovered.emit(self.pixel_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self._point()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.fit()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(self.pixel_at(event.position()))

    def leaveEvent(self, event: object) -> None:
        self.hovered.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / 120)
        self._wheel -= 120 * steps
        if steps:
            self.zoom(steps, event.position())
            self.hovered.emit(self.pixel_at(event.position()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Left: QPointF(KEY_PAN, 0),
            Qt.Key.Key_Right: QPointF(-KEY_PAN, 0),
            Qt.Key.Key_Up: QPointF(0, KEY_PAN),
            Qt.Key.Key_Down: QPointF(0, -KEY_PAN),
        }
        key = Qt.Key(event.key())
        if key in ways:
            self._move(self._view.panned(ways[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(-1 if key == Qt.Key.Key_Minus else 1)
        elif key == Qt.Key.Key_Home:
            self.fit()
        elif key == Qt.Key.Key_Space:
            pass  # Space-drag pans like any drag; Space alone does nothing here
        else:
            super().keyPressEvent(event)

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

    def _point(self) -> None:
        shape = Qt.CursorShape.OpenHandCursor if self._dragged is None else Qt.CursorShape.ClosedHandCursor
        self.setCursor(shape)

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

    # -- painting ----------------------------------------------------------------------------------------------------

    def _layers_of(self, picture: ComparePicture, known: dict[int, Levels]) -> tuple[Layer, ...]:
        image_format = QImage.Format.Format_ARGB32 if picture.has_alpha else QImage.Format.Format_RGB32
        base = picture.levels or known.get(id(picture.pixels)) or self._levels(picture.pixels, image_format)
        known[id(picture.pixels)] = base
        layers = [Layer(Box.of_size(*picture.size), base)]
        for patch in picture.clipped():
            layers.append(Layer(patch.box, self._levels(picture.patch_pixels(patch), image_format)))
        return tuple(layers)

    def _levels(self, pixels: Pixels, image_format: QImage.Format) -> Levels:
        made = Levels(pixels, picture_pyramid, image_format, self._executor)
        made.changed.connect(self._levels_made)
        return made

    def _levels_made(self, _: Box) -> None:
        self.update()

    def _paint_pane(self, painter: QPainter, pane: Pane, exposed: QRect) -> None:
        rect = exposed.intersected(pane.area)
        if rect.isEmpty() or self._pictures is None:
            return
        picture = self._pictures[pane.side]
        view = replace(self._view, size=picture.size)
        rect.translate(-pane.origin)
        painter.save()
        painter.translate(pane.origin)
        for part in surround_rects(rect, view.picture_rect):
            painter.fillRect(part, self._surround or current_theme().surround)
        inside = rect.intersected(view.picture_rect)
        if not inside.isEmpty():
            painter.setClipRect(inside)
            if picture.has_alpha:
                theme = current_theme()
                brush = checker_brush(theme.checker_light, theme.checker_dark, view.ratio)
                fill_checker(painter, inside, brush, QPointF(QPoint(*view.offset)))
            draw_layers(painter, view, inside, self._layers[pane.side], translucent=picture.has_alpha)
        painter.restore()

    def _paint_labels(self, painter: QPainter) -> None:
        """The titles, quiet, in the upper corners (for the lower picture: the lower left one)."""
        if self._pictures is None:
            return
        half = self.width() // 2
        room = self.width() - 16 if self._mode is Mode.DIVIDER_ACROSS else half - 16
        for side, picture in enumerate(self._pictures):
            label = QFontMetrics(status_font()).elidedText(
                one_line(picture.name), Qt.TextElideMode.ElideRight, room - 16
            )
            width = QFontMetrics(status_font()).horizontalAdvance(label) + 16
            self._paint_label(painter, QRect(self._label_corner(side, width), QSize(width, _LABEL_HEIGHT)), label)

    def _label_corner(self, side: int, width: int) -> QPoint:
        if side == 0:
            return QPoint(8, 8)
        if self._mode is Mode.SIDE_BY_SIDE:
            return QPoint(round(self._panes()[1].area.left() / self.devicePixelRatioF()) + 8, 8)
        if self._mode is Mode.DIVIDER:
            return QPoint(self.width() - 8 - width, 8)
        return QPoint(8, self.height() - 8 - _LABEL_HEIGHT)

    def _paint_label(self, painter: QPainter, area: QRect, words: str) -> None:
        theme = current_theme()
        ground = QColor(theme.window)
        ground.setAlpha(215)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(area, 4, 4)
        painter.setFont(status_font())
        painter.setPen(theme.text)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, words)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
