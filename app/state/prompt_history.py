"""What was asked for lately: the prompts that were sent, newest first, and the seed of the last result."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.core.endpoint import Endpoint, Role

Json = Any

MOST: Final = 200
"""Distinct prompts that are kept for each role."""
LONGEST: Final = 20_000
"""Characters: a longer text was hardly typed and is not kept."""

_ROLES: Final[tuple[Role, ...]] = ("prompt", "negative_prompt")


class PromptHistory:
    """Prompts by role. Shared by all endpoints: who tries a prompt elsewhere looks for it there."""

    def __init__(self, saved: Json = None) -> None:
        """``saved`` is what ``to_save`` gave; anything else in it is passed over."""
        kept = saved if isinstance(saved, Mapping) else {}
        self._texts: dict[Role, list[str]] = {role: _texts(kept.get(role)) for role in _ROLES}
        seed = kept.get("seed")
        self.last_seed: int | None = seed if _is_seed(seed) else None

    def prompts(self, role: Role) -> Sequence[str]:
        """What was sent in that role, newest first."""
        return tuple(self._texts.get(role, ()))

    def note(self, endpoint: Endpoint, values: Mapping[str, Json]) -> None:
        """Put the prompts among ``values``, which are being sent, on top."""
        for role in _ROLES:
            field = endpoint.field_for(role)
            text = values.get(field.path) if field is not None else None
            if isinstance(text, str) and text.strip():
                self._texts[role] = _texts([text, *self._texts[role]])

    def to_save(self) -> dict[str, Json]:
        """All of it as JSON."""
        return {**{role: list(texts) for role, texts in self._texts.items()}, "seed": self.last_seed}


def _texts(found: Json) -> list[str]:
    """The texts in ``found``, each once, as many as are kept."""
    texts = found if isinstance(found, list) else []
    fitting = (text for text in texts if isinstance(text, str) and text.strip() and len(text) <= LONGEST)
    return list(dict.fromkeys(fitting))[:MOST]


def _is_seed(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 64
