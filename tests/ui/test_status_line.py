"""The status line says what is, in words, and nothing in it moves."""

import pytest
from PySide6.QtWidgets import QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from app.ui.status_line import HEIGHT, StatusLine, jobs_words, mask_words, zoom_words


class Area:
    """A mask that can be set."""

    def __init__(self) -> None:
        self.area: tuple[int, int] | None = (100, 10_000)
        self.asked = 0

    def __call__(self) -> tuple[int, int] | None:
        self.asked += 1
        return self.area


@pytest.fixture
def area() -> Area:
    return Area()


@pytest.fixture
def line(qtbot: QtBot, area: Area) -> StatusLine:
    made = StatusLine(area)
    qtbot.addWidget(made)
    made.resize(1000, HEIGHT)
    made.show()
    qtbot.waitExposed(made)
    return made


def said(line: StatusLine) -> list[str]:
    return [child.accessibleName() for child in line.findChildren(QWidget) if not isinstance(child, QProgressBar)]


def test_it_is_thin(line: StatusLine) -> None:
    assert line.height() == HEIGHT == 24


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (None, "No picture"),
        ((0, 100), "Mask empty"),
        ((24_576, 262_144), "Mask 9.38 % · 24,576 px"),
        ((1, 108_000_000), "Mask under 0.01 % · 1 px"),
        ((100, 100), "Mask 100.00 % · 100 px"),
    ],
)
def test_the_masks_check(area: tuple[int, int] | None, words: str) -> None:
    assert mask_words(area) == words


@pytest.mark.parametrize(
    ("scale", "words"), [(1, "100 %"), (0.333, "33 %"), (0.0125, "1.2 %"), (0.05, "5 %"), (64, "6,400 %")]
)
def test_zooms(scale: float, words: str) -> None:
    assert zoom_words(scale) == words


@pytest.mark.parametrize(
    ("running", "queued", "words"),
    [(0, 0, "Idle"), (2, 0, "2 running"), (0, 3, "3 waiting"), (1, 2, "1 running, 2 waiting")],
)
def test_jobs(running: int, queued: int, words: str) -> None:
    assert jobs_words(running, queued) == words


def test_the_mask_is_counted_once_it_stands_still(line: StatusLine, area: Area, qtbot: QtBot) -> None:
    asked = area.asked
    area.area = (0, 10_000)
    for _ in range(50):
        line.mask_changed()
    assert area.asked == asked
    qtbot.waitUntil(lambda: "Mask: Mask empty" in said(line))
    assert area.asked == asked + 1


def test_everything_is_said(line: StatusLine) -> None:
    line.show_hint("Paint over\nwhat should go")
    line.show_zoom(2)
    line.show_position((12, 34))
    line.show_jobs(1, 1, 0.4)
    assert said(line) == [
        "Hint: Paint over what should go",
        "Mask: Mask 1.00 % · 100 px",
        "Zoom: 200 %",
        "Position: 12, 34",
        "Jobs: 1 running, 1 waiting",
    ]
    line.show_position(None)
    line.show_zoom(None)
    assert "Position: none" in said(line) and "Zoom: none" in said(line)


def test_nothing_moves_whatever_is_said(line: StatusLine) -> None:
    children = line.findChildren(QWidget)
    before = [child.geometry() for child in children]
    line.show_hint("x" * 500)
    line.show_zoom(64)
    line.show_position((29_999, 29_999))
    line.show_jobs(99, 99, None)
    line.grab()
    hint = next(child for child in children if child.accessibleName().startswith("Hint"))
    assert hint.toolTip() == "<qt>" + "x" * 299 + "…</qt>"  # what is cut can still be read
    assert [child.geometry() for child in children] == before
    assert line.minimumSizeHint().width() <= 700


def test_progress_is_clamped_and_hidden_when_idle(line: StatusLine) -> None:
    bar = line.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar) and not bar.isVisible()
    line.show_jobs(1, 0, 7.0)
    assert bar.isVisible() and bar.value() == 100
    line.show_jobs(1, 0, None)
    assert bar.maximum() == 0  # busy: nobody can say how far
    line.show_jobs(0, 0, None)
    assert not bar.isVisible()
