"""Results on the canvas: the strip chooses, the canvas previews, Accept makes it part of the picture."""

from PySide6.QtCore import QObject

from app.state.document import Document
from app.state.history import History
from app.state.review import Preview, Review
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.display import Display
from app.ui.comparing import Comparing
from app.ui.message_bar import Message, MessageBar, Tone
from app.ui.strip.strip import HistoryStrip
from app.ui.verdict import Verdict
from app.ui.window import Window

ELSEWHERE = "This result was made from another file of the same size; accept it only if it belongs here."


class Reviewing(QObject):
    """Connects strip, review, canvas and comparison. While a result is seen the mask is out of sight."""

    def __init__(
        self, window: Window, canvas: Canvas, display: Display, strip: HistoryStrip, messages: MessageBar
    ) -> None:
        super().__init__()
        self._window, self._canvas, self._display = window, canvas, display
        self._strip, self._messages = strip, messages
        self._verdict = Verdict(canvas)
        self._verdict.accepted.connect(self.accept)
        self._verdict.dismissed.connect(self.dismiss)
        canvas.escaped.connect(self.dismiss)

    def connect_to(self, document: Document, history: History, review: Review, comparing: Comparing) -> None:
        """Watch and drive these."""
        self._document, self._history, self._review, self._comparing = document, history, review, comparing
        strip = self._strip
        strip.selected.connect(review.select)
        strip.accepted.connect(review.accept)
        strip.discard_requested.connect(self._discard)
        strip.star_toggled.connect(history.toggle_star)
        strip.compare_requested.connect(self._compare)
        review.preview_changed.connect(self._show)
        review.accepted.connect(self._accepted)
        comparing.toggled.connect(self._show_compare)
        comparing.nothing.connect(lambda text: self._messages.say(Message(Tone.INFO, text)))
        document.mask_changed.connect(lambda _: setattr(self._display, "muted", False))
        document.opened.connect(lambda: setattr(self._display, "muted", False))
        self._show(None)

    def accept(self) -> None:
        """Accept the previewed result."""
        if self._review.preview is not None:
            self._review.accept(self._review.preview.entry.id)

    def dismiss(self) -> None:
        """Put the previewed result aside; it stays in the strip."""
        self._strip.select(None)
        self._review.dismiss()

    def _show(self, preview: Preview | None) -> None:
        self._canvas.show_preview(preview.patches if preview else None)
        self._warn_of_another(preview)
        self._verdict.show_for(preview is not None)
        self._display.muted = preview is not None
        for command in ("accept", "dismiss"):
            self._window.action(command).setEnabled(preview is not None)

    def _warn_of_another(self, preview: Preview | None) -> None:
        """Results of another photo fit one of the same size; whether they belong there only the user can tell."""
        self._messages.withdraw(ELSEWHERE)
        picture = self._document.picture
        digest = picture.source.digest if picture is not None else ""
        if preview is not None and digest and preview.entry.picture not in ("", digest):
            self._messages.say(Message(Tone.WARNING, ELSEWHERE))

    def _accepted(self, _: str) -> None:
        self._strip.select(None)
        self._display.muted = True  # until painting begins again

    def _discard(self, entry_id: str) -> None:
        self._history.discard(entry_id)
        self._messages.say(
            Message(
                Tone.INFO, "The result is discarded.", action="Undo", act=lambda: self._history.bring_back(entry_id)
            )
        )

    def _compare(self, entry_id: str) -> None:
        self._review.select(entry_id)
        self._comparing.show(True)

    def _show_compare(self, on: bool) -> None:
        self._window.action("compare").setChecked(on)
        self._window.show_compare(on)
