"""The headless commands about endpoints: list, add, search, refresh, remove, and the fields of one."""

import argparse
import asyncio
import json
import math
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from app.backends.catalogue import DEFAULTS, KEYS, Catalogue, Offer, bases_at
from app.core.endpoint import Endpoint
from app.core.errors import InputError
from app.core.schema import read_endpoint
from app.core.values import describe
from app.resources import resource
from app.state.refreshing import refreshed
from app.store.endpoints import LARGEST, EndpointShelf, parse_document, read_endpoint_file
from app.store.places import Places
from app.terminal import cancelling, emit, say

T = TypeVar("T")
Json = Any

STDIN = "-"
_LONGEST_LINE = 500


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``endpoints`` and ``fields`` to the program's commands."""
    parser = commands.add_parser("endpoints", help="list the endpoints; add, search, refresh, remove")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_list)
    below = parser.add_subparsers(metavar="[add|search|refresh|remove]")
    adding = _command(below, "add", "keep an endpoint of your own", _add, remote=True)
    adding.add_argument("what", metavar="ID|FILE|URL|-", help="an id at fal.ai, scenario/ID, a document; - reads stdin")
    searching = _command(below, "search", "search fal.ai's catalogue", _search, remote=True)
    searching.add_argument("words", nargs="+", metavar="WORDS")
    searching.add_argument("--after", default="", metavar="NEXT", help="go on where an earlier search ended")
    refreshing = _command(below, "refresh", "what changed since it was read", _refresh, remote=True)
    refreshing.add_argument("id", metavar="ID")
    refreshing.add_argument("--accept", action="store_true", help="take the new one")
    removing = _command(below, "remove", "take one of your own away", _remove)
    removing.add_argument("id", metavar="ID")
    fields = commands.add_parser("fields", help="list the fields of an endpoint")
    fields.add_argument("endpoint", metavar="ENDPOINT_OR_FILE", help="an id, a file, or - for stdin")
    fields.add_argument("--json", action="store_true", help="print JSON")
    fields.set_defaults(run=_fields)


def find_endpoint(name: str, places: Places) -> Endpoint:
    """The endpoint of that id, or in that file. Raises InputError."""
    endpoints, _ = _shelf(places).read()
    found = next((endpoint for endpoint in endpoints if endpoint.id == name), None)
    if found is not None:
        return found
    if _is_file(name):
        return read_endpoint_file(Path(name))
    raise InputError(f"There is no endpoint {name!r}; 'mendbrush endpoints' lists them.")


def _command(
    below: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    words: str,
    run: Callable[[argparse.Namespace, Places], int],
    *,
    remote: bool = False,
) -> argparse.ArgumentParser:
    parser = below.add_parser(name, help=words, allow_abbrev=False)
    # Left out here, --json keeps what was said before the command's name.
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON")
    if remote:
        parser.add_argument("--base-url", default="", metavar="URL", help="stands for every host of the providers")
    parser.set_defaults(run=run)
    return parser


# -- the commands ----------------------------------------------------------------------------------------------------


def _list(options: argparse.Namespace, places: Places) -> int:
    endpoints, problems = _shelf(places).read()
    for problem in problems:
        say(_line(problem))
    rows = [_row(endpoint) for endpoint in endpoints]
    if options.json:
        _emit_json({"endpoints": rows, "problems": problems})
        return 0
    for row in rows:
        _emit_row(row["id"], row["title"], ", ".join(row["backends"]), *(["own"] if row["own"] else []))
    return 0


def _add(options: argparse.Namespace, places: Places) -> int:
    shelf, what = _shelf(places), options.what
    if what == STDIN:
        endpoint = shelf.add(_pasted())
    elif _is_file(what):
        endpoint = shelf.keep(read_endpoint_file(Path(what)))
    else:
        catalogue = _catalogue(options)
        name = catalogue.name(what).id
        document, source = _asked(catalogue, lambda: catalogue.fetch(what))
        endpoint = shelf.add(document, name=name, source=source)
    for problem in endpoint.problems:
        say(_line(problem))
    if options.json:
        _emit_json({**_row(endpoint), **_takes(endpoint), "problems": list(endpoint.problems)})
    else:
        _emit_row(endpoint.id, _takes_words(endpoint))
    return 0


def _search(options: argparse.Namespace, _: Places) -> int:
    catalogue = _catalogue(options)
    page = _asked(catalogue, lambda: catalogue.search(" ".join(options.words), options.after))
    if options.json:
        _emit_json({"endpoints": [_offered(offer) for offer in page.offers], "next": page.next})
        return 0
    for offer in page.offers:
        takes = "mask" if offer.takes_mask else "picture" if offer.takes_picture else ""
        _emit_row(offer.id, offer.title, takes)
    if page.next:
        say(f"There are more: add --after {_line(page.next)}")
    elif not page.offers:
        say("Nothing was found; try other words.")
    return 0


def _refresh(options: argparse.Namespace, places: Places) -> int:
    shelf, catalogue = _shelf(places), _catalogue(options)
    shelved = shelf.contents()
    before = next((endpoint for endpoint in shelved.read if endpoint.id == options.id), None)
    if before is None:
        raise InputError(f"There is no endpoint {options.id!r}; 'mendbrush endpoints' lists them.")
    found = _asked(catalogue, lambda: refreshed(catalogue, before, written_by_us=before.id in shelved.bundled))
    accepted = bool(options.accept and found.changes)
    if accepted:
        shelf.keep(found.after)
    rows = [{"path": change.path, "kind": change.kind, "text": change.text} for change in found.changes]
    if options.json:
        _emit_json({"endpoint": before.id, "changes": rows, "accepted": accepted})
        return 0
    for row in rows:
        _emit_row(row["path"], row["kind"], row["text"])
    if not rows:
        say(f"{_line(before.title)} has not changed since it was read.")
    elif not accepted:
        say("Nothing was replaced; --accept takes the new one.")
    return 0


def _remove(options: argparse.Namespace, places: Places) -> int:
    _shelf(places).remove(options.id)
    if options.json:
        _emit_json({"removed": options.id})
    else:
        _emit_row(options.id)
    return 0


def _fields(options: argparse.Namespace, places: Places) -> int:
    name = options.endpoint
    document = describe(read_endpoint(_pasted()) if name == STDIN else find_endpoint(name, places))
    if options.json:
        _emit_json(document)
        return 0
    for field in document["fields"]:
        bounds = [
            f"{key}={field[key]}" for key in ("default", "minimum", "maximum", "enum") if field.get(key) is not None
        ]
        _emit_row(field["path"], field["kind"], "required" if field["required"] else "", ", ".join(bounds))
    for problem in document["problems"]:
        say(_line(problem))
    return 0


# -- what they share -------------------------------------------------------------------------------------------------


def _shelf(places: Places) -> EndpointShelf:
    return EndpointShelf(resource("endpoints"), places.endpoints, places.corrections)


def _catalogue(options: argparse.Namespace) -> Catalogue:
    keys = {name: os.environ.get(name, "") for name in KEYS}
    return Catalogue(bases_at(options.base_url) if options.base_url else DEFAULTS, keys)


def _asked(catalogue: Catalogue, ask: Callable[[], Awaitable[T]]) -> T:
    """What the catalogue answers; a signal to stop cancels the question."""

    async def asking() -> T:
        task = asyncio.current_task()
        assert task is not None
        with cancelling(task):
            try:
                return await ask()
            finally:
                await catalogue.close()

    return asyncio.run(asking())


def _pasted() -> Json:
    """The document on stdin. Raises SchemaError for what is none."""
    text = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin is not None else b""
    return parse_document(text, "What stands on stdin")


def _is_file(name: str) -> bool:
    if "://" in name:
        return False
    return name.endswith(".json") or os.path.isfile(name)  # noqa: PTH113 - pathlib's raises for names that are too long


def _row(endpoint: Endpoint) -> dict[str, Json]:
    return {
        "id": endpoint.id,
        "title": endpoint.title,
        "provider": endpoint.provider,
        "backends": list(endpoint.backends),
        "own": endpoint.own,
    }


def _takes(endpoint: Endpoint) -> dict[str, Json]:
    roles = endpoint.binding.roles
    return {
        "picture": roles.get("picture"),
        "mask": roles.get("mask"),
        "fields": len(endpoint.fields),
        "source": endpoint.source,
    }


def _takes_words(endpoint: Endpoint) -> str:
    """ "picture (image_url), mask (mask_url), 12 fields in all"."""
    roles = endpoint.binding.roles
    taken = [f"{role} ({roles[role]})" if role in roles else f"no {role}" for role in ("picture", "mask")]
    count = len(endpoint.fields)
    return f"{', '.join(taken)}, {count} field{'s' * (count != 1)} in all"


def _offered(offer: Offer) -> dict[str, Json]:
    names = ("id", "title", "description", "category", "provider", "takes_mask", "takes_picture")
    return {name: getattr(offer, name) for name in names}


def _emit_json(document: Mapping[str, Json]) -> None:
    try:
        text = json.dumps(document, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(document))
    emit(text)


def _finite(value: Json) -> Json:
    """``value`` without what JSON has no word for."""
    if isinstance(value, Mapping):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _emit_row(*cells: str) -> None:
    emit("\t".join(map(_line, cells)))


def _line(text: str) -> str:
    """One line that a terminal can show: a document may hold anything, escape sequences too."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:_LONGEST_LINE])
    return shown + "…" * (len(text) > _LONGEST_LINE)
