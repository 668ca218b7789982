"""The ``$ref``s of a schema document, followed one at a time, so that dangling and circular ones do no harm."""

from collections.abc import Mapping
from typing import Any, Final

Json = Any

DEEPEST: Final = 64
"""Levels of nesting that are copied; what lies deeper accepts anything."""

_OPEN: Final = object()


def target(document: Mapping[str, Json], reference: Json) -> Json | None:
    """What ``reference`` (a JSON pointer such as "#/$defs/Size") names in ``document``, None when it is not there."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    node: Json = document
    for part in reference[1:].split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        node = node.get(key, _OPEN) if isinstance(node, Mapping) else _OPEN
        if node is _OPEN:
            return None
    return node


def self_contained(schema: Mapping[str, Json], document: Mapping[str, Json]) -> dict[str, Json]:
    """A copy of ``schema`` whose references point into its own ``$defs``, holding only the definitions it reaches."""
    bundle = _Bundle(document)
    copy = bundle.copy(schema, 0)
    assert isinstance(copy, dict)
    definitions = bundle.definitions()
    return {**copy, "$defs": definitions} if definitions else copy


class _Bundle:
    """Copies schemas and collects the definitions that the copies refer to."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self._document = document
        self._names: dict[str, str] = {}
        self._waiting: list[str] = []

    def copy(self, node: Json, depth: int) -> Json:
        if depth > DEEPEST:
            return True
        if isinstance(node, Mapping):
            return {str(key): self._entry(key, value, depth) for key, value in node.items() if key != "$defs"}
        if isinstance(node, list):
            return [self.copy(value, depth + 1) for value in node]
        return node

    def definitions(self) -> dict[str, Json]:
        found: dict[str, Json] = {}
        while self._waiting:
            reference = self._waiting.pop(0)
            found[self._names[reference]] = self.copy(target(self._document, reference), 0)
        return found

    def _entry(self, key: str, value: Json, depth: int) -> Json:
        if key != "$ref" or not isinstance(value, str) or target(self._document, value) is None:
            return self.copy(value, depth + 1)
        if value not in self._names:
            self._names[value] = self._fresh_name(value.rsplit("/", 1)[-1])
            self._waiting.append(value)
        return f"#/$defs/{self._names[value]}"

    def _fresh_name(self, wanted: str) -> str:
        taken = set(self._names.values())
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}_{number}", number + 1
        return name
