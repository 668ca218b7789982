"""The parameter panel: endpoint and backend on top, the form and the blend below them, Generate at the foot."""

from itertools import pairwise
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core.endpoint import MISSING, Field
from app.core.request import MOST_GROW, BlendSettings
from app.core.values import fault, spell
from app.state.parameters import Parameters
from app.ui.form.context import NOTHING, Context
from app.ui.form.form import Form
from app.ui.form.row import Row
from app.ui.panel_foot import Foot
from app.ui.panel_head import BackendSwitch, EndpointLine, PracticeOptions

WIDTH: Final = 320
NARROWEST: Final = 280
_PADDING: Final = 12

_GROW: Final = Field(
    "grow",
    "integer",
    "Grow mask",
    "Pixels by which the mask is grown before it is sent and blended.",
    default=0,
    minimum=0,
    maximum=MOST_GROW,
)
_FEATHER: Final = Field(
    "feather",
    "number",
    "Edge blend",
    "Pixels of soft transition inside the mask’s edge; 0 is a hard edge. Nothing outside the mask changes.",
    default=0,
    minimum=0,
    maximum=MOST_GROW,
    step=1,
)


class ParameterPanel(QWidget):
    """Shows the draft of the next request and lets it be changed. Owns no values: ``Parameters`` does."""

    generate_requested = Signal()
    practice_changed = Signal(dict)
    add_endpoint_requested = Signal(str)
    """Words that an endpoint was looked for with, "" for none."""
    role_requested = Signal(str, object)
    """A field's path and the role it is to have, None for none."""

    def __init__(self, parameters: Parameters, parent: QWidget | None = None, *, context: Context = NOTHING) -> None:
        super().__init__(parent)
        self._parameters, self._context = parameters, context
        self._fault = ""
        self.form: Form | None = None
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(NARROWEST)
        self._head = _Head(self)
        self._scroll = _scroll_area(self)
        self._foot = Foot(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(_rule(self))
        layout.addWidget(self._scroll, 1)
        layout.addWidget(_rule(self))
        layout.addWidget(self._foot)
        self._connect()
        self._show_endpoint()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 640)

    @property
    def practice(self) -> dict[str, Any]:
        """How the practice backend is to behave."""
        return self._head.practice.options()

    @property
    def generate_menu(self) -> QMenu:
        """The menu beside Generate; the window fills it."""
        return self._foot.menu

    @property
    def presets_menu(self) -> QMenu:
        """The menu of presets; the window fills it."""
        return self._head.line.presets.menu()

    @property
    def values_menu(self) -> QMenu:
        """The menu of what can be done with endpoint and values; the window fills it."""
        return self._head.line.more.menu()

    def open_endpoints(self) -> None:
        """Open the list of endpoints."""
        self._head.endpoints.open_list()

    def set_generate(self, text: str, reason: str = "", field: str = "") -> None:
        """What Generate says; with a ``reason`` it is disabled and says why, linked to the ``field`` at fault."""
        self._fault = field
        title = next((known.title for known in self._parameters.endpoint.fields if known.path == field), "")
        named = f"{title}: {reason[:1].lower()}{reason[1:]}" if title and title not in reason else reason
        self._foot.show_state(text, named, field)

    def focus_field(self, path: str) -> None:
        """Go to a field and say what is wrong with it."""
        if self.form is None:
            return
        self.form.insist()
        row = self.form.reveal(path)
        if row is not None:
            # The layout of a fold that just opened is known only after this turn of the loop.
            QTimer.singleShot(0, row, lambda: self._scroll.ensureWidgetVisible(row, 0, 24))

    def _connect(self) -> None:
        parameters, head, foot = self._parameters, self._head, self._foot
        head.endpoints.chosen.connect(parameters.choose)
        head.endpoints.add_requested.connect(self.add_endpoint_requested)
        head.backends.chosen.connect(parameters.choose_backend)
        head.practice.changed.connect(self.practice_changed)
        foot.generate.clicked.connect(self.generate_requested)
        foot.reason.clicked.connect(self._on_reason)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._make_room)
        parameters.endpoint_changed.connect(self._show_endpoint)
        parameters.endpoints_changed.connect(self._show_choice)
        parameters.backend_changed.connect(self._show_backend)
        parameters.value_changed.connect(self._show_values)
        parameters.problems_changed.connect(self._show_problems)
        parameters.blend_changed.connect(self._show_blend)

    def _show_endpoint(self) -> None:
        parameters = self._parameters
        self._show_choice()
        self._show_backend()
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(_PADDING, 0, _PADDING, 0)
        layout.setSpacing(0)
        self.form = Form(parameters.endpoint, parameters.values, page, context=self._context)
        self.form.value_changed.connect(self._on_value)
        self.form.role_requested.connect(self.role_requested)
        self._blend = _BlendGroup(page)
        self._blend.changed.connect(self._on_blend)
        layout.addWidget(self.form)
        layout.addWidget(_rule(page))
        layout.addWidget(self._blend)
        layout.addStretch(1)
        self._scroll.setWidget(page)
        self._make_room()
        self._show_problems()
        self._show_blend()
        self.form.rows_added.connect(self._order_tabs)
        self._order_tabs()

    def _show_choice(self) -> None:
        self._head.endpoints.show_endpoints(self._parameters.endpoints, self._parameters.endpoint)

    def refresh_canvas(self) -> None:
        """Picture, mask or crop look different now."""
        if self.form is not None:
            self.form.refresh_canvas()

    def _order_tabs(self) -> None:
        """Tab goes from top to bottom: a form that was made later would otherwise come after Generate."""
        middle = self.form.in_order() if self.form is not None else []
        parts = [self._head, *middle, self._blend, self._foot]
        stops = [stop for part in parts for stop in _tab_stops(part)]
        for one, other in pairwise(stops):
            QWidget.setTabOrder(one, other)

    def _make_room(self) -> None:
        """The scroll bar stands in the padding at the right, so the fields keep their width when it comes."""
        page = self._scroll.widget()
        layout = page.layout() if page is not None else None
        if layout is not None:
            needed = self._scroll.verticalScrollBar().maximum() > 0
            layout.setContentsMargins(_PADDING, 0, 0 if needed else _PADDING, 0)

    def _show_backend(self) -> None:
        parameters = self._parameters
        self._head.backends.show_backend(parameters.backend, parameters.backends)
        self._head.practice.setVisible(parameters.backend == "practice")

    def _show_values(self) -> None:
        if self.form is not None:
            self.form.set_values(self._parameters.values)
        self._show_problems()

    def _show_problems(self) -> None:
        """What keeps a value from being sent, and what a provider said of the last one."""
        if self.form is None:
            return
        complaints = self._parameters.complaints
        self.form.set_problems({**complaints, **self._parameters.problems})
        for path in complaints:
            row = self.form.rows.get(path)
            if row is not None:
                row.insist()  # it was sent: nobody need touch it first

    def _show_blend(self) -> None:
        self._blend.show_blend(self._parameters.blend)

    def _on_value(self, path: str, value: object) -> None:
        if value is MISSING:
            self._parameters.reset(path)
        else:
            self._parameters.set_value(path, value)

    def _on_blend(self, blend: BlendSettings) -> None:
        self._parameters.set_blend(blend)

    def _on_reason(self) -> None:
        if self._fault:
            self.focus_field(self._fault)


class _Head(QWidget):
    """Endpoint, backend, practice options."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line = EndpointLine(self)
        self.endpoints = self.line.button
        self.backends = BackendSwitch(self)
        self.practice = PracticeOptions(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_PADDING, 8, _PADDING, _PADDING)
        layout.setSpacing(8)
        for part in (self.line, self.backends, self.practice):
            layout.addWidget(part)


class _BlendGroup(QWidget):
    """How a result meets the picture."""

    changed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, _PADDING)
        layout.setSpacing(8)
        heading = QLabel("Blend (pixels)", self)
        heading.setProperty("secondary", True)
        layout.addWidget(heading)
        self._grow = Row(_GROW, parent=self)
        self._feather = Row(_FEATHER, parent=self)
        self._blend = BlendSettings()
        for row in (self._grow, self._feather):
            row.changed.connect(self._on_change)
            layout.addWidget(row)

    def show_blend(self, blend: BlendSettings) -> None:
        """Show what changed elsewhere; 0 is the same as unset. A box that is being typed in is left alone."""
        before, self._blend = self._blend, blend
        if blend.grow != before.grow:
            self._grow.set_value(blend.grow or MISSING)
        if blend.feather != before.feather:
            self._feather.set_value(blend.feather or MISSING)

    def _on_change(self) -> None:
        self._blend = BlendSettings(
            int(_width(self._grow, self._blend.grow)), float(_width(self._feather, self._blend.feather))
        )
        self.changed.emit(self._blend)


def _width(row: Row, before: float) -> float:
    """The row's width; one that cannot be used is said, and the one before it stays."""
    value = row.value()
    wrong = "" if value is MISSING else fault(row.field, value)
    row.show_problem(f"{wrong} Until then {spell(before)} is used." if wrong else "")
    return before if wrong else 0 if value is MISSING else float(value)


def _tab_stops(part: QWidget) -> list[QWidget]:
    """The widgets in ``part``, itself included, that Tab stops at; what opens as a window of its own is left out."""
    found = [widget for widget in (part, *part.findChildren(QWidget)) if widget.window() is part.window()]
    return [widget for widget in found if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]


def _scroll_area(parent: QWidget) -> QScrollArea:
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def _rule(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("rule", "horizontal")
    line.setFixedHeight(1)
    return line
