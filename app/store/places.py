"""Where the program keeps its own files."""

from dataclasses import dataclass
from pathlib import Path

from platformdirs import PlatformDirs

from app.core.errors import StoreError
from app.store.atomic import DISK
from app.store.wording import read_reason, shown

_NAME = "mendbrush"


@dataclass(frozen=True)
class Places:
    """Four folders, none of which need exist yet: ``made`` makes one when something is to be put there."""

    config: Path
    """Settings."""
    data: Path
    """History, results, the user's own endpoints: what must not be lost."""
    state: Path
    """Recent files, autosave, logs."""
    cache: Path
    """What can be made again."""

    @classmethod
    def for_user(cls) -> "Places":
        """The platform's own folders (XDG variables are honoured)."""
        found = PlatformDirs(_NAME, appauthor=False)
        return cls(
            config=found.user_config_path,
            data=found.user_data_path,
            state=found.user_state_path,
            cache=found.user_cache_path,
        )

    @classmethod
    def below(cls, folder: Path) -> "Places":
        """All four inside ``folder``: for ``--profile``, tests and portable use.

        Raises StoreError for a relative one when the current folder is gone.
        """
        try:
            root = folder.absolute()
        except OSError as error:
            text = f"The folder “{shown(folder)}” cannot be used: the current folder is gone. Give its whole path."
            raise StoreError(text) from error
        return cls(config=root / "config", data=root / "data", state=root / "state", cache=root / "cache")

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.json"

    @property
    def history(self) -> Path:
        """The folder of the history and everything it refers to."""
        return self.data / "history"

    @property
    def endpoints(self) -> Path:
        """The folder of the user's own endpoint files."""
        return self.data / "endpoints"

    @property
    def presets(self) -> Path:
        """The folder of the user's own presets."""
        return self.data / "presets"

    @property
    def corrections(self) -> Path:
        """The file of what the user corrected about endpoints' roles."""
        return self.data / "corrections.json"

    @property
    def recent(self) -> Path:
        """The file with the names of the pictures opened last."""
        return self.state / "recent.json"


def made(folder: Path) -> Path:
    """``folder``, made when it is not there yet, readable by the user alone. Raises StoreError when that cannot be."""
    try:
        # `parents=True` would give the folders above the default mode: they are ours too.
        for missing in reversed([folder, *folder.parents]):
            if not missing.exists():
                missing.mkdir(mode=0o700, exist_ok=True)
                # What is put there and synced must not vanish with its folder when the power fails.
                DISK.sync_folder(missing.parent)
        if not folder.is_dir():
            raise StoreError(f"“{shown(folder)}” is a file, not a folder. Move it away or use --profile DIR.")
    except (OSError, ValueError) as error:
        reason = read_reason(error) if isinstance(error, OSError) else "its name cannot be used"
        raise StoreError(f"The folder “{shown(folder)}” cannot be used ({reason}). Use --profile DIR.") from error
    return folder
