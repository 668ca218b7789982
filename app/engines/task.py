"""One job as the engine that runs it sees it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.arrays import Pixels


class Cancelled(Exception):
    """The user no longer wants the answer; raised by an engine between two steps."""


class Declined(Exception):
    """The engine cannot run this task; the text is one sentence for the user."""


@dataclass(frozen=True)
class Task:
    """``arrays`` may be read and ``outputs`` must be written; both lie in memory shared with the editor."""

    message: Mapping[str, Any]
    arrays: Sequence[Pixels]
    outputs: Sequence[Pixels]
    progress: Callable[[float, str], None]
    """Tells the part done, 0 to 1, and the stage in words."""
    cancelled: Callable[[], bool]
    """Whether to stop; to be asked between steps."""


Run = Callable[[Task], dict[str, Any]]
"""An engine family: runs a task and returns what to say about it, as JSON."""
