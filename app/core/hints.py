"""What a schema node says beside JSON Schema's own keywords: which file it takes, where it stands, words of choices.

Read are fal's hints (``ui``, ``_fal_ui_field``, ``x-fal``, ``limit_description``), the words that form generators know
(``enumNames``, ``x-enumNames``), ``contentMediaType``, and the keywords of our own endpoint files: ``x-media``,
``x-mask-for``, ``x-group``, ``x-labels``, ``x-rare`` and ``x-multiline``.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, get_args

from app.core.endpoint import Field, Media
from app.core.keywords import is_number, one_line, snake_case

Json = Any

_HINTED: Final[Mapping[str, Media]] = {
    "image": "picture",
    "image_mask": "mask",
    "mask": "mask",
    "audio": "audio",
    "video": "video",
    "file": "file",
}
_NAMED: Final[tuple[tuple[Media, re.Pattern[str]], ...]] = (
    ("file", re.compile(r"(?:^|_)(?:zip|archive|dataset|data)_urls?$")),
    ("video", re.compile(r"(?:^|_)videos?(?:_.*)?_(?:url|uri|file)s?$")),
    ("audio", re.compile(r"(?:^|_)(?:audio|voice|speech|music|sound|song)s?(?:_.*)?_(?:url|uri|file)s?$")),
    ("mask", re.compile(r"(?:^|_)masks?(?:_(?:image|img|picture))?_(?:url|uri|file|base64|b64)s?$")),
    ("picture", re.compile(r"(?:^|_)(?:image|img|picture|photo|frame)s?_(?:url|uri|file|base64|b64)s?$")),
    ("document", re.compile(r"(?:^|_)(?:pdf|document)s?_(?:url|uri|file)s?$")),
    ("file", re.compile(r"(?:^|_)files?_(?:url|uri)s?$")),
)
"""Endings of names that name a file for sure."""
_HELD: Final[Mapping[Media, str]] = {"mask": "mask", "video": "video", "audio": "audio", "picture": "image"}
"""Words in the names of texts that are said to hold a file."""
_HOLDERS: Final[Mapping[str, Media]] = {
    "mask": "mask", "video": "video", "audio": "audio",
    "image": "picture", "img": "picture", "picture": "picture", "photo": "picture",
}  # fmt: skip
"""Last words in the names of texts that hold a file where the format or the description says so."""
_FILE_FORMATS: Final = ("binary", "byte", "uri", "url", "data-url", "uri-reference")
_SAYS_FILE: Final = re.compile(r"\b(?:base64|data ur[il]|urls?|uri)\b", re.IGNORECASE)
_PLACES: Final = ("x-order", "propertyOrder")
_ARCHIVE: Final = re.compile(r"\b(?:zip|tar|archive)\b", re.IGNORECASE)
_LIMITS: Final = (
    ("max_file_size", "files of at most {}"),
    ("min_width", "at least {} pixels wide"),
    ("max_width", "at most {} pixels wide"),
    ("min_height", "at least {} pixels high"),
    ("max_height", "at most {} pixels high"),
    ("min_aspect_ratio", "width to height at least {}"),
    ("max_aspect_ratio", "width to height at most {}"),
    ("min_duration", "at least {} seconds"),
    ("max_duration", "at most {} seconds"),
)


def media_of(node: Mapping[str, Json], name: str, kind: str) -> Media:
    """What kind of file a text, or each text of a list, names; "" where that is not sure."""
    if kind not in ("string", "array", "any"):
        return ""
    items = node.get("items")
    for told in (node, items if isinstance(items, Mapping) else {}):
        found = _told_media(told)
        if found:
            return found
    plain = snake_case(name)
    found = next((media for media, ending in _NAMED if ending.search(plain)), "")
    if not found and plain.rpartition("_")[2].removesuffix("s") in _HOLDERS and _is_said_file(node):
        found = _HOLDERS[plain.rpartition("_")[2].removesuffix("s")]
    if not found and (node.get("format") == "binary" or node.get("contentEncoding") == "base64"):
        found = next((media for media, word in _HELD.items() if word in plain.split("_")), "file")
    description = node.get("description")
    packed = isinstance(description, str) and _ARCHIVE.search(description[:400])
    return "file" if found and packed else found


def _told_media(node: Mapping[str, Json]) -> Media:
    told = node.get("x-media")
    if isinstance(told, str) and told in get_args(Media):
        return told  # type: ignore[return-value]  # one of Media's words, as just tested
    ui = node.get("ui")
    hint = node.get("_fal_ui_field") or (ui.get("field") if isinstance(ui, Mapping) else None)
    if isinstance(hint, str) and hint in _HINTED:
        return _HINTED[hint]
    content = node.get("contentMediaType")
    if not isinstance(content, str):
        return ""
    start = content.split("/")[0]
    return {"image": "picture", "video": "video", "audio": "audio"}.get(start, "file")  # type: ignore[return-value]  # words of Media


def is_rare(node: Mapping[str, Json]) -> bool:
    """Whether the provider folds the field away."""
    ui = node.get("ui")
    return node.get("x-rare") is True or (isinstance(ui, Mapping) and ui.get("hidden") is True)


def _is_said_file(node: Mapping[str, Json]) -> bool:
    """Whether a text is said to be an address or the bytes of a file."""
    words = node.get("description")
    return node.get("format") in _FILE_FORMATS or (isinstance(words, str) and bool(_SAYS_FILE.search(words[:200])))


def is_multiline(node: Mapping[str, Json]) -> bool:
    """Whether the provider itself shows a text with several lines."""
    ui = node.get("ui")
    shown = ui if isinstance(ui, Mapping) else {}
    widgets = (node.get("format"), node.get("x-widget"), shown.get("field"), shown.get("widget"))
    return node.get("x-multiline") is True or any(widget in ("textarea", "multiline") for widget in widgets)


def told_order(node: Mapping[str, Json]) -> list[str]:
    """Names of the properties whose order is told: a list of them, else a number on each (Replicate's ``x-order``)."""
    for key in ("x-fal-order-properties", "ui:order"):
        told = node.get(key)
        if isinstance(told, list):
            return [name for name in told if isinstance(name, str)]
    properties = node.get("properties")
    numbered: list[tuple[float, str]] = []
    for name, part in properties.items() if isinstance(properties, Mapping) else ():
        number = (
            next((part[key] for key in _PLACES if is_number(part.get(key))), None)
            if isinstance(part, Mapping)
            else None
        )
        numbered += [] if number is None else [(number, name)]
    return [name for _, name in sorted(numbered, key=lambda pair: pair[0])]


def group_of(node: Mapping[str, Json]) -> str:
    """The provider's section of the panel, on one line."""
    return one_line(node.get("x-group"))


def mask_for(node: Mapping[str, Json]) -> str:
    """The name of the picture field whose mask this is."""
    told = node.get("x-mask-for")
    return told if isinstance(told, str) else ""


def labels_of(node: Mapping[str, Json], count: int) -> tuple[str, ...]:
    """Words for ``count`` choices, empty unless there is one for each."""
    for key in ("x-labels", "enumNames", "x-enumNames", "x-enum-varnames"):
        told = node.get(key)
        if count and isinstance(told, list) and len(told) == count and all(isinstance(word, str) for word in told):
            return tuple(one_line(word) for word in told)
    return ()


def limit_words(node: Mapping[str, Json]) -> str:
    """A provider's limits of a file as a sentence, "" when there are none."""
    told = node.get("limit_description")
    if isinstance(told, str) and told.strip():
        return told.strip()[:1000]
    fal = node.get("x-fal")
    stated = {**node, **fal} if isinstance(fal, Mapping) else node
    words = [text.format(_spelt(key, stated[key])) for key, text in _LIMITS if is_number(stated.get(key))]
    sentence = ", ".join(words)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def unread(node: Mapping[str, Json]) -> list[str]:
    """The keywords of ``node`` that no panel can show and that only the check of the whole values knows."""
    return [key for key in _UNREAD if key in node]


_UNREAD: Final = (
    "if",
    "not",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "patternProperties",
    "propertyNames",
    "contains",
    "minProperties",
    "maxProperties",
    "prefixItems",
    "unevaluatedProperties",
    "unevaluatedItems",
)


def with_media(field: Field, node: Mapping[str, Json]) -> Media:
    """``media_of`` for a field that was read; choices and lists of other things are no files."""
    if field.enum or (field.kind == "array" and any(child.kind not in ("string", "any") for child in field.children)):
        return ""
    if field.kind == "array" and not all(child.path == f"{field.path}[]" for child in field.children):
        return ""
    return media_of(node, field.name, field.kind)


def _spelt(key: str, value: float) -> str:
    if key == "max_file_size":
        return f"{value / 1e6:.3g} MB" if value >= 1e5 else f"{value / 1e3:.3g} kB"
    return f"{value:g}"
