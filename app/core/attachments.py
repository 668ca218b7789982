"""Files among the values: a short text that names a kept file by the digest of its bytes.

A value never holds the bytes themselves: ``mendbrush-file:<sha256><suffix>?name=<percent-encoded>`` stands for them
until the request is sent. The bytes lie in the history's content-addressed store.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

Json = Any

PREFIX: Final = "mendbrush-file:"

_LONGEST_NAME: Final = 120
_FORM: Final = re.compile(r"mendbrush-file:([0-9a-f]{64})(\.[a-z0-9]{1,8})?(?:\?name=([^\s?#&]{0,1200}))?")


@dataclass(frozen=True)
class Attachment:
    """A kept file: the sha256 of its bytes (64 hexadecimal digits), its suffix (".png" or ""), a name for people."""

    digest: str
    suffix: str = ""
    name: str = ""


def attachment_text(attachment: Attachment) -> str:
    """The value that stands for a kept file: the inverse of ``read_attachment``."""
    name = quote(attachment.name[:_LONGEST_NAME], safe="", errors="replace")
    return f"{PREFIX}{attachment.digest}{attachment.suffix}" + (f"?name={name}" if name else "")


def read_attachment(text: Json) -> Attachment | None:
    """The kept file that ``text`` names; None for anything else, half-written ones included."""
    found = _FORM.fullmatch(text) if isinstance(text, str) and text.startswith(PREFIX) else None
    if found is None:
        return None
    digest, suffix, name = found.groups()
    return Attachment(digest, suffix or "", unquote(name or "")[:_LONGEST_NAME])


def attachments_in(value: Json) -> Iterator[Attachment]:
    """Every kept file named anywhere in ``value``, in order, however deep."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            waiting.extend(reversed(list(part.values())))
        elif isinstance(part, list | tuple):
            waiting.extend(reversed(part))
        elif (attachment := read_attachment(part)) is not None:
            yield attachment


def replaced(value: Json, replacement: Callable[[Attachment], Json]) -> Json:
    """A copy of ``value`` with every text that names a kept file replaced. Depth is that of any JSON that was read."""
    if isinstance(value, Mapping):
        return {key: replaced(part, replacement) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(part, replacement) for part in value]
    attachment = read_attachment(value)
    return value if attachment is None else replacement(attachment)
