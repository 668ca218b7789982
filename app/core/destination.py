"""Where a request goes: the provider's address, and the headers with the key hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlsplit

from app.core.endpoint import Endpoint


@dataclass(frozen=True)
class Destination:
    """``url`` is "" where nothing is sent or the address is not known; ``words`` says which, in a sentence."""

    words: str
    url: str = ""
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """As they are shown: names of environment variables stand for the key."""
    variables: tuple[str, ...] = ()
    """The environment variables that hold the key: one for a key, two for a name and a secret (basic auth)."""


@dataclass(frozen=True)
class _Provider:
    title: str
    base: str
    variables: tuple[str, ...]


# The hosts and keys are those of the providers' own clients: fal-client 1.0.3, scenario-sdk 2.4.0.
_PROVIDERS: Final[Mapping[str, _Provider]] = MappingProxyType(
    {
        "fal": _Provider("fal.ai", "https://queue.fal.run", ("FAL_KEY",)),
        "scenario": _Provider(
            "Scenario", "https://api.cloud.scenario.com/v1", ("SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET")
        ),
    }
)

KEYS: Final = tuple(name for provider in _PROVIDERS.values() for name in provider.variables)
"""The environment variables that hold keys."""
_SAFE: Final = "/"
"""What ids may hold besides letters, figures and -_.~ without being escaped."""


def destination(endpoint: Endpoint, backend: str, base_url: str = "") -> Destination:
    """Where ``backend`` would send a request for ``endpoint``; ``base_url`` stands for the provider's host."""
    if endpoint.provider == "local" or backend == "local":
        return Destination("Nothing leaves this computer: it is filled here.")
    provider = _PROVIDERS.get(endpoint.provider)
    practice = "Nothing leaves this computer." if backend == "practice" else ""
    if provider is None:
        return Destination(practice or "Its address is not known: this provider is none that the program can send to.")
    url = _base(provider.base, base_url) + _path(endpoint)
    place = f"{provider.title}, at {urlsplit(url).netloc}"
    words = f"{practice} Without practice it would go to {place}." if practice else f"To {place}."
    return Destination(words, url, "POST", _headers(provider.variables), provider.variables)


def _base(base: str, base_url: str) -> str:
    """``base`` with another host; the provider's own path below it (a version) stays."""
    if not base_url:
        return base
    own, path = base_url.rstrip("/"), urlsplit(base).path
    return own if own.endswith(path) else own + path


def _path(endpoint: Endpoint) -> str:
    """The call below the base: fal's ids are paths; Scenario's name a call, or a checkpoint for the general one."""
    if endpoint.provider != "scenario":
        return "/" + quote(endpoint.id.lstrip("/"), safe=_SAFE, errors="replace")
    called = endpoint.id.removeprefix("scenario/")
    if not called.startswith("generate/"):
        return "/generate/custom/" + quote(called, safe="", errors="replace")
    return "/" + quote(called, safe=_SAFE, errors="replace")


def _headers(variables: tuple[str, ...]) -> Mapping[str, str]:
    shown = ":".join(f"${name}" for name in variables)
    key = f"Key {shown}" if len(variables) == 1 else f"Basic base64({shown})"
    return MappingProxyType({"Authorization": key, "Accept": "application/json", "Content-Type": "application/json"})
