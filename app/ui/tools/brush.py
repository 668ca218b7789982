"""The brush: paints the mask."""

from app.ui.tools.stroke import PAINTED, StrokeTool


class Brush(StrokeTool):
    """Paints what is to be repainted."""

    name = "brush"
    title = "Brush"
    keys = ("B",)
    icon = "brush"
    hint = "Paint over what should change. Right button erases; Shift-click draws a line; [ and ] change the size."
    value = PAINTED
