"""What the editors of a form may ask the window for: earlier prompts, the last seed, the crop, files.

The form's own tests, and every editor that stands alone, work with ``NOTHING``, which knows nothing and offers nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.core.endpoint import Media, Role


class Attachments(Protocol):
    """Files that values refer to. ``done`` is called with the value's text once the file is kept, on Qt's thread."""

    def ask_file(self, parent: QWidget, done: Callable[[str], None], media: Media = "picture") -> None:
        """Let the user choose a file; nothing is called when they cancel or it cannot be read (that is said)."""

    def take_file(self, path: Path, done: Callable[[str], None], media: Media = "picture") -> None:
        """Keep a file that was dropped, or say why it cannot be."""

    def take_picture(self, image: QImage, done: Callable[[str], None]) -> None:
        """Keep a picture that was dropped."""

    def take_clipboard(self, done: Callable[[str], None]) -> None:
        """Keep the clipboard's picture, or say that there is none."""

    def entries(self) -> Sequence[tuple[str, str]]:
        """The history's newest entries: id and words."""

    def take_entry(self, entry_id: str, done: Callable[[str], None]) -> None:
        """Keep an entry's picture."""

    def entry_thumbnail(self, entry_id: str, done: Callable[[QImage], None]) -> None:
        """A small picture of an entry; nothing is called when it is damaged."""

    def words(self, value: str) -> str:
        """A kept file in words ("cat.png, 640 × 480, 210 kB"); "" for a value that is no kept file."""

    def thumbnail(self, value: str, side: int, done: Callable[[QImage], None]) -> None:
        """A small picture of a kept file, ``side`` pixels at most, null when it is none; ``words`` knows more then."""


@dataclass(frozen=True)
class Context:
    """The window's answers. Each callable is cheap: it is asked while the form is shown."""

    prompts: Callable[[Role], Sequence[str]] = lambda role: ()
    """Texts sent earlier in the field of that role, newest first."""
    last_seed: Callable[[], int | None] = lambda: None
    """The seed of the newest result."""
    crop_size: Callable[[], tuple[int, int] | None] = lambda: None
    """Width and height of the crop that would be sent now, None without a mask."""
    canvas: Callable[[Role, int], QImage | None] = lambda role, side: None
    """A small picture, ``side`` pixels at most, of what the canvas gives to "picture" or "mask"; None for nothing."""
    attachments: Attachments | None = None
    sizes: tuple[tuple[str, int, int], ...] = ()
    """Named sizes of the endpoint: name, width, height in pixels. The form itself fills this in."""


NOTHING: Final = Context()
