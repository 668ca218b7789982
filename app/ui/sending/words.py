"""What the sheet says: sizes, places, defaults and values in words."""

from collections.abc import Mapping
from typing import Any, Final

from app.core.endpoint import MISSING, Endpoint, Role
from app.core.json_text import json_text
from app.core.wire import Place
from app.state.sending import CropSheet, SendingSheet
from app.ui.plain_text import one_line

Json = Any

LONGEST: Final = 240
"""Characters of a text in the body before the sheet shortens it."""
MOST_ENTRIES: Final = 50
"""Entries of a list or a group in the body before the sheet says how many more there are."""

_BACKENDS: Final = {"local": "Local", "remote": "Remote", "practice": "Practice"}


def where(sheet: SendingSheet) -> str:
    """Who answers and where it goes."""
    return f"{_BACKENDS.get(sheet.draft.backend, sheet.draft.backend)}. {sheet.destination.words}"


def amount(count: int) -> str:
    """Bytes as people count them."""
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1e6:.1f} MB"


def total(sheet: SendingSheet) -> str:
    """The bytes of everything that leaves."""
    if not sheet.leaves:
        return "Nothing leaves this computer."
    several = f" in {len(sheet.crops)} requests" if len(sheet.crops) > 1 else ""
    about = f" ({amount(sheet.bytes)})" if sheet.bytes >= 1000 else ""
    return f"{sheet.bytes:,} bytes{about}{several}"


def file_words(sheet: SendingSheet, crop: CropSheet, role: Role) -> str:
    """A crop's picture or mask: its size in pixels, and in bytes where it is sent."""
    pixels = f"{crop.box.width} × {crop.box.height} px"
    if not sheet.leaves:
        return pixels
    return f"{pixels}, {amount(len(crop.files.picture if role == 'picture' else crop.files.mask))}"


def field_words(sheet: SendingSheet, role: Role) -> str:
    """Which field of the body takes it."""
    field = sheet.draft.endpoint.field_for(role)
    if not sheet.leaves:
        return "used on this computer"
    return f"in {one_line(field.path, 60)}" if field is not None else "no field takes it"


def address(sheet: SendingSheet) -> str:
    """Method, address and headers, a line each."""
    target = sheet.destination
    headers = [f"{name}: {value}" for name, value in target.headers.items()]
    return "\n".join([one_line(f"{target.method} {target.url}"), *headers])


def place_words(crop: CropSheet) -> str:
    """Where the crop lies in the picture, and how much of it is to be filled."""
    box = crop.box
    share = 100 * crop.mask_pixels / box.area
    percent = f"{share:.0f} %" if share >= 1 else "under 1 %"
    return f"From {box.x0}, {box.y0} to {box.x1}, {box.y1}; {percent} of it is masked."


def mask_words(sheet: SendingSheet) -> str:
    """What the mask's colours mean to the endpoint."""
    white = sheet.draft.endpoint.binding.polarity == "white"
    return "White is repainted, black is kept." if white else "Black is repainted, white is kept."


def body_title(sheet: SendingSheet) -> str:
    """What the body is called."""
    return "Body" if sheet.leaves else "Values"


def left_out_title(sheet: SendingSheet) -> str:
    """What the fields are that are not sent."""
    return "Not sent: the provider’s own default counts" if sheet.leaves else "Not set: the default counts"


def left_out(sheet: SendingSheet) -> str:
    """The fields that are not sent, a line each, with the default that counts instead."""
    return "\n".join(f"{one_line(path, 60)}: {_default(value)}" for path, value in sheet.left_out.items())


def in_the_way(sheet: SendingSheet) -> tuple[str, ...]:
    """Why it cannot be sent, in sentences with the fields' titles."""
    titles = _titles(sheet.draft.endpoint)
    said = [f"{titles.get(path, path)}: {text}" for path, text in sheet.faults.items()]
    return tuple(one_line(text) for text in ([sheet.lacking] if sheet.lacking else []) + said)


def shortened_body(value: Json) -> Json:
    """A copy of a body in which long texts and lists are cut and say how much is missing."""
    if isinstance(value, Place):
        return value
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}… ({len(value):,} characters)"
    if isinstance(value, Mapping):
        shown = {str(key): shortened_body(inner) for key, inner in list(value.items())[:MOST_ENTRIES]}
        return shown if len(value) <= MOST_ENTRIES else {**shown, "…": f"{len(value) - MOST_ENTRIES} more"}
    if isinstance(value, list):
        more = len(value) - MOST_ENTRIES
        return [shortened_body(inner) for inner in value[:MOST_ENTRIES]] + ([f"… {more} more"] if more > 0 else [])
    return value


def _titles(endpoint: Endpoint) -> dict[str, str]:
    return {field.path: field.title for field in endpoint.fields}


def _default(value: Json) -> str:
    if value is MISSING:
        return "none stated"
    if isinstance(value, str):
        return one_line(value, 80) or "empty"
    return one_line(json_text(value), 80)
