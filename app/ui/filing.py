"""Opening and saving as the user does it: dialogs, drops, the clipboard, and the question before work is lost."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu, QWidget

from app.core.arrays import Pixels
from app.state.document import Document
from app.state.files import Files
from app.ui.dialogs import MASKS, PICTURES, ask_before_closing, ask_open, ask_save


class Recent:
    """The recently opened pictures: ``paths`` newest first, ``add`` one."""

    def __init__(self, paths: Callable[[], Sequence[Path]], add: Callable[[Path], None]) -> None:
        self.paths, self.add = paths, add


class Filing(QObject):
    """Every way in and out of the document that the window offers."""

    def __init__(self, window: QWidget, document: Document, files: Files, recent: Recent, sample: Path) -> None:
        super().__init__()
        self._window, self._document, self._files = window, document, files
        self._recent, self._sample = recent, sample
        self._then: Callable[[], None] | None = None
        files.opened.connect(lambda path: recent.add(path) if path is not None else None)
        files.saved.connect(lambda _: self._go_on())
        files.not_saved.connect(lambda _: self._forget())

    def open(self) -> None:
        """Ask for a picture and open it."""
        ask_open(self._window, "Open picture", self._folder(), PICTURES, self.open_path)

    def open_path(self, path: Path) -> None:
        """Open this picture, once nothing is lost by it."""
        self._unless_lost(lambda: self._files.open(path))

    def open_sample(self) -> None:
        """Open the photo that comes with the program."""
        self._unless_lost(lambda: self._files.open_sample(self._sample, None))

    def open_mask(self) -> None:
        """Ask for a mask file and take it in place of the drawn mask."""
        ask_open(self._window, "Open mask", self._folder(), MASKS, self._files.open_mask)

    def paste(self) -> None:
        """Open what the clipboard holds: a picture, or the name of one."""
        clipboard = QGuiApplication.clipboard()
        offered: QMimeData | None = clipboard.mimeData()  # None when the clipboard is empty, whatever the stubs say
        urls = [url for url in offered.urls() if url.isLocalFile()] if offered is not None else []
        if urls:
            self.open_path(Path(urls[0].toLocalFile()))
        else:
            self.drop_image(clipboard.image())

    def drop_image(self, image: QImage) -> None:
        """Open pixels that came without a file."""
        if image.isNull():
            self._files.notice.emit("There is no picture on the clipboard; copy one and paste again.")
            return
        self._unless_lost(lambda: self._files.paste(rgba_of(image)))

    def drop(self, paths: Sequence[Path]) -> None:
        """Open the first of the files that were dropped."""
        if paths:
            self.open_path(Path(paths[0]))
        if len(paths) > 1:
            self._files.notice.emit("Several files were dropped; the first was opened.")

    def save(self) -> None:
        """Save under the picture's own name, or ask for one."""
        self._forget()
        self._save()

    def save_as(self) -> None:
        """Ask for a name and save."""
        self._forget()
        self._save_as()

    def _save(self) -> None:
        if self._document.path is not None:
            self._files.save(self._document.path)
        else:
            self._save_as()

    def _save_as(self) -> None:
        if self._document.picture is not None:
            proposed = self._proposed("", "")
            ask_save(self._window, "Save picture", proposed, PICTURES, self._files.save, self._forget)

    def save_mask(self) -> None:
        """Ask for a name and save the mask."""
        if self._document.mask is not None:
            ask_save(self._window, "Save mask", self._proposed("_mask", ".png"), MASKS, self._files.save_mask)

    def fill_recent(self, menu: QMenu) -> None:
        """List the recent pictures; those that are gone are shown grey."""
        menu.clear()
        menu.setToolTipsVisible(True)
        for number, path in enumerate(self._recent.paths(), 1):
            action = QAction(f"&{number}  {path.name.replace('&', '&&')}", menu)
            action.setToolTip(str(path))
            action.setEnabled(path.is_file())
            action.triggered.connect(lambda _=False, path=path: self.open_path(path))
            menu.addAction(action)
        if menu.isEmpty():  # a menu that was disabled would never be asked to fill itself again
            menu.addAction("No pictures yet").setEnabled(False)

    def leave(self, leave: Callable[[], None], jobs_running: int) -> None:
        """Leave at once, or ask once when a result is not saved or a job still runs."""
        running = f" {jobs_running} running job{'s' * (jobs_running > 1)} will be stopped." if jobs_running else ""
        if self._document.picture_modified:
            text = f"The picture has accepted results that are not saved.{running}"
            ask_before_closing(self._window, text, lambda: self._save_then(leave), leave)
        elif jobs_running:
            ask_before_closing(self._window, running.strip(), None, leave)
        else:
            leave()

    def _save_then(self, go_on: Callable[[], None]) -> None:
        """Save, and go on when the picture is on disk; a save that fails or is given up means staying."""
        self._then = go_on
        self._save()

    def _go_on(self) -> None:
        if self._then is not None and not self._document.picture_modified:
            # Only when the file is out of hand: until then no other file is opened.
            QTimer.singleShot(0, self._window, self._then)
            self._forget()

    def _forget(self) -> None:
        self._then = None

    def _unless_lost(self, go_on: Callable[[], None]) -> None:
        self.leave(go_on, 0)

    def _folder(self) -> Path | None:
        recent = self._recent.paths()
        path = self._document.path or (recent[0] if recent else None)
        return path.parent if path is not None else None

    def _proposed(self, suffix: str, extension: str) -> Path:
        path = self._document.path or (self._folder() or Path.home()) / "picture.png"
        return path.with_name(f"{path.stem}{suffix}{extension or path.suffix}")


def rgba_of(image: QImage) -> Pixels:
    """(height, width, 4) uint8 RGBA pixels of a QImage, copied."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * 4].reshape(plain.height(), plain.width(), 4).copy()
