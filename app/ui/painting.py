"""The canvas among its neighbours: tools, options bar, status line, overlay, undo, and the window's title."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.state.document import Document
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.display import SURROUNDS, Display
from app.ui.compare.view import CompareView
from app.ui.filing import Filing
from app.ui.options_bar import OptionsBar
from app.ui.status_line import StatusLine
from app.ui.theme import current_theme
from app.ui.tools.toolbox import Toolbox
from app.ui.window import Window


class Painting(QObject):
    """Connects what one paints with. ``commands`` are those of the canvas and the mask."""

    def __init__(
        self,
        window: Window,
        document: Document,
        canvas: Canvas,
        display: Display,
        compare: CompareView,
        toolbox: Toolbox,
        options: OptionsBar,
        status: StatusLine,
    ) -> None:
        super().__init__()
        self._window, self._document, self._canvas = window, document, canvas
        self._display, self._compare, self._toolbox = display, compare, toolbox
        self._options, self._status = options, status
        canvas.view_changed.connect(lambda view: status.show_zoom(view.scale))
        canvas.pointer_moved.connect(status.show_position)
        toolbox.changed.connect(self._take_tool)
        document.mask_changed.connect(lambda _: status.mask_changed())
        document.opened.connect(self._opened)
        document.undo_changed.connect(self._show_undo)
        display.changed.connect(lambda: window.action("overlay").setChecked(display.shows_mask))
        display.changed.connect(self._show_surround)
        window.action("overlay").triggered.connect(display.show_mask)
        window.original_held.connect(lambda held: self._seen().show_original(held))
        self._take_tool()
        self._show_undo()
        self._show_surround()

    def take_files_from(self, filing: Filing) -> None:
        """What is dropped on the canvas, or asked for there, goes to ``filing``."""
        canvas = self._canvas
        canvas.open_requested.connect(filing.open)
        canvas.paste_requested.connect(filing.paste)
        canvas.sample_requested.connect(filing.open_sample)
        canvas.dropped.connect(filing.drop)
        canvas.dropped_image.connect(filing.drop_image)

    def commands(self) -> dict[str, Callable[[], object]]:
        """By the names of ``app.ui.commands``."""
        document, options = self._document, self._options
        return {
            "undo": document.undo,
            "redo": document.redo,
            "invert": document.invert,
            "grow": lambda: document.grow(options.amount),
            "shrink": lambda: document.shrink(options.amount),
            "fill-all": document.fill_all,
            "clear": document.clear,
            "zoom-in": lambda: self._seen().zoom_steps(1),
            "zoom-out": lambda: self._seen().zoom_steps(-1),
            "fit": lambda: self._seen().fit(),
            "actual-size": lambda: self._seen().actual_size(),
            "zoom-mask": lambda: self._seen().zoom_to_mask(),
            "surround": self._display.next_surround,
        }

    def _seen(self) -> Canvas | CompareView:
        """What stands in the middle of the window: zoom and the original mean it."""
        return self._compare if self._window.action("compare").isChecked() else self._canvas

    def _take_tool(self) -> None:
        tool = self._toolbox.active
        self._canvas.use(tool)
        self._options.show_tool(tool)
        self._status.show_hint(tool.hint)

    def _opened(self) -> None:
        self._status.check_mask()
        self._show_name()

    def _show_name(self) -> None:
        document = self._document
        untitled = "Untitled" if document.picture is not None else ""
        self._window.show_document(document.path.name if document.path else untitled, document.modified)

    def _show_undo(self) -> None:
        self._window.show_undo(self._document.undo_name, self._document.redo_name)
        self._show_name()

    def _show_surround(self) -> None:
        follows_theme = self._display.surround == SURROUNDS[0]
        colour = None if follows_theme else self._display.surround_colour(current_theme())
        self._compare.set_surround(colour)
