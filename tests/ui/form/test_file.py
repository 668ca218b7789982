"""File fields: links as text, files of one's own from everywhere they can come from."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from app.core.attachments import Attachment, attachment_text, read_attachment
from app.core.endpoint import MISSING, Field
from app.core.geometry import Box
from app.core.request import BlendSettings
from app.state.attachments import AttachmentShelf
from app.state.history import History
from app.store.history import HistoryStore
from app.store.png import rgb_png
from app.store.records import Entry
from app.ui.attaching import Attaching
from app.ui.form.context import Context
from app.ui.form.file import FileEditor, takes_file
from app.ui.form.items import ItemsEditor
from app.ui.form.row import Row

Json = Any

LINK = Field("image_url", "string", "Image URL", nullable=True, media="picture")
SOUND = Field("audio_url", "string", "Audio URL", media="audio")
LINKS = Field(
    "ref_image_urls", "array", "Reference Image URLs", media="picture",
    children=(Field("ref_image_urls[]", "string", "Reference Image URLs", media="picture"),),
)  # fmt: skip
KEPT = attachment_text(Attachment("ab" * 32, ".png", "my cat.png"))


class Bench:
    """A store with one entry, and what the form may ask of it."""

    def __init__(self, folder: Path, executor: ThreadPoolExecutor) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.store = HistoryStore(folder / "history")
        self.history = History(self.store, executor)
        self.shelf = AttachmentShelf(self.store, executor)
        self.attaching = Attaching(self.shelf, self.history, executor, self.said.append)
        self.context = Context(attachments=self.attaching)

    def picture(self, name: str = "my cat.png") -> Path:
        """A file with a picture."""
        Image.new("RGB", (64, 32), (20, 160, 90)).save(self.folder / name)
        return self.folder / name

    def entry(self) -> bytes:
        """Put a result into the history; its crop as it is stored."""
        png = rgb_png(np.full((24, 30, 3), 77, np.uint8))
        digest = self.store.blobs.put(png, ".png")
        self.history.add([
            Entry(
                id="abcdef012345-0", job="abcdef012345", index=0, created=1.0, seconds=1.0, endpoint="some/thing",
                backend="local", values={}, seed=None, blend=BlendSettings(), picture="", picture_size=(99, 99),
                base=(), mask="", patches=((Box(0, 0, 30, 24), digest),), thumbnail=digest, cost=None, flags=(),
            )
        ])  # fmt: skip
        return png


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot) -> Iterator[Bench]:
    with ThreadPoolExecutor(1) as executor:
        made = Bench(tmp_path, executor)
        yield made
    made.store.close()


@pytest.fixture
def show(bench: Bench, qtbot: QtBot) -> Callable[[Field], Row]:
    """Show a field's row in a window that is active."""
    kept: list[QWidget] = []

    def shower(field: Field) -> Row:
        window = QWidget()
        qtbot.addWidget(window)
        kept.append(window)
        row = Row(field, parent=window, context=bench.context)
        row.resize(280, 300)
        window.resize(280, 300)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return row

    return shower


def editor_of(row: Row) -> FileEditor:
    assert isinstance(row.editor, FileEditor)
    return row.editor


def line_of(widget: QWidget) -> QLineEdit:
    line = widget.findChild(QLineEdit)
    assert line is not None
    return line


def action(editor: FileEditor, text: str) -> QAction:
    """The menu's action of that name."""
    return next(one for one in editor.menu().actions() if one.text() == text)


def thumbnail(widget: QWidget) -> QImage:
    """The small picture that is shown; null when there is none."""
    labels = [one for one in widget.findChildren(QLabel) if one.property("thumbnail") and one.isVisible()]
    return labels[0].pixmap().toImage() if labels else QImage()


def said_in(widget: QWidget) -> set[str]:
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()}


def bytes_of(bench: Bench, value: Json) -> bytes:
    attachment = read_attachment(value)
    assert attachment is not None
    return bench.store.blobs.get(attachment.digest)


def test_a_link_is_typed(show: Callable[[Field], Row], qtbot: QtBot) -> None:
    row = show(LINK)
    assert row.value() is MISSING
    with qtbot.waitSignal(row.changed):
        QTest.keyClicks(line_of(row), "https://x.test/a.png")
    assert row.value() == "https://x.test/a.png"
    line_of(row).selectAll()
    QTest.keyClick(line_of(row), Qt.Key.Key_Backspace)
    assert row.value() is MISSING


def test_a_file_from_disk_is_kept_and_shown(
    show: Callable[[Field], Row], bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bench.picture()
    row = show(LINK)
    monkeypatch.setattr(QFileDialog, "open", lambda self: self.fileSelected.emit(str(path)))
    action(editor_of(row), "From disk…").trigger()
    qtbot.waitUntil(lambda: row.value() is not MISSING)
    assert bytes_of(bench, row.value()) == path.read_bytes()
    qtbot.waitUntil(lambda: not thumbnail(row).isNull())
    assert thumbnail(row).pixelColor(20, 10) == QColor(20, 160, 90)
    assert f"my cat.png, 64 × 32, {path.stat().st_size} bytes" in said_in(row) and not line_of(row).isVisible()
    action(editor_of(row), "Remove").trigger()
    assert row.value() is MISSING and line_of(row).isVisible() and line_of(row).hasFocus()


def test_what_cannot_be_kept_is_said_and_the_value_stays(
    show: Callable[[Field], Row], bench: Bench, qtbot: QtBot
) -> None:
    path = bench.folder / "notes.txt"
    path.write_text("no picture")
    row = show(LINK)
    row.set_value("https://x.test/a.png")
    drop(editor_of(row), urls=[QUrl.fromLocalFile(str(path))])
    qtbot.waitUntil(lambda: bool(bench.said))
    assert "not a picture" in bench.said[0] and row.value() == "https://x.test/a.png"


def test_the_clipboards_picture_comes_by_menu_and_by_key(
    show: Callable[[Field], Row], bench: Bench, qtbot: QtBot
) -> None:
    row = show(LINK)
    QGuiApplication.clipboard().clear()
    action(editor_of(row), "From the clipboard").trigger()
    assert bench.said == ["There is no picture on the clipboard. Copy one in another program first."]
    image = QImage(8, 6, QImage.Format.Format_ARGB32)
    image.fill(QColor(1, 2, 3, 200))
    QGuiApplication.clipboard().setImage(image)
    line_of(row).setFocus()
    QTest.keyClick(line_of(row), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: row.value() is not MISSING)
    kept = QImage.fromData(bytes_of(bench, row.value()))
    assert (kept.width(), kept.height(), kept.pixelColor(3, 3)) == (8, 6, QColor(1, 2, 3, 200))
    focused = QApplication.focusWidget()
    assert focused is not None and focused.accessibleName() == "Image URL: choose a file"
    QTest.keyClick(focused, Qt.Key.Key_Delete)
    assert row.value() is MISSING
    QGuiApplication.clipboard().clear()


def test_a_file_that_was_copied_in_a_file_manager_is_pasted(
    show: Callable[[Field], Row], bench: Bench, qtbot: QtBot
) -> None:
    row = show(LINK)
    copied = QMimeData()
    copied.setUrls([QUrl.fromLocalFile(str(bench.picture()))])
    copied.setText(bench.picture().as_uri())
    QGuiApplication.clipboard().setMimeData(copied)
    line_of(row).setFocus()
    QTest.keyClick(line_of(row), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: row.value() is not MISSING)
    assert bytes_of(bench, row.value()) == bench.picture().read_bytes()
    QGuiApplication.clipboard().clear()


def test_an_empty_clipboard_is_pasted_without_harm(show: Callable[[Field], Row]) -> None:
    row = show(LINK)
    QGuiApplication.clipboard().clear()
    line_of(row).setFocus()
    QTest.keyClick(line_of(row), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert row.value() is MISSING


def test_an_entry_of_the_history_is_picked_by_key(show: Callable[[Field], Row], bench: Bench, qtbot: QtBot) -> None:
    row = show(LINK)
    assert not action(editor_of(row), "From the history…").isEnabled()
    png = bench.entry()
    action(editor_of(row), "From the history…").trigger()
    rows = row.findChild(QListWidget)
    assert rows is not None and rows.count() == 1 and rows.item(0).text().startswith("some/thing, ")
    qtbot.waitUntil(lambda: not rows.item(0).icon().isNull())
    QTest.keyClick(rows, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: row.value() is not MISSING)
    assert bytes_of(bench, row.value()) == png
    qtbot.waitUntil(lambda: not row.findChildren(QListWidget))


def drop(editor: FileEditor, *, urls: list[QUrl] | None = None, text: str = "", image: QImage | None = None) -> bool:
    """Drop something on the editor, as a pointer would; whether it was taken."""
    carried = QMimeData()
    if urls:
        carried.setUrls(urls)
    if text:
        carried.setText(text)
    if image is not None:
        carried.setImageData(image)
    place, copy = QPoint(10, 10), Qt.DropAction.CopyAction
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, copy, carried, buttons, none)
    QApplication.sendEvent(editor, enter)
    if enter.isAccepted():
        QApplication.sendEvent(editor, QDropEvent(place.toPointF(), copy, carried, buttons, none))
    return enter.isAccepted()


def test_files_pictures_and_links_are_dropped(show: Callable[[Field], Row], bench: Bench, qtbot: QtBot) -> None:
    row = show(LINK)
    path = bench.picture("dropped.jpg")
    assert drop(editor_of(row), urls=[QUrl.fromLocalFile(str(path))])
    qtbot.waitUntil(lambda: row.value() is not MISSING)
    assert bytes_of(bench, row.value()) == path.read_bytes()
    assert drop(editor_of(row), text="https://x.test/b.png")
    assert row.value() == "https://x.test/b.png"
    image = QImage(5, 4, QImage.Format.Format_RGB32)
    image.fill(QColor(9, 8, 7))
    assert drop(editor_of(row), image=image)
    qtbot.waitUntil(lambda: row.value() != "https://x.test/b.png")
    assert QImage.fromData(bytes_of(bench, row.value())).pixelColor(1, 1) == QColor(9, 8, 7)


def test_a_sound_is_no_picture_and_needs_to_be_none(show: Callable[[Field], Row], bench: Bench, qtbot: QtBot) -> None:
    row = show(SOUND)
    assert [one.text() for one in editor_of(row).menu().actions() if one.text()] == ["From disk…", "Remove"]
    path = bench.folder / "a.wav"
    path.write_bytes(b"RIFF1234")
    assert not drop(editor_of(row), image=QImage(2, 2, QImage.Format.Format_RGB32))
    assert drop(editor_of(row), urls=[QUrl.fromLocalFile(str(path))])
    qtbot.waitUntil(lambda: row.value() is not MISSING)
    qtbot.waitUntil(lambda: "a.wav, 8 bytes" in said_in(row))
    assert bytes_of(bench, row.value()) == b"RIFF1234" and thumbnail(row).isNull()


def test_a_file_that_is_gone_is_said(show: Callable[[Field], Row], qtbot: QtBot) -> None:
    row = show(LINK)
    row.set_value(KEPT)
    assert row.value() == KEPT
    qtbot.waitUntil(lambda: "my cat.png: the file is gone. Choose it again." in said_in(row))


def test_a_long_text_is_pasted_whole_and_said_in_words(show: Callable[[Field], Row], qtbot: QtBot) -> None:
    row = show(LINK)
    uri = "data:image/png;base64," + "A" * 400_000
    QGuiApplication.clipboard().setText(uri)
    line_of(row).setFocus()
    QTest.keyClick(line_of(row), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert row.value() == uri and "Data URI: image/png, 300 kB" in said_in(row)
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("value", ["asset_123", KEPT, "data:x", 5, 1.0, ["https://x.test"], {"a": None}, True])
def test_any_value_comes_out_as_it_went_in(show: Callable[[Field], Row], value: Json) -> None:
    row = show(LINK)
    row.set_value(value)
    assert repr(row.value()) == repr(value)
    row.reset()
    assert row.value() is MISSING


def test_a_field_that_takes_lists_too_reads_them(show: Callable[[Field], Row]) -> None:
    row = show(Field("fill_image_url", "any", "Fill", media="picture"))
    line_of(row).setText("")
    QTest.keyClicks(line_of(row), '["https://a", "https://b"]')
    assert row.value() == ["https://a", "https://b"]


def test_lists_of_pictures_take_files_in_their_lines(show: Callable[[Field], Row], bench: Bench, qtbot: QtBot) -> None:
    row = show(LINKS)
    assert isinstance(row.editor, ItemsEditor)
    add = next(one for one in row.findChildren(QAbstractButton) if one.text() == "Add Reference Image URL")
    add.click()
    add.click()
    lines = row.findChildren(FileEditor)
    drop(lines[1], urls=[QUrl.fromLocalFile(str(bench.picture()))])
    qtbot.waitUntil(lambda: row.value()[1] is not None)
    assert row.value()[0] is None and bytes_of(bench, row.value()[1]) == bench.picture().read_bytes()
    assert line_of(lines[0]).accessibleName() == "Reference Image URL 1: Value"


def test_an_answer_that_comes_after_the_field_is_gone_changes_nothing(
    show: Callable[[Field], Row], bench: Bench, qtbot: QtBot
) -> None:
    row = show(LINK)
    drop(editor_of(row), urls=[QUrl.fromLocalFile(str(bench.picture()))])
    row.deleteLater()
    QApplication.processEvents()
    with qtbot.waitSignal(row.destroyed, raising=False, timeout=50):
        pass
    qtbot.waitUntil(lambda: bool(list(bench.store.blobs.digests())))
    for _ in range(5):
        QApplication.processEvents()


def test_without_the_window_there_is_the_line_alone(qtbot: QtBot) -> None:
    editor = FileEditor(LINK)
    qtbot.addWidget(editor)
    editor.set_value(KEPT)
    assert [one.text() for one in editor.menu().actions()] == ["Remove"]


def test_which_fields_take_files() -> None:
    assert takes_file(LINK) and takes_file(SOUND)
    assert not takes_file(Field("image_url", "string", "X", media="picture", role="picture"))
    assert not takes_file(Field("x", "string", "X")) and not takes_file(LINKS)
