"""Presets: values under a name, for one endpoint, perhaps with how results meet the picture; and their JSON form.

A shared preset is a stranger's file: names and notes are plain text of bounded length, values bounded JSON, and no
value may stand for a file that is kept on this computer.
"""

import copy
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from app.core.attachments import attachments_in
from app.core.errors import InputError
from app.core.exchange import LONGEST_NAME, checked_values
from app.core.hidden import free_of_secrets
from app.core.keywords import is_number
from app.core.request import MOST_GROW, BlendSettings

Json = Any

FORMAT: Final = 1
LONGEST: Final = 80
"""Characters of a preset's name."""
LONGEST_NOTE: Final = 1000
_JOINERS: Final = "\u200c\u200d"
"""Characters that are not seen but that Persian words and many emoji are written with."""


@dataclass(frozen=True)
class Preset:
    """``endpoint`` is the id of the one it was made for; ``note`` says what it is good for."""

    name: str
    endpoint: str
    values: Mapping[str, Json]
    blend: BlendSettings | None = None
    note: str = ""
    built_in: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Two presets with the same key are one: the endpoint, and the name however it is written."""
        seen = self.name.translate(dict.fromkeys(map(ord, _JOINERS)))
        return self.endpoint, unicodedata.normalize("NFKC", seen).casefold()


def preset_to_json(preset: Preset) -> dict[str, Json]:
    """``preset`` as JSON."""
    document: dict[str, Json] = {"format": FORMAT, "preset": preset.name, "endpoint": preset.endpoint}
    if preset.note:
        document["note"] = preset.note
    document["values"] = copy.deepcopy(dict(preset.values))
    if preset.blend is not None:
        document["blend"] = {"grow": preset.blend.grow, "feather": preset.blend.feather}
    return document


def preset_from_json(document: Json, *, built_in: bool = False) -> Preset:
    """The inverse of ``preset_to_json``. Raises InputError in words when ``document`` is no preset."""
    if not isinstance(document, Mapping) or not isinstance(document.get("preset"), str):
        raise InputError("This is no preset: a file that was written with “Share preset” is needed.")
    if not isinstance(document.get("format"), int) or isinstance(document["format"], bool):
        raise InputError("This preset does not say which format it has; ask for it to be shared again.")
    if document["format"] > FORMAT:
        raise InputError("This preset was written by a newer version of the program. Update to use it.")
    endpoint = document.get("endpoint")
    if not isinstance(endpoint, str) or not endpoint.strip() or len(endpoint) > LONGEST_NAME:
        raise InputError("This preset does not say which endpoint it is for; ask for it to be shared again.")
    return Preset(
        name=preset_name(document["preset"]),
        endpoint=" ".join(_printable(endpoint).split()),
        values=checked_values(document.get("values"), "This preset"),
        blend=_blend(document.get("blend")),
        note=preset_note(document.get("note", "")),
        built_in=built_in,
    )


def preset_name(text: str) -> str:
    """A name as it is kept: one line of plain text. Raises InputError for an empty or a very long one."""
    name = " ".join(_printable(text[: LONGEST * 20]).split())
    if not name.strip(_JOINERS + " "):
        raise InputError("A preset needs a name: type one.")
    if len(name) > LONGEST:
        raise InputError(f"This name is too long: use at most {LONGEST} characters.")
    return name


def preset_note(text: Json) -> str:
    """A note as it is kept: plain text of at most 1,000 characters. Raises InputError for anything else."""
    if not isinstance(text, str):
        raise InputError("The preset’s note is not a text; ask for it to be shared again.")
    lines = [" ".join(_printable(line).split()) for line in text[: LONGEST_NOTE * 4].splitlines()]
    note = "\n".join(lines).strip()
    if len(note) > LONGEST_NOTE:
        raise InputError(f"This note is longer than {LONGEST_NOTE} characters; shorten it.")
    return note


def for_others(preset: Preset) -> Preset:
    """``preset`` without keys, and without the values that stand for files kept on this computer."""
    open_to_all = free_of_secrets(preset.values)
    kept = {name: value for name, value in open_to_all.items() if not any(True for _ in attachments_in(value))}
    return replace(preset, values=kept)


def _printable(text: str) -> str:
    """``text`` without control characters, marks that turn the direction of writing, and halves of pairs."""
    return "".join(
        " " if character.isspace() or unicodedata.category(character) == "Cc" else character
        for character in text
        if character.isspace() or character in _JOINERS or unicodedata.category(character) not in ("Cf", "Cs")
    )


def _blend(document: Json) -> BlendSettings | None:
    if document is None:
        return None
    if not isinstance(document, Mapping):
        raise InputError("The preset’s blend is not readable; ask for it to be shared again.")
    grow, feather = (document.get(name, 0) for name in ("grow", "feather"))
    for width in (grow, feather):
        if not is_number(width) or not 0 <= width <= MOST_GROW:
            raise InputError(f"The preset’s blend has a width that is not within 0 to {MOST_GROW} pixels.")
    return BlendSettings(grow=round(grow), feather=float(feather))
