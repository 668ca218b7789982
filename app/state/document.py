"""The document: the picture, its mask, and one undo stack for both.

The mask changes only between ``begin`` and ``commit`` (or ``abandon``) and by the commands; anything else is a bug.
Commands on a large region run on a thread, so that the thread that paints never waits; strokes are refused meanwhile.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.core.arrays import Pixels
from app.core.geometry import Box, union_of
from app.core.mask import Mask
from app.core.picture import Picture
from app.core.request import Patch
from app.core.undo import Change, Edit, InvertChange, UndoStack, mask_change, picture_change
from app.state.beside import beside

AT_ONCE = 2_000_000
"""Pixels of mask that a command may work through on the thread that paints (about 5 ms)."""

MOST_WAITING = 50
"""Commands that a busy document remembers: a key that repeats must not fill a queue without end."""


@dataclass(frozen=True, eq=False)
class Accepted:
    """A result that became part of the picture: its history entry, and the RGB pixels that it covered."""

    entry: str
    covered: tuple[Patch, ...]


@dataclass(frozen=True, eq=False)
class _Outcome:
    """What a command did: the mask's box and the picture's box that changed, and what to do with the undo stack."""

    mask_box: Box | None
    picture_box: Box | None
    edit: Edit | None
    is_new: bool
    accepted: Accepted | None = None


class Document(QObject):
    """One open picture. ``executor`` runs commands on large masks; without one they run at once."""

    opened = Signal()
    closed = Signal()
    mask_changed = Signal(object)
    picture_changed = Signal(object)
    undo_changed = Signal()
    busy_changed = Signal(bool)

    def __init__(self, executor: Executor | None = None, undo_bytes: int = 256 << 20) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self.mask: Mask | None = None
        self.path: Path | None = None
        """Where Save writes; None asks for a name."""
        self.origin: Path | None = None
        """The file whose pixels these are: the sample's has one and no ``path``."""
        self.painting = False
        self.busy = False
        self._working = False
        self._holders = self._readers = 0
        self._executor = executor
        self._shadow: Pixels = np.zeros((0, 0), np.uint8)
        self._undo = UndoStack(undo_bytes)
        self._stroke_name = ""
        self._stroke_box: Box | None = None
        self._waiting: deque[Callable[[], object]] = deque()
        self._accepted: list[tuple[Edit, Accepted]] = []
        self._undone: list[tuple[Edit, Accepted]] = []
        self._saved: object = self._undo.position
        self._saved_base: tuple[str, ...] = ()

    # -- opening -----------------------------------------------------------------------------------------------------

    def open(
        self, picture: Picture, path: Path | None = None, mask: Mask | None = None, origin: Path | None = None
    ) -> None:
        """Take ``picture`` (and a mask of its size, else an empty one) as the new document.

        ``origin`` is the file that it was read from where that is not ``path``, which Save writes to.
        """
        self.painting = False
        self._waiting.clear()
        self.picture, self.path, self.origin = picture, path, origin or path
        self.mask = mask or Mask.blank(picture.width, picture.height)
        # An empty shadow takes no time: its pages are made when first written to. A copy of 108 MP takes 0.2 s.
        self._shadow = self.mask.pixels.copy() if mask is not None else np.zeros(self.mask.pixels.shape, np.uint8)
        self._undo.clear()
        self._accepted.clear()
        self._undone.clear()
        self._saved, self._saved_base = self._undo.position, ()
        self.opened.emit()
        self.undo_changed.emit()

    def saved_as(self, path: Path) -> None:
        """The picture is on disk at ``path`` as it is now."""
        self.path = path
        self._saved, self._saved_base = self._undo.position, self.base
        self.undo_changed.emit()

    @property
    def modified(self) -> bool:
        """Whether picture or mask changed since opening or the last save."""
        return self._undo.position != self._saved

    @property
    def picture_modified(self) -> bool:
        """Whether the picture itself has accepted results that are not in its file."""
        return self.base != self._saved_base

    @property
    def position(self) -> object:
        """A token of the present state of picture and mask: equal tokens mean that nothing was done in between."""
        return self._undo.position

    @property
    def committed(self) -> Pixels:
        """The mask as the last finished step left it: a stroke under way is not in it. Not to be written to."""
        return self._shadow

    @property
    def base(self) -> tuple[str, ...]:
        """The accepted history entries beneath the picture, in order."""
        return tuple(accepted.entry for _, accepted in self._accepted)

    def original_patches(self) -> list[tuple[Box, Pixels]]:
        """RGB pixels as they were before any accepted result, to be drawn in this order."""
        return [(patch.box, patch.pixels) for _, accepted in reversed(self._accepted) for patch in accepted.covered]

    # -- strokes -----------------------------------------------------------------------------------------------------

    def begin(self, name: str) -> bool:
        """Start a stroke; False when there is nothing to paint on or a command is still at work, or waits for it."""
        if self.mask is None or self._working or self._holders or self._waiting or self.painting:
            return False
        self.painting, self._stroke_name, self._stroke_box = True, name, None
        return True

    def paint(self, start: tuple[int, int], end: tuple[int, int], radius: int, value: int) -> None:
        """Paint one exact segment between two pixels (x, y); only within a stroke."""
        if not self.painting or self.mask is None:
            raise RuntimeError("the mask changes only between begin and commit")
        box = self.mask.paint(start, end, radius, value)
        if box is not None:
            self._stroke_box = box.union(self._stroke_box)
            self.mask_changed.emit(box)

    def commit(self) -> None:
        """End the stroke as one step of undo; a stroke that changed nothing leaves none."""
        if not self.painting or self.mask is None:
            return
        self.painting = False
        recorded = self._recorded(self._stroke_name, self._stroke_box)
        self._finish(replace(recorded, mask_box=None))  # each segment has been told already
        self._go_on()

    def abandon(self) -> None:
        """End the stroke as if it had never begun."""
        if not self.painting or self.mask is None:
            return
        self.painting = False
        if self._stroke_box is not None:
            self.mask.replace(self._stroke_box, self._shadow[self._stroke_box.slices])
            self.mask_changed.emit(self._stroke_box)
        self._go_on()

    # -- commands ----------------------------------------------------------------------------------------------------

    def grow(self, radius: int) -> None:
        """Grow (dilate) the mask by an exact disc."""
        self._command("Grow", lambda mask: mask.grow(radius), radius)

    def shrink(self, radius: int) -> None:
        """Shrink (erode) the mask by an exact disc."""
        self._command("Shrink", lambda mask: mask.shrink(radius), radius)

    def clear(self) -> None:
        """Take the whole mask away."""
        self._command("Clear mask", lambda mask: mask.clear())

    def fill_all(self) -> None:
        """Mask everything."""
        self._command("Mask everything", lambda mask: mask.fill(), whole=True)

    def replace_mask(self, name: str, pixels: Pixels) -> None:
        """Put another mask (height, width) of 0 and 255 in place of this one, as one undoable step."""
        self._command(name, lambda mask: mask.replace(mask.box, pixels), whole=True)

    def invert(self) -> None:
        """Swap masked and unmasked. Needs no data in the undo stack."""
        if self._ready(self.invert) and self.mask is not None:
            mask = self.mask
            self._work(lambda: self._inverted(mask), mask.box.area)

    def undo(self) -> None:
        """Take the last step back."""
        self._step(back=True)

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self._step(back=False)

    @property
    def undo_name(self) -> str:
        """What undo would take back; empty when there is nothing."""
        return self._undo.undo_name

    @property
    def redo_name(self) -> str:
        """What redo would do again; empty when there is nothing."""
        return self._undo.redo_name

    def accept(self, entry: str, patches: Sequence[Patch]) -> bool:
        """Make blended ``patches`` (RGB, equal to the picture outside the blended mask) part of it; False when busy."""
        ready = self._ready()
        if ready and self.picture is not None:
            picture, area = self.picture, sum(patch.box.area for patch in patches)
            # Packing a pixel's difference costs about ten times a mask's: it is four bytes, and noise.
            self._work(lambda: self._taken(picture, entry, patches), area * 10)
        return ready

    def _taken(self, picture: Picture, entry: str, patches: Sequence[Patch]) -> _Outcome:
        changes: list[Change] = []
        covered: list[Patch] = []
        for patch in patches:
            before = picture.pixels[patch.box.slices].copy()
            covered.append(Patch(patch.box, picture.rgb(patch.box)))
            picture.put_rgb(patch.box, patch.pixels)
            change = picture_change(before, picture.pixels[patch.box.slices], patch.box)
            changes += [change] if change is not None else []
        if not changes:
            return _Outcome(None, None, None, True)
        edit = Edit("Accept result", tuple(changes))
        return _Outcome(None, union_of(patch.box for patch in patches), edit, True, Accepted(entry, tuple(covered)))

    # -- inside ------------------------------------------------------------------------------------------------------

    def hold(self, held: bool, *, may_paint: bool = False) -> None:
        """Put commands off while somebody reads the pixels on a thread; each True is followed by one False.

        ``may_paint`` is for those who read the picture only (saving): strokes on the mask do not disturb them.
        """
        by = 1 if held else -1
        if may_paint:
            self._readers += by
        else:
            self._holders += by
        self._tell_busy()

    @property
    def working(self) -> bool:
        """Whether a command is at work on a thread; another picture has to wait for its end."""
        return self._working

    def when_free(self, then: Callable[[], object]) -> None:
        """Do ``then`` now, or as soon as the document is free, after what waits already."""
        if self.busy or self.painting:
            self._wait(then)
        else:
            then()

    def _ready(self, again: Callable[[], object] | None = None) -> bool:
        """Whether a command can run now; a busy document does ``again`` as soon as it is free, in order."""
        if self.busy and again is not None:
            self._wait(again)
        return self.mask is not None and not self.busy and not self.painting

    def _wait(self, then: Callable[[], object]) -> None:
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(then)

    def _inverted(self, mask: Mask) -> _Outcome:
        box = mask.invert()
        np.bitwise_not(self._shadow, out=self._shadow)
        return _Outcome(box, None, Edit("Invert", (InvertChange(box),)), True)

    def _command(self, name: str, change: Callable[[Mask], Box | None], reach: int = 0, *, whole: bool = False) -> None:
        if not self._ready(lambda: self._command(name, change, reach, whole=whole)) or self.mask is None:
            return
        mask = self.mask
        region = mask.box if whole else mask.bounds()
        if region is None:
            return
        self._work(lambda: self._recorded(name, change(mask)), region.padded(reach, mask.box).area)

    def _step(self, *, back: bool) -> None:
        if not self._ready(lambda: self._step(back=back)) or self.mask is None or self.picture is None:
            return
        edit = self._undo.next_undo if back else self._undo.next_redo
        if edit is not None:
            step = self._undo.undo if back else self._undo.redo
            self._work(lambda: self._stepped(step), sum(change.box.area for change in edit.changes))

    def _stepped(self, step: Callable[[dict[str, Pixels]], Edit | None]) -> _Outcome:
        assert self.mask is not None and self.picture is not None
        edit = step({"mask": self.mask.pixels, "picture": self.picture.pixels})
        if edit is None:
            return _Outcome(None, None, None, False)
        mask_box = union_of(change.box for change in edit.changes if change.target == "mask")
        if mask_box is not None:
            self.mask.touched(mask_box)
            self._shadow[mask_box.slices] = self.mask.pixels[mask_box.slices]
        picture_box = union_of(change.box for change in edit.changes if change.target == "picture")
        return _Outcome(mask_box, picture_box, edit, False)

    def _recorded(self, name: str, box: Box | None) -> _Outcome:
        """The mask changed within ``box``: the edit that takes it back, and the shadow brought up to date."""
        assert self.mask is not None
        change = mask_change(self._shadow, self.mask.pixels, box) if box is not None else None
        if change is None or box is None:
            return _Outcome(box, None, None, True)
        self._shadow[box.slices] = self.mask.pixels[box.slices]
        return _Outcome(box, None, Edit(name, (change,)), True)

    def _work(self, work: Callable[[], _Outcome], area: int) -> None:
        if self._executor is None or area <= AT_ONCE:
            self._finish(work())
            return
        self._working = True
        self._tell_busy()
        beside(self._executor, work, self._worked)

    def _worked(self, done: "Future[_Outcome]") -> None:
        """A command has ended on its thread: first what it did counts, then others may follow."""
        try:
            self._finish(done.result())
        finally:
            self._working = False
            self._tell_busy()

    def _finish(self, done: _Outcome) -> None:
        if done.edit is not None and done.is_new:
            self._undo.push(done.edit)
            self._undone.clear()
            if done.accepted is not None:
                self._accepted.append((done.edit, done.accepted))
        elif done.edit is not None:
            self._move_accepted(done.edit)
        if done.mask_box is not None and not (done.is_new and done.edit is None):
            self.mask_changed.emit(done.mask_box)
        if done.picture_box is not None:
            self.picture_changed.emit(done.picture_box)
        if done.edit is not None:
            self.undo_changed.emit()

    def _move_accepted(self, edit: Edit) -> None:
        if self._accepted and self._accepted[-1][0] is edit:
            self._undone.append(self._accepted.pop())
        elif self._undone and self._undone[-1][0] is edit:
            self._accepted.append(self._undone.pop())

    def _tell_busy(self) -> None:
        busy = self._working or self._holders > 0 or self._readers > 0
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)
        self._go_on()

    def _go_on(self) -> None:
        """Do what waited, as long as nothing stands in its way: a stroke under way is finished first."""
        while self._waiting and not self.busy and not self.painting:
            self._waiting.popleft()()
