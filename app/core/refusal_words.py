"""The types of errors that fal.ai and Pydantic (1 and 2) name, in our own words.

The list is fal's page of model errors; what an endpoint checks itself comes through in Pydantic's own types. A type
that is not known shows the provider's ``msg`` in plain text on one line.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from app.core import sentences
from app.core.endpoint import Field
from app.core.keywords import is_number

Json = Any
Context = Mapping[str, Json]

LONGEST: Final = 300
"""Characters of a provider's text that are shown."""

_SECRET: Final = 12
"""Parts of ``input`` from this length on are blotted out wherever a provider's text repeats them."""
_LARGEST: Final = 1e15
_LINK_WITH_BYTES: Final = re.compile(r"data:[\w/+.;=-]{0,100},[\w+/=%-]*")
_PREFIXES: Final = ("Value error, ", "Assertion failed, ")

_FIXED: Final[Mapping[str, str]] = {
    "missing": sentences.NEEDED,
    "value_error.missing": sentences.NEEDED,
    "none.not_allowed": sentences.NEEDED,
    "type_error.none.not_allowed": sentences.NEEDED,
    "string_type": sentences.NOT_TEXT,
    "type_error.str": sentences.NOT_TEXT,
    "int_type": sentences.NOT_WHOLE,
    "int_parsing": sentences.NOT_WHOLE,
    "int_from_float": sentences.NOT_WHOLE,
    "int_parsing_size": "This whole number is too large.",
    "type_error.integer": sentences.NOT_WHOLE,
    "float_type": sentences.NOT_A_NUMBER,
    "float_parsing": sentences.NOT_A_NUMBER,
    "type_error.float": sentences.NOT_A_NUMBER,
    "finite_number": sentences.NOT_FINITE,
    "bool_type": sentences.NOT_BOOLEAN,
    "bool_parsing": sentences.NOT_BOOLEAN,
    "value_error.strictbool": sentences.NOT_BOOLEAN,
    "type_error.bool": sentences.NOT_BOOLEAN,
    "list_type": sentences.NOT_A_LIST,
    "type_error.list": sentences.NOT_A_LIST,
    "dict_type": sentences.NOT_A_GROUP,
    "model_type": sentences.NOT_A_GROUP,
    "model_attributes_type": sentences.NOT_A_GROUP,
    "type_error.dict": sentences.NOT_A_GROUP,
    "value_error.list.unique_items": sentences.NOT_UNIQUE,
    "extra_forbidden": "The provider does not know this.",
    "value_error.extra": "The provider does not know this.",
    "url_parsing": "This must be a web address.",
    "url_type": "This must be a web address.",
    "url_scheme": "This must be a web address.",
    "value_error.url.scheme": "This must be a web address.",
    "value_error.url": "This must be a web address.",
    "internal_server_error": "The provider had a fault of its own.",
    "generation_timeout": "The provider took too long over this.",
    "downstream_service_error": "A service behind the provider refused this.",
    "downstream_service_unavailable": "A service behind the provider cannot be reached.",
    "content_policy_violation": "The provider's content rules do not allow this.",
    "no_media_generated": "The provider made no picture of this.",
    "image_load_error": "The provider could not read this picture; save it as PNG or JPEG.",
    "file_download_error": "The provider could not fetch this file; check its address, or attach the file itself.",
    "face_detection_error": "The provider found no face in this picture; choose another one.",
    "invalid_archive": "The provider could not open this archive; pack it again.",
}
"""Types whose sentence needs no number."""


def words_of(error: Mapping[str, Json], field: Field | None) -> str:
    """One error of a provider in a sentence; ``field`` is the one it is about, where that is known."""
    kind = error.get("type")
    told = error.get("ctx")
    context: Context = told if isinstance(told, Mapping) else {}
    if isinstance(kind, str):
        found = _FIXED.get(kind) or next(_counted(kind, context, field), "")
        if found:
            return found
    return plain(error.get("msg"), error.get("input")) or "The provider does not accept this."


def plain(text: Json, blotted: Json = None) -> str:
    """A provider's text on one line of plain characters, "" for none; without files' bytes and parts of ``blotted``."""
    if not isinstance(text, str):
        return ""
    line = _printed(text)
    for secret in _texts_in(blotted):
        line = _without(line, secret)
    line = " ".join(_LINK_WITH_BYTES.sub("data:…", line).split())
    for prefix in _PREFIXES:
        line = line.removeprefix(prefix)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _printed(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[: LONGEST * 8])


def _without(line: str, secret: str) -> str:
    """``line`` without the beginnings of ``secret`` in it, each blotted out as far as it goes."""
    found = line.find(secret[:_SECRET])
    while found >= 0:
        same = (one == other for one, other in zip(line[found:], secret, strict=False))
        length = next((place for place, equal in enumerate(same) if not equal), min(len(secret), len(line) - found))
        line = f"{line[:found]}…{line[found + length :]}"
        found = line.find(secret[:_SECRET], found + 1)
    return line


def _texts_in(value: Json, depth: int = 0) -> Iterator[str]:
    """The texts inside an error's ``input`` that are long enough to give something away, printed as the line is."""
    if isinstance(value, str) and len(value) >= _SECRET:
        yield _printed(value)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for part in list(inner)[:20] if depth < 4 else ():
        yield from _texts_in(part, depth + 1)


def _counted(kind: str, context: Context, field: Field | None) -> Iterator[str]:
    """The sentence for a type that speaks of numbers or choices, if all that it needs is there."""
    for types, keys, say in _WITH_NUMBER:
        limit = _number(context, *keys)
        if kind in types and limit is not None:
            yield say(limit)
    noun = "entry" if field is not None and field.kind == "array" else "character"
    for (types, keys), say_count in _WITH_COUNT.items():
        limit = _number(context, *keys)
        if kind in types and limit is not None:
            yield say_count(int(limit), _noun(kind, context, noun))
    if kind in ("one_of", "enum", "literal_error", "type_error.enum", "value_error.const"):
        yield from _choices(context, field)
    if kind.startswith("unsupported_") and kind.endswith("_format"):
        formats = _texts(context.get("supported_formats"))
        yield f"The provider does not take this format; use {', '.join(formats)}." if formats else ""
    if kind in ("image_too_small", "image_too_large"):
        yield from _size(kind, context)


def _noun(kind: str, context: Context, noun: str) -> str:
    if kind.startswith(("string_", "value_error.any_str")):
        return "character"
    return (
        "entry"
        if kind.startswith("value_error.list") or context.get("field_type") in ("List", "Set", "Tuple")
        else noun
    )


def _choices(context: Context, field: Field | None) -> Iterator[str]:
    expected = context.get("expected", context.get("permitted", context.get("enum_values")))
    if isinstance(expected, list) and expected:
        yield sentences.not_one_of(
            "This", [plain(one) if isinstance(one, str) else one for one in expected[:200] if _is_flat(one)]
        )
    elif field is not None and field.enum:
        yield sentences.not_one_of("This", field.enum)
    elif isinstance(expected, str) and plain(expected):
        yield f"This must be {plain(expected)}."


def _size(kind: str, context: Context) -> Iterator[str]:
    end = "min" if kind == "image_too_small" else "max"
    width, height = _number(context, f"{end}_width"), _number(context, f"{end}_height")
    wrong = "small: at least" if end == "min" else "large: at most"
    if width is not None and height is not None:
        yield f"The picture is too {wrong} {sentences.spell(width)} x {sentences.spell(height)} pixels."
    for side, limit in (("wide", width), ("high", height)):
        if limit is not None:
            yield f"The picture is too {wrong} {sentences.spell(limit)} pixels {side}."
    yield f"The picture is too {wrong.partition(':')[0]} for the provider."


def _file_size(limit: float) -> str:
    spoken = f"{sentences.spell(round(limit / 1e6, 1))} MB" if limit >= 1e5 else f"{sentences.spell(limit)} bytes"
    return f"This file is too large: at most {spoken}."


def _number(context: Context, *keys: str) -> float | None:
    """The first of ``keys`` that holds a number one can speak of."""
    values = (context.get(key) for key in keys)
    return next((value for value in values if is_number(value) and abs(value) <= _LARGEST), None)


def _texts(value: Json) -> list[str]:
    return [plain(one) for one in value[:20] if isinstance(one, str)] if isinstance(value, list) else []


def _is_flat(value: Json) -> bool:
    return value is None or isinstance(value, str | bool) or (is_number(value) and abs(value) <= _LARGEST)


_WITH_NUMBER: Final[Sequence[tuple[tuple[str, ...], tuple[str, ...], Callable[[float], str]]]] = (
    (("greater_than", "value_error.number.not_gt"), ("gt", "limit_value"), sentences.above),
    (("greater_than_equal", "value_error.number.not_ge"), ("ge", "limit_value"), sentences.at_least),
    (("less_than", "value_error.number.not_lt"), ("lt", "limit_value"), sentences.below),
    (("less_than_equal", "value_error.number.not_le"), ("le", "limit_value"), sentences.at_most),
    (("multiple_of", "value_error.number.not_multiple"), ("multiple_of",), sentences.multiple_of),
    (("file_too_large",), ("max_size",), _file_size),
)
"""Types, the names of their number in ``ctx``, and what is said of it."""

_WITH_COUNT: Final[Mapping[tuple[tuple[str, ...], tuple[str, ...]], Callable[[int, str], str]]] = {
    (
        ("sequence_too_short", "too_short", "string_too_short", "value_error.any_str.min_length",
         "value_error.list.min_items"),
        ("min_length", "limit_value"),
    ): sentences.too_few,
    (
        ("sequence_too_long", "too_long", "string_too_long", "value_error.any_str.max_length",
         "value_error.list.max_items"),
        ("max_length", "limit_value"),
    ): sentences.too_many,
}  # fmt: skip
"""The same for numbers of characters or entries."""
