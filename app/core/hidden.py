"""Keys among the values: some endpoints take another service's key as a field. What is shown hides it.

So does a text that a key was pasted into by mistake: keys of the usual services are known by their form.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.core.json_text import json_text
from app.core.keywords import snake_case
from app.core.request import Json

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
# Keys by their form: fal's, those with a service's own beginning, signed tokens.
_KEYS: Final = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9a-f]{32}\b"
    r"|\b(?:hf_|sk-|r8_|gh[pousr]_|github_pat_|glpat-|xox[abp]-|AKIA|AIza|api_)(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{16,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"
    r"|(?<=\bBearer )[A-Za-z0-9._~+/-]{16,}=*",
    re.IGNORECASE,
)
_FEWEST: Final = 8
"""Characters of a key that is looked for as it is: shorter ones stand in words."""


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
    return _SECRET.search(snake_case(name)) is not None


def without_secrets(value: Json, name: str = "", keys: Sequence[str] = ()) -> Json:
    """A copy of ``value``, that of the field ``name``, with every secret in it hidden, ``keys`` among them."""
    if isinstance(value, Mapping):
        return {key: without_secrets(inner, str(key), keys) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_secrets(inner, name, keys) for inner in value]
    if not isinstance(value, str) or not value:
        return value
    if is_secret(name):
        return Hidden(value)
    shown = _shown(value, keys)
    return value if shown == value else Hidden(value, shown)


def free_of_secrets(values: Mapping[str, Json]) -> dict[str, Json]:
    """``values`` without those that hold a secret: for what leaves this computer as a text or a file."""
    return {name: value for name, value in values.items() if without_secrets(value, name) == value}


def _shown(text: str, keys: Sequence[str]) -> str:
    for key in keys:
        if len(key) >= _FEWEST:
            text = text.replace(key, SHOWN)
    if text.startswith("data:"):
        return text  # base64 of a file may look like anything
    return _KEYS.sub(SHOWN, _IN_LINK.sub(_hidden_part, text) if "://" in text else text)


def _hidden_part(found: re.Match[str]) -> str:
    return f"{found['before'] or found['name']}{SHOWN}"
