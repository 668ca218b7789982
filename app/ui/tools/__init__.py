"""The tools, in the order of their buttons. A new tool is one file and one name here."""

from app.ui.tools.brush import Brush
from app.ui.tools.eraser import Eraser
from app.ui.tools.hand import Hand
from app.ui.tools.tool import Tool
from app.ui.tools.zoom import Zoom

TOOLS: tuple[type[Tool], ...] = (Brush, Eraser, Hand, Zoom)
