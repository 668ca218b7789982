"""Pixels that two processes see at once, in memory that has no name.

A named segment has to be unlinked by somebody, and /dev/shm may be small or missing. An anonymous file has neither
trouble: only its descriptor is handed over, and the kernel frees it with the last process that holds it.
"""

import mmap
import os
import tempfile
from collections.abc import Sequence

import numpy as np

from app.core.arrays import Pixels
from app.core.errors import Failed

ALIGNMENT = 64
"""Bytes: every array starts on a cache line."""

Place = tuple[int, tuple[int, ...]]
"""Where an array lies: its first byte, and its shape."""


class SharedPixels:
    """A block for ``arrays`` and room for outputs of the given shapes, all uint8. Empty until ``fill``."""

    def __init__(self, arrays: Sequence[Pixels], outputs: Sequence[tuple[int, ...]]) -> None:
        self.arrays, end = _places([array.shape for array in arrays], 0)
        self.outputs, end = _places(outputs, end)
        self.size = max(end, 1)
        self.descriptor = -1
        self._sources = arrays
        self._block: mmap.mmap | None = None

    def fill(self) -> None:
        """Reserve the memory and copy the arrays in. Takes a tenth of a second for 24 megapixels: call it in a thread.

        Raises Failed when the memory cannot be had.
        """
        try:
            self.descriptor = _anonymous_file(self.size)
        except OSError as error:
            raise Failed(
                f"There is not enough memory to hand {self.size / 1e6:.0f} MB to the fill engine; "
                "close other programs or fill a smaller area."
            ) from error
        self._block = mmap.mmap(self.descriptor, self.size)
        for array, place in zip(self._sources, self.arrays, strict=True):
            self._view(place)[...] = array

    def read_outputs(self) -> tuple[Pixels, ...]:
        """Copies of the outputs as they are now."""
        return tuple(self._view(place).copy() for place in self.outputs)

    def close(self) -> None:
        """Let go of the memory here; may be called twice. Not while another call is at work."""
        if self._block is not None:
            self._block.close()
            self._block = None
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def _view(self, place: Place) -> Pixels:
        offset, shape = place
        return np.ndarray(shape, np.uint8, buffer=self._block, offset=offset)


def _places(shapes: Sequence[tuple[int, ...]], start: int) -> tuple[list[Place], int]:
    places = []
    for shape in shapes:
        places.append((start, tuple(map(int, shape))))
        start += -(-int(np.prod(shape, dtype=np.int64)) // ALIGNMENT) * ALIGNMENT
    return places, start


def _anonymous_file(size: int) -> int:
    """The descriptor of ``size`` reserved bytes that no folder knows."""
    descriptor = _create()
    try:
        # Reserving now turns a full memory into an OSError here, instead of a SIGBUS at the first write.
        os.posix_fallocate(descriptor, 0, size)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _create() -> int:
    try:
        return os.memfd_create("mendbrush-pixels")
    except (AttributeError, OSError):
        # Not Linux, or a sandbox that forbids it: a file without a name does the same from disk.
        with tempfile.TemporaryFile() as file:
            return os.dup(file.fileno())
