"""Values in a few words: what stands on a folded group or entry."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from app.core.attachments import read_attachment
from app.core.endpoint import MISSING, Field
from app.core.values import spell
from app.ui.form.face import Json
from app.ui.plain_text import one_line

_MOST_PARTS: Final = 3
_LONGEST_PART: Final = 40
_PROPER: Final = {"lora": "LoRA", "url": "URL", "urls": "URLs", "id": "ID", "ip": "IP"}
_ENTRY: Final = "Entry"
_UNNAMED: Final = {"array", "list", "data", "value", ""}


def summary(field: Field, value: Json) -> str:
    """A group's or an entry's value on one line, such as "style-lora, 0.8"; "" when there is nothing in it."""
    if not isinstance(value, Mapping):
        return _words(value, None if isinstance(value, list) else field)
    parts: list[str] = []
    for part in _parts(field, value):
        if len(parts) == _MOST_PARTS:
            break
        parts.append(part)
    return ", ".join(parts)


def noun_for(field: Field) -> str:
    """What one entry of a list is called, from the list's title: "Loras" -> "LoRA", "Image Urls" -> "Image URL"."""
    title = one_line(field.title, _LONGEST_PART)
    before, _, last = title.rpartition(" ")
    words = [_PROPER.get(word.lower(), word) for word in [*before.split(), _singular(last)]]
    noun = " ".join(words)
    return _ENTRY if noun.lower() in _UNNAMED else noun


def short_link(text: str) -> str:
    """A link, a path or a kept file by its name alone: "https://.../style-lora.safetensors?x=1" -> "style-lora"."""
    attachment = read_attachment(text)
    if attachment is not None:
        return attachment.name or "a file"
    if text.startswith("data:"):
        return f"data, {text[5:40].partition(',')[0].partition(';')[0] or 'text'}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    if parts.scheme not in ("http", "https"):
        return text
    return PurePosixPath(unquote(parts.path)).stem or parts.netloc


def _parts(field: Field, value: Mapping[str, Json]) -> Iterator[str]:
    children = {child.name: child for child in field.children}
    for name in [*(name for name in children if name in value), *(name for name in value if name not in children)]:
        words = _words(value[name], children.get(name))
        if words:
            yield words


def _words(value: Json, field: Field | None) -> str:
    title = one_line(field.title, 24) if field is not None else ""
    match value:
        case bool():
            return title if value else f"no {title}" if title else ""
        case int() | float():
            return spell(value)
        case str():
            return one_line(short_link(value), _LONGEST_PART)
        case list() if value:
            return _count(len(value), field)
        case _ if value is MISSING or value is None or not value:
            return ""
        case Mapping():
            return summary(field, value) if field is not None else f"{len(value)} values"
    return ""


def _count(number: int, field: Field | None) -> str:
    noun = noun_for(field) if field is not None else _ENTRY
    if noun == _ENTRY:
        return "1 entry" if number == 1 else f"{number} entries"
    return f"1 {noun.lower()}" if number == 1 or field is None else f"{number} {one_line(field.title, 24).lower()}"


def _singular(word: str) -> str:
    lowered = word.lower()
    if lowered.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if lowered.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if lowered.endswith("s") and not lowered.endswith(("ss", "us", "is")) and len(word) > 2 else word
