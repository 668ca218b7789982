"""Which picture the drafts belong to, and those of the pictures shown before it in this run. Without Qt."""

from collections.abc import Mapping
from typing import Any, Final

Json = Any

MOST: Final = 100
"""Pictures whose drafts are held in memory; ``app.store.picture_values`` keeps more."""


class PictureDrafts:
    """Drafts by the digest of the picture's file. A picture has several once it was saved."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self._kept: dict[str, dict[str, Json]] = {}

    def remembers(self, digest: str) -> bool:
        """Whether that picture was shown, and left, in this run."""
        return digest in self._kept

    def name(self, digest: str) -> None:
        """The present picture goes by this digest, too."""
        if digest and digest not in self.names:
            self.names = (*self.names, digest)

    def turn_to(self, digest: str, standing: dict[str, Json]) -> Mapping[str, Json] | None:
        """Leave the present picture, which has the drafts ``standing``; what is kept of the one with ``digest``."""
        for name in self.names:
            self._kept.pop(name, None)
            self._kept[name] = standing
        for name in list(self._kept)[:-MOST]:
            del self._kept[name]
        self.names = (digest,) if digest else ()
        return self._kept.get(digest)
