"""The comparison as the window shows it in the canvas's place. A pure viewer: pictures in, choices out."""

from collections.abc import Sequence
from concurrent.futures import Executor

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget

from app.core.geometry import Box
from app.ui.compare.bar import CompareBar
from app.ui.compare.panes import Mode
from app.ui.compare.picture import ComparePicture
from app.ui.compare.readout import CompareReadout, size_words
from app.ui.compare.stage import CompareStage

HINT = "Wheel zooms, drag pans, double click fits"
DIVIDER_HINT = "Drag the divider, or move it with the arrow keys"


class CompareView(QWidget):
    """Two pictures under one zoom and pan. ``executor`` makes the smaller copies of big ones."""

    closed = Signal()
    accepted = Signal()
    left_chosen = Signal(str)
    """The key of what the result shall be compared with."""

    def __init__(self, executor: Executor | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = CompareStage(executor, self)
        self.bar = CompareBar(self)
        self.readout = CompareReadout(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.bar, self.stage, self.readout):
            column.addWidget(part)
        column.setStretchFactor(self.stage, 1)
        self.setFocusProxy(self.stage)
        self.setProperty("foot", self.readout.height())  # the window's messages lie there: the names stand on top
        self._left: ComparePicture | None = None
        self._right: ComparePicture | None = None
        self._original: ComparePicture | None = None
        self._box: Box | None = None
        self._is_swapped = False
        self._connect()
        self.set_mode(Mode.SIDE_BY_SIDE)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def set_pictures(self, left: ComparePicture, right: ComparePicture, original: ComparePicture | None = None) -> None:
        """Compare ``left`` with ``right``, the result that can be accepted; ``original`` is ``left`` unless given."""
        self._left, self._right, self._original = left, right, original or left
        self._show()

    def clear(self) -> None:
        """Show nothing and let go of the pictures and of all that was made from them."""
        self._left = self._right = self._original = self._box = None
        self.bar.original.setChecked(False)
        self.stage.clear()

    def set_choices(self, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        """What the result can be compared with, as (key, words)."""
        self.bar.set_choices(choices, chosen)

    def set_acceptable(self, acceptable: bool) -> None:
        """Whether the result on the right can be accepted."""
        self.bar.set_acceptable(acceptable)

    def set_surround(self, colour: QColor | None) -> None:
        """The ground beside the pictures; None for the theme's."""
        self.stage.set_surround(colour)

    def pixels_changed(self, box: Box) -> None:
        """Pixels that are shown were changed in place within ``box``."""
        self.stage.pixels_changed(box)

    def set_mode(self, mode: Mode) -> None:
        """Lay the pictures out another way."""
        self.stage.set_mode(mode)
        self.bar.show_mode(mode)
        self._say_hint()
        self._say_pixel(None)

    def show_original(self, shown: bool) -> None:
        """Show the original in the result's place, or the result again."""
        self.bar.original.setChecked(shown)

    def swap(self) -> None:
        """The two pictures change places."""
        self._is_swapped = not self._is_swapped
        self._show()

    # -- zoom and pan, named as on the canvas: the window's commands mean whichever is seen -------------------------

    def focus(self, box: Box) -> None:
        """Show ``box`` (the mask's) with some of what is round it."""
        self._box = box
        self.stage.focus_on(box)

    def zoom_to_mask(self) -> None:
        """Show the box that ``focus`` was given last; everything when there was none."""
        if self._box is None:
            self.fit()
        else:
            self.stage.focus_on(self._box)

    def fit(self) -> None:
        """Show everything."""
        self.stage.fit()

    def actual_size(self) -> None:
        """One picture pixel on one pixel of the screen."""
        self.stage.actual_size()

    def zoom_steps(self, steps: int) -> None:
        """``steps`` in, or out when negative."""
        self.stage.zoom(steps)

    # -- events ------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Escape | Qt.Key.Key_C:
                self.closed.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._enter()
            case Qt.Key.Key_O if not event.isAutoRepeat():
                self.show_original(True)
            case _:
                super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_O and not event.isAutoRepeat():
            self.show_original(False)
            return
        super().keyReleaseEvent(event)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.bar.mode_chosen.connect(self.set_mode)
        self.bar.swapped.connect(self.swap)
        self.bar.original_toggled.connect(self._show)
        self.bar.left_chosen.connect(self.left_chosen)
        self.bar.accepted.connect(self.accepted)
        self.bar.closed.connect(self.closed)
        self.stage.hovered.connect(self._say_pixel)
        self.stage.view_changed.connect(lambda: self.readout.show_zoom(self.stage.view.scale))

    def _enter(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()  # a button that has the focus means itself
        elif self.bar.accept.isEnabled():
            self.accepted.emit()

    def _show(self) -> None:
        if self._left is None or self._right is None or self._original is None:
            return
        right = self._original if self.bar.original.isChecked() else self._right
        pair = (right, self._left) if self._is_swapped else (self._left, right)
        self.stage.show_pictures(*pair)
        self._say_hint()
        self._say_pixel(None)

    def _say_hint(self) -> None:
        pictures = self.stage.pictures
        differ = size_words(*pictures) if pictures is not None else ""
        self.readout.hint.say(differ or (DIVIDER_HINT if self.stage.mode.has_divider else HINT))

    def _say_pixel(self, pixel: tuple[int, int] | None) -> None:
        if self.stage.pictures is not None:
            upright = self.stage.mode is not Mode.DIVIDER_ACROSS
            names = ("Left", "Right") if upright else ("Upper", "Lower")
            self.readout.show_pixel(pixel, self.stage.pictures, names)
