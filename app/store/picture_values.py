"""The drafts of requests that were made for a picture, one small JSON file for each picture's file.

Several programs share the folder: each file is written whole, and the last one counts.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.core.errors import StoreError
from app.store.atomic import DISK, PRIVATE, Disk, write_atomic
from app.store.bounded import read_bounded
from app.store.places import made
from app.store.wording import read_reason

Json = Any

FORMAT: Final = 1
MOST: Final = 500
"""Pictures whose values are kept; the ones changed longest ago go first."""
LARGEST: Final = 1 << 20
"""Bytes of one file: it is read where nobody may wait."""

_TIDY_EVERY: Final = 20
"""Writings between two looks at the whole folder."""


class PictureValues:
    """A folder of values named by the digest of the picture that they belong to."""

    def __init__(self, folder: Path, *, disk: Disk = DISK) -> None:
        self._folder = folder
        self._disk = disk
        self._written = 0

    def save(self, digest: str, values: Mapping[str, Json]) -> None:
        """Keep ``values`` for the picture with ``digest``. Raises StoreError in words."""
        try:
            text = json.dumps({"format": FORMAT, "values": values}, indent=1)
        except (TypeError, ValueError, RecursionError) as error:
            raise StoreError(f"A value cannot be written down ({error}). It was not kept.") from error
        if len(text) > LARGEST:
            raise StoreError("The values set for this picture are too large to be kept. Shorten the longest one.")
        write_atomic(made(self._folder) / f"{digest}.json", text.encode("ascii"), mode=PRIVATE, disk=self._disk)
        if self._written % _TIDY_EVERY == 0:
            self._tidy()
        self._written += 1

    def load(self, digest: str) -> dict[str, Json] | None:
        """What was kept for that picture, None when nothing was. Raises StoreError, in words, for a damaged file."""
        try:
            text = read_bounded(self._folder / f"{digest}.json", LARGEST)
            if len(text) > LARGEST:
                raise ValueError("too long")
            document = json.loads(text)
            if not isinstance(document, dict) or document.get("format") != FORMAT:
                raise ValueError("of another form")
            values = document["values"]
            if not isinstance(values, dict):
                raise ValueError("no values")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(
                f"The values kept for this picture cannot be read ({read_reason(error)}); those of before stay."
            ) from error
        except (ValueError, KeyError, RecursionError) as error:
            raise StoreError("The values kept for this picture are damaged; those of before stay.") from error
        return values

    def _tidy(self) -> None:
        with contextlib.suppress(OSError):
            dated = [(entry.stat().st_mtime, entry.path) for entry in os.scandir(self._folder) if _is_ours(entry)]
            for _, path in sorted(dated, reverse=True)[MOST:]:
                Path(path).unlink(missing_ok=True)


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    return entry.name.endswith(".json") and entry.is_file(follow_symlinks=False)
