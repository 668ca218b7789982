"""The program's errors: a small tree whose text can always be shown to a user.

``str(error)`` is one sentence in plain words that says what happened and what to do next. ``exit_code`` is what the
headless commands end with.
"""

from collections.abc import Mapping


class AppError(Exception):
    """Anything the program expects to go wrong."""

    exit_code = 2

    @property
    def details(self) -> str:
        """What was noted beside the sentence (``add_note``), for an expert behind "More"; nobody needs it to go on."""
        return "\n".join(getattr(self, "__notes__", ()))


class InputError(AppError):
    """Something we were given (a file, an option, a value) cannot be used."""


class PictureError(InputError):
    """A picture cannot be opened or saved."""


class MaskError(InputError):
    """A mask is unreadable, empty, or does not fit the picture."""


class SchemaError(InputError):
    """A document is not an endpoint we can read."""


class ValuesError(InputError):
    """Values do not fit their fields; ``problems`` maps a field's path to a sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{path}: {text}" for path, text in self.problems.items()))


class StoreError(AppError):
    """Something on disk cannot be read or written."""


class BackendError(AppError):
    """A backend could not answer a request."""

    exit_code = 3


class Unreachable(BackendError):
    """Nobody answers there; nothing was sent."""


class Refused(BackendError):
    """The backend declined the request; nothing was made. ``fields`` maps a field's path to what was said of it."""

    def __init__(self, text: str, fields: Mapping[str, str] | None = None) -> None:
        self.fields = dict(fields or {})
        super().__init__(text)


class Failed(BackendError):
    """The backend took the request and could not finish it."""


class TimedOut(BackendError):
    """No answer came in time."""


class WorkerLost(Failed):
    """A local worker process ended in the middle of a job."""
