"""The references of a schema document, resolved so that dangling, circular and far-fetched ones do no harm.

``self_contained`` makes of any schema one whose references are all "#/$defs/NAME": JSON pointers, ``$anchor``,
``$dynamicRef`` and embedded ``$id``s (JSON Schema 2020-12, section 8.2) are followed there once, so that nobody else
needs to know them. What it copies is plain JSON: bounded in depth and size, without NaN and infinity.
"""

import math
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote, urljoin

Json = Any

DEEPEST: Final = 64
"""Levels of nesting that are copied; what lies deeper accepts anything."""
MOST_PARTS: Final = 1_000_000
"""Values that are copied; what comes after accepts anything."""
LONGEST: Final = 8000
"""Characters kept of a title or description."""

_OPEN: Final = object()
_LARGEST: Final = 10**300
_REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")
_MAPS: Final = frozenset(("properties", "patternProperties", "dependentSchemas"))
"""Keywords whose value maps names to schemas."""
_VALUES: Final = frozenset(("default", "example", "examples", "enum", "const", "required", "dependentRequired", "type"))
"""Keywords whose value is a value, in which "$ref" is a word like any other."""
_GONE: Final = frozenset(("$defs", "definitions", "$id", "$anchor", "$dynamicAnchor", *_REFERENCES))
"""Keywords that have done their work once the references are followed."""
_WORDS: Final = frozenset(("title", "description", "$comment"))


def target(document: Mapping[str, Json], reference: Json) -> Json | None:
    """What ``reference`` (a JSON pointer such as "#/$defs/Size") names in ``document``, None when it is not there."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    node: Json = document
    for part in reference[1:].split("/")[1:]:
        node = _step(node, part)
        if node is _OPEN:
            return None
    return node


def self_contained(
    schema: Mapping[str, Json], document: Mapping[str, Json], problems: list[str] | None = None
) -> dict[str, Json]:
    """A copy of ``schema`` whose references point into its own ``$defs``, holding only the definitions it reaches.

    ``document`` is where they pointed before. A reference to nothing stays as it is. What was cut off is added to
    ``problems`` in words.
    """
    bundle = _Bundle(document)
    copy = bundle.schema(schema, 0, document)
    assert isinstance(copy, dict)
    definitions = bundle.definitions()
    if problems is not None and bundle.cut:
        problems.append("The document is nested too deep or too large to be read whole; the rest takes any value.")
    if problems is not None and bundle.odd:
        problems.append("Numbers that are none, or that nothing can reckon with, were left out.")
    return {**copy, "$defs": definitions} if definitions else copy


def _step(node: Json, part: str) -> Json:
    """One step of a JSON pointer."""
    key = unquote(part).replace("~1", "/").replace("~0", "~")
    if isinstance(node, list):
        return node[int(key)] if re.fullmatch(r"[0-9]{1,6}", key) and int(key) < len(node) else _OPEN
    return node.get(key, _OPEN) if isinstance(node, Mapping) else _OPEN


class _Bundle:
    """Copies schemas and collects the definitions that the copies refer to.

    ``home`` is the schema that "#" means at a place: the document, or the nearest one around with an ``$id``.
    """

    def __init__(self, document: Mapping[str, Json]) -> None:
        self._document = document
        self._names: dict[int, str] = {}
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._waiting: deque[tuple[str, Json, Mapping[str, Json]]] = deque()
        self._anchors: dict[int, dict[str, Json]] = {}
        self._left = MOST_PARTS
        self._known: dict[str, Mapping[str, Json]] | None = None
        self.cut = False
        self.odd = False

    def schema(self, node: Json, depth: int, home: Mapping[str, Json]) -> Json:
        """A copy of a schema, or of a list of schemas."""
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            self.cut = True
            return True
        if isinstance(node, list):
            return [self.schema(part, depth + 1, home) for part in node]
        if not isinstance(node, Mapping):
            return None if _is_odd(node) else node
        if node is not home and isinstance(node.get("$id"), str) and not node["$id"].startswith("#"):
            home = node
        copy: dict[str, Json] = {}
        for key, value in node.items():
            part = _OPEN if key in _GONE else self._part(str(key), value, depth, home)
            if part is not _OPEN:
                copy[str(key)] = part
        reference = next((node[key] for key in _REFERENCES if isinstance(node.get(key), str)), None)
        return copy if reference is None else {**copy, "$ref": self._reference(reference, home)}

    def _part(self, key: str, value: Json, depth: int, home: Mapping[str, Json]) -> Json:
        if key in _MAPS and isinstance(value, Mapping):
            self._left -= len(value)
            return {str(name): self.schema(part, depth + 2, home) for name, part in value.items()}
        if isinstance(value, str):
            return value[:LONGEST] if key in _WORDS else value
        if key in _VALUES or key.startswith("x-") or not isinstance(value, Mapping | list):
            return self._value(value, depth + 1)
        return self.schema(value, depth + 1, home)

    def _value(self, value: Json, depth: int) -> Json:
        """A copy of a value; what is no JSON number is left out, and so is what lies too deep."""
        self._left -= 1
        if isinstance(value, Mapping | list) and (depth > DEEPEST or self._left < 0):
            self.cut = True
            return _OPEN
        if isinstance(value, Mapping):
            parts = ((str(key), self._value(part, depth + 1)) for key, part in value.items())
            return {key: part for key, part in parts if part is not _OPEN}
        if isinstance(value, list):
            return [part for part in (self._value(part, depth + 1) for part in value) if part is not _OPEN]
        self.odd = self.odd or _is_odd(value)
        return _OPEN if _is_odd(value) else value

    def definitions(self) -> dict[str, Json]:
        found: dict[str, Json] = {}
        while self._waiting:
            name, node, home = self._waiting.popleft()
            found[name] = self.schema(node, 0, home)
        return found

    def _reference(self, reference: str, home: Mapping[str, Json]) -> str:
        node, below = self._find(reference, home)
        if node is _OPEN:
            return reference
        if id(node) not in self._names:
            name = self._fresh_name(reference)
            self._names[id(node)] = name
            self._waiting.append((name, node, below))
        return f"#/$defs/{self._names[id(node)]}"

    def _find(self, reference: str, home: Mapping[str, Json]) -> tuple[Json, Mapping[str, Json]]:
        """What a reference at a place of ``home`` names, and what "#" means there."""
        base, _, fragment = reference.partition("#")
        if base:
            found = self._by_id(_joined(_id_of(home), base)) or self._by_id(base)
            if found is None:
                return _OPEN, home
            home = found
        if fragment and not fragment.startswith("/"):
            return self._anchored(home, unquote(fragment)), home
        node: Json = home
        for part in fragment.split("/")[1:]:
            node = _step(node, part)
            if isinstance(node, Mapping) and isinstance(node.get("$id"), str):
                home = node
        return node, home

    def _by_id(self, address: str) -> Mapping[str, Json] | None:
        if self._known is None:
            self._known = {}
            for node, base in _identified(self._document):
                self._known.setdefault(base.removesuffix("#"), node)
                self._known.setdefault(node["$id"].removesuffix("#"), node)
        return self._known.get(address)

    def _anchored(self, home: Mapping[str, Json], name: str) -> Json:
        if id(home) not in self._anchors:
            found: dict[str, Json] = {}
            for node in _mappings(home):
                for key in ("$anchor", "$dynamicAnchor", "$id"):
                    if isinstance(node.get(key), str):
                        found.setdefault(node[key].removeprefix("#"), node)
            self._anchors[id(home)] = found
        return self._anchors[id(home)].get(name, _OPEN)

    def _fresh_name(self, reference: str) -> str:
        wanted = re.sub(r"[^A-Za-z0-9_.-]", "_", unquote(reference).rstrip("#/").rsplit("/", 1)[-1].lstrip("#"))[:80]
        wanted = wanted or "root"
        name = wanted
        while name in self._taken:
            self._numbers[wanted] = self._numbers.get(wanted, 1) + 1
            name = f"{wanted}_{self._numbers[wanted]}"
        self._taken.add(name)
        return name


def _is_odd(value: Json) -> bool:
    """Whether ``value`` is a number that JSON does not have, or that arithmetic cannot use."""
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, int) and abs(value) > _LARGEST


def _id_of(node: Mapping[str, Json]) -> str:
    found = node.get("$id")
    return found if isinstance(found, str) else ""


def _mappings(document: Json) -> Iterator[Mapping[str, Json]]:
    """Every mapping inside ``document``, the nearest first, as far as they are read at all."""
    level: list[Json] = [document]
    count = 0
    for _ in range(DEEPEST):
        below: list[Json] = []
        for node in level:
            count += 1
            if count > MOST_PARTS:
                return
            if isinstance(node, Mapping):
                yield node
                below.extend(part for part in node.values() if isinstance(part, Mapping | list))
            elif isinstance(node, list):
                below.extend(part for part in node if isinstance(part, Mapping | list))
        level = below


def _identified(document: Mapping[str, Json]) -> Iterator[tuple[Mapping[str, Json], str]]:
    """Every schema with an ``$id``, and its address as far as it can be told from the document's own."""
    root = _id_of(document)
    for node in _mappings(document):
        if isinstance(node.get("$id"), str):
            yield node, _joined(root, node["$id"])


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # no address at all
        return address
