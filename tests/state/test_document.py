"""The document: strokes and commands change pixels, and undo takes every one of them back."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.core.geometry import Box
from app.core.picture import Picture
from app.core.request import Patch
from app.state import document as document_module
from app.state.document import Document


def picture(width: int = 64, height: int = 48) -> Picture:
    pixels = np.random.default_rng(5).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return Picture(pixels)


@pytest.fixture
def document() -> Document:
    made = Document()
    made.open(picture())
    return made


def mask_of(document: Document) -> np.ndarray:
    assert document.mask is not None
    return document.mask.pixels


def stroke(document: Document, start: tuple[int, int], end: tuple[int, int], radius: int = 5, value: int = 255) -> None:
    assert document.begin("Brush")
    document.paint(start, end, radius, value)
    document.commit()


def test_a_stroke_is_one_step_of_undo(document: Document) -> None:
    assert document.begin("Brush")
    for x in range(10, 40, 5):
        document.paint((x, 20), (x + 5, 20), 4, 255)
    document.commit()
    painted = mask_of(document).copy()
    assert painted.any()
    document.undo()
    assert not mask_of(document).any()
    document.redo()
    assert (mask_of(document) == painted).all()


def test_painting_outside_a_stroke_is_a_bug(document: Document) -> None:
    with pytest.raises(RuntimeError):
        document.paint((1, 1), (2, 2), 3, 255)


def test_an_abandoned_stroke_leaves_nothing(document: Document) -> None:
    stroke(document, (10, 10), (20, 20))
    before = mask_of(document).copy()
    document.begin("Brush")
    document.paint((0, 0), (60, 40), 9, 0)
    document.abandon()
    assert (mask_of(document) == before).all()
    document.undo()
    assert not mask_of(document).any()


def test_a_stroke_that_changes_nothing_is_no_step(document: Document) -> None:
    stroke(document, (10, 10), (20, 20), value=0)
    assert document.undo_name == ""


def test_accept_changes_the_picture_and_undo_gives_every_byte_back(document: Document) -> None:
    assert document.picture is not None
    before = document.picture.pixels.copy()
    patch = Patch(Box(8, 4, 20, 16), np.full((12, 12, 3), (10, 200, 30), np.uint8))
    document.accept("entry", [patch])
    assert (document.picture.pixels[4:16, 8:20] == (30, 200, 10, 255)).all()
    assert list(document.base) == ["entry"]
    [(box, original)] = document.original_patches()
    assert (original == before[box.slices][..., 2::-1]).all()
    document.undo()
    assert (document.picture.pixels == before).all()
    assert not document.base and not document.original_patches()
    document.redo()
    assert list(document.base) == ["entry"]


def test_modified_follows_undo_to_the_saved_state(document: Document) -> None:
    told = [document.modified]
    stroke(document, (10, 10), (20, 20))
    told.append(document.modified)
    document.undo()
    told.append(document.modified)
    assert told == [False, True, False]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(["stroke", "erase", "invert", "grow", "shrink", "clear", "all", "undo", "redo"]), max_size=25
    )
)
def test_undoing_everything_returns_the_first_mask(commands: list[str]) -> None:
    document = Document()
    document.open(picture())
    at = iter(range(1000))
    for command in commands:
        x = next(at) * 7 % 60
        match command:
            case "stroke" | "erase":
                stroke(document, (x, 5), (60 - x, 40), 4, 255 if command == "stroke" else 0)
            case "grow":
                document.grow(3)
            case "shrink":
                document.shrink(2)
            case "all":
                document.fill_all()
            case _:
                getattr(document, command)()
        assert set(np.unique(mask_of(document))) <= {0, 255}
    while document.undo_name:
        document.undo()
    assert not mask_of(document).any()


def test_a_large_command_runs_on_a_thread_and_refuses_strokes_meanwhile(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_module, "AT_ONCE", 10)
    with ThreadPoolExecutor(1) as executor:
        document = Document(executor)
        document.open(picture())
        stroke(document, (20, 20), (30, 25))
        expected = Document()
        expected.open(picture())
        stroke(expected, (20, 20), (30, 25))
        expected.grow(4)
        document.grow(4)
        assert document.busy and not document.begin("Brush")
        qtbot.waitUntil(lambda: not document.busy)
        assert (mask_of(document) == mask_of(expected)).all()
        document.undo()
        qtbot.waitUntil(lambda: not document.busy)
        document.undo()
        qtbot.waitUntil(lambda: not document.busy)
        assert not mask_of(document).any()


def test_commands_given_to_a_busy_document_follow_in_order(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "AT_ONCE", 10)
    expected = Document()
    expected.open(picture())
    with ThreadPoolExecutor(1) as executor:
        document = Document(executor)
        document.open(picture())
        for one in (expected, document):
            stroke(one, (20, 20), (30, 25))
            one.grow(4)
            one.invert()
            one.shrink(2)
            one.undo()
            one.undo()
            one.redo()
        qtbot.waitUntil(lambda: not document.busy)
        assert (mask_of(document) == mask_of(expected)).all()
        assert (document.undo_name, document.redo_name) == (expected.undo_name, expected.redo_name)
