"""Asking for files and showing help: windows that never block the event loop."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QMessageBox, QTextBrowser, QVBoxLayout, QWidget

PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp)"
MASKS = "Masks (*.png *.tif *.tiff *.bmp *.webp)"
EVERYTHING = "All files (*)"


def ask_open(parent: QWidget, title: str, start: Path | None, filters: str, chosen: Callable[[Path], None]) -> None:
    """Let the user choose a file to open; ``chosen`` is called unless they cancel."""
    dialog = _file_dialog(parent, title, filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    if start is not None:
        dialog.setDirectory(str(start))
    _run(dialog, chosen)


def ask_save(
    parent: QWidget,
    title: str,
    proposed: Path,
    filters: str,
    chosen: Callable[[Path], None],
    cancelled: Callable[[], None] = lambda: None,
) -> None:
    """Let the user choose a name to save under; replacing a file is asked about by the dialog."""
    dialog = _file_dialog(parent, title, filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDirectory(str(proposed.parent))
    dialog.selectFile(proposed.name)
    dialog.setDefaultSuffix(proposed.suffix.lstrip(".") or "png")
    dialog.rejected.connect(cancelled)
    _run(dialog, chosen)


def ask_before_closing(
    parent: QWidget, text: str, save: Callable[[], None] | None, discard: Callable[[], None]
) -> None:
    """One question that cannot wait: what is not saved would be lost."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, "Mendbrush", text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    leave = box.addButton("Leave without saving" if save else "Leave", QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole) if save else None
    stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
    box.setEscapeButton(stay)
    box.setDefaultButton(keep or stay)

    def answered(_: int) -> None:
        if box.clickedButton() is leave:
            discard()
        elif keep is not None and save is not None and box.clickedButton() is keep:
            save()

    box.finished.connect(answered)
    box.open()


def show_page(parent: QWidget, title: str, markdown: str) -> None:
    """A page of help beside the work, not in front of it."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(640, 560)
    page = QTextBrowser()
    page.setAccessibleName(title)
    page.setOpenLinks(False)
    page.setMarkdown(markdown)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(12, 12, 12, 12)
    column.setSpacing(8)
    column.addWidget(page)
    column.addWidget(buttons)
    dialog.show()


def _file_dialog(parent: QWidget, title: str, filters: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters([filters, EVERYTHING])
    return dialog


def _run(dialog: QFileDialog, chosen: Callable[[Path], None]) -> None:
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.open()
