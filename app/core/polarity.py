"""Which colour of a mask means repaint, where no binding says so: by a table of known engines, else by description."""

import re
from collections.abc import Mapping
from typing import Final

from app.core.endpoint import Polarity

_KNOWN: Final[Mapping[str, Polarity]] = {
    "model_ideogram-character": "black",
    "model_patina-material": "white",
}
"""Engines of Scenario whose polarity its pages state (its schemas never do)."""
_ALPHA: Final = frozenset(("model_openai-gpt-image-2",))
"""Engines whose mask must have transparency."""
_TRANSPARENT: Final = re.compile(r"\b(?:alpha|transparen\w+)\b", re.IGNORECASE)
_REPAINT: Final = re.compile(
    r"\b(?:re-?paint|paint|edit|chang|replac|in-?paint|re-?generat|generat|fill|eras|remov|modif|draw|sketch"
    r"|alter|transform|affect)"
)
_KEEP: Final = re.compile(
    r"\b(?:preserv|kept|keep|unchanged|untouched|protect|unmodified|remain|ignor|unaffected|not? )"
)
_BOTH: Final = re.compile(r"black\W*(?:and|or|&|/|-)?\W*white|white\W*(?:and|or|&|/|-)?\W*black")
_COLOUR: Final = re.compile(r"\b(white|black)\b")


def known_polarity(engine: str) -> Polarity | None:
    """The stated polarity of one of Scenario's engines, by its id."""
    return _KNOWN.get(engine)


def needs_alpha(engine: str, description: str) -> bool:
    """Whether a mask is wanted with transparency rather than in two colours."""
    return engine in _ALPHA or bool(_TRANSPARENT.search(description[:2000]))


def described_polarity(description: str) -> Polarity | None:
    """The colour that ``description`` of a mask field says is repainted, None when it says nothing clear.

    Each clause that names one colour is asked whether it speaks of repainting or of keeping.
    """
    votes: set[Polarity] = set()
    text = _BOTH.sub("", re.sub(r"\([^()]{0,20}\)", "", description[:2000].lower()))
    for clause in re.split(r"[.;,\n]|\band\b|\bwhile\b|\bbut\b|\bwhereas\b", text):
        colours = set(_COLOUR.findall(clause))
        if len(colours) != 1:
            continue
        white = "white" in colours
        if _KEEP.search(clause):
            votes.add("black" if white else "white")
        elif _REPAINT.search(clause):
            votes.add("white" if white else "black")
    return votes.pop() if len(votes) == 1 else None
