"""Presets on disk: ours in the program's resources, the user's own in the data folder, one JSON file each.

An own one's file is named by a digest of its endpoint and name, so any name makes a safe file name, a preset saved
again replaces itself, and two programs on one profile touch different files unless they save the same preset.
"""

import hashlib
import json
import re
import unicodedata
from pathlib import Path
from typing import Final

from app.core.errors import InputError, StoreError
from app.core.exchange import LARGEST, read_json
from app.core.preset import Preset, for_others, preset_from_json, preset_to_json
from app.store.atomic import DISK, PRIVATE, SHARED, Disk, write_atomic
from app.store.bounded import json_files, read_bounded
from app.store.places import made
from app.store.wording import read_reason, shown

MOST: Final = 1000
"""Presets of the user's own that are read and kept at most."""


class PresetStore:
    """``bundled`` is only read; presets are saved and removed in ``own``, which need not exist yet."""

    def __init__(self, bundled: Path, own: Path, *, disk: Disk = DISK) -> None:
        self._bundled = bundled
        self._own = own
        self._disk = disk

    def read(self) -> tuple[list[Preset], list[str]]:
        """Every preset, built-in ones first and each kind by name, and a sentence for each file that is damaged.

        An own preset with a built-in one's name takes its place.
        """
        problems: list[str] = []
        found: dict[tuple[str, str], Preset] = {}
        for folder, built_in in ((self._bundled, True), (self._own, False)):
            for path in json_files(folder, MOST, "presets", problems):
                try:
                    preset = _read(path, built_in=built_in)
                except InputError as error:
                    problems.append(f"{error} It was left out.")
                else:
                    if built_in or preset.key not in found or found[preset.key].built_in:
                        found[preset.key] = preset
        return sorted(found.values(), key=_order), problems

    def save(self, preset: Preset) -> None:
        """Keep an own preset, in place of one of the same endpoint and name. Raises StoreError or InputError."""
        path = made(self._own) / file_name(preset)
        if not path.exists() and len(json_files(self._own, MOST, "presets", [])) >= MOST:
            raise StoreError(f"There are {MOST} presets of your own already: remove one first.")
        write_atomic(path, _written(preset), mode=PRIVATE, disk=self._disk)

    def remove(self, preset: Preset) -> None:
        """Take an own preset away; one that is gone already is no fault. Raises StoreError or InputError."""
        if preset.built_in:
            raise InputError(f"“{preset.name}” comes with the program and cannot be removed.")
        for path in json_files(self._own, MOST, "presets", []):
            if path.name == file_name(preset) or _is(path, preset):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    reason = error.strerror or "the disk reported an error"
                    raise StoreError(f"“{preset.name}” was not removed ({reason}). Try again.") from error

    def write_file(self, path: Path, preset: Preset) -> None:
        """Write ``preset`` for somebody else, without the files that only this computer has. Raises StoreError."""
        write_atomic(path, _written(for_others(preset)), mode=SHARED, disk=self._disk)

    def read_file(self, path: Path) -> Preset:
        """The preset in a file from anywhere, as one of the user's own. Raises InputError in words."""
        return for_others(_read(path, built_in=False))


def file_name(preset: Preset) -> str:
    """What an own preset's file is called: letters and digits of its name for people, a digest for certainty."""
    endpoint, name = preset.key
    digest = hashlib.sha256(json.dumps([endpoint, name]).encode("ascii")).hexdigest()
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    readable = re.sub(r"[^a-z0-9]+", "-", letters)[:40].strip("-")
    return f"{readable or 'preset'}-{digest[:16]}.json"


def _order(preset: Preset) -> tuple[bool, list[tuple[int, str]], str]:
    """Built-in ones first, then by name, with "preset 2" before "preset 10"."""
    endpoint, name = preset.key
    parts = re.split(r"([0-9]{1,9})", name)
    return (
        not preset.built_in,
        [(int(part), "") if part.isascii() and part.isdecimal() else (-1, part) for part in parts],
        endpoint,
    )


def _written(preset: Preset) -> bytes:
    try:
        data = (json.dumps(preset_to_json(preset), indent=1, allow_nan=False) + "\n").encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise StoreError(f"“{preset.name}” has a value that cannot be written down; it was not saved.") from error
    if len(data) > LARGEST:
        raise StoreError(f"“{preset.name}” is larger than 1 MB and was not saved: shorten its values.")
    return data


def _read(path: Path, *, built_in: bool) -> Preset:
    what = f"“{shown(path)}”"
    try:
        data = read_bounded(path, LARGEST)
    except (OSError, ValueError) as error:
        raise InputError(f"{what} cannot be read: {read_reason(error)}.") from error
    try:
        return preset_from_json(read_json(data, what), built_in=built_in)
    except InputError as error:
        said = str(error)
        raise InputError(said if said.startswith(what) else f"{what} cannot be used. {said}") from error


def _is(path: Path, preset: Preset) -> bool:
    """Whether a file that somebody put there under another name holds this preset."""
    try:
        return _read(path, built_in=False).key == preset.key
    except InputError:
        return False
