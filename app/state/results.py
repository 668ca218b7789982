"""A stored result's pixels, and how they meet the picture. Without Qt."""

from dataclasses import dataclass

from app.core.arrays import Pixels
from app.core.blend import compose
from app.core.errors import InputError
from app.core.picture import Picture
from app.core.request import BlendSettings, Patch
from app.state.planning import sent_mask
from app.store.history import HistoryStore
from app.store.png import mask_from_png, rgb_from_png
from app.store.records import Entry


@dataclass(frozen=True, eq=False)
class LoadedResult:
    """An entry's pixels: the raw patches that came back, and the whole mask as it was drawn (height, width)."""

    entry: Entry
    patches: tuple[Patch, ...]
    mask: Pixels


def load_result(store: HistoryStore, entry: Entry) -> LoadedResult:
    """Read an entry's files. Raises StoreError when one is missing or altered."""
    patches = tuple(Patch(box, rgb_from_png(store.blobs.get(digest))) for box, digest in entry.patches)
    return LoadedResult(entry, patches, mask_from_png(store.blobs.get(entry.mask)))


def blended(picture: Picture, loaded: LoadedResult, settings: BlendSettings) -> tuple[Patch, ...]:
    """The raw patches composed onto ``picture`` under the sent mask. Raises InputError when the sizes differ."""
    if loaded.mask.shape != (picture.height, picture.width):
        raise InputError("This result belongs to a picture of another size; open that picture to use it.")
    mask = sent_mask(loaded.mask, settings.grow)
    return tuple(
        Patch(patch.box, compose(picture.rgb(patch.box), patch.pixels, mask[patch.box.slices], settings))
        for patch in loaded.patches
    )
