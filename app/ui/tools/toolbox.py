"""One of each tool, and which one is in the hand."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from app.state.brush import BrushSettings
from app.ui.icons import icon
from app.ui.tools import TOOLS
from app.ui.tools.tool import Stage, Tool


class Toolbox(QObject):
    """``active`` is the tool in the hand; ``changed`` says that it is another one now."""

    changed = Signal()

    def __init__(self, stage: Stage, tools: tuple[type[Tool], ...] = TOOLS) -> None:
        super().__init__()
        self.tools: dict[str, Tool] = {kind.name: kind(stage) for kind in tools}
        self.active: Tool = next(iter(self.tools.values()))

    def select(self, name: str) -> None:
        """Take the tool of that name; a gesture that the other one is in the middle of is abandoned."""
        if name != self.active.name:
            self.active.abandon()
            self.active = self.tools[name]
            self.changed.emit()

    def swap(self) -> None:
        """From brush to eraser and back; from any other tool to the brush."""
        self.select("eraser" if self.active.name == "brush" else "brush")


def tool_actions(toolbox: Toolbox, parent: QObject) -> list[QAction]:
    """A checkable action with icon, key and hint for each tool, for tool bar and menu alike."""
    group = QActionGroup(parent)
    actions = []
    for tool in toolbox.tools.values():
        action = QAction(icon(tool.icon), tool.title, group, checkable=True)
        action.setObjectName(f"tool.{tool.name}")
        action.setShortcuts([QKeySequence(key) for key in tool.keys])
        action.setToolTip(f"{tool.title} ({', '.join(tool.keys)})")
        action.setStatusTip(tool.hint)
        action.setChecked(tool is toolbox.active)
        action.triggered.connect(lambda _checked, name=tool.name: toolbox.select(name))
        toolbox.changed.connect(lambda action=action, tool=tool: action.setChecked(tool is toolbox.active))
        actions.append(action)
    return actions


def brush_actions(toolbox: Toolbox, brush: BrushSettings, parent: QObject) -> list[QAction]:
    """Swap, larger and smaller, with their keys."""
    actions = []
    for name, title, key, act in (
        ("brush.swap", "Swap brush and eraser", "X", toolbox.swap),
        ("brush.smaller", "Smaller brush", "[", lambda: brush.step(-1)),
        ("brush.larger", "Larger brush", "]", lambda: brush.step(1)),
    ):
        action = QAction(title, parent)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(act)
        actions.append(action)
    return actions
