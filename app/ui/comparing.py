"""What the comparison shows: the previewed result beside the original or another result, kept up to date."""

from PySide6.QtCore import QObject, Signal

from app.core.geometry import Box, union_of
from app.core.request import Patch
from app.state.document import Document
from app.state.history import Entry, History
from app.state.review import Preview, Review
from app.ui.compare.picture import ComparePicture
from app.ui.compare.view import CompareView

ORIGINAL = "original"
OTHERS = 12
"""Other results that are offered to compare with, newest first."""


class Comparing(QObject):
    """Feeds the comparison from the document and the review. ``toggled`` says whether it is to be seen."""

    toggled = Signal(bool)
    nothing = Signal(str)

    def __init__(self, view: CompareView, document: Document, history: History, review: Review) -> None:
        super().__init__()
        self._view, self._document, self._history, self._review = view, document, history, review
        self._other: Preview | None = None
        self.shown = False
        view.closed.connect(lambda: self.show(False))
        view.accepted.connect(self._accept)
        view.left_chosen.connect(self._choose)
        review.preview_changed.connect(self._refresh)
        review.other_ready.connect(self._take_other)
        document.opened.connect(lambda: self.show(False))
        document.picture_changed.connect(view.pixels_changed)  # first: the smaller copies follow the pixels
        document.picture_changed.connect(self._refresh)

    def show(self, on: bool) -> None:
        """Open or close the comparison; with nothing to compare it says so and stays closed."""
        if on and not self._has_something():
            self.nothing.emit("There is no result to compare yet: Ctrl+Return makes the first.")
            on = False
        was, self.shown = self.shown, on
        if on:
            self._other = None
            if self._review.preview is None and not self._document.base:
                self._review.select(self._fitting()[0].id)
            self._refresh()
            self._focus()
        else:
            self._view.clear()
        if on != was or not on:
            self.toggled.emit(on)

    def _has_something(self) -> bool:
        if self._document.picture is None:
            return False
        return bool(self._review.preview or self._document.base or self._fitting())

    def _fitting(self) -> list[Entry]:
        """The results that can lie on this picture, newest first."""
        picture = self._document.picture
        size = (picture.width, picture.height) if picture is not None else None
        return [entry for entry in self._history.entries() if entry.picture_size == size]

    def _accept(self) -> None:
        if self._review.preview is not None:
            self._review.accept(self._review.preview.entry.id)
            self.show(False)

    def _choose(self, key: str) -> None:
        if key == ORIGINAL:
            self._other = None
            self._refresh()
        else:
            self._review.fetch(key)

    def _take_other(self, other: Preview) -> None:
        self._other = other
        self._refresh()

    def _refresh(self, _: object = None) -> None:
        picture = self._document.picture
        if not self.shown or picture is None:
            return
        covered = tuple(Patch(box, pixels) for box, pixels in self._document.original_patches())
        original = ComparePicture("Original", "", picture.pixels, covered, picture.has_alpha)
        left = original if self._other is None else self._result(self._other)
        preview = self._review.preview
        right = self._result(preview) if preview else ComparePicture("Picture", "as it is now", picture.pixels)
        self._view.set_choices(self._choices(), self._other.entry.id if self._other else ORIGINAL)
        self._view.set_acceptable(preview is not None)
        self._view.set_pictures(left, right, original)

    def _result(self, preview: Preview) -> ComparePicture:
        picture = self._document.picture
        assert picture is not None
        entry = preview.entry
        seed = f", seed {entry.seed}" if entry.seed is not None else ""
        practice = ", practice" if entry.backend == "practice" else ""
        return ComparePicture(
            "Result", f"{entry.endpoint}{seed}{practice}", picture.pixels, preview.patches, picture.has_alpha
        )

    def _choices(self) -> list[tuple[str, str]]:
        preview = self._review.preview
        others = [
            (entry.id, f"{entry.endpoint}, seed {entry.seed}" if entry.seed is not None else entry.endpoint)
            for entry in self._fitting()
            if preview is None or entry.id != preview.entry.id
        ]
        return [(ORIGINAL, "Original"), *others[:OTHERS]]

    def _focus(self) -> None:
        box = self._box()
        if box is not None:
            self._view.focus(box)
        else:
            self._view.fit()

    def _box(self) -> Box | None:
        mask = self._document.mask
        bounds = mask.bounds() if mask is not None else None
        preview = self._review.preview
        return bounds or (union_of(patch.box for patch in preview.patches) if preview else None)
