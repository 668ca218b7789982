"""An endpoint's answer: finding what it holds, however odd it is, and writing one that obeys the endpoint's schema.

Paths are those of an endpoint's binding: keys with dots between them, ``[]`` after a key whose value is a list:
"images[].url", "image.url", "job.metadata.assetIds[]".
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from app.core.endpoint import Endpoint
from app.core.request import Json

MOST = 1000
"""Values read from an answer: far more than any endpoint makes, and an end to a hostile one."""
DEPTH = 32
"""Levels followed in a schema; one that refers to itself ends here, or where it has made ``MOST`` values."""


def files_in(answer: Json, path: str) -> list[str]:
    """Every text that ``answer`` holds at ``path``, in order. Wrong types, nulls and missing keys are passed over."""
    return [value for value in _values(answer, path) if isinstance(value, str) and value]


def seed_in(answer: Json, path: str) -> int | None:
    """The seed at ``path``, written as a whole number or as text of one, or None."""
    for value in _values(answer, path):
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and len(value) <= 40 and value.strip().lstrip("-").isdecimal():
            return int(value)
    return None


def flags_in(answer: Json, path: str) -> list[bool]:
    """Whether the provider objects, for each value at ``path``; what is neither true nor false counts as false."""
    return [value is True for value in _values(answer, path)]


def shape_answer(
    endpoint: Endpoint, files: Sequence[Mapping[str, Json]], *, seed: int, values: Mapping[str, Json]
) -> Json:
    """A document that obeys ``endpoint.output`` and holds ``files`` where its binding says that results are.

    A file has "url" and may have "content_type", "width", "height", "file_name", "file_size"; where the endpoint
    answers with one object only the first is used, where it answers with texts only their "url". The seed is written
    where the binding has it, every flag is false, the prompt is echoed where there is a place for it, and what else the
    schema requires is filled with the plainest value of its type.
    """
    writer = _Writer(endpoint.output)
    answer = writer.plainest(endpoint.output)
    if not isinstance(answer, dict):
        answer = {}
    binding = endpoint.binding
    if binding.seed_out:
        writer.put(answer, binding.seed_out, [seed])
    if binding.flags:
        writer.put(answer, binding.flags, [False] * len(files))
    prompt = binding.roles.get("prompt")
    if prompt and "prompt" in writer.properties(endpoint.output):
        answer["prompt"] = str(values.get(prompt) or "")
    writer.put_files(answer, binding.results, files)
    return answer


class _Writer:
    """Makes values that a JSON Schema accepts. ``root`` is what "#/..." references are looked up in."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._budget = MOST

    def put(self, answer: dict[str, Any], path: str, found: Sequence[Any]) -> None:
        """Write ``found`` at ``path``: all of it where the path has a list, else the first."""
        keys = path.split(".")
        spot, schema = self._walk(answer, keys[:-1])
        key = keys[-1]
        below = self._below(schema, key.removesuffix("[]"))
        if key.endswith("[]"):
            spot[key[:-2]] = [self._fitting(value, self.items(below)) for value in found]
        elif found:
            spot[key] = self._fitting(found[0], below)

    def put_files(self, answer: dict[str, Any], path: str, files: Sequence[Mapping[str, Any]]) -> None:
        """Write ``files`` at ``path``: as objects where it ends in ".url", else their addresses."""
        place, _, last = path.rpartition(".")
        if path.endswith("[]") or not place:
            self.put(answer, path, [file.get("url") for file in files])
            return
        keys = place.split(".")
        spot, schema = self._walk(answer, keys[:-1])
        key = keys[-1].removesuffix("[]")
        below = self._below(schema, key)
        if keys[-1].endswith("[]"):
            spot[key] = [self._file(file, last, self.items(below)) for file in files]
        elif files:
            spot[key] = self._file(files[0], last, below)

    def properties(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """What an object of ``schema`` may have."""
        return _mapping(self._resolved(schema), "properties")

    def items(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema of an array's items."""
        return _mapping(self._resolved(schema), "items")

    def plainest(self, schema: Mapping[str, Any], depth: int = DEPTH) -> Any:
        """The plainest value of ``schema``: only what it requires, empty or smallest."""
        schema = self._resolved(schema)
        self._budget -= 1
        if self._budget < 0:
            return None
        for key in ("const", "default"):
            if key in schema:
                return schema[key]
        if choices := _list(schema, "enum"):
            return choices[0]
        match _type_of(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                count = _count(schema, "minItems") if depth else 0
                return [self.plainest(self.items(schema), depth - 1) for _ in range(count)]
            case "string":
                return " " * _count(schema, "minLength")
            case "integer" | "number":
                return _smallest(schema)
            case "boolean":
                return False
        return None

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        names = [name for name in _list(schema, "required") if isinstance(name, str)] if depth else []
        return {name: self.plainest(self._below(schema, name), depth - 1) for name in names[:MOST]}

    def _walk(self, answer: dict[str, Any], keys: Sequence[str]) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """The object at ``keys``, made on the way where it is missing, and its schema."""
        spot, schema = answer, self._root
        for key in keys:
            name, many = key.removesuffix("[]"), key.endswith("[]")
            schema = self._below(schema, name)
            schema = self.items(schema) if many else schema
            inner = _first_object(spot.get(name))
            if inner is None:
                inner = _first_object(self.plainest(schema)) or {}
                spot[name] = [inner] if many else inner
            spot = inner
        return spot, schema

    def _file(self, file: Mapping[str, Any], name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """``file`` as an object of ``schema``, its address under ``name``."""
        shape, known = _first_object(self.plainest(schema)) or {}, self.properties(schema)
        told = {key: value for key, value in file.items() if key != "url" and (not known or key in known)}
        return {**shape, **told, name: file.get("url")}

    def _below(self, schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        return _mapping(self.properties(schema), name)

    def _fitting(self, value: Any, schema: Mapping[str, Any]) -> Any:
        """``value`` as the type that ``schema`` asks for: seeds are texts in some endpoints."""
        wanted = _type_of(self._resolved(schema))
        return str(value) if wanted == "string" and not isinstance(value, str) else value

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """``schema`` with references followed, ``allOf`` joined and the first real choice taken."""
        for _ in range(DEPTH):
            step = self._one_step(schema)
            if step is None:
                return schema
            schema = step
        return {}

    def _one_step(self, schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
        if isinstance(reference := schema.get("$ref"), str):
            return {**_without(schema, "$ref"), **self._referred(reference)}
        if parts := _mappings(schema, "allOf"):
            return _joined([_without(schema, "allOf"), *parts])
        for key in ("anyOf", "oneOf"):
            if choices := _mappings(schema, key):
                real = [choice for choice in choices if choice.get("type") != "null"]
                return {**_without(schema, key), **(real or choices)[0]}
        return None

    def _referred(self, reference: str) -> Mapping[str, Any]:
        found: Any = self._root
        for key in reference.removeprefix("#").strip("/").split("/"):
            found = found.get(key.replace("~1", "/").replace("~0", "~"), {}) if isinstance(found, Mapping) else {}
        return found if isinstance(found, Mapping) else {}


def _values(answer: Json, path: str) -> Iterator[Any]:
    """At most ``MOST`` values at ``path``."""
    found: Iterator[Any] = iter((answer,))
    for key in path.split("."):
        found = _step(found, key.removesuffix("[]"))
        if key.endswith("[]"):
            found = (item for value in found if isinstance(value, list) for item in value)
    return islice(found, MOST)


def _step(values: Iterator[Any], name: str) -> Iterator[Any]:
    return (value[name] for value in values if isinstance(value, Mapping) and name in value)


def _first_object(value: Any) -> dict[str, Any] | None:
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, dict) else None


def _mapping(schema: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = schema.get(key)
    return found if isinstance(found, Mapping) else {}


def _list(schema: Mapping[str, Any], key: str) -> list[Any]:
    found = schema.get(key)
    return found if isinstance(found, list) else []


def _mappings(schema: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [found for found in _list(schema, key) if isinstance(found, Mapping)]


def _number(schema: Mapping[str, Any], *keys: str) -> int | float | None:
    found = (schema.get(key) for key in keys)
    return next((value for value in found if isinstance(value, int | float) and not isinstance(value, bool)), None)


def _count(schema: Mapping[str, Any], key: str) -> int:
    return int(min(max(_number(schema, key) or 0, 0), MOST))


def _without(schema: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != key}


def _joined(schemas: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One schema that asks for what all of ``schemas`` ask for, as far as objects go."""
    joined: dict[str, Any] = {}
    for schema in schemas:
        properties = {**_mapping(joined, "properties"), **_mapping(schema, "properties")}
        required = [*_list(joined, "required"), *_list(schema, "required")]
        joined = {**joined, **schema, "properties": properties, "required": required}
    return joined


def _type_of(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    return "object" if "properties" in schema or "required" in schema else ""


def _smallest(schema: Mapping[str, Any]) -> int | float:
    """The allowed number nearest to 0, from above where there is a lower bound."""
    low, high = _number(schema, "minimum", "exclusiveMinimum"), _number(schema, "maximum", "exclusiveMaximum")
    value = 0 if low is None else max(0, low)
    if high is not None and value > high:
        value = high
    if value == _number(schema, "exclusiveMinimum"):
        value += _number(schema, "multipleOf") or 1
    return math.ceil(value) if schema.get("type") == "integer" and math.isfinite(value) else value
