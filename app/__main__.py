"""Arguments: the window, or one command without it.

Only what the command needs is imported: the window starts without the headless commands, and they start without Qt.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

HEADLESS = ("inpaint", "mask", "endpoints", "fields", "check")
USAGE = """usage: mendbrush [--profile DIR] [PICTURE]
       mendbrush [--profile DIR] COMMAND ...

Opens the editor on PICTURE, or on a sample photo.

commands without a window:
  inpaint PICTURE --mask MASK --out FILE [--endpoint ID] [--backend local|remote|practice]
          [--set name=value]... [--json]        fill the masked part of a picture
  mask OPERATION [N] IN OUT                     grow, shrink, invert, ... a mask file
  endpoints [--json]                            list the endpoints
  fields ENDPOINT_OR_FILE [--json]              list the fields of an endpoint
  check [--json]                                verify what the program keeps on disk
  self-test                                     open the window, paint, fill, compare, quit

  COMMAND --help tells more about each.

options:
  --profile DIR   keep everything (settings, history, cache, logs) below DIR
  --version       print the version
  --              end of the options: a picture's name may follow, whatever it looks like
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit code is 0 done, 2 wrong use or input, 3 the backend failed, 4 cancelled."""
    rest = list(sys.argv[1:] if arguments is None else arguments)
    profile: Path | None = None
    while rest and rest[0].startswith("--"):
        option, _, value = rest.pop(0).partition("=")
        if option == "--":
            return _window(rest, profile)
        if option in ("--help", "--version"):
            print(USAGE if option == "--help" else f"mendbrush {_version()}")
            return 0
        if option != "--profile" or not (value or rest):
            return _wrong(f"{option} is not known here, or needs a value.")
        profile = Path(value or rest.pop(0))
    if rest and rest[0] == "-h":
        print(USAGE)
        return 0
    if rest and rest[0] == "self-test":
        return _entry("app.selftest")(rest[1:], profile)
    if rest and rest[0] in HEADLESS:
        return _entry("app.cli")(rest, profile)
    return _window(rest, profile)


def _window(rest: list[str], profile: Path | None) -> int:
    if len(rest) > 1:
        return _wrong("One picture at a time, please.")
    return _entry("app.start")(rest, profile)


def _entry(module: str) -> Callable[[list[str], Path | None], int]:
    run: Callable[[list[str], Path | None], int] = importlib.import_module(module).main
    return run


def _wrong(text: str) -> int:
    print(f"mendbrush: {text} 'mendbrush --help' lists what there is.", file=sys.stderr)
    return 2


def _version() -> str:
    return str(importlib.import_module("app.version").VERSION)


if __name__ == "__main__":
    sys.exit(main())
