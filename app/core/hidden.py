"""Keys among the values: some endpoints take another service's key as a field. What is shown hides it."""

import re
from collections.abc import Mapping
from typing import Final

from app.core.json_text import json_text
from app.core.request import Json
from app.core.roles import snake_case

SHOWN: Final = "<hidden>"

# Whole endings: "max_tokens", "trigger_token" and "keyframes" are no secrets.
_SECRET: Final = re.compile(
    r"(^|_)(api_?key|access_?key|secret(_?key)?|private_?key|password|passwd|bearer|credentials?"
    r"|(api|access|auth|hf|hugging_?face|civitai|refresh|session)_?token)$"
)
# In links: the password before the host, and what is handed over as a key behind it.
_IN_LINK: Final = re.compile(
    r"(?P<before>://[^/\s:@?#]*:)[^@/\s]+(?=@)"
    r"|(?P<name>[?&](?:token|key|api_?key|access_?token|auth|secret|password|sig|signature)=)[^&#\s]+",
    re.IGNORECASE,
)


class Hidden(str):
    """``shown`` in the place of a text with a secret; ``more`` is how many bytes longer the real one is in JSON."""

    more: int

    def __new__(cls, secret: str, shown: str = SHOWN) -> "Hidden":
        made = super().__new__(cls, shown)
        made.more = len(json_text(secret).encode()) - len(json_text(shown).encode())
        return made

    def __deepcopy__(self, _: object) -> "Hidden":
        return self


def is_secret(name: str) -> bool:
    """Whether a field of that name takes a key or a password."""
    return _SECRET.search(snake_case(name).replace("-", "_")) is not None


def without_secrets(value: Json, name: str = "") -> Json:
    """A copy of ``value``, that of the field ``name``, with every secret in it hidden."""
    if isinstance(value, Mapping):
        return {key: without_secrets(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_secrets(inner, name) for inner in value]
    if not isinstance(value, str) or not value:
        return value
    if is_secret(name):
        return Hidden(value)
    shown = _IN_LINK.sub(_hidden_part, value) if "://" in value else value
    return value if shown == value else Hidden(value, shown)


def _hidden_part(found: re.Match[str]) -> str:
    return f"{found['before'] or found['name']}{SHOWN}"
