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

    def __init__(self, window: Window, canvas: Canvas, plan: CropPlan, live: LiveSheet, executor: Executor) -> None:
        super().__init__()
        self._window, self._canvas, self._plan, self._live = window, canvas, plan, live
        self._executor = executor
        self.view = SendingView(window)
        self.view.addAction(window.action("generate"))
        self.view.shown.connect(live.watch)
        self.view.shown.connect(self._show_crops)
        self.view.save_requested.connect(self._ask_folder)
        live.changed.connect(self.view.show_sheet)
        live.failed.connect(lambda error: self.view.say(str(error)))
        plan.boxes_changed.connect(self._show_crops)
        window.installEventFilter(self)
        window.action("sheet").triggered.connect(self.show)
        window.action("crops").toggled.connect(self._show_crops)

    def connect_to(self, generation: Generation, generating: Generating) -> None:
        """Let the sheet's own Generate do what the window's does."""
        self.view.generate_requested.connect(generating.generate)
        generation.readiness_changed.connect(self._show_readiness)
        self._show_readiness(generation.readiness())

    def show(self, *_: object) -> None:
        """Open the sheet, or bring it to the front."""
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that is gone takes the sheet with it; Qt would leave it standing alone."""
        if event.type() == QEvent.Type.Hide and not event.spontaneous() and watched is self._window:
            self.view.close()
        return False

    def _show_readiness(self, readiness: Readiness) -> None:
        self.view.say_ready(readiness.text, readiness.reason)

    def _show_crops(self, *_: object) -> None:
        wanted = self.view.isVisible() or self._window.action("crops").isChecked()
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
