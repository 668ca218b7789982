"""The endpoint files: ours in the program's resources, the user's own in the data folder, all in one form."""

import hashlib
import json
import math
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from app.core.endpoint import Endpoint
from app.core.endpoint_file import endpoint_document
from app.core.errors import SchemaError, StoreError
from app.core.renewal import renewed
from app.core.roles import Correction, corrected
from app.core.schema import read_endpoint
from app.store.atomic import PRIVATE, write_atomic
from app.store.bounded import json_files, read_bounded
from app.store.corrections import Corrections
from app.store.places import made
from app.store.wording import read_reason, shown, write_error

Json = Any

LARGEST = 10 << 20
"""Bytes of an endpoint document that are read at most."""
MOST_DIGITS: Final = 4300
MOST_FILES: Final = 1000
"""Files of one folder that are read; the first ones in the order of their names."""
MOST_BYTES: Final = 64 << 20
"""Bytes of one folder's files that are read in all."""
MOST_PROBLEMS: Final = 50
LONGEST_SOURCE: Final = 2000
LONGEST_PROBLEM: Final = 500
PASTED: Final = "pasted/"
"""Before the ids of documents that came without any name."""
_UNNAMED: Final = "What was given"
_LONGEST_NAME: Final = 120
_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._\-]*")


def read_endpoint_file(path: Path) -> Endpoint:
    """The endpoint in a JSON file (our form, an OpenAPI document or a JSON Schema). Raises SchemaError in words."""
    try:
        text = read_bounded(path, LARGEST)
    except (OSError, ValueError) as error:
        raise SchemaError(
            f"“{shown(path)}” cannot be read: {read_reason(error)}. Choose an endpoint's file."
        ) from error
    document = parse_document(text, f"“{shown(path)}”")
    endpoint = read_endpoint(document, name=path.stem.replace("__", "/"))
    kept = document if isinstance(document, Mapping) else {}
    problems = tuple(dict.fromkeys((*_problems(kept.get("problems")), *endpoint.problems)))
    return replace(endpoint, source=_source(kept.get("source")), problems=problems)


def _source(told: Json) -> str:
    """The address that a document of ours came from. It is of use only as a whole, so it is not cut like a title."""
    return told if isinstance(told, str) and len(told) <= LONGEST_SOURCE and told.isprintable() else ""


def _problems(told: Json) -> list[str]:
    """What was said of the provider's document when ours was made of it."""
    sentences = told[:MOST_PROBLEMS] if isinstance(told, list) else []
    return [text for text in sentences if isinstance(text, str) and text and len(text) <= LONGEST_PROBLEM]


def parse_document(text: bytes | str, called: str) -> Json:
    """The JSON document in ``text``, ``called`` so in the sentence of the SchemaError when it is none."""
    if len(text) > LARGEST:
        raise SchemaError(f"{called} is larger than {LARGEST >> 20} MB; an endpoint's document is smaller than that.")
    try:
        return json.loads(text, parse_int=_whole)
    except RecursionError as error:
        raise SchemaError(
            f"{called} is not a JSON document that can be read: it is nested too deep. Give the endpoint's own."
        ) from error
    except ValueError as error:
        raise SchemaError(f"{called} is not a JSON document; give an OpenAPI or JSON Schema file.") from error


def _whole(digits: str) -> int | float:
    """A whole number; one of more digits than Python reads is beyond every number, as one with an exponent would be."""
    return int(digits) if len(digits) <= MOST_DIGITS else math.copysign(math.inf, -1 if digits.startswith("-") else 1)


def _ordered(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    return sorted(endpoints, key=lambda endpoint: (endpoint.provider != "local", endpoint.provider))


class _Reader:
    """Reads folders of endpoint files, each file again only when it has changed."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, ...], Endpoint | str]] = {}

    def read(self, folder: Path, problems: list[str]) -> Iterator[tuple[Path, Endpoint]]:
        """Each file that is an endpoint, in the order of names; a sentence in ``problems`` for each that is not."""
        room, paths = MOST_BYTES, json_files(folder, MOST_FILES, "endpoints", problems)
        for gone in [path for path in self._known if path.parent == folder and path not in set(paths)]:
            del self._known[gone]
        for path in paths:
            mark = _mark(path)
            room -= mark[0] if mark else 0
            if room < 0:
                problems.append(f"“{shown(folder)}” holds more than {MOST_BYTES >> 20} MB; the rest is not read.")
                return
            known = self._known.get(path)
            if known is None or not mark or known[0] != mark:
                known = self._known[path] = (mark, _read_or_reason(path))
            if isinstance(known[1], str):
                problems.append(known[1])
            else:
                yield path, known[1]


def _read_or_reason(path: Path) -> Endpoint | str:
    try:
        return read_endpoint_file(path)
    except SchemaError as error:
        return str(error)


def _mark(path: Path) -> tuple[int, ...]:
    """What changes when a file does; nothing for one that is not there."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns


@dataclass(frozen=True)
class Shelved:
    """What lies on the shelf: ``read`` as the documents say, local ones first, and the user's ``corrections``."""

    read: tuple[Endpoint, ...]
    corrections: Mapping[str, Correction]
    bundled: frozenset[str]
    """Ids of the program's own, those that the user replaced included."""
    problems: list[str]

    def endpoints(self) -> list[Endpoint]:
        """The endpoints as they are used: with their corrections."""
        return [
            corrected(endpoint, self.corrections[endpoint.id]) if endpoint.id in self.corrections else endpoint
            for endpoint in self.read
        ]


class EndpointShelf:
    """The endpoints of the program and the user's own, which may replace one of the program's. Safe on any thread.

    ``bundled`` and ``own`` are folders of endpoint files; ``corrections`` is the file of corrected roles.
    """

    def __init__(self, bundled: Path, own: Path, corrections: Path) -> None:
        self._bundled, self._own = bundled, own
        self._corrections = Corrections(corrections)
        self._reader = _Reader()
        self._alone = threading.RLock()

    def read(self) -> tuple[list[Endpoint], list[str]]:
        """All endpoints as they are used, local ones first, and a sentence for whatever could not be read."""
        shelved = self.contents()
        return shelved.endpoints(), shelved.problems

    def contents(self) -> Shelved:
        """All endpoints as their documents say, and the corrections."""
        with self._alone:
            problems: list[str] = []
            found = {endpoint.id: endpoint for _, endpoint in self._reader.read(self._bundled, problems)}
            bundled = frozenset(found)
            for _, endpoint in self._reader.read(self._own, problems):
                found[endpoint.id] = replace(endpoint, own=True)
            corrections, more = self._corrections.read()
            return Shelved(tuple(_ordered(found.values())), corrections, bundled, [*more, *problems][:MOST_PROBLEMS])

    def add(self, document: Json, *, name: str = "", source: str = "") -> Endpoint:
        """Keep the endpoint that ``document`` describes as the user's own; one of the same id is replaced.

        What was fetched from a ``source`` is kept as ``keep_published`` does.

        ``name`` is its id when the document gives none, ``source`` the address it came from. Raises SchemaError for a
        document without fields, StoreError when it cannot be written.
        """
        called = name or _name_of(document)
        try:
            endpoint = read_endpoint(document, name=called)
        except SchemaError as error:
            raise SchemaError(str(error) if name else str(error).replace(called, _UNNAMED, 1)) from error
        if source:
            return self.keep_published(replace(endpoint, source=source))
        return self.keep(endpoint)

    def keep_published(self, endpoint: Endpoint) -> Endpoint:
        """Keep ``endpoint`` as its provider publishes it. Of one that the program brings what we know beyond stays."""
        with self._alone:
            ours = next((one for _, one in self._reader.read(self._bundled, []) if one.id == endpoint.id), None)
        return self.keep(renewed(ours, endpoint, own_words=True) if ours is not None else endpoint)

    def keep(self, endpoint: Endpoint) -> Endpoint:
        """Keep ``endpoint`` as the user's own, as ``add`` does, with what is said of its document."""
        if not endpoint.fields:
            said = endpoint.problems[0] if endpoint.problems else "The schema has no fields."
            what = _UNNAMED if endpoint.title.startswith(PASTED) else f"“{endpoint.title}”"
            raise SchemaError(f"{what} cannot be added: {said} Give the document of an endpoint.")
        added = datetime.now(UTC).isoformat(timespec="seconds")
        written = {**endpoint_document(endpoint), "problems": list(endpoint.problems), "added": added}
        with self._alone:
            path = made(self._own) / file_name(endpoint.id)
            if path.is_symlink():
                path.unlink()  # what it leads to is somebody's own document
            write_atomic(path, _text(written), mode=PRIVATE)
            self._drop(endpoint.id, keep=path)
        return replace(endpoint, own=True)

    def remove(self, endpoint_id: str) -> None:
        """Take the user's own endpoint away; ours of that id, if there is one, comes back. Raises StoreError."""
        with self._alone:
            if not self._drop(endpoint_id):
                raise StoreError(f"“{endpoint_id}” is none of your own endpoints; only those can be taken away.")

    def correct(self, endpoint_id: str, correction: Correction | None) -> None:
        """Keep what the user corrected about an endpoint's roles; None forgets it. Raises StoreError."""
        with self._alone:
            self._corrections.save(endpoint_id, correction)

    def _drop(self, endpoint_id: str, keep: Path | None = None) -> bool:
        """Delete every own file of that endpoint but ``keep``: under another name, one put there by hand."""
        paths = [path for path, endpoint in self._reader.read(self._own, []) if endpoint.id == endpoint_id]
        for path in paths:
            if path != keep:
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise write_error(error, path) from error
        return bool(paths)


def _name_of(document: Json) -> str:
    """An id for a document without any: two of them are still two endpoints, and the same one twice is one."""
    return PASTED + hashlib.sha256(_text(document)).hexdigest()[:8]


def file_name(endpoint_id: str) -> str:
    """A file's name for an endpoint: two ids never share one, and no id leads out of the folder."""
    plain = "__".join(endpoint_id.split("/"))
    if _PLAIN.fullmatch(plain) and len(plain) <= _LONGEST_NAME and "__" not in endpoint_id:
        return f"{plain}.json"
    digest = hashlib.sha256(endpoint_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    readable = re.sub(r"[^A-Za-z0-9.\-]+", "_", endpoint_id)[:_LONGEST_NAME].strip("._") or "endpoint"
    return f"{readable}-{digest}.json"


def _text(document: Json) -> bytes:
    """``document`` as it is written: for people to read, unless that makes it too large to be read again."""
    try:
        text = json.dumps(document, indent=1)
        if len(text) >= LARGEST:
            text = json.dumps(document, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise SchemaError("The document cannot be written down: it is nested too deeply. Shorten it.") from error
    if len(text) >= LARGEST:
        raise SchemaError(f"The document is larger than {LARGEST >> 20} MB when it is written down. Shorten it.")
    return f"{text}\n".encode("ascii")
