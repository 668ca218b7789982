"""Masks that were drawn and not saved, one for each picture's file, so that a crash or a quick quit loses no stroke."""

import contextlib
from pathlib import Path

from app.core.arrays import Pixels
from app.core.errors import StoreError
from app.store.atomic import PRIVATE, write_atomic
from app.store.places import made
from app.store.png import mask_from_png

MOST = 200
"""Drafts that are kept; the ones used longest ago go first."""


class Drafts:
    """A folder of masks named by the digest of the picture that they belong to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, digest: str, png: bytes) -> None:
        """Keep a mask as ``mask_png`` packs it; without bytes the draft is forgotten. Raises StoreError in words."""
        if not png:
            self.forget(digest)
            return
        write_atomic(made(self._folder) / f"{digest}.png", png, mode=PRIVATE)
        self._tidy()

    def load(self, digest: str, size: tuple[int, int]) -> Pixels | None:
        """The mask kept for a picture of ``size`` (width, height); None when there is none that fits."""
        try:
            mask = mask_from_png((self._folder / f"{digest}.png").read_bytes())
        except (OSError, StoreError):
            return None
        return mask if mask.shape == (size[1], size[0]) else None

    def forget(self, digest: str) -> None:
        """Drop a picture's draft."""
        with contextlib.suppress(OSError):
            (self._folder / f"{digest}.png").unlink(missing_ok=True)

    def _tidy(self) -> None:
        with contextlib.suppress(OSError):
            kept = sorted(self._folder.glob("*.png"), key=lambda path: path.stat().st_mtime, reverse=True)
            for path in kept[MOST:]:
                path.unlink(missing_ok=True)
