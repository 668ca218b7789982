"""The log file: small, rotating, and without the addresses or keys that libraries like to print."""

import logging
import logging.handlers
from pathlib import Path

from app.core.errors import StoreError
from app.store.places import made

QUIET = ("httpx", "httpcore", "asyncio", "PIL", "qasync")


class _LogFile(logging.handlers.RotatingFileHandler):
    """A log that cannot be written (a full disk, a folder in its place) is done without; nobody is bothered with it."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: logging would print a traceback on stderr."""


def start_log(folder: Path) -> None:
    """Log to ``folder/mendbrush.log`` (five files of 1 MB); a folder that cannot be written means no log, no error."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    root = logging.getLogger()
    try:
        handler: logging.Handler = _LogFile(
            made(folder) / "mendbrush.log", maxBytes=1 << 20, backupCount=5, encoding="utf-8", delay=True
        )
    except (OSError, StoreError):
        handler = logging.NullHandler()  # without any handler, logging would print on stderr
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)  # a decoder's remarks about an odd file are no messages for the user
