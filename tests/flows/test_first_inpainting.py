"""The first inpainting, from the stroke to the saved file, in the real window."""

import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from app.compose import Program
from app.ui.theme import current_theme
from tests.flows.conftest import Hand, Run, end


def mask_of(hand: Hand) -> np.ndarray:
    assert hand.program.document.mask is not None
    return hand.program.document.mask.pixels


def picture_of(hand: Hand) -> np.ndarray:
    assert hand.program.document.picture is not None
    return hand.program.document.picture.pixels


def seen(hand: Hand, x: float, y: float) -> tuple[int, int, int]:
    """The colour that the canvas shows at a point of the picture."""
    canvas = hand.program.canvas
    at = (canvas.view.to_widget(QPointF(x, y)) * canvas.devicePixelRatioF()).toPoint()
    colour = canvas.grab().toImage().pixelColor(at)
    return colour.red(), colour.green(), colour.blue()


def test_paint_fill_accept_undo_save(hand: Hand, photo: Path, tmp_path: Path) -> None:
    program = hand.program
    before = picture_of(hand).copy()
    hand.stroke((80, 90), (150, 90))
    masked = mask_of(hand) > 0
    assert masked[90, 100] and not masked[20, 20]
    entry = hand.fill()
    hand.until(lambda: program.review.preview is not None)
    assert program.strip.selected_entry == entry
    assert (picture_of(hand) == before).all(), "a preview changes nothing"
    program.strip.setFocus()
    hand.key(Qt.Key.Key_Return)
    hand.until(lambda: program.document.base == (entry,))
    after = picture_of(hand)
    assert (after[~masked] == before[~masked]).all() and (after[masked] != before[masked]).any()
    program.files.save(tmp_path / "out.png")
    hand.until(lambda: "Saved out.png." in hand.said())
    with Image.open(tmp_path / "out.png") as saved:
        assert (np.asarray(saved) == after[..., 2::-1]).all()
    hand.do("undo")
    assert (picture_of(hand) == before).all()
    assert [found.id for found in program.history.entries()] == [entry], "its siblings and itself stay"


def test_results_are_there_after_a_restart(hand: Hand, make_program: Callable[[], Program], run: Run) -> None:
    hand.stroke((60, 60), (90, 70))
    entry = hand.fill()
    drawn = mask_of(hand).copy()
    end(hand.program, run)
    again = Hand(make_program(), hand.qtbot)
    again.program.start(None)
    again.until(lambda: len(again.program.history.entries()) == 1)
    [found] = again.program.history.entries()
    assert found.id == entry and found.endpoint == "local/fill" and found.backend == "local"
    assert again.program.history.thumbnail(found) is not None
    loaded: Any = run(again.program.history.load(found))
    assert (loaded.mask == drawn).all()
    again.until(lambda: again.program.document.picture is not None)


def test_the_drawn_mask_survives_a_program_that_dies(
    hand: Hand, photo: Path, make_program: Callable[[], Program], run: Run
) -> None:
    hand.stroke((40, 40), (200, 150))
    drawn = mask_of(hand).copy()
    hand.until(lambda: any((hand.program.places.state / "masks").glob("*.png")))
    again = Hand(make_program(), hand.qtbot)  # the first one is still there, as a crash would have left it
    again.program.start(photo)
    again.until(lambda: again.program.document.picture is not None)
    assert (mask_of(again) == drawn).all()
    end(again.program, run)


def test_without_a_mask_nothing_is_run(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert any("Paint a mask first" in text for text in hand.said())
    assert not hand.program.jobs.running() and not hand.program.history.entries()


def test_generate_pressed_twice_is_one_job(hand: Hand) -> None:
    hand.stroke((80, 90), (110, 90))
    hand.program.generating.generate()
    hand.program.generating.generate()
    hand.until(lambda: bool(hand.program.history.entries()))
    hand.until(lambda: not hand.program.jobs.running())
    assert len(hand.program.store.entries()) == 1


def test_painting_on_changes_nothing_about_a_running_job(hand: Hand, run: Run) -> None:
    hand.stroke((80, 90), (110, 90))
    at_the_click = mask_of(hand).copy()
    hand.program.generating.generate()
    hand.until(lambda: bool(hand.program.jobs.running()))
    hand.stroke((20, 20), (200, 20))
    hand.until(lambda: bool(hand.program.history.entries()))
    loaded: Any = run(hand.program.history.load(hand.program.history.entries()[0]))
    assert (loaded.mask == at_the_click).all()
    assert hand.program.review.preview is None, "the user went on working: nothing jumps onto the canvas"


def test_another_picture_meanwhile_gets_nothing_of_the_result(hand: Hand, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), (9, 99, 199)).save(tmp_path / "other.png")
    hand.stroke((80, 90), (110, 90))
    hand.program.generating.generate()
    hand.until(lambda: bool(hand.program.jobs.running()))
    hand.open(tmp_path / "other.png")
    hand.until(lambda: bool(hand.program.history.entries()))
    assert (picture_of(hand)[..., :3] == (199, 99, 9)).all()
    hand.program.review.accept(hand.program.history.entries()[0].id)
    hand.until(lambda: any("another picture" in text for text in hand.said()))
    assert (picture_of(hand)[..., :3] == (199, 99, 9)).all()


def test_a_killed_worker_is_one_failed_job(hand: Hand) -> None:
    program = hand.program
    hand.stroke((40, 40), (200, 150))
    program.parameters.set_value("engine", "texture")
    program.parameters.set_value("num_images", 4)
    program.generating.generate()
    hand.until(lambda: any(job.state == "running" for job in program.jobs.running()))
    assert program.host.pid is not None
    os.kill(program.host.pid, signal.SIGKILL)
    hand.until(lambda: not program.jobs.running())
    assert hand.said() and program.store.unfinished() == []
    program.parameters.reset_all()
    hand.fill()


def test_a_cancelled_job_leaves_the_program_ready(hand: Hand) -> None:
    program = hand.program
    hand.stroke((40, 40), (200, 150))
    program.parameters.choose_backend("practice")
    program.generating.generate()
    hand.until(lambda: bool(program.jobs.running()))
    job = program.jobs.running()[0].id
    hand.do("cancel")
    hand.until(lambda: not program.jobs.running(), timeout=1000)
    hand.until(lambda: (record := program.store.job(job)) is not None and record.state == "cancelled")
    program.parameters.choose_backend("local")
    hand.fill()


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("fal-ai/inpaint", {"model_name": "stabilityai/sdxl", "prompt": "grass"}),
        ("fal-ai/z-image/turbo/inpaint", {"prompt": "grass"}),
        ("fal-ai/fooocus/inpaint", {}),
        ("scenario/generate/inpaint", {"modelId": "model_x", "prompt": "grass", "numSamples": 1}),
    ],
)
def test_provider_endpoints_practise_and_do_not_send(hand: Hand, endpoint: str, values: dict[str, object]) -> None:
    program = hand.program
    hand.stroke((80, 90), (110, 90))
    program.parameters.choose(endpoint)
    missing = next(iter(program.parameters.problems), "")
    assert program.generation.readiness().field == missing, "the field that stops it comes before the way it is sent"
    for path, value in values.items():
        program.parameters.set_value(path, value)
    assert "not there yet" in program.generation.readiness().reason
    program.parameters.choose_backend("practice")
    assert program.generation.readiness().reason == ""
    program.practice.options = type(program.practice.options)(delay=0, queue=0)
    hand.fill()
    entry = program.history.entries()[0]
    assert entry.backend == "practice" and entry.endpoint == endpoint


def test_holding_o_shows_the_original(hand: Hand) -> None:
    program = hand.program
    hand.stroke((80, 90), (150, 90))
    hand.fill()
    hand.until(lambda: program.review.preview is not None)
    hand.do("accept")
    hand.until(lambda: bool(program.document.base))
    program.canvas.setFocus()
    now = seen(hand, 115.5, 90.5)
    blue, green, red = (int(value) for value in program.document.original_patches()[0][1][0, 0])
    QTest.keyPress(program.canvas, Qt.Key.Key_O)
    box, original = program.document.original_patches()[0]
    was = seen(hand, 115.5, 90.5)
    QTest.keyRelease(program.canvas, Qt.Key.Key_O)
    assert program.canvas.view.scale == pytest.approx(1) or (red, green, blue)
    assert np.abs(np.array(was) - original[90 - box.y0, 115 - box.x0]).max() <= 40
    assert seen(hand, 115.5, 90.5) == now


def test_keys_of_the_tools_and_letters_in_a_text_field(hand: Hand) -> None:
    program = hand.program
    hand.key(Qt.Key.Key_E)
    assert program.toolbox.active.name == "eraser"
    hand.key(Qt.Key.Key_X)
    assert program.toolbox.active.name == "brush"
    radius = program.brush.radius
    hand.key(Qt.Key.Key_BracketRight)
    assert program.brush.radius > radius
    program.parameters.choose("fal-ai/inpaint")
    editor = program.panel.findChild(QPlainTextEdit) or program.panel.findChild(QLineEdit)
    assert editor is not None
    editor.setFocus()
    QTest.keyClicks(editor, "[exo] B")
    assert program.toolbox.active.name == "brush" and program.brush.radius == round(program.brush.radius)
    text = editor.toPlainText() if isinstance(editor, QPlainTextEdit) else editor.text()
    assert text == "[exo] B"


def test_erase_grow_shrink_invert_clear(hand: Hand) -> None:
    hand.stroke((80, 90), (150, 90))
    stroke = mask_of(hand).copy()
    hand.stroke((110, 60), (110, 130), Qt.MouseButton.RightButton)
    erased = mask_of(hand).copy()
    assert erased.sum() < stroke.sum() and erased[90, 110] == 0
    program = hand.program
    program.options.set_amount(5)
    hand.do("grow")
    assert mask_of(hand).sum() > erased.sum()
    for _ in range(2):
        hand.do("undo")
    assert (mask_of(hand) == stroke).all()
    hand.do("invert")
    assert (mask_of(hand) == 255 - stroke).all()
    hand.do("clear")
    assert not mask_of(hand).any()


def test_escape_abandons_a_stroke(hand: Hand) -> None:
    canvas = hand.program.canvas
    start = canvas.view.to_widget(QPointF(80, 90)).toPoint()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    assert mask_of(hand).any()
    hand.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    assert not mask_of(hand).any() and not hand.program.document.undo_name


def test_compare_shows_both_and_closes(hand: Hand) -> None:
    program = hand.program
    hand.stroke((80, 90), (150, 90))
    hand.fill()
    hand.until(lambda: program.review.preview is not None)
    program.canvas.setFocus()
    hand.key(Qt.Key.Key_C)
    hand.until(program.compare.isVisible)
    assert not program.canvas.isVisible()
    hand.key(Qt.Key.Key_Escape)
    hand.until(program.canvas.isVisible)


def test_bad_files_are_one_message_and_leave_the_document(hand: Hand, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    hand.stroke((80, 90), (150, 90))
    picture, mask = picture_of(hand), mask_of(hand).copy()
    for name in ("broken.png", "nowhere.png"):
        hand.program.messages.clear()
        hand.program.files.open(tmp_path / name)
        hand.until(lambda: bool(hand.said()))
        assert picture_of(hand) is picture and (mask_of(hand) == mask).all()
    hand.program.messages.clear()
    hand.program.files.save(tmp_path / "no" / "such" / "folder.png")
    hand.until(lambda: bool(hand.said()))


def test_a_mask_of_another_size_is_refused(hand: Hand, tmp_path: Path) -> None:
    Image.new("L", (10, 10), 255).save(tmp_path / "mask.png")
    hand.program.files.open_mask(tmp_path / "mask.png")
    hand.until(lambda: bool(hand.said()))
    assert not mask_of(hand).any()


def test_settings_and_history_are_the_users_alone(hand: Hand, run: Run) -> None:
    hand.stroke((80, 90), (110, 90))
    hand.fill()
    folder = hand.program.places.data
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0


def test_every_control_has_a_name(hand: Hand) -> None:
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox

    unnamed = []
    for kind in (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit):
        for widget in hand.program.window.findChildren(kind):
            if (
                not widget.isVisible()
                or widget.objectName().startswith("qt_")
                or isinstance(widget.parent(), QComboBox)
            ):
                continue
            face = QAccessible.queryAccessibleInterface(widget)
            if not face.text(QAccessible.Text.Name) and not widget.toolTip():
                unnamed.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    assert not [name for name in unnamed if "ScrollBar" not in name], unnamed


def test_the_window_fits_a_small_screen(hand: Hand) -> None:
    window = hand.program.window
    smallest = window.minimumSizeHint()
    assert smallest.width() <= 1280 and smallest.height() <= 720
    for endpoint in hand.program.parameters.endpoints:
        hand.program.parameters.choose(endpoint.id)
        QApplication.processEvents()
        assert window.size().width() <= 1280 and window.size().height() <= 720


def test_two_programs_share_a_profile(hand: Hand, make_program: Callable[[], Program], photo: Path) -> None:
    other = Hand(make_program(), hand.qtbot)
    other.program.start(photo)
    other.until(lambda: other.program.document.picture is not None)
    for one in (hand, other):
        one.program.canvas.setFocus()
        one.stroke((80, 90), (110, 90))
        one.program.generating.generate()
    hand.until(lambda: bool(hand.program.history.entries()))
    other.until(lambda: bool(other.program.history.entries()))
    assert len(hand.program.store.entries()) == 2


def test_a_theme_that_does_not_exist_in_the_settings_is_the_dark_one(
    make_program: Callable[[], Program], tmp_path: Path
) -> None:
    folder = tmp_path / "profile" / "config"
    folder.mkdir(parents=True)
    (folder / "settings.json").write_text('{"format": 1, "theme": "mauve"}', "utf-8")
    make_program()
    assert current_theme().name == "dark"
