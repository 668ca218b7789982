"""Where the program's own files are: in a checkout, a wheel and a bundle alike, `resources` lies beside `app`."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent / "resources"


def resource(*parts: str) -> Path:
    """The path of a file or folder below `resources`; with no parts, `resources` itself. It need not exist."""
    return _ROOT.joinpath(*parts)


def read_text(*parts: str) -> str:
    """The text of a file below `resources`, decoded as UTF-8.

    Raises OSError when the installation lacks the file.
    """
    return resource(*parts).read_text(encoding="utf-8")
