"""Errors that nobody expected: logged once, told once, and never the end of the program."""

import asyncio
import logging
import sys
import threading
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Signal

LOG = logging.getLogger("mendbrush")
SENTENCE = "Something in the program failed. Your picture, mask and history are as they were; the log has the details."


class Faults(QObject):
    """Catches what escapes from a slot, a task or a thread. ``caught`` carries a sentence and the kind of error."""

    caught = Signal(str, str)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take over Python's and the loop's last resort."""
        sys.excepthook = self._raised
        threading.excepthook = self._raised_in_thread
        loop.set_exception_handler(self._raised_in_task)

    def release(self) -> None:
        """Give Python its own last resort back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def _raised(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        LOG.critical("not expected", exc_info=(kind, error, trace))
        self.caught.emit(SENTENCE, kind.__name__)

    def _raised_in_thread(self, raised: threading.ExceptHookArgs) -> None:
        self._raised(raised.exc_type, raised.exc_value or raised.exc_type(), raised.exc_traceback)

    def _raised_in_task(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self._raised(type(error), error, error.__traceback__)
        else:
            LOG.error("%s", context.get("message", "a task failed"))
