"""What was odd about a document, in sentences for people: each once, and only so many."""

from typing import Final

MOST_PROBLEMS: Final = 50
LONGEST: Final = 400
"""Characters of a sentence: names in it may be of any length."""


class Oddities:
    """Collects sentences in the order they come; what comes after ``MOST_PROBLEMS`` is only counted."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}
        self._more = 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was noted."""
        more = (f"{self._more} more of the kind were found.",) if self._more else ()
        return (*self._sentences, *more)

    def note(self, sentence: str) -> None:
        """Keep ``sentence`` unless it was said before."""
        sentence = sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST // 2]} … {sentence[-LONGEST // 2 :]}"
        if sentence in self._sentences:
            return
        if len(self._sentences) < MOST_PROBLEMS:
            self._sentences[sentence] = None
        else:
            self._more += 1
