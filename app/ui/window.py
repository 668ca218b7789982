"""The window: where everything stands, its menus, keys and panels. What the commands do is connected in ``compose``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QSizePolicy,
    QStackedWidget,
    QTextEdit,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.ui.commands import COMMANDS, MENUS, Command
from app.ui.grip import Grip
from app.ui.icons import icon
from app.ui.over_top import OverTop

WRITING = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)
"""Widgets in which letters are text and not commands."""
ON_THE_TOOL_BAR = ("invert", "grow", "shrink", "clear", "", "undo", "redo", "", "compare")
SMALLEST = (1124, 600)
"""Pixels at which the options bar and the narrowest panel still stand side by side; 1280x720 is what must work well."""
STATE_VERSION = 1
FRAME = 48
"""Pixels left for the window's title when it is made as high as the screen."""


@dataclass(frozen=True)
class Parts:
    """The widgets that the window arranges."""

    options: QWidget
    messages: QWidget
    canvas: QWidget
    compare: QWidget
    status: QWidget
    panel: QWidget
    strip: QWidget


class Window(QMainWindow):
    """Comes in two steps, so that it is seen at once: an empty window with its menus, then ``fill`` with what is in it.

    ``action(id)`` is each command's QAction.
    """

    close_requested = Signal()
    original_held = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)
        self._parts: Parts | None = None
        self._may_close = False
        self._original_is_held = False
        self._document_title, self._progress_title, self._working_title = "Mendbrush", "", ""
        self._actions = {command.id: self._made(command) for command in COMMANDS}
        self._menus = self._fill_menus()
        self._actions["full-screen"].toggled.connect(self._full_screen)
        self._show_title()
        ground = QWidget()
        ground.setProperty("surface", "surround")
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCentralWidget(ground)

    def fill(self, parts: Parts, tools: Sequence[QAction], gestures: Sequence[QAction]) -> None:
        """Put everything in its place; ``tools`` stand on the tool bar, ``gestures`` have only a key."""
        self._parts = parts
        self.addActions([*tools, *gestures])
        self._menus["Mask"].addSeparator()
        self._menus["Mask"].addActions([*tools, *gestures])
        self._arrange(parts)
        self._bar = self._tool_bar(tools)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self._bar)
        self._actions["panels"].toggled.connect(self._show_panels)
        self._actions["next-part"].triggered.connect(lambda: self._go_round(1))
        self._actions["previous-part"].triggered.connect(lambda: self._go_round(-1))
        self.installEventFilter(self)
        _program().focusChanged.connect(self._hear)

    def action(self, command: str) -> QAction:
        """The action of a command of ``app.ui.commands``."""
        return self._actions[command]

    def show_compare(self, on: bool) -> None:
        """The comparison in the canvas's place, or the canvas."""
        if self._parts is None:
            return
        shown = self._parts.compare if on else self._parts.canvas
        self._stack.setCurrentWidget(shown)
        self._show_bars()
        shown.setFocus()

    def show_document(self, name: str, modified: bool) -> None:
        """The title: the picture's name, "" without one, and whether it was changed."""
        self._document_title = f"{name}{'*' * modified} – Mendbrush" if name else "Mendbrush"
        self._show_title()

    def show_progress(self, running: bool, fraction: float | None) -> None:
        """What runs, in the title too: it is seen when the window is behind others."""
        self._progress_title = "" if not running else "… " if fraction is None else f"{int(fraction * 100)} % "
        self._show_title()

    def show_working(self, what: str) -> None:
        """A file is being read or written; "" when it is done."""
        self._working_title = f"{what}… " if what else ""
        self._show_title()

    def show_undo(self, undo: str, redo: str) -> None:
        """What undo and redo would do."""
        for command, name in (("undo", undo), ("redo", redo)):
            action = self._actions[command]
            action.setEnabled(bool(name))
            action.setText(f"&{command.capitalize()} {name}".rstrip())

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self._working_title}{self._progress_title}{self._document_title}")

    def keep(self) -> dict[str, str]:
        """The window's place and the panels' sizes, as text for the settings."""
        return {
            "geometry": bytes(self.saveGeometry().toBase64().data()).decode(),
            "panels": bytes(self.saveState(STATE_VERSION).toBase64().data()).decode(),
            "width": str(self._docks[0].width()),
        }

    def bring_back(self, kept: Mapping[str, str]) -> None:
        """The window's place, from ``keep``; what does not fit any more is ignored."""
        if not self.restoreGeometry(QByteArray.fromBase64(kept.get("geometry", "").encode())):
            room = self.screen().availableSize()  # without the frame that the desktop draws round the window
            self.resize(min(1440, room.width()), min(900, room.height() - FRAME))

    def bring_back_panels(self, kept: Mapping[str, str]) -> None:
        """The panels' places and sizes, from ``keep``, once they are there."""
        self.restoreState(QByteArray.fromBase64(kept.get("panels", "").encode()), STATE_VERSION)
        width = kept.get("width", "")
        beside = int(width) if width.isdecimal() else self._docks[0].sizeHint().width()
        # The state's sizes are for a window that is shown afterwards; in one that is seen already Qt spreads them.
        QTimer.singleShot(0, self, lambda: self._size_panels(beside))

    def _size_panels(self, beside: int) -> None:
        self.resizeDocks([self._docks[0]], [beside], Qt.Orientation.Horizontal)
        self.resizeDocks([self._docks[1]], [self._docks[1].minimumSizeHint().height()], Qt.Orientation.Vertical)

    def close_for_good(self) -> None:
        """Close without asking again."""
        self._may_close = True
        _program().removeEventFilter(self)
        self.close()

    # -- Qt ----------------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is asked for; whoever is asked calls ``close_for_good``."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """What falls beside the canvas is meant for it."""
        if self._parts is not None:
            self._parts.canvas.dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """See ``dragEnterEvent``."""
        if self._parts is not None:
            self._parts.canvas.dropEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Holding O shows the original, Tab on the canvas hides the panels; letters in a text field stay letters."""
        if event.type() == QEvent.Type.WindowDeactivate and watched is self:
            self._hold_original(False)
        if not isinstance(event, QKeyEvent) or event.isAutoRepeat() or not isinstance(watched, QWidget):
            return False
        if event.key() == Qt.Key.Key_O and event.type() == QEvent.Type.KeyRelease and self._original_is_held:
            self._hold_original(False)  # wherever the focus is by now
            return True
        if watched.window() is not self or isinstance(QApplication.focusWidget(), WRITING):
            return False
        return event.modifiers() == Qt.KeyboardModifier.NoModifier and self._obey_key(watched, event)

    def _obey_key(self, watched: QWidget, event: QKeyEvent) -> bool:
        is_press = event.type() == QEvent.Type.KeyPress
        if event.key() == Qt.Key.Key_O and is_press:
            self._hold_original(True)
            return True
        if event.key() == Qt.Key.Key_Tab and self._parts is not None and watched is self._parts.canvas:
            if is_press:
                self._actions["panels"].toggle()
            return True
        return False

    def _hear(self, left: QWidget | None, entered: QWidget | None) -> None:
        """Keys come to whatever has the focus. All that happens in the program would be too much to listen to."""
        if left is not None and left is not self:
            left.removeEventFilter(self)
        if entered is not None and entered is not self:
            entered.installEventFilter(self)

    def _hold_original(self, held: bool) -> None:
        if held != self._original_is_held:
            self._original_is_held = held
            if held:  # the key may be let go over a menu, which takes keys without taking the focus
                _program().installEventFilter(self)
            else:
                _program().removeEventFilter(self)
            self.original_held.emit(held)

    # -- building ----------------------------------------------------------------------------------------------------

    def _made(self, command: Command) -> QAction:
        action = QAction(command.text, self)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setCheckable(command.checkable)
        key = (
            f" ({QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)})"
            if command.keys
            else ""
        )
        action.setToolTip(f"{command.tip}{key}")
        action.setStatusTip(command.tip)
        if command.icon:
            action.setIcon(icon(command.icon))
        self.addAction(action)
        return action

    def _fill_menus(self) -> dict[str, QMenu]:
        bar = self.menuBar()
        menus: dict[str, QMenu] = {}
        for title in MENUS:
            menu = menus[title] = bar.addMenu(f"&{title}")
            menu.setToolTipsVisible(True)  # what cannot be done now says why
            for command in COMMANDS:
                if command.menu == title:
                    if command.separated:
                        menu.addSeparator()
                    menu.addAction(self._actions[command.id])
            if title == "File":
                self.recent_menu = QMenu("Open &recent", menu)
                menu.insertMenu(self._actions["paste"], self.recent_menu)
        return menus

    def _arrange(self, parts: Parts) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(parts.canvas)
        self._stack.addWidget(parts.compare)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(parts.options)
        column.addWidget(self._stack, 1)
        column.addWidget(parts.status)
        self.setCentralWidget(middle)
        self._lid = OverTop(parts.messages, self._stack)
        beside, below = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
        self._docks = (
            self._dock("parameters", "Parameters", parts.panel, beside),
            self._dock("history", "History", parts.strip, below),
        )
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
            self.setCorner(corner, Qt.DockWidgetArea.BottomDockWidgetArea)

    def _tool_bar(self, tools: Sequence[QAction]) -> QToolBar:
        bar = QToolBar("Tools")
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        bar.addActions(list(tools))
        bar.addSeparator()
        for command in ON_THE_TOOL_BAR:
            if command:
                bar.addAction(self._actions[command])
            else:
                bar.addSeparator()
        for button in bar.actions():
            widget = bar.widgetForAction(button)
            if widget is not None:
                widget.setAccessibleName(button.iconText())
                widget.setFocusPolicy(Qt.FocusPolicy.TabFocus if not button.isSeparator() else Qt.FocusPolicy.NoFocus)
        return bar

    def _dock(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        if area == Qt.DockWidgetArea.BottomDockWidgetArea:  # height is what a picture needs most
            dock.setFeatures(dock.features() | QDockWidget.DockWidgetFeature.DockWidgetVerticalTitleBar)
        dock.setTitleBarWidget(Grip(dock))
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        self._menus["View"].addAction(dock.toggleViewAction())
        return dock

    def _go_round(self, by: int) -> None:
        """Give the keys to the next part of the window that is seen, or to the one before."""
        if self._parts is None:
            return
        parts = self._parts
        middle = parts.compare if self._is_comparing() else parts.canvas
        ring = [middle, parts.strip, parts.panel, parts.messages, parts.options, self._bar]
        seen = [part for part in ring if part.isVisible()]
        focused = QApplication.focusWidget()
        at = next((n for n, part in enumerate(seen) if focused is part or part.isAncestorOf(focused or self)), -by)
        for step in range(1, len(seen) + 1):
            if _focus_first(seen[(at + by * step) % len(seen)]):
                return

    def _show_panels(self, hidden: bool) -> None:
        for widget in (*self._docks, self._bar):
            widget.setVisible(not hidden)
        self._show_bars()

    def _show_bars(self) -> None:
        """Options and status, unless panels are hidden or the comparison shows its own in their places."""
        if self._parts is None:
            return
        comparing = self._is_comparing()
        for widget in (self._parts.options, self._parts.status):
            widget.setVisible(not self._actions["panels"].isChecked() and not comparing)

    def _is_comparing(self) -> bool:
        return self._parts is not None and self._stack.currentWidget() is self._parts.compare

    def _full_screen(self, on: bool) -> None:
        full = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | full if on else self.windowState() & ~full)


def _focus_first(part: QWidget) -> bool:
    """Focus ``part``, or the first thing in it that takes keys; whether there was one."""
    wanted = Qt.FocusPolicy.TabFocus
    for widget in (part.focusProxy() or part, *part.findChildren(QWidget)):
        if widget.focusPolicy() & wanted and widget.isVisible() and widget.isEnabled():
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            return True
    return False


def _program() -> QApplication:
    program = QApplication.instance()
    assert isinstance(program, QApplication)
    return program
