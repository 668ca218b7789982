"""Opens the sheet of what will be sent, keeps it alive while it is looked at, and outlines the crops on the canvas."""

from concurrent.futures import Executor, Future
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFileDialog

from app.core.errors import AppError
from app.state.beside import beside
from app.state.crop_plan import CropPlan
from app.state.generation import Generation, Readiness
from app.state.sending import SendingSheet, save_parts
from app.state.sending_live import LiveSheet
from app.ui.canvas.canvas import Canvas
from app.ui.generating import Generating
from app.ui.sending.sheet import SendingView
from app.ui.window import Window


class Announcing(QObject):
    """Connects the commands "sheet" and "crops" with the sheet and the canvas."""

    def __init__(
        self,
        window: Window,
        canvas: Canvas,
        plan: CropPlan,
        live: LiveSheet,
        generation: Generation,
        generating: Generating,
        executor: Executor,
    ) -> None:
        """``generating`` does what the sheet's own Generate asks for."""
        super().__init__()
        self._window, self._canvas, self._plan, self._live = window, canvas, plan, live
        self._generation, self._generating = generation, generating
        self._executor = executor
        self._made: SendingView | None = None
        plan.boxes_changed.connect(self._show_crops)
        window.installEventFilter(self)
        window.action("sheet").triggered.connect(self.show)
        window.action("crops").toggled.connect(self._show_crops)

    @property
    def view(self) -> SendingView:
        """The sheet's window, made when it is first asked for: the program's start does not pay for it."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def _make(self) -> SendingView:
        view = SendingView(self._window)
        view.addAction(self._window.action("generate"))
        view.shown.connect(self._live.watch)
        view.shown.connect(self._show_crops)
        view.save_requested.connect(self._ask_folder)
        view.generate_requested.connect(self._generating.generate)
        self._live.changed.connect(view.show_sheet)
        self._live.working.connect(view.show_working)
        self._live.failed.connect(lambda error: view.say(str(error)))
        _show_ready(view, self._generation.readiness())
        self._generation.readiness_changed.connect(lambda readiness: _show_ready(view, readiness))
        return view

    def show(self, *_: object) -> None:
        """Open the sheet, or bring it to the front."""
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that is gone takes the sheet with it; Qt would leave it standing alone."""
        gone = event.type() == QEvent.Type.Hide and not event.spontaneous() and watched is self._window
        if gone and self._made is not None:
            self._made.close()
        return False

    def _show_crops(self, *_: object) -> None:
        wanted = (self._made is not None and self._made.isVisible()) or self._window.action("crops").isChecked()
        self._canvas.show_crops(self._plan.boxes if wanted else ())

    def _ask_folder(self) -> None:
        sheet = self.view.sheet
        if sheet is None:
            return
        dialog = QFileDialog(self.view, "Save picture and mask in a folder")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.save(sheet, Path(name)))
        dialog.open()

    def save(self, sheet: SendingSheet, folder: Path) -> None:
        """Write the parts of ``sheet`` into ``folder`` on the thread, and say so."""
        beside(self._executor, lambda: save_parts(sheet, folder), lambda done: self._saved(folder, done))

    def _saved(self, folder: Path, done: "Future[tuple[Path, ...]]") -> None:
        error = done.exception()
        if isinstance(error, AppError):
            self.view.say(str(error))
            return
        names = [path.name for path in done.result()]
        self.view.say(f"Saved {' and '.join(names) if len(names) == 2 else f'{len(names)} files'} in {folder.name}.")


def _show_ready(view: SendingView, readiness: Readiness) -> None:
    view.say_ready(readiness.text, readiness.reason)
