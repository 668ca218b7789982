"""The log file: small, rotating, and without the addresses or keys that libraries like to print."""

import logging
import logging.handlers
from pathlib import Path

QUIET = ("httpx", "httpcore", "asyncio", "PIL", "qasync")


def start_log(folder: Path) -> None:
    """Log to ``folder/mendbrush.log`` (five files of 1 MB); a folder that cannot be written means no log, no error."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "mendbrush.log", maxBytes=1 << 20, backupCount=5, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
