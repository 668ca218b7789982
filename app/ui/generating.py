"""Generate and what follows in the window: the button's words, the jobs' progress, and what is said at their end."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.core.endpoint import Endpoint
from app.core.errors import AppError, Refused
from app.state.document import Document
from app.state.generation import Generation, Readiness
from app.state.history import Entry, History
from app.state.jobs import Jobs
from app.state.parameters import Parameters
from app.state.recorded import document_digest
from app.state.review import Review
from app.state.sending import Draft, price_on_button
from app.ui.message_bar import Message, MessageBar, Tone
from app.ui.panel import ParameterPanel
from app.ui.status_line import StatusLine
from app.ui.strip.strip import HistoryStrip
from app.ui.window import Window

AS_RECORDED: Final = "{title}: this endpoint is different now, or gone. What you generate is sent as it was then."


@dataclass(frozen=True)
class _Desk:
    """What the user is at: the picture with its last step, the selected entry, and whether results are compared."""

    work: tuple[object, object]
    selected: str | None
    comparing: bool


class Generating(QObject):
    """Connects panel, jobs and strip. A result is previewed unless the user has gone on working."""

    def __init__(
        self,
        window: Window,
        panel: ParameterPanel,
        status: StatusLine,
        strip: HistoryStrip,
        messages: MessageBar,
    ) -> None:
        super().__init__()
        self._window, self._panel, self._status = window, panel, status
        self._strip, self._messages = strip, messages
        self._begun: dict[str, _Desk] = {}
        self._shown: str | None = None
        self._said: list[str] = []
        self._recalled = ""

    def connect_to(
        self,
        document: Document,
        parameters: Parameters,
        generation: Generation,
        jobs: Jobs,
        history: History,
        review: Review,
    ) -> None:
        """Watch and drive these."""
        self._document, self._parameters, self._generation = document, parameters, generation
        self._jobs, self._history, self._review = jobs, history, review
        self._strip.selected.connect(self._selected)
        generation.readiness_changed.connect(self._show_readiness)
        self._show_readiness(generation.readiness())
        jobs.started.connect(self._started)
        jobs.finished.connect(self._finished)
        jobs.failed.connect(self._failed)
        for signal in (jobs.started, jobs.changed, jobs.ended):
            signal.connect(self._show_jobs)
        self._show_jobs()

    def generate(self, *, new_seed: bool = False) -> None:
        """Send what is drawn, or say what is in the way and go there."""
        readiness = self._generation.readiness()
        if not readiness.reason:
            self._generation.generate(new_seed=new_seed)
            return
        self._say(Message(Tone.INFO, readiness.reason))
        if readiness.field:
            self._panel.focus_field(readiness.field)

    def cancel_all(self) -> None:
        """Stop every job."""
        for job in self._jobs.running():
            self._jobs.cancel(job.id)

    def recall(self, entry_id: str) -> None:
        """Put an entry's endpoint and values back into the panel; the endpoint as it was recorded where it differs."""
        entry = self._history.entry(entry_id)
        if entry is None:
            return
        current = next((known for known in self._parameters.endpoints if known.id == entry.endpoint), None)
        if current is not None and entry.schema == document_digest(current):
            self._recall(entry, None)
        else:
            self._history.with_endpoint(entry, partial(self._recall, entry))

    def _recall(self, entry: Entry, recorded: Endpoint | None) -> None:
        before = self._parameters.endpoint.key
        try:
            dropped = self._parameters.recall(entry.endpoint, entry.values, entry.blend, recorded)
        except AppError as error:
            self._messages.say(Message(Tone.ERROR, str(error)))
            return
        self._parameters.note_seed(entry.seed)
        endpoint = self._parameters.endpoint
        self._say_recalled(entry, endpoint)
        if endpoint.version and endpoint.key != before:
            self._messages.say(Message(Tone.INFO, AS_RECORDED.format(title=endpoint.title)))
        if dropped:
            names = ", ".join(dropped)
            self._messages.say(Message(Tone.WARNING, f"These values do not exist any more and were left out: {names}."))

    def _say_recalled(self, entry: Entry, endpoint: Endpoint) -> None:
        """The values stand where others stood: said, and undone with one click. The seed may be the provider's own."""
        field = endpoint.field_for("seed")
        chosen = entry.seed is None or field is None or field.path in entry.values
        seed = "" if chosen else f" Its seed was {entry.seed}: the button beside the seed puts it in."
        words = f"The values of that result are back.{seed}"
        undo = self._parameters.take_back
        self._messages.withdraw(self._recalled)
        self._recalled = words
        self._messages.say(Message(Tone.GOOD, words, action="Undo", act=undo, passes=True))

    def _show_readiness(self, readiness: Readiness) -> None:
        parameters = self._parameters
        draft = Draft(parameters.endpoint, parameters.backend, parameters.values, parameters.blend)
        price = price_on_button(draft, self._history.entries())
        text = f"{readiness.text} – {price}" if price else readiness.text
        self._panel.set_generate(text, readiness.reason, readiness.field)

    def _started(self, job_id: str) -> None:
        self._begun[job_id] = self._desk()
        while self._said:  # what was said of an earlier try is over
            self._messages.withdraw(self._said.pop())

    def _finished(self, job_id: str, entries: list[Entry]) -> None:
        self._history.add(entries)
        if self._is_free(self._begun.pop(job_id, None)):
            self._shown = entries[0].id
            self._strip.select(self._shown)
            self._review.select(self._shown)
        else:
            self._say(Message(Tone.GOOD, "A result is in the history; click it to see it."))
        for entry in entries:
            for flag in entry.flags:
                self._say(Message(Tone.WARNING, flag))
        if not self._window.isActiveWindow():
            QApplication.alert(self._window)

    def _desk(self) -> _Desk:
        comparing = self._window.action("compare").isChecked()
        return _Desk((self._document.picture, self._document.position), self._strip.selected_entry, comparing)

    def _is_free(self, begun: _Desk | None) -> bool:
        """Whether the user has begun nothing else since: no step, no stroke, no other result that is looked at."""
        now = self._desk()
        if begun is None or now.work != begun.work or self._document.painting:
            return False
        return now.selected in (None, begun.selected, self._shown) and (begun.comparing or not now.comparing)

    def _selected(self, entry_id: str | None) -> None:
        if entry_id != self._shown:
            self._shown = None

    def _failed(self, job_id: str, error: AppError) -> None:
        self._begun.pop(job_id, None)
        action, act = self._way_out(error)
        self._say(Message(Tone.ERROR, str(error), details=error.details, action=action, act=act))

    def _way_out(self, error: AppError) -> tuple[str, Callable[[], None]]:
        """What to do about a failed job: go to the field that was refused, else try again."""
        fields = error.fields if isinstance(error, Refused) else {}
        path = next((path for path in self._parameters.complaints if path in fields), "")
        return ("Show the field", partial(self._panel.focus_field, path)) if path else ("Try again", self.generate)

    def _say(self, message: Message) -> None:
        self._said.append(message.text)
        self._messages.say(message)

    def _show_jobs(self, _: str = "") -> None:
        running = self._jobs.running()
        queued = sum(job.state == "queued" for job in running)
        fraction = running[0].fraction if running else None
        self._status.show_jobs(len(running) - queued, queued, fraction)
        self._window.show_progress(bool(running), fraction)
        self._window.action("cancel").setEnabled(bool(running))
