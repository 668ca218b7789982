"""Undo as data: what a command changed, kept as a compressed difference that takes the change back and puts it again.

A difference is the XOR of before and after, so one record serves undo and redo. A mask's is packed to one bit per pixel
first: a stroke costs about 2 kB where a copy of an 8192 x 8192 mask would cost 67 MB.
"""

import itertools
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from app.core.arrays import Pixels
from app.core.geometry import Box

Target = Literal["mask", "picture"]

LIMIT_BYTES = 256 << 20
"""What an UndoStack keeps unless told otherwise."""

_TILE = 256  # pixels
_WHOLE = (
    4 << 20
)  # pixels: up to this a box is one piece, beyond it tiles, most of which a long thin stroke leaves alone
_OVERHEAD = 200  # bytes that Python's objects around one compressed piece take


@dataclass(frozen=True, slots=True)
class Piece:
    """The compressed difference of one box."""

    box: Box
    data: bytes


@dataclass(frozen=True, slots=True)
class MaskChange:
    """What changed in a mask: one bit per pixel of each piece, 1 = was turned over."""

    box: Box
    pieces: tuple[Piece, ...]
    target: Target = field(default="mask", init=False)

    @property
    def nbytes(self) -> int:
        """Bytes of memory, about."""
        return _nbytes(self.pieces)

    def apply(self, pixels: Pixels) -> None:
        """Take the change back, or put it again: turn the changed pixels of the (height, width) mask over, in place."""
        for piece in self.pieces:
            width, height = piece.box.width, piece.box.height
            packed = np.frombuffer(zlib.decompress(piece.data), np.uint8).reshape(height, -1)
            turned = np.negative(np.unpackbits(packed, axis=1, count=width))  # 1 becomes 255
            view = pixels[piece.box.slices]
            np.bitwise_xor(view, turned, out=view)


@dataclass(frozen=True, slots=True)
class InvertChange:
    """A whole mask turned over: nothing to keep."""

    box: Box
    target: Target = field(default="mask", init=False)

    @property
    def nbytes(self) -> int:
        """Bytes of memory, about."""
        return _OVERHEAD

    def apply(self, pixels: Pixels) -> None:
        """Turn the mask over again, in place."""
        view = pixels[self.box.slices]
        np.bitwise_not(view, out=view)


@dataclass(frozen=True, slots=True)
class PictureChange:
    """What changed in a picture: the XOR of all four bytes of each pixel."""

    box: Box
    pieces: tuple[Piece, ...]
    target: Target = field(default="picture", init=False)

    @property
    def nbytes(self) -> int:
        """Bytes of memory, about."""
        return _nbytes(self.pieces)

    def apply(self, pixels: Pixels) -> None:
        """Take the change back, or put it again, in place in the (height, width, 4) BGRA picture."""
        for piece in self.pieces:
            difference = np.frombuffer(zlib.decompress(piece.data), np.uint8)
            view = pixels[piece.box.slices]
            np.bitwise_xor(view, difference.reshape(view.shape), out=view)


Change = MaskChange | InvertChange | PictureChange


def mask_change(before: Pixels, after: Pixels, box: Box) -> MaskChange | None:
    """What differs inside ``box`` between two whole (height, width) masks of 0 and 255; None when nothing does."""
    pieces = []
    for tile in _tiles(box):
        turned = np.packbits(before[tile.slices] ^ after[tile.slices], axis=1)
        if turned.any():
            pieces.append(Piece(tile, zlib.compress(turned.data, 1)))
    return MaskChange(box, tuple(pieces)) if pieces else None


def picture_change(before: Pixels, after: Pixels, box: Box) -> PictureChange | None:
    """What differs between two (box.height, box.width, 4) BGRA arrays that stand at ``box``; None when nothing does."""
    pieces = []
    for tile in _tiles(box):
        rows, columns = tile.shifted(-box.x0, -box.y0).slices
        difference = before[rows, columns] ^ after[rows, columns]
        if difference.any():
            pieces.append(Piece(tile, zlib.compress(difference.data, 1)))
    return PictureChange(box, tuple(pieces)) if pieces else None


def _tiles(box: Box) -> Iterator[Box]:
    if box.area <= _WHOLE:
        yield box
        return
    for top in range(box.y0, box.y1, _TILE):
        for left in range(box.x0, box.x1, _TILE):
            yield Box(left, top, min(left + _TILE, box.x1), min(top + _TILE, box.y1))


def _nbytes(pieces: tuple[Piece, ...]) -> int:
    return _OVERHEAD + sum(len(piece.data) + _OVERHEAD for piece in pieces)


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of undo: the command's name as the user reads it ("Brush"), and all that it changed."""

    name: str
    changes: tuple[Change, ...]

    @property
    def nbytes(self) -> int:
        """Bytes of memory, about."""
        return _OVERHEAD + sum(change.nbytes for change in self.changes)


class UndoStack:
    """The edits that can be undone and redone, oldest first, limited by their bytes and not by their number."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit = limit_bytes
        self._tokens = itertools.count(1)
        self._base = 0
        self._nbytes = 0  # counted along: a long session has many edits
        self._done: deque[tuple[int, Edit]] = deque()
        self._undone: list[tuple[int, Edit]] = []

    @property
    def position(self) -> int:
        """A token of the present state: equal tokens mean equal pixels. Keep it when saving and compare it later."""
        return self._done[-1][0] if self._done else self._base

    @property
    def nbytes(self) -> int:
        """Bytes of all edits, undone ones included."""
        return self._nbytes

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward."""
        return bool(self._undone)

    @property
    def undo_name(self) -> str:
        """The name of the edit that ``undo`` takes back; "" when there is none."""
        return self._done[-1][1].name if self._done else ""

    @property
    def redo_name(self) -> str:
        """The name of the edit that ``redo`` puts again; "" when there is none."""
        return self._undone[-1][1].name if self._undone else ""

    @property
    def next_undo(self) -> Edit | None:
        """The edit that ``undo`` would take back."""
        return self._done[-1][1] if self._done else None

    @property
    def next_redo(self) -> Edit | None:
        """The edit that ``redo`` would put again."""
        return self._undone[-1][1] if self._undone else None

    def push(self, edit: Edit) -> None:
        """Add an edit that has just been made. What was undone is gone; so are the oldest edits beyond the limit."""
        self._nbytes += edit.nbytes - sum(undone.nbytes for _, undone in self._undone)
        self._undone.clear()
        self._done.append((next(self._tokens), edit))
        while self._nbytes > self._limit and len(self._done) > 1:
            self._base, dropped = self._done.popleft()
            self._nbytes -= dropped.nbytes

    def undo(self, targets: Mapping[str, Pixels]) -> Edit | None:
        """Take the newest edit back in ``targets`` ("mask" and "picture" pixels), in place; None at the bottom."""
        if not self._done:
            return None
        entry = self._done.pop()
        for change in reversed(entry[1].changes):
            change.apply(targets[change.target])
        self._undone.append(entry)
        return entry[1]

    def redo(self, targets: Mapping[str, Pixels]) -> Edit | None:
        """Put the edit undone last again in ``targets``; None when there is none."""
        if not self._undone:
            return None
        entry = self._undone.pop()
        for change in entry[1].changes:
            change.apply(targets[change.target])
        self._done.append(entry)
        return entry[1]

    def clear(self) -> None:
        """Forget all edits, as for another picture: no earlier position is equal to the new one."""
        self._done.clear()
        self._undone.clear()
        self._nbytes = 0
        self._base = next(self._tokens)
