"""What the program itself has to say: news and trouble as messages, hints on the first start, help, about itself."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.core.errors import AppError
from app.resources import read_text
from app.state.document import Document
from app.state.settings import Settings
from app.ui.commands import HELP_PAGES
from app.ui.dialogs import show_page
from app.ui.message_bar import Message, MessageBar, Tone
from app.ui.window import Window

HINTS = "1. Paint over what should go.  2. Ctrl+Return fills it.  3. Enter takes the result, Ctrl+Z takes it back."


class Telling(QObject):
    """Puts words into the window's messages and pages."""

    def __init__(
        self, window: Window, messages: MessageBar, document: Document, settings: Settings, version: str
    ) -> None:
        super().__init__()
        self._window, self._messages = window, messages
        self._document, self._settings = document, settings
        self._version = version

    def commands(self) -> dict[str, Callable[[], object]]:
        """What the commands about the program do, by their names."""
        pages = {name: partial(self._show_help, name, page) for name, page in HELP_PAGES.items()}
        return {**pages, "about": self._show_about}

    def say(self, tone: Tone, text: str) -> None:
        """Say it in a message."""
        self._messages.say(Message(tone, text))

    def fault(self, text: str, kind: str) -> None:
        """Something broke that nobody expected; ``kind`` is for an expert."""
        self._messages.say(Message(Tone.ERROR, text, details=kind))

    def not_saved(self, save_as: Callable[[], None], error: AppError) -> None:
        """The picture could not be saved where it should be: say so, with a way out."""
        self._messages.say(Message(Tone.ERROR, str(error), action="Save as…", act=save_as))

    def give_hints(self) -> None:
        """On the first start, once there is a picture to follow them on."""
        self._messages.dismissed.connect(self._hints_seen)
        self._document.opened.connect(self._give_hints)

    def _give_hints(self) -> None:
        self._document.opened.disconnect(self._give_hints)
        self._messages.say(Message(Tone.INFO, HINTS, action="Got it"))

    def _hints_seen(self, message: Message) -> None:
        if message.text == HINTS:
            self._settings.set("seen_hints", True)

    def _show_help(self, name: str, page: str) -> None:
        show_page(self._window, self._window.action(name).text().replace("&", ""), read_text("help", page))

    def _show_about(self) -> None:
        text = f"# Mendbrush {self._version}\n\nPaint a mask, fill it, compare.\n\nApache-2.0."
        show_page(self._window, "About", text)
