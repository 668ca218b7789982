"""What the history keeps of a job and of each of its results, and the JSON form it lies on disk in.

No key, and no path of the user's own files: pictures and masks are named by the digest of their stored copies.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from app.core.attachments import attachments_in
from app.core.errors import StoreError
from app.core.geometry import Box
from app.core.request import BlendSettings, Json

FORMAT: Final = 1

State = Literal["sending", "queued", "running", "fetched", "done", "failed", "cancelled", "unknown"]
STATES: Final[tuple[State, ...]] = get_args(State)
ENDED: Final[frozenset[State]] = frozenset({"done", "failed", "cancelled"})
"""The states after which nothing more is to come."""


@dataclass(frozen=True)
class JobRecord:
    """One request as it was sent: enough to ask for its answer again after a crash, and to repeat it."""

    id: str
    created: float
    """Seconds since 1970."""
    endpoint: str
    backend: str
    values: Mapping[str, Json]
    seed: int | None
    blend: BlendSettings
    picture: str
    """Digest of the base picture's file."""
    picture_size: tuple[int, int]
    base: tuple[str, ...]
    """Ids of the accepted entries beneath, oldest first."""
    mask: str
    """Digest of the mask's PNG."""
    boxes: tuple[Box, ...]
    """The crops that were sent."""
    state: State
    provider_id: str = ""
    note: str = ""
    schema: str = ""
    """Digest of the endpoint's document as it was sent, "" in records of older versions of the program."""

    @property
    def digests(self) -> tuple[str, ...]:
        """Every stored file this job refers to."""
        files = (attachment.digest for attachment in attachments_in(self.values))
        return tuple(digest for digest in (self.picture, self.mask, self.schema, *files) if digest)


@dataclass(frozen=True)
class Entry:
    """One result with all that made it."""

    id: str
    job: str
    index: int
    """Which of the job's results, from 0."""
    created: float
    """Seconds since 1970."""
    seconds: float
    """How long the job took."""
    endpoint: str
    backend: str
    values: Mapping[str, Json]
    seed: int | None
    blend: BlendSettings
    picture: str
    picture_size: tuple[int, int]
    base: tuple[str, ...]
    mask: str
    patches: tuple[tuple[Box, str], ...]
    """Each region that came back, with the digest of its RGB PNG."""
    thumbnail: str
    """Digest of a small picture, "" when there is none."""
    cost: float | None
    """Dollars, None when not told."""
    flags: tuple[str, ...]
    starred: bool = False
    schema: str = ""
    """Digest of the endpoint's document as it was sent, "" in records of older versions of the program."""

    @property
    def digests(self) -> tuple[str, ...]:
        """Every stored file this entry refers to."""
        files = (attachment.digest for attachment in attachments_in(self.values))
        patches = (digest for _, digest in self.patches)
        named = (self.picture, self.mask, self.thumbnail, self.schema, *patches, *files)
        return tuple(digest for digest in named if digest)


def job_to_json(record: JobRecord) -> dict[str, Json]:
    """``record`` as JSON."""
    return _to_json(record)


def entry_to_json(entry: Entry) -> dict[str, Json]:
    """``entry`` as JSON."""
    return _to_json(entry)


def job_from_json(document: Json) -> JobRecord:
    """The inverse of ``job_to_json``. Raises StoreError when the document is not one."""
    return JobRecord(**_from_json(document, JobRecord, "job"))


def entry_from_json(document: Json) -> Entry:
    """The inverse of ``entry_to_json``. Raises StoreError when the document is not one."""
    return Entry(**_from_json(document, Entry, "result"))


def _to_json(record: JobRecord | Entry) -> dict[str, Json]:
    members = {part.name: _plain(getattr(record, part.name)) for part in dataclasses.fields(record)}
    return {"format": FORMAT, **members}


def _plain(value: Any) -> Json:
    match value:
        case Box():
            return [value.x0, value.y0, value.x1, value.y1]
        case BlendSettings():
            return {"grow": value.grow, "feather": value.feather}
        case tuple() | list():
            return [_plain(item) for item in value]
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
    return value


def _from_json(document: Json, kind: type[JobRecord] | type[Entry], what: str) -> dict[str, Any]:
    if not isinstance(document, dict) or not isinstance(document.get("format"), int):
        raise StoreError(f"A {what} of the history is damaged and was left out.")
    if document["format"] > FORMAT:
        raise StoreError(f"A {what} of the history was written by a newer version of the program. Update to see it.")
    found: dict[str, Any] = {}
    for name, convert, required in _MEMBERS[kind]:
        if required or name in document:
            try:
                found[name] = convert(document[name])
            except (KeyError, TypeError, ValueError, OverflowError) as error:
                raise StoreError(f"A {what} of the history is damaged (“{name}”) and was left out.") from error
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError("not a number")
    return float(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not true or false")
    return value


def _optional(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _values(value: Any) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return MappingProxyType(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in _items(value))


def _items(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not an array")
    return value


def _size(value: Any) -> tuple[int, int]:
    width, height = _items(value)
    return _whole(width), _whole(height)


def _box(value: Any) -> Box:
    x0, y0, x1, y1 = _items(value)
    return Box(_whole(x0), _whole(y0), _whole(x1), _whole(y1))


def _patch(value: Any) -> tuple[Box, str]:
    box, digest = _items(value)
    return _box(box), _text(digest)


def _blend(value: Any) -> BlendSettings:
    return BlendSettings(grow=_whole(value["grow"]), feather=_number(value["feather"]))


def _state(value: Any) -> State:
    if value not in STATES:
        raise ValueError("not a state")
    return value  # type: ignore[no-any-return]  # it is one of the literals


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "id": _text,
    "job": _text,
    "index": _whole,
    "created": _number,
    "seconds": _number,
    "endpoint": _text,
    "backend": _text,
    "values": _values,
    "seed": _optional(_whole),
    "blend": _blend,
    "picture": _text,
    "picture_size": _size,
    "base": _texts,
    "mask": _text,
    "boxes": lambda value: tuple(_box(item) for item in _items(value)),
    "patches": lambda value: tuple(_patch(item) for item in _items(value)),
    "thumbnail": _text,
    "cost": _optional(_number),
    "flags": _texts,
    "starred": _truth,
    "state": _state,
    "provider_id": _text,
    "note": _text,
    "schema": _text,
}

_MEMBERS: Final = {
    kind: tuple(
        (part.name, _READERS[part.name], part.default is dataclasses.MISSING) for part in dataclasses.fields(kind)
    )
    for kind in (JobRecord, Entry)
}
"""Name, reader, and whether it must be there, of every member: found out once, for thousands of results are read."""
