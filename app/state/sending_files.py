"""The files that a request sends: a crop's picture and mask, and kept files among the values."""

import contextlib
import os
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from app.core.attachments import attachments_in
from app.core.endpoint import Polarity
from app.core.errors import StoreError
from app.core.request import Crop, Json
from app.core.wire import wire_mask
from app.store.blobs import Blobs
from app.store.png import grey_png, rgb_png
from app.store.wording import read_reason, shown

GONE: Final = "The file that was chosen here is not kept any more; choose it again."


class CropFiles:
    """A crop's picture and mask as files, packed when they are first asked for."""

    def __init__(self, crop: Crop, polarity: Polarity) -> None:
        self._crop, self.polarity = crop, polarity

    @cached_property
    def picture(self) -> bytes:
        """The RGB pixels as a PNG."""
        return rgb_png(self._crop.picture)

    @cached_property
    def mask(self) -> bytes:
        """The mask in the wire's polarity as an 8-bit PNG."""
        return grey_png(wire_mask(self._crop.mask, self.polarity))


def kept_files(values: Mapping[str, Json], kept: Blobs | None) -> dict[str, tuple[Path, int]]:
    """Digest -> file and its bytes, for what the values refer to, as far as it is there."""
    found: dict[str, tuple[Path, int]] = {}
    for attachment in attachments_in(values):
        with contextlib.suppress(StoreError, OSError):
            if kept is not None:
                path = kept.path(attachment.digest)
                found[attachment.digest] = path, path.stat().st_size
    return found


def missing_files(values: Mapping[str, Json], files: Collection[str]) -> dict[str, str]:
    """Field -> a sentence, for each that refers to a file that is not among ``files``."""
    return {
        path: GONE
        for path, value in values.items()
        if any(attachment.digest not in files for attachment in attachments_in(value))
    }


def read_kept(path: Path) -> bytes:
    """A kept file's bytes. Raises StoreError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"“{shown(path)}” cannot be read: {read_reason(error)}.") from error


def check_free(data: Mapping[Path, bytes]) -> None:
    """Raise StoreError where a file of that name holds other bytes than those that would be written."""
    for path, wanted in data.items():
        if os.path.lexists(path) and not _holds(path, wanted):
            raise StoreError(f"“{shown(path)}” is there already and holds something else. Choose another folder.")


def _holds(path: Path, wanted: bytes) -> bool:
    """Whether ``path`` is an ordinary file of these bytes; a pipe is not waited for, a huge file not read."""
    try:
        return path.is_file() and path.stat().st_size == len(wanted) and path.read_bytes() == wanted
    except OSError:
        return False
