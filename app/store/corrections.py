"""What the user corrected about endpoints (which field takes what), in one file, by the endpoints' ids."""

import stat
from pathlib import Path
from typing import Final

from app.core.errors import SchemaError, StoreError
from app.core.roles import Correction, correction_from_json, correction_to_json
from app.store.settings_file import SettingsFile
from app.store.wording import shown

MOST: Final = 2000
_PREFIX: Final = "endpoint:"
"""Before each id: the file has members of its own."""


class Corrections:
    """``path``: a JSON object with one member per corrected endpoint. It need not exist."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = SettingsFile(path)

    def read(self) -> tuple[dict[str, Correction], list[str]]:
        """Endpoint's id -> correction, and a sentence for what cannot be read. Never raises."""
        if self._is_odd():
            return {}, [f"“{shown(self._path)}” is not an ordinary file; corrections of roles are left out."]
        members = self._file.load()
        notice = self._file.notice.replace("The settings", "The corrections of roles")
        problems = [notice.replace("the usual ones are used", "roles are as the documents say")] if notice else []
        found: dict[str, Correction] = {}
        for key, document in members.items():
            if not key.startswith(_PREFIX) or len(found) >= MOST:
                continue
            try:
                found[key.removeprefix(_PREFIX)] = correction_from_json(document)
            except SchemaError:
                problems.append(f"The correction of “{key.removeprefix(_PREFIX)[:80]}” cannot be read; it is left out.")
        return found, problems[:10]

    def save(self, endpoint_id: str, correction: Correction | None) -> None:
        """Keep a correction, or forget it. Raises StoreError in words."""
        if self._is_odd():
            raise StoreError(f"“{shown(self._path)}” is not an ordinary file: move it away, then correct again.")
        key = _PREFIX + endpoint_id
        if correction is None:
            if self._path.exists():
                self._file.save({}, frozenset({key}))
        else:
            self._file.save({key: correction_to_json(correction)})

    def _is_odd(self) -> bool:
        """Whether a folder, a pipe or a device stands in the file's place: reading one could wait for ever."""
        try:
            return not stat.S_ISREG(self._path.stat().st_mode)
        except (OSError, ValueError):
            return False
