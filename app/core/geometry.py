"""Boxes in picture coordinates: integer pixels, origin at the top left, upper ends excluded."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """The pixels with ``x0 <= x < x1`` and ``y0 <= y < y1``. An empty box is written as ``None``, never as a Box."""

    x0: int
    y0: int
    x1: int
    y1: int

    @classmethod
    def of_size(cls, width: int, height: int) -> "Box":
        """The box of a whole picture of ``width`` x ``height`` pixels."""
        return cls(0, 0, width, height)

    @property
    def width(self) -> int:
        """Columns."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Rows."""
        return self.y1 - self.y0

    @property
    def area(self) -> int:
        """Pixels."""
        return self.width * self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Row and column slices: ``array[box.slices]`` is the view of this box."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    def union(self, other: "Box | None") -> "Box":
        """The smallest box that holds both."""
        if other is None:
            return self
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def intersection(self, other: "Box") -> "Box | None":
        """The pixels in both, or None."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        x1, y1 = min(self.x1, other.x1), min(self.y1, other.y1)
        return Box(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None

    def padded(self, pixels: int, within: "Box") -> "Box":
        """This box with ``pixels`` more on each side, kept inside ``within`` (which it must touch)."""
        return Box(
            max(within.x0, self.x0 - pixels),
            max(within.y0, self.y0 - pixels),
            min(within.x1, self.x1 + pixels),
            min(within.y1, self.y1 + pixels),
        )

    def shifted(self, dx: int, dy: int) -> "Box":
        """This box moved by ``dx`` columns and ``dy`` rows."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)


def union_of(boxes: Iterable[Box | None]) -> Box | None:
    """The smallest box that holds all of ``boxes``; None when there is none."""
    found: Box | None = None
    for box in boxes:
        if box is not None:
            found = box.union(found)
    return found
