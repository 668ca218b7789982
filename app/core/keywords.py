"""Single keywords of a schema node: what its title, kind, choices and examples are, in whatever form they come."""

import json
import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeGuard, get_args

from app.core.endpoint import Field, Kind

Json = Any

KINDS: Final = frozenset(get_args(Kind)) - {"any"}
"""The types that JSON Schema names, "null" apart."""
_ALIASES: Final[Mapping[str, Kind]] = {
    "int": "integer",
    "float": "number",
    "double": "number",
    "str": "string",
    "text": "string",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
}
"""What people write where JSON Schema's word is meant."""
MOST_CHOICES: Final = 50_000
"""A field with more than these is free, as nobody can choose among them."""
_LARGEST: Final = 10**300
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 4000
_LONG_EXAMPLE: Final = 80
_LONG_LIMIT: Final = 300
_LONG_NAME: Final = re.compile(r"prompt$|(?:^|_)(?:instructions?|caption|lyrics|description)$|^(?:input_)?text$")
_SHORT_NAME: Final = re.compile(
    r"(?:ur[il]|link|path|hook|secret|token|key|id|name|file|image|img|mask|video|audio|data|base64|b64)s?$"
)
"""Names of what is long and never read: addresses, keys, files."""
_WORD_STARTS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Between the words of ``negativePrompt`` and ``CFGScale``."""


def is_number(value: Json) -> TypeGuard[int | float]:
    """A JSON number that arithmetic can use: no boolean, no infinity."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST


def tidy(value: Json) -> str:
    """A provider's description without the indentation of the source it came from, at most 4,000 characters."""
    if not isinstance(value, str):
        return ""
    text = value[: LONGEST_TEXT * 2]
    first, _, rest = text.partition("\n")
    lines = [first.strip(), *textwrap.dedent(rest).splitlines()]
    return "\n".join(line.rstrip() for line in lines).strip()[:LONGEST_TEXT].strip()


def one_line(value: Json, most: int = LONGEST_TITLE) -> str:
    """A text on one line of at most ``most`` characters, "" for anything else."""
    return " ".join(value[: most * 4].split())[:most] if isinstance(value, str) else ""


def snake_case(name: str) -> str:
    """``negativePrompt`` -> ``negative_prompt``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[:200]).lower().replace("-", "_")


def title_of(value: Json, path: str) -> str:
    """The schema's title on one line, else the field's name in words."""
    if isinstance(value, str) and value.strip():
        return " ".join(value[: LONGEST_TITLE * 4].split())[:LONGEST_TITLE]
    name = path.rsplit(".", 1)[-1]
    while name.endswith("[]"):
        name = name[:-2]
    words = _WORD_STARTS.sub(" ", name[:LONGEST_TITLE]).replace("_", " ").replace("-", " ").split()
    spoken = " ".join(word if word.isupper() and len(word) > 1 else word[:1].lower() + word[1:] for word in words)
    return (spoken[:1].upper() + spoken[1:]) or path.strip()[:LONGEST_TITLE] or "Value"


def named_kind(told: Json) -> Kind | None:
    """The kind that a ``type`` names, also in capitals or in the word of another language; None for anything else."""
    word = told.strip().lower() if isinstance(told, str) and len(told) < 40 else ""
    if word in KINDS:
        return word  # type: ignore[return-value]  # one of Kind's words, as just tested
    return _ALIASES.get(word)


def kind_of(node: Mapping[str, Json]) -> Kind:
    """The kind a node states, else the one its other keywords speak of."""
    told = named_kind(node.get("type"))
    if told:
        return told
    if "properties" in node or "additionalProperties" in node or "patternProperties" in node:
        return "object"
    if "items" in node or "prefixItems" in node:
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
    """The values that a node allows, each once; empty when it allows others too. Null is told by ``allows_null``."""
    if "const" in node:
        return () if node["const"] is None else (node["const"],)
    listed = node.get("enum")
    if not isinstance(listed, list) or len(listed) > MOST_CHOICES:
        return ()
    once = {_identity(value): value for value in reversed(listed) if value is not None}
    return tuple(reversed(once.values()))


def allows_null(node: Mapping[str, Json]) -> bool:
    """Whether a node allows null by itself, branches of a union apart."""
    listed = node.get("enum")
    named = (isinstance(listed, list) and None in listed) or ("const" in node and node["const"] is None)
    kinds = node.get("type")
    return named or node.get("nullable") is True or kinds == "null" or (isinstance(kinds, list) and "null" in kinds)


def _identity(value: Json) -> tuple[bool, Json]:
    plain = isinstance(value, str | int | float)
    return isinstance(value, bool), value if plain else ("JSON", json.dumps(value, sort_keys=True))


def choices(node: Mapping[str, Json], branches: Sequence[Mapping[str, Json]]) -> tuple[Json, ...]:
    """The allowed values, or in a union the named ones among them; one open text branch allows every text.

    Named numbers beside an open branch of numbers are no choice either.
    """
    if not branches or own_choices(node):
        return own_choices(node)
    closed = [(_sort(branch), own_choices(branch)) for branch in branches]
    free = {sort for sort, named in closed if not named}
    if free & {"any", "string"}:
        return ()
    return tuple(value for sort, named in closed if sort not in free for value in named)


def _sort(branch: Mapping[str, Json]) -> str:
    kind = kind_of(branch)
    return "number" if kind == "integer" else kind


def examples(node: Mapping[str, Json]) -> tuple[Json, ...]:
    """At most 20 examples: a list, OpenAPI's mapping of names to ``{"value": ...}``, or a single ``example``."""
    given = node.get("examples", node.get("example"))
    if given is None:
        return ()
    if isinstance(given, Mapping):
        given = [part["value"] for part in given.values() if isinstance(part, Mapping) and "value" in part]
    values = given if isinstance(given, list) else [given]
    return tuple(value[:LONGEST_TEXT] if isinstance(value, str) else value for value in values[:20])


def is_long_text(field: Field) -> bool:
    """Whether a text deserves several lines: prompts by name, prose by its example, and texts that may be long."""
    if field.kind != "string" or field.enum:
        return False
    texts = [text for text in (*field.examples, field.default) if isinstance(text, str)]
    prose = any((len(text) > _LONG_EXAMPLE or "\n" in text) and "://" not in text[:40] for text in texts)
    name = _WORD_STARTS.sub("_", field.name[:LONGEST_TITLE]).lower()
    roomy = field.max_length is not None and field.max_length >= _LONG_LIMIT and not _SHORT_NAME.search(name)
    return prose or roomy or bool(_LONG_NAME.search(name))
