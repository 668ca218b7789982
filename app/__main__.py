"""Arguments: the window, or one command without it.

Only what the command needs is imported: the window starts without the headless commands, and they start without Qt.
"""

import contextlib
import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from app.core.errors import AppError
from app.terminal import emit, flush, open_streams, say, stoppable

CANCELLED = 4
UNFORESEEN = 3
HEADLESS = ("inpaint", "mask", "endpoints", "fields", "check")
USAGE = """usage: mendbrush [--profile DIR] [PICTURE]
       mendbrush [--profile DIR] COMMAND ...

Opens the editor on PICTURE, or on a sample photo.

commands without a window:
  inpaint PICTURE --mask MASK --out FILE [--endpoint ID] [--backend local|remote|practice]
          [--set name=value]... [--json]        fill the masked part of a picture
  mask OPERATION [N] IN OUT                     grow, shrink, invert, ... a mask file
  endpoints [--json]                            list the endpoints
  endpoints add ID|FILE|URL|-                   keep one more; also search WORDS, refresh ID, remove ID
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
    open_streams()
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except AppError as error:
        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        say("Cancelled.")
        return CANCELLED
    except Exception as error:  # noqa: BLE001 - the program's entry point: whatever was not foreseen is told in words.
        return _unforeseen(error)
    finally:
        flush()


def _run(rest: list[str]) -> int:
    profile: Path | None = None
    while rest and rest[0].startswith("-"):
        option, equals, value = rest.pop(0).partition("=")
        if option == "--":
            return _window(rest, profile)
        if option in ("-h", "--help", "--version"):
            emit(f"mendbrush {_version()}" if option == "--version" else USAGE.rstrip())
            return 0
        if option != "--profile":
            return _wrong(f"{option} is not known here.")
        folder = value if equals or not rest else rest.pop(0)
        if not folder:
            return _wrong("--profile needs a folder.")
        profile = Path(folder)
    if rest and rest[0] == "self-test":
        return _self_test(rest[1:], profile)
    if rest and rest[0] in HEADLESS:
        with stoppable():
            return _entry("app.cli")(rest, profile)
    return _window(rest, profile)


def _self_test(rest: list[str], profile: Path | None) -> int:
    if {"-h", "--help"} & {*rest}:
        emit("usage: mendbrush self-test\n\nOpens the window, paints, fills, compares, quits; exit code 0 or 1.")
        return 0
    return _entry("app.selftest")(rest, profile)


def _window(rest: list[str], profile: Path | None) -> int:
    if len(rest) > 1:
        return _wrong("One picture at a time, please.")
    return _entry("app.start")(rest, profile)


def _entry(module: str) -> Callable[[list[str], Path | None], int]:
    run: Callable[[list[str], Path | None], int] = importlib.import_module(module).main
    return run


def _wrong(text: str) -> int:
    say(f"mendbrush: {text} 'mendbrush --help' lists what there is.")
    return 2


def _unforeseen(error: Exception) -> int:
    """One sentence; the traceback goes to the log, where there is one."""
    with contextlib.suppress(OSError):
        logging = importlib.import_module("logging")
        if logging.getLogger().handlers:
            logging.getLogger("mendbrush").error("unforeseen", exc_info=error)
    told = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    say(f"The program could not go on ({told}). Your files are as they were; please report this.")
    return UNFORESEEN


def _version() -> str:
    return str(importlib.import_module("app.version").VERSION)


if __name__ == "__main__":
    sys.exit(main())
