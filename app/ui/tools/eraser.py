"""The eraser: takes the mask away."""

from app.ui.tools.stroke import ERASED, StrokeTool


class Eraser(StrokeTool):
    """Takes away what the brush painted."""

    name = "eraser"
    title = "Eraser"
    keys = ("E",)
    icon = "eraser"
    hint = "Rub the mask out. Shift-click rubs along a line; X changes to the brush."
    value = ERASED
