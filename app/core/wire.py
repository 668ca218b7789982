"""What one request puts on the wire: which field takes the picture and the mask, the JSON body, and how large it is.

Everything is worked out from sizes, with stand-ins such as ``data:image/png;base64,<212,345 bytes>`` where the files'
bytes go, so a look at what will be sent costs nothing like sending it.
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import numpy as np

from app.core.arrays import Pixels
from app.core.attachments import Attachment, attachment_text, attachments_in
from app.core.attachments import replaced as with_attachments
from app.core.endpoint import FROM_CANVAS, Endpoint, Field, Polarity
from app.core.hidden import Hidden, without_secrets
from app.core.json_text import json_text
from app.core.request import Json

PartRole = Literal["picture", "mask", "file"]
_UNKNOWN: Final = "application/octet-stream"
_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".png": "image/png",
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".webp": "image/webp",
        ".gif": "image/gif",
        ".tif": "image/tiff",
        ".tiff": "image/tiff",
        ".bmp": "image/bmp",
        ".mp3": "audio/mpeg",
        ".wav": "audio/wav",
        ".mp4": "video/mp4",
        ".zip": "application/zip",
        ".json": "application/json",
    }
)
_NONE: Final[Mapping[str, "Part"]] = MappingProxyType({})
_MISSING: Final[Mapping[Literal["picture", "mask"], str]] = {
    "picture": "This endpoint has no field for the picture: it makes a new one from the other values alone.",
    "mask": "This endpoint has no field for the mask: all of the crop comes back changed; only what is masked is kept.",
}


@dataclass(frozen=True)
class Part:
    """A file inside the body: ``size`` bytes that travel as a data URI. ``field`` is "" where no field takes it."""

    role: PartRole
    name: str
    """What it is called when it is saved beside a snippet, such as "picture.png"."""
    size: int
    field: str = ""
    in_list: bool = False
    """Whether the field takes a list, of which this is the only entry."""
    type: str = "image/png"

    @property
    def prefix(self) -> str:
        """What stands before the base64 text."""
        return f"data:{self.type};base64,"

    @property
    def text_size(self) -> int:
        """Characters of the whole data URI, each of them one byte."""
        return len(self.prefix) + (self.size + 2) // 3 * 4

    @property
    def stand_in(self) -> str:
        """What is shown in its place."""
        return f"{self.prefix}<{self.size:,} bytes>"


class Place(str):
    """The stand-in of ``part`` inside a body; a text like any other to whoever only shows it."""

    part: Part

    def __new__(cls, part: Part) -> "Place":
        made = super().__new__(cls, part.stand_in)
        made.part = part
        return made

    def __deepcopy__(self, _: object) -> "Place":
        return self


def wire_mask(mask: Pixels, polarity: Polarity) -> Pixels:
    """A mask of (h, w) uint8 as the endpoint reads it: only 0 and 255, with ``polarity`` the colour that is repainted.

    Our masks repaint where they are 255; anything from 128 on counts as that.
    """
    repaint = mask >= 128
    return np.where(repaint if polarity == "white" else ~repaint, np.uint8(255), np.uint8(0))


def canvas_parts(endpoint: Endpoint, sizes: Mapping[PartRole, int], number: str = "") -> tuple[Part, ...]:
    """Picture and mask with the fields that take them; ``sizes`` are the PNG files' bytes.

    ``number`` stands before the dot of their names, where there are several crops.
    """
    parts = []
    for role, size in sizes.items():
        field = endpoint.field_for(role) if role != "file" else None
        in_list = field is not None and field.kind == "array"
        parts.append(Part(role, f"{role}{number}.png", size, field.path if field else "", in_list))
    return tuple(parts)


def file_parts(values: Mapping[str, Json], sizes: Mapping[str, int]) -> dict[str, Part]:
    """Digest -> the part for each kept file among ``values`` whose size in bytes is known, in order."""
    parts: dict[str, Part] = {}
    for attachment in attachments_in(values):
        size = sizes.get(attachment.digest)
        if size is not None and attachment.digest not in parts:
            name = f"file-{len(parts) + 1}{attachment.suffix}"
            parts[attachment.digest] = Part("file", name, size, type=_TYPES.get(attachment.suffix, _UNKNOWN))
    return parts


def wire_body(
    endpoint: Endpoint,
    values: Mapping[str, Json],
    seed: int | None,
    parts: Sequence[Part],
    files: Mapping[str, Part] = _NONE,
    keys: Sequence[str] = (),
) -> dict[str, Json]:
    """The body in the panel's order: ``values``, the seed as the endpoint writes it, and a ``Place`` for each part.

    ``files`` are the parts for kept files among the values, by digest; one that is missing there stays as it is. Keys
    among the values are hidden, ``keys`` wherever they stand.
    """

    def file(attachment: Attachment) -> Json:
        part = files.get(attachment.digest)
        return Place(part) if part is not None else attachment_text(attachment)

    by_field = {part.field: part for part in parts if part.field}
    body: dict[str, Json] = {}
    for field in endpoint.fields:
        part = by_field.get(field.path)
        if part is not None:
            body[field.path] = _held(field, Place(part))
        elif field.path in values and field.role not in FROM_CANVAS:
            shown = without_secrets(values[field.path], field.path, keys)
            body[field.path] = with_attachments(copy.deepcopy(shown), file)
        elif field.role == "seed" and seed is not None:
            body[field.path] = str(seed) if field.kind == "string" else seed
    return body


def missing_parts(endpoint: Endpoint) -> tuple[str, ...]:
    """What of picture and mask the endpoint has no field for, in sentences; an engine here needs none."""
    if endpoint.provider == "local":
        return ()
    return tuple(text for role, text in _MISSING.items() if endpoint.field_for(role) is None)


def body_size(body: Mapping[str, Json]) -> int:
    """Bytes of the body as it is sent, with the files in it."""
    more = sum(
        text.part.text_size - len(text) if isinstance(text, Place) else text.more
        for text in _texts_in(body)
        if isinstance(text, Place | Hidden)
    )
    return len(json_text(body).encode()) + more


def hides(body: Mapping[str, Json]) -> bool:
    """Whether a key among the values of a body is hidden."""
    return any(isinstance(text, Hidden) for text in _texts_in(body))


def places_in(value: Json) -> Iterator[Place]:
    """Every file's stand-in inside a body, in order."""
    return (text for text in _texts_in(value) if isinstance(text, Place))


def _texts_in(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner)


def replaced(value: Json, put: Callable[[Place], object]) -> Json:
    """A copy of a body with something else for every stand-in."""
    if isinstance(value, Place):
        return put(value)
    if isinstance(value, Mapping):
        return {key: replaced(inner, put) for key, inner in value.items()}
    return [replaced(inner, put) for inner in value] if isinstance(value, list) else value


def _held(field: Field, place: Place) -> Json:
    """The file as the field takes it: a text, an object with a "url", or a list of one of these."""
    named = field.children[:1] if field.children[:1] and field.children[0].path == f"{field.path}[]" else ()
    if field.kind == "array":
        in_object = named[0].kind == "object" if named else bool(field.children)
        return [{"url": place}] if in_object else [place]
    return {"url": place} if field.kind == "object" else place
