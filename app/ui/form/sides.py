"""Width and height as two numbers: what fits limits and multiples, and the buttons beside the two boxes."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QToolTip, QWidget

from app.core.endpoint import Field
from app.core.sizes import Size, spell_size, written_size
from app.core.values import fault, spell
from app.ui.form.context import Context
from app.ui.form.number import tool
from app.ui.plain_text import one_line

Named = tuple[str, int, int]

_NO_MASK: Final = "Paint a mask first: this is the size of its crop."


def nearest(field: Field, number: float) -> int:
    """The whole number nearest to ``number`` that the field's limits and multiple allow."""
    multiple = max(1, round(field.step or 1))
    low = 1 if field.minimum is None else math.ceil(field.minimum)
    if field.exclusive_minimum is not None:
        low = max(low, math.floor(field.exclusive_minimum) + 1)
    high = math.inf if field.maximum is None else math.floor(field.maximum)
    if field.exclusive_maximum is not None:
        high = min(high, math.ceil(field.exclusive_maximum) - 1)
    first = math.ceil(low / multiple) * multiple
    last = math.floor(high / multiple) * multiple if math.isfinite(high) else high
    wanted = round(number / multiple) * multiple
    return int(max(first, min(wanted, last)))


def fitted(size: Size, width: Field, height: Field) -> Size:
    """``size`` brought into both fields' limits with its shape kept, each side a multiple of what it must be."""
    share = 1.0
    for side, field in zip(size, (width, height), strict=True):
        if field.maximum is not None and side * share > field.maximum:
            share = field.maximum / side
    for side, field in zip(size, (width, height), strict=True):
        if field.minimum is not None and side * share < field.minimum:
            share = field.minimum / side
    return nearest(width, size[0] * share), nearest(height, size[1] * share)


def fault_of_side(field: Field, value: object) -> str:
    """What is wrong with one side, and the nearest number that is not; "" when it fits or is no number at all."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    wrong = fault(field, value)
    return f"{wrong} The nearest that fits is {nearest(field, value)}." if wrong and math.isfinite(value) else wrong


def between(texts: Sequence[object]) -> str:
    """The sign that stands between width and height in the first written size among ``texts``."""
    like = next((text for text in texts if written_size(text) is not None), None)
    return spell_size((1, 1), like)[1]


def in_words(size: Size) -> str:
    """A size for people: "1024 × 768"."""
    return f"{spell(size[0])} × {spell(size[1])}"


class SizeTools(QWidget):
    """Buttons beside width and height: known sizes, the size of the mask's crop, width and height exchanged."""

    picked = Signal(int, int)
    swapped = Signal()

    def __init__(self, title: str, sides: Callable[[], tuple[Field, Field]], parent: QWidget | None = None) -> None:
        """``sides`` are the fields of width and height with the limits that hold when it is asked."""
        super().__init__(parent)
        self._title, self._fields = one_line(title, 40), sides
        self._context: Context | None = None
        self._named: QToolButton | None = None
        crop = tool(self, "mask", f"{self._title}: size of the mask’s crop", "Take the size of the mask’s crop")
        crop.clicked.connect(lambda: self._take_crop(crop))
        swap = tool(self, "swap", f"{self._title}: swap width and height", "Swap width and height")
        swap.clicked.connect(self.swapped)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(4)
        for button in (crop, swap):
            self._line.addWidget(button)

    def use(self, context: Context, sizes: Sequence[Named] = ()) -> None:
        """Ask ``context`` for the crop, and offer ``sizes``."""
        self._context = context
        if not sizes or self._named is not None:
            return
        self._named = tool(self, "preset", f"{self._title}: known sizes", "Known sizes")
        menu = QMenu(self._named)
        for name, width, height in sizes[:60]:
            words = f"{one_line(name, 40)}\t{in_words((width, height))}".replace("&", "&&")
            menu.addAction(words).triggered.connect(lambda _=False, w=width, h=height: self.picked.emit(w, h))
        self._named.setMenu(menu)
        self._named.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._line.insertWidget(0, self._named)

    def _take_crop(self, button: QToolButton) -> None:
        size = self._context.crop_size() if self._context is not None else None
        if size is None or min(size) < 1:
            QToolTip.showText(button.mapToGlobal(QPoint(0, button.height())), _NO_MASK, button)
            return
        self.picked.emit(*fitted(size, *self._fields()))
