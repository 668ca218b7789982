"""Single keywords of a schema node: what its title, kind, choices and examples are, in whatever form they come."""

import math
import textwrap
from collections.abc import Mapping
from typing import Any, Final, TypeGuard, get_args

from app.core.endpoint import Field, Kind

Json = Any

KINDS: Final = frozenset(get_args(Kind)) - {"any"}
"""The types that JSON Schema names, "null" apart."""
MOST_CHOICES: Final = 5000
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 4000
_LONG_EXAMPLE: Final = 80


def is_number(value: Json) -> TypeGuard[int | float]:
    """A JSON number that arithmetic can use: no boolean, no infinity."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def tidy(value: Json) -> str:
    """A provider's description without the indentation of the source it came from, at most 4,000 characters."""
    if not isinstance(value, str):
        return ""
    text = value[: LONGEST_TEXT * 2]
    first, _, rest = text.partition("\n")
    lines = [first.strip(), *textwrap.dedent(rest).splitlines()]
    return "\n".join(line.rstrip() for line in lines).strip()[:LONGEST_TEXT]


def title_of(value: Json, path: str) -> str:
    """The schema's title on one line, else the field's name in words."""
    if isinstance(value, str) and value.strip():
        return " ".join(value[: LONGEST_TITLE * 4].split())[:LONGEST_TITLE]
    name = path.rsplit(".", 1)[-1].removesuffix("[]")
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name[:LONGEST_TITLE])
    spoken = " ".join(words.replace("_", " ").replace("-", " ").split())
    return (spoken[:1].upper() + spoken[1:]) or name[:LONGEST_TITLE] or "Value"


def merged(base: dict[str, Json], over: Mapping[str, Json]) -> dict[str, Json]:
    """``base`` under ``over``; properties and required names of both are kept."""
    both = {**base, **over}
    if isinstance(base.get("properties"), Mapping) and isinstance(over.get("properties"), Mapping):
        both["properties"] = {**base["properties"], **over["properties"]}
    if isinstance(base.get("required"), list) and isinstance(over.get("required"), list):
        both["required"] = [*base["required"], *over["required"]]
    return both


def kind_of(node: Mapping[str, Json]) -> Kind:
    """The kind a node states, else the one its other keywords speak of."""
    told = node.get("type")
    if isinstance(told, str) and told in KINDS:
        return told  # type: ignore[return-value]  # one of Kind's words, as just tested
    if "properties" in node or "additionalProperties" in node:
        return "object"
    if "items" in node:
        return "array"
    if isinstance(node.get("enum"), list) or "const" in node:
        return _kind_of_all(node["enum"] if isinstance(node.get("enum"), list) else [node["const"]])
    if any(key in node for key in ("minLength", "maxLength", "pattern", "format")):
        return "string"
    if any(key in node for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")):
        return "number"
    return _kind_of_all([node["default"]]) if node.get("default") is not None else "any"


def _kind_of_all(values: list[Json]) -> Kind:
    """The one kind that all ``values`` have, else "any"."""
    kinds: set[Kind] = set()
    for value in values:
        match value:
            case bool():
                kinds.add("boolean")
            case int():
                kinds.add("integer")
            case float():
                kinds.add("number")
            case str():
                kinds.add("string")
            case list():
                kinds.add("array")
            case Mapping():
                kinds.add("object")
            case _:
                pass
    if kinds == {"integer", "number"}:
        return "number"
    return kinds.pop() if len(kinds) == 1 else "any"


def own_choices(node: Mapping[str, Json]) -> tuple[Json, ...]:
    if "const" in node:
        return (node["const"],)
    listed = node.get("enum")
    return tuple(value for value in listed[:MOST_CHOICES] if value is not None) if isinstance(listed, list) else ()


def choices(node: Mapping[str, Json], branches: list[dict[str, Json]]) -> tuple[Json, ...]:
    """The allowed values, or in a union the named ones among them; one open text branch allows every text."""
    if not branches:
        return own_choices(node)
    closed = [own_choices(branch) for branch in branches]
    if any(kind_of(branch) == "string" and not named for branch, named in zip(branches, closed, strict=True)):
        return ()
    return tuple(value for named in closed for value in named)


def with_named_texts(kind: Kind, node: dict[str, Json], branches: list[dict[str, Json]]) -> dict[str, Json]:
    """A text that may be anything though some values have names: those become its examples."""
    if kind != "string" or not branches or choices(node, branches) or "examples" in node:
        return node
    return {**node, "examples": [value for branch in branches for value in own_choices(branch)]}


def examples(node: Mapping[str, Json]) -> tuple[Json, ...]:
    given = node.get("examples", node.get("example"))
    if given is None:
        return ()
    values = given if isinstance(given, list) else [given]
    return tuple(value[:LONGEST_TEXT] if isinstance(value, str) else value for value in values[:20])


def is_long_text(field: Field) -> bool:
    """Whether a text deserves several lines: prompts by name, and texts whose example or default is long prose."""
    if field.kind != "string" or field.enum:
        return False
    texts = [text for text in (*field.examples, field.default) if isinstance(text, str)]
    prose = any((len(text) > _LONG_EXAMPLE or "\n" in text) and "://" not in text[:40] for text in texts)
    return prose or field.name.lower().endswith("prompt")
