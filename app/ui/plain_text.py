"""Text that came from elsewhere (servers, files, prompts), made safe to show: never markup, nothing hidden in it."""

import html
import re
import unicodedata

LINE_LIMIT = 300
DETAILS_LIMIT = 20_000

_BREAKS = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
# Marks that reorder or hide the text around them (bidirectional controls, byte order mark, tags).
_HIDING = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


def one_line(text: str, limit: int = LINE_LIMIT) -> str:
    """At most ``limit`` characters on one line; runs of blanks and newlines are one space, controls visible escapes."""
    folded = _BREAKS.sub(" ", text[: limit * 8]).strip()
    return shortened(escaped(folded), limit)


def several_lines(text: str, limit: int = DETAILS_LIMIT) -> str:
    """At most ``limit`` characters with newlines and tabs kept, every other control a visible escape."""
    lines = text[: limit * 2].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return shortened("\n".join(escaped(line, keep="\t") for line in lines), limit)


def tip(text: str) -> str:
    """A tool tip that shows ``text`` letter by letter: Qt would read tags in it as markup."""
    return "<qt>" + html.escape(text).replace("\n", "<br>") + "</qt>"


def escaped(text: str, keep: str = "") -> str:
    """``text`` with control characters, lone surrogates and reordering marks written as ``\\x1b`` or ``\\u202e``."""
    return "".join(c if c in keep or not _is_hidden(c) else _escape(c) for c in text)


def shortened(text: str, limit: int) -> str:
    """``text``, cut to ``limit`` characters with an ellipsis for what is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or _HIDING.match(character) is not None


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
