"""JSON as it is sent and as it is shown: compact, readable in any language, nothing hidden in it."""

import json
import re
from typing import Final

from app.core.request import Json

# Controls, soft hyphen, marks that reorder or hide what is round them, lone surrogates, tags.
_HIDDEN: Final = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def json_text(body: Json, *, indent: int | None = None) -> str:
    """``body`` as JSON, compact as it is sent unless ``indent`` is given; no character in it can hide or reorder text.

    What is invisible (controls, lone surrogates, marks of direction) is escaped, which means the same to whoever reads
    the JSON.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(body, ensure_ascii=False, indent=indent, separators=separators)
    return _HIDDEN.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))
