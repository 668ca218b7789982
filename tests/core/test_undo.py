"""Undo: every edit taken back and put again restores the very bytes, within a budget of memory."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from app.core import undo
from app.core.arrays import Pixels
from app.core.geometry import Box
from app.core.mask import Mask
from app.core.undo import Edit, InvertChange, MaskChange, UndoStack, mask_change, picture_change


def recorded(stack: UndoStack, mask: Mask, name: str, command: Callable[[], Box | None]) -> None:
    """Do a command and put it on the stack, as the document will."""
    before = mask.pixels.copy()
    box = command()
    change = InvertChange(mask.box) if name == "Invert" else box and mask_change(before, mask.pixels, box)
    if change:
        stack.push(Edit(name, (change,)))


def random_command(mask: Mask, random: np.random.Generator) -> tuple[str, Callable[[], Box | None]]:
    x0, y0, x1, y1 = (int(number) for number in random.integers(-40, 340, 4))
    radius = int(random.integers(0, 30))
    return [
        ("Brush", lambda: mask.paint((x0, y0), (x1, y1), radius, 255)),
        ("Eraser", lambda: mask.paint((x0, y0), (x1, y1), radius, 0)),
        ("Invert", mask.invert),
        ("Grow", lambda: mask.grow(radius)),
        ("Shrink", lambda: mask.shrink(radius)),
        ("Clear", mask.clear),
        ("Fill", mask.fill),
    ][random.choice(7, p=[0.35, 0.25, 0.1, 0.1, 0.1, 0.05, 0.05])]


@pytest.mark.parametrize("whole", [4 << 20, 1000], ids=["one piece", "tiles"])
def test_200_random_commands_undone_and_redone_give_the_same_bytes(whole: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "_WHOLE", whole)
    monkeypatch.setattr(undo, "_TILE", 64)
    random = np.random.default_rng(7)
    mask, stack = Mask.blank(301, 203), UndoStack()
    states = {stack.position: mask.pixels.copy()}
    for _ in range(200):
        recorded(stack, mask, *random_command(mask, random))
        states[stack.position] = mask.pixels.copy()
    for step in (stack.undo, stack.redo, stack.undo):
        while (edit := step({"mask": mask.pixels})) is not None:
            for change in edit.changes:
                mask.touched(change.box)
            assert np.array_equal(mask.pixels, states[stack.position])
        assert mask.count() == np.count_nonzero(mask.pixels)
    assert not mask.pixels.any() and len(states) > 150


def test_a_change_leaves_everything_outside_its_box_alone() -> None:
    before, after = np.zeros((50, 60), np.uint8), np.zeros((50, 60), np.uint8)
    after[10:20, 10:20] = 255
    change = mask_change(before, after, Box(12, 5, 40, 15))
    assert change is not None
    changed = before.copy()
    change.apply(changed)
    expected = np.zeros_like(before)
    expected[10:15, 12:20] = 255
    assert np.array_equal(changed, expected)


def test_nothing_changed_is_no_change() -> None:
    pixels = np.full((9, 9), 255, np.uint8)
    assert mask_change(pixels, pixels.copy(), Box(0, 0, 9, 9)) is None
    picture = np.zeros((4, 5, 4), np.uint8)
    assert picture_change(picture, picture.copy(), Box(3, 3, 8, 7)) is None


def test_a_picture_and_a_mask_in_one_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "_WHOLE", 1000)  # so that the picture's box is cut into tiles
    monkeypatch.setattr(undo, "_TILE", 32)
    random = np.random.default_rng(1)
    picture = random.integers(0, 256, (120, 140, 4), dtype=np.uint8)
    mask = Mask.blank(140, 120)
    start = picture.copy(), mask.pixels.copy()
    box = Box(11, 13, 111, 107)
    before = picture[box.slices].copy()
    picture[40:80, 50:90] = random.integers(0, 256, (40, 40, 4), dtype=np.uint8)
    picture_part = picture_change(before, picture[box.slices], box)
    mask.fill()
    mask_part = mask_change(start[1], mask.pixels, mask.box)
    assert picture_part is not None and mask_part is not None
    end = picture.copy(), mask.pixels.copy()
    stack = UndoStack()
    stack.push(Edit("Accept", (picture_part, mask_part)))
    targets = {"mask": mask.pixels, "picture": picture}
    assert stack.undo(targets) is not None
    assert np.array_equal(picture, start[0]) and np.array_equal(mask.pixels, start[1])
    assert stack.redo(targets) is not None
    assert np.array_equal(picture, end[0]) and np.array_equal(mask.pixels, end[1])
    assert (picture_part.target, picture_part.box, mask_part.target) == ("picture", box, "mask")


def test_tiles_without_a_change_are_left_out() -> None:
    side = 4096
    before = np.zeros((side, side), np.uint8)
    mask = Mask(before.copy())
    box = mask.paint((100, 100), (side - 100, side - 100), 40, 255)
    assert box is not None
    change = mask_change(before, mask.pixels, box)
    assert change is not None and len(change.pieces) < 50
    assert change.nbytes < 25_000
    change.apply(mask.pixels)
    assert not mask.pixels.any()


def test_200_strokes_on_a_large_mask_take_under_2_mb() -> None:
    side = 8192
    random = np.random.default_rng(2)
    mask, stack = Mask.blank(side, side), UndoStack()
    shadow = mask.pixels.copy()
    for _ in range(200):
        radius, value = int(random.choice([5, 20, 50, 120])), 255 if random.random() < 0.75 else 0
        points = random.integers(600, side - 600, 2) + np.cumsum(random.normal(0, 12, (60, 2)), axis=0).astype(int)
        stroke = points.tolist()
        box: Box | None = None
        for start, end in pairwise(stroke):
            touched = mask.paint((start[0], start[1]), (end[0], end[1]), radius, value)
            box = touched.union(box) if touched else box
        assert box is not None
        change = mask_change(shadow, mask.pixels, box)
        shadow[box.slices] = mask.pixels[box.slices]
        if change is not None:
            stack.push(Edit("Brush", (change,)))
    assert stack.nbytes < 2_000_000
    while stack.undo({"mask": mask.pixels}):
        pass
    assert not mask.pixels.any()


def edit(name: str, size: int = 1000) -> Edit:
    """An edit of about ``size`` bytes that changes nothing."""
    return Edit(name, (MaskChange(Box(0, 0, 1, 1), (undo.Piece(Box(0, 0, 1, 1), bytes(size)),)),))


def test_the_stack_names_what_it_would_do() -> None:
    stack = UndoStack()
    mask = Mask.blank(20, 20)
    assert [stack.can_undo, stack.can_redo, stack.undo_name, stack.redo_name] == [False, False, "", ""]
    assert stack.undo({}) is None and stack.redo({}) is None
    recorded(stack, mask, "Brush", lambda: mask.paint((5, 5), (9, 9), 3, 255))
    recorded(stack, mask, "Invert", mask.invert)
    assert (stack.undo_name, stack.redo_name) == ("Invert", "")
    stack.undo({"mask": mask.pixels})
    assert (stack.undo_name, stack.redo_name) == ("Brush", "Invert")
    assert [stack.can_undo, stack.can_redo] == [True, True]
    recorded(stack, mask, "Fill", mask.fill)
    assert [stack.can_redo, stack.undo_name, stack.redo_name] == [False, "Fill", ""]


def test_the_limit_drops_the_oldest_but_never_the_newest() -> None:
    stack = UndoStack(limit_bytes=5000)
    for name in "abcdef":
        stack.push(edit(name))
    assert stack.nbytes <= 5000 and stack.undo_name == "f"
    stack.push(edit("huge", 10_000))
    assert stack.undo_name == "huge" and stack.nbytes > 10_000
    stack.push(edit("next"))
    assert stack.undo_name == "next" and stack.nbytes <= 5000


def test_the_position_tells_whether_the_state_is_the_saved_one() -> None:
    mask = Mask.blank(20, 20)
    stack = UndoStack()
    targets = {"mask": mask.pixels}
    opened = stack.position
    recorded(stack, mask, "Fill", mask.fill)
    saved = stack.position
    recorded(stack, mask, "Clear", mask.clear)
    assert len({opened, saved, stack.position}) == 3
    stack.undo(targets)
    assert stack.position == saved
    stack.undo(targets)
    assert stack.position == opened
    stack.redo(targets)
    assert stack.position == saved
    stack.undo(targets)
    recorded(stack, mask, "Fill", mask.fill)  # the same pixels by another way are another state
    assert stack.position not in (opened, saved)
    stack.clear()
    assert stack.position not in (opened, saved) and stack.nbytes == 0 and not stack.can_undo


def test_a_position_that_was_dropped_does_not_come_back() -> None:
    mask: Pixels = np.zeros((1, 1), np.uint8)
    change = mask_change(mask, np.full((1, 1), 255, np.uint8), Box(0, 0, 1, 1))
    assert change is not None
    stack = UndoStack(limit_bytes=3500)
    positions = [stack.position]
    for name in "abcdefgh":
        stack.push(Edit(name, (change,)))
        positions.append(stack.position)
    steps = 0
    while stack.undo({"mask": mask}):
        steps += 1
    assert 0 < steps < 8
    assert stack.position == positions[8 - steps] != positions[0]
