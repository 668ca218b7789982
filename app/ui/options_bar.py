"""The bar above the canvas: the active tool's options, how far grow and shrink go, and how the mask is shown."""

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QColorDialog, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.core.endpoint import MISSING, Field
from app.core.values import spell
from app.ui.canvas.display import Display
from app.ui.form.choose import editor_for
from app.ui.form.face import Editor, Json
from app.ui.form.number import NumberBox, NumberEditor
from app.ui.form.proportion import ProportionEditor, is_wide
from app.ui.icons import icon, pixmap
from app.ui.theme import current_theme, refresh
from app.ui.tools.tool import Tool

HEIGHT: Final = 40
_SWATCH: Final = 16

AMOUNT = Field(
    path="amount",
    kind="integer",
    title="Grow by",
    description="Pixels by which Grow and Shrink move the mask's edge.",
    default=4,
    minimum=1,
    maximum=1000,
    step=1,
)
OPACITY = Field(
    path="opacity",
    kind="integer",
    title="Overlay opacity",
    description="How much of the picture the overlay hides, in per cent. The mask itself does not change.",
    default=50,
    minimum=0,
    maximum=100,
    step=1,
)


class OptionsBar(QWidget):
    """Shows what ``show_tool`` was given last; changes go straight to the tool's settings and to ``display``."""

    amount_changed = Signal(int)

    def __init__(self, display: Display, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Options")
        self._display = display
        self._tool: Tool | None = None
        self._editors: dict[str, Editor] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 12, 1)
        self._row.setSpacing(8)
        self._mark = QLabel()
        self._mark.setFixedWidth(20)
        self._title = QLabel()
        self._row.addWidget(self._mark)
        self._row.addWidget(self._title)
        self._options = _options_row()
        self._row.addWidget(self._options)
        self._row.addStretch(1)
        self._amount = self._add_amount()
        self._add_overlay()
        display.changed.connect(self._show_display)
        self._show_display()

    @property
    def amount(self) -> int:
        """Pixels (1 to 1000) that Grow and Shrink go by."""
        number = self._amount.number()
        fits = isinstance(number, int) and 1 <= number <= 1000
        return number if fits else int(AMOUNT.default)

    def set_amount(self, pixels: int) -> None:
        """Show another amount."""
        self._amount.show_number(pixels)
        self._mark_amount()

    def show_tool(self, tool: Tool) -> None:
        """Show ``tool``'s options."""
        if self._tool is not None and self._tool.settings is not None:
            self._tool.settings.changed.disconnect(self._show_settings)
        self._tool = tool
        self._draw_mark()
        self._title.setText(tool.title)
        self._fill_options(tool)
        if tool.settings is not None:
            tool.settings.changed.connect(self._show_settings)
            self._show_settings()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._tool is not None:
            self._draw_mark()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._tool is not None:
            self._draw_mark()
            self._show_display()
        return super().event(event)

    # -- the tool's options ------------------------------------------------------------------------------------------

    def _fill_options(self, tool: Tool) -> None:
        self._editors = {}
        fresh = _options_row()
        row = fresh.layout()
        assert row is not None
        for field in tool.options:
            editor = _editor(field, fresh)
            editor.changed.connect(lambda path=field.path: self._take(path))
            if not editor.labelled:
                label = QLabel(field.title)
                label.setProperty("secondary", True)
                label.setBuddy(editor)
                row.addWidget(label)
            editor.setMinimumWidth(editor.sizeHint().width())  # in a narrow window nothing lies over anything else
            row.addWidget(editor)
            self._editors[field.path] = editor
        self._row.replaceWidget(self._options, fresh)
        fresh.show()
        self._options.hide()
        self._options.deleteLater()
        self._options = fresh

    def _take(self, path: str) -> None:
        """The user set an option: hand it on when it is a value that fits, and say so when it is not."""
        editor = self._editors[path]
        value = editor.field.default if editor.value() is MISSING else editor.value()
        problem = _problem(editor.field, value)
        editor.show_problem(problem)
        editor.setToolTip(problem or editor.field.description)
        if self._tool is not None and self._tool.settings is not None and not problem:
            setattr(self._tool.settings, path, value)

    def _show_settings(self) -> None:
        if self._tool is None or self._tool.settings is None:
            return
        for path, editor in self._editors.items():
            value = getattr(self._tool.settings, path)
            if value != editor.value():
                editor.set_value(value)
                editor.show_problem("")

    def _draw_mark(self) -> None:
        """A label keeps pixels, so a change of theme or screen draws them again."""
        assert self._tool is not None
        self._mark.setPixmap(pixmap(self._tool.icon, ratio=self.devicePixelRatioF()))

    # -- grow and shrink ---------------------------------------------------------------------------------------------

    def _add_amount(self) -> NumberBox:
        label = QLabel(AMOUNT.title)
        label.setProperty("secondary", True)
        box = NumberBox(AMOUNT, self)
        box.setFixedWidth(52)
        box.setAccessibleName("Grow and shrink by, pixels")
        box.show_number(AMOUNT.default)
        box.edited.connect(self._mark_amount)
        label.setBuddy(box)
        self._row.addWidget(label)
        self._row.addWidget(box)
        self._row.addWidget(_rule())
        return box

    def _mark_amount(self) -> None:
        problem = _problem(AMOUNT, self._amount.number())
        self._amount.setToolTip(problem or AMOUNT.description)
        if bool(self._amount.property("invalid")) != bool(problem):
            self._amount.setProperty("invalid", bool(problem))
            refresh(self._amount)
        if not problem:
            self.amount_changed.emit(self.amount)

    # -- how the mask is shown ---------------------------------------------------------------------------------------

    def _add_overlay(self) -> None:
        self._overlay = _button("overlay", "Mask overlay", "Show or hide the mask (\\)")
        self._overlay.setCheckable(True)
        self._overlay.clicked.connect(self._display.show_mask)
        self._colour = _button("", "Overlay colour", "The overlay's colour")
        self._colour.clicked.connect(self._choose_colour)
        self._opacity = NumberEditor(OPACITY, self)
        self._opacity.setMinimumWidth(120)
        self._opacity.setMaximumWidth(168)
        self._opacity.changed.connect(self._take_opacity)
        percent = QLabel("%")
        percent.setProperty("secondary", True)
        for widget in (self._overlay, self._colour, self._opacity, percent):
            self._row.addWidget(widget)

    def _take_opacity(self) -> None:
        value = 50 if self._opacity.value() is MISSING else self._opacity.value()
        problem = _problem(OPACITY, value)
        self._opacity.show_problem(problem)
        if not problem:
            self._display.opacity = value / 100

    def _choose_colour(self) -> None:
        dialog = QColorDialog(self._display.colour, self)
        dialog.setWindowTitle("Overlay colour")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.currentColorChanged.connect(lambda colour: setattr(self._display, "colour", colour))
        before = self._display.colour
        dialog.rejected.connect(lambda: setattr(self._display, "colour", before))
        dialog.open()

    def _show_display(self) -> None:
        self._overlay.setChecked(self._display.shows_mask)
        self._colour.setIcon(_swatch(self._display.colour, self.devicePixelRatioF()))
        percent = round(100 * self._display.opacity)
        if self._opacity.value() != percent:
            self._opacity.set_value(percent)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current_theme().panel)
        painter.fillRect(0, self.height() - 1, self.width(), 1, current_theme().hairline)
        painter.end()


def _editor(field: Field, parent: QWidget) -> Editor:
    return ProportionEditor(field, parent) if is_wide(field) else editor_for(field, parent)


def _problem(field: Field, value: Json) -> str:
    """What is wrong with ``value``, in words; "" when it fits."""
    if field.kind == "boolean":
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        return f"{field.title} is a whole number."
    low, high = field.minimum or 0, field.maximum or 0
    return "" if low <= value <= high else f"{field.title} is {spell(low)} to {spell(high)}."


def _options_row() -> QWidget:
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(8, 0, 0, 0)
    row.setSpacing(8)
    return widget


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("rule", "vertical")
    rule.setFixedHeight(24)
    return rule


def _button(picture: str, name: str, hint: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("compact", True)
    if picture:
        button.setIcon(icon(picture, size=16))
    button.setAccessibleName(name)
    button.setToolTip(hint)
    return button


def _swatch(colour: QColor, ratio: float) -> QIcon:
    side = round(_SWATCH * ratio)
    drawn = QPixmap(side, side)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(colour)
    return QIcon(drawn)
