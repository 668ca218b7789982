"""What somebody types or pastes to name an endpoint: an id, the link of its page, the address of its document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from app.core.errors import InputError

Kind = Literal["fal", "scenario", "link"]

LONGEST: Final = 200
LONGEST_LINK: Final = 2000
MOST_SEGMENTS: Final = 8
SCENARIO: Final = "scenario/"
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._\-]*")
_NAMESPACES: Final = ("workflows", "comfy")
_PAGES: Final = ("playground", "api", "examples", "versions", "llms.txt", "requests", "stream")
"""Parts of fal's site below an endpoint's own page."""
_FAL: Final = ("fal.ai", "www.fal.ai", "fal.run", "queue.fal.run")
DOCUMENTS: Final = "/api/openapi/queue/openapi.json"
_SCENARIO_SITE: Final = ".scenario.com"
_WITHOUT_SCHEME: Final = ("fal.ai/", "www.fal.ai/", "fal.run/", "queue.fal.run/", "app.scenario.com/")
_HOW: Final = "Write owner/name, paste the link of its page or document, or search the catalogue."


@dataclass(frozen=True)
class EndpointName:
    """``kind`` says who is asked; ``text`` is fal's id, Scenario's model id, or a link."""

    kind: Kind
    text: str

    @property
    def id(self) -> str:
        """The endpoint's id where its document gives none."""
        if self.kind == "scenario":
            return SCENARIO + self.text
        if self.kind == "fal":
            return self.text
        parts = urlsplit(self.text)
        path = unquote(parts.path).strip("/").removesuffix(".json")
        return f"{parts.hostname}/{path}".strip("/")[:LONGEST]


def read_name(text: str, bases: Mapping[str, str] | None = None) -> EndpointName:
    """Whom ``text`` names; ``bases`` ("fal", "scenario") are addresses in place of the real ones. Raises InputError."""
    told = text.strip().strip("\"'<>“”‘’").strip()
    if len(told) > LONGEST_LINK:
        raise InputError(f"That is too long for an endpoint's id or link. {_HOW}")
    if not told:
        raise InputError(f"Which endpoint? {_HOW}")
    if "://" in told:
        return _from_link(told, bases or {})
    if told.lower().startswith(_WITHOUT_SCHEME):
        return _from_link(f"https://{told}", {})
    return _from_id("".join(told.split()).strip("/"))


def _from_id(told: str) -> EndpointName:
    legacy = re.fullmatch(r"(\d+)-([^/]+)", told)
    if legacy:
        told = f"{legacy[1]}/{legacy[2]}"  # as fal's own clients read it
    if told.startswith("model_") and "/" not in told:
        told = SCENARIO + told
    parts = told.split("/")
    fewest = 3 if parts[0] in _NAMESPACES else 2
    good = all(_SEGMENT.fullmatch(part) and ".." not in part for part in parts)
    if not good or not fewest <= len(parts) <= MOST_SEGMENTS or len(told) > LONGEST:
        raise InputError(f"“{_shown(told)}” is no endpoint's id. {_HOW}")
    if parts[0] == SCENARIO.strip("/"):
        if len(parts) != 2:
            raise InputError(f"“{_shown(told)}” is no id of Scenario: write scenario/ and the model's id.")
        return EndpointName("scenario", parts[1])
    return EndpointName("fal", told)


def _from_link(link: str, bases: Mapping[str, str]) -> EndpointName:
    if any(letter.isspace() or not letter.isprintable() for letter in link):
        raise InputError(f"“{_shown(link)}” is no link. {_HOW}")
    try:
        parts = urlsplit(link)
        name, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise InputError(f"“{_shown(link)}” is no link. {_HOW}") from error
    if parts.scheme not in ("http", "https") or not name:
        raise InputError(f"“{_shown(link)}” is no web address. {_HOW}")
    asked = parse_qs(parts.query, max_num_fields=None).get("endpoint_id", [""])[0] if len(parts.query) < 1000 else ""
    if asked and link.startswith((f"{bases.get('fal')}{DOCUMENTS}?", f"https://fal.ai{DOCUMENTS}?")):
        return _from_id(asked.strip("/"))
    if name in _FAL and _on_fal(parts.path):
        return _from_id(_on_fal(parts.path))
    if name.endswith(_SCENARIO_SITE) or link.startswith(f"{bases.get('scenario')}/models/"):
        found = re.search(r"/models/([A-Za-z0-9][\w.\-]*)", parts.path)
        if found:
            return _from_id(SCENARIO + found[1])
    return EndpointName("link", link)


def _on_fal(path: str) -> str:
    """The id in a path of fal's site, "" where there is none."""
    parts = [part for part in unquote(path).split("/") if part]
    if parts[:1] == ["api"]:
        return ""
    if parts[:1] == ["models"]:
        parts = parts[1:]
    pages = [at for at, part in enumerate(parts) if at >= 2 and part in _PAGES]
    parts = parts[: pages[0]] if pages else parts
    return "/".join(parts) if len(parts) > 1 else ""


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:80])
