"""What will be sent, before it is: crops and mask as they leave, the body, its bytes, where it goes, what it costs.

One function makes it for the sheet in the window and for ``inpaint --dry-run``. Without Qt, and slow where crops are
large: call it on a thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from app.backends.validation import Validation
from app.core.arrays import Pixels
from app.core.destination import KEYS, Destination, destination
from app.core.endpoint import FROM_CANVAS, MISSING, Endpoint
from app.core.errors import MaskError
from app.core.geometry import Box
from app.core.json_text import json_text
from app.core.picture import Picture
from app.core.price import Estimate, Spent, estimate, words
from app.core.request import BlendSettings, Json, Request
from app.core.snippets import Command, as_curl, as_python
from app.core.values import body as values_sent
from app.core.wire import (
    Part,
    PartRole,
    body_size,
    canvas_parts,
    file_parts,
    hides,
    missing_parts,
    wire_body,
    wire_mask,
)
from app.state.checking import Checking
from app.state.planning import fixed_seed, plan
from app.state.sending_files import CropFiles, check_free, kept_files, missing_files, read_kept
from app.store.atomic import write_atomic
from app.store.blobs import Blobs
from app.store.records import Entry

NO_PICTURE = "Open a picture first: there is nothing to send yet."
KEY_HIDDEN = "A key among the values is hidden here and in what is copied: fill it in there yourself."
THUMBNAIL = 320
"""Longest side in pixels of what the sheet shows of a crop."""


@dataclass(frozen=True)
class Draft:
    """What the next request is made of, besides pixels."""

    endpoint: Endpoint
    backend: str
    values: Mapping[str, Json]
    blend: BlendSettings
    base_url: str = ""
    keys: tuple[str, ...] = ()
    """Keys that are known here; one that was pasted among the values is hidden."""


@dataclass(frozen=True, eq=False)
class CropSheet:
    """One crop as it is sent. The two thumbnails are (h, w, 3) RGB and (h, w) uint8, at most ``THUMBNAIL`` pixels.

    ``mask_pixels`` counts what is to be repainted. ``body`` has stand-ins for the files; ``size`` is its bytes with
    them.
    """

    box: Box
    files: CropFiles
    picture_thumbnail: Pixels
    mask_thumbnail: Pixels
    mask_pixels: int
    body: Mapping[str, Json]
    size: int


@dataclass(frozen=True, eq=False)
class SendingSheet:
    """Everything about the request that a click would send now. ``crops`` is empty while there is nothing to send."""

    draft: Draft
    destination: Destination
    crops: tuple[CropSheet, ...]
    body: Mapping[str, Json]
    """The first crop's, or what is known of it without one."""
    bytes: int
    """Of all bodies; a crop is a request of its own where a provider is asked. 0 where nothing leaves."""
    price: Estimate
    lacking: str
    """Why there is nothing to send, in a sentence; "" when there is."""
    faults: Mapping[str, str]
    """Field -> what keeps its value from being sent."""
    files: Mapping[str, Path]
    """The name beside a snippet -> the kept file, for each that a value refers to."""
    notes: tuple[str, ...]
    """What is worth knowing and not in the way, in sentences."""
    left_out: Mapping[str, Json]
    """Fields that are not sent -> the default that the provider documents for them; MISSING for none."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is in the way, in sentences."""
        return (*filter(None, [self.lacking]), *(f"{path}: {text}" for path, text in self.faults.items()))

    def curl(self, index: int = 0) -> str:
        """A crop's request as a command for the shell; "" when the address is not known."""
        return as_curl(self.destination, self.body_of(index)) if self.leaves else self._command(index).for_shell()

    def python(self, index: int = 0) -> str:
        """A crop's request as a script for Python; "" when the address is not known."""
        return as_python(self.destination, self.body_of(index)) if self.leaves else self._command(index).for_python()

    def json(self, index: int = 0) -> str:
        """A crop's body to read, with stand-ins for the files."""
        return json_text(self.body_of(index), indent=2)

    @property
    def leaves(self) -> bool:
        """Whether it is a provider's request (sent, or practised) rather than work for this computer."""
        return self.draft.endpoint.provider != "local"

    def file_names(self, index: int = 0) -> tuple[str, str]:
        """What a crop's picture and mask are called when they are saved."""
        number = _number(index, len(self.crops))
        return f"picture{number}.png", f"mask{number}.png"

    def body_of(self, index: int) -> Mapping[str, Json]:
        """A crop's body, or the one that is known without a crop."""
        return self.crops[index].body if index < len(self.crops) else self.body

    def _command(self, index: int) -> Command:
        draft = self.draft
        return Command(draft.endpoint, draft.backend, self.body, draft.blend, self.file_names(index))


def make_sheet(
    draft: Draft,
    picture: Picture | None,
    mask: Pixels | None,
    *,
    faults: Mapping[str, str] | None = None,
    earlier: Sequence[Spent] = (),
    kept: Blobs | None = None,
    packed: Sequence[CropSheet] = (),
) -> SendingSheet:
    """The sheet for ``mask`` (height, width, as drawn) on ``picture``; either may be missing, and is said to be.

    ``faults`` maps fields to what keeps them from being sent; ``earlier`` is what this endpoint's requests cost; in
    ``kept`` lie the files that values refer to; without it they stay the texts that they are. ``packed`` are crops of
    an earlier sheet of the same picture and sent mask: packing large ones takes seconds.
    """
    request, lacking = _planned(draft, picture, mask)
    endpoint = draft.endpoint
    files = kept_files(draft.values, kept)
    parts = file_parts(draft.values, {digest: size for digest, (_, size) in files.items()})
    indexes = range(len(request.crops)) if request is not None else ()
    crops = tuple(_crop_sheet(request, index, parts, draft.keys, packed) for index in indexes if request is not None)
    sent = crops[0].body if crops else _body_without_crop(draft, parts)
    requests = len(crops) if endpoint.provider != "local" else 1
    return SendingSheet(
        draft=draft,
        destination=destination(endpoint, draft.backend, draft.base_url),
        crops=crops,
        body=sent,
        bytes=_bytes(endpoint, crops, sent),
        price=estimate(endpoint, draft.backend, draft.values, earlier, requests),
        lacking=lacking,
        faults={**(missing_files(draft.values, files) if kept is not None else {}), **(faults or {})},
        files={part.name: files[digest][0] for digest, part in parts.items()},
        notes=(*missing_parts(endpoint), *([KEY_HIDDEN] if hides(sent) else [])),
        left_out={
            field.path: field.default
            for field in endpoint.fields
            if field.path not in sent and field.role not in FROM_CANVAS and not field.required
        },
    )


def keys_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The providers' keys that ``environment`` holds."""
    return tuple(found for name in KEYS if (found := environment.get(name, "").strip()))


def faults_of(endpoint: Endpoint, values: Mapping[str, Json]) -> dict[str, str]:
    """Field -> what keeps its value from being sent, the endpoint's whole schema asked too (it takes 0.1 s once)."""
    checking, validation = Checking(), Validation()
    validation.load()
    checking.validator = validation
    return checking.problems(endpoint, values)


def spent(entries: Sequence[Entry], endpoint: Endpoint) -> tuple[Spent, ...]:
    """What the provider charged for earlier jobs of ``endpoint``; entries of one job carry its whole cost."""
    jobs: dict[str, Spent] = {}
    for entry in entries:
        if entry.endpoint == endpoint.id and entry.backend == "remote" and entry.cost is not None:
            known = jobs.get(entry.job)
            jobs[entry.job] = Spent(entry.cost, known.pictures + 1 if known else 1)
    return tuple(jobs.values())


def price_on_button(draft: Draft, entries: Sequence[Entry]) -> str:
    """What the Generate button says of the price, "about $0.03"; "" when it is not known or nothing is paid."""
    return words(estimate(draft.endpoint, draft.backend, draft.values, spent(entries, draft.endpoint)))


def sheet_document(sheet: SendingSheet) -> dict[str, Json]:
    """The sheet as JSON, for scripts."""
    draft, target, price = sheet.draft, sheet.destination, sheet.price
    return {
        "endpoint": draft.endpoint.id,
        "backend": draft.backend,
        "where": target.words,
        "url": target.url or None,
        "method": target.method if target.url else None,
        "headers": dict(target.headers),
        "crops": [_described(crop) for crop in sheet.crops],
        "body": sheet.body,
        "bytes": sheet.bytes,
        "price": {"amount": price.amount, "currency": price.currency, "words": price.words, "source": price.source},
        "problems": list(sheet.problems),
        "notes": list(sheet.notes),
        "left_out": {path: None if default is MISSING else default for path, default in sheet.left_out.items()},
    }


def save_parts(sheet: SendingSheet, folder: Path) -> tuple[Path, ...]:
    """Write every crop's picture and mask, and the kept files, into ``folder``, exactly as they are sent.

    Raises StoreError in words, before anything is written, where one of the names holds something else already: it may
    be the very picture that is being edited.
    """
    data = {folder / name: read_kept(path) for name, path in sheet.files.items()}
    for index, crop in enumerate(sheet.crops):
        picture, mask = sheet.file_names(index)
        data[folder / picture], data[folder / mask] = crop.files.picture, crop.files.mask
    check_free(data)
    for path, part in data.items():
        write_atomic(path, part)
    return tuple(data)


def _planned(draft: Draft, picture: Picture | None, mask: Pixels | None) -> tuple[Request | None, str]:
    if picture is None or mask is None:
        return None, NO_PICTURE
    try:
        return plan(picture, mask, draft.endpoint, draft.backend, draft.values, draft.blend), ""
    except MaskError as error:
        return None, str(error)


def _crop_sheet(
    request: Request, index: int, kept: Mapping[str, Part], keys: Sequence[str], packed: Sequence[CropSheet]
) -> CropSheet:
    endpoint, crop = request.endpoint, request.crops[index]
    polarity = endpoint.binding.polarity
    known = next((one for one in packed if one.box == crop.box and one.files.polarity == polarity), None)
    files = known.files if known is not None else CropFiles(crop, polarity)
    sizes: dict[PartRole, int] = {}
    if endpoint.provider != "local":  # what stays here needs no packing, and the largest masks are filled here
        sizes = {"picture": len(files.picture), "mask": len(files.mask)}
    parts = canvas_parts(endpoint, sizes, _number(index, len(request.crops)))
    sent = wire_body(endpoint, request.values, request.seed, parts, kept, keys)
    return CropSheet(
        box=crop.box,
        files=files,
        picture_thumbnail=known.picture_thumbnail if known is not None else _small(crop.picture),
        mask_thumbnail=known.mask_thumbnail if known is not None else _small(wire_mask(crop.mask, polarity)),
        mask_pixels=known.mask_pixels if known is not None else int(np.count_nonzero(crop.mask)),
        body=sent,
        size=body_size(sent),
    )


def _body_without_crop(draft: Draft, files: Mapping[str, Part]) -> dict[str, Json]:
    values = values_sent(draft.endpoint, draft.values)
    return wire_body(draft.endpoint, values, fixed_seed(draft.endpoint, draft.values), (), files, draft.keys)


def _bytes(endpoint: Endpoint, crops: Sequence[CropSheet], sent: Mapping[str, Json]) -> int:
    if endpoint.provider == "local":
        return 0  # nothing leaves
    return sum(crop.size for crop in crops) if crops else body_size(sent)


def _number(index: int, count: int) -> str:
    """What tells the files of several crops apart."""
    return f"-{index + 1}" if count > 1 else ""


def _small(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = THUMBNAIL / max(height, width)
    if scale >= 1:
        return pixels.copy()
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _described(crop: CropSheet) -> dict[str, Json]:
    box = crop.box
    return {
        "box": [box.x0, box.y0, box.x1, box.y1],
        "size": [box.width, box.height],
        "mask_pixels": crop.mask_pixels,
        "picture_bytes": len(crop.files.picture),
        "mask_bytes": len(crop.files.mask),
    }
