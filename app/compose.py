"""Builds every object and makes the connections between layers. Nothing else does."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from app.backends.catalogue import Catalogue
from app.backends.local import LocalBackend
from app.backends.practice import PracticeBackend, PracticeOptions
from app.backends.remote import RemoteBackend
from app.backends.validation import Validation
from app.backends.worker_host import WorkerHost
from app.core.errors import AppError
from app.core.request import Backend
from app.resources import resource
from app.state.attachments import AttachmentShelf
from app.state.autosave import Autosave
from app.state.beside import beside
from app.state.brush import BrushSettings
from app.state.collecting import Collector
from app.state.crop_plan import CropPlan
from app.state.document import Document
from app.state.endpoints import Endpoints
from app.state.faults import Faults
from app.state.files import Files
from app.state.generation import Generation
from app.state.history import History
from app.state.jobs import Jobs
from app.state.keeping_values import KeepingValues
from app.state.parameters import Parameters
from app.state.presets import Presets
from app.state.review import Review
from app.state.sending import keys_in
from app.state.sending_live import LiveSheet
from app.state.settings import Settings
from app.store.drafts import Drafts
from app.store.endpoints import EndpointShelf
from app.store.history import HistoryStore
from app.store.picture_values import PictureValues
from app.store.places import Places
from app.store.presets import PresetStore
from app.store.recent import RecentFiles
from app.ui.attaching import Attaching
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.coming import ComingPicture
from app.ui.canvas.display import Display
from app.ui.choosing import Choosing
from app.ui.compare.view import CompareView
from app.ui.comparing import Comparing
from app.ui.filing import Filing, Recent
from app.ui.generating import Generating
from app.ui.keeping import Keeping
from app.ui.message_bar import MessageBar, Tone
from app.ui.options_bar import OptionsBar
from app.ui.painting import Painting
from app.ui.panel import ParameterPanel
from app.ui.panel_context import PanelContext
from app.ui.presetting import Presetting
from app.ui.reviewing import Reviewing
from app.ui.sending.announcing import Announcing
from app.ui.status_line import StatusLine
from app.ui.strip.strip import HistoryStrip
from app.ui.telling import Telling
from app.ui.theme import wear
from app.ui.tools.toolbox import Toolbox, brush_actions, tool_actions
from app.ui.window import Parts, Window
from app.version import VERSION

THREADS = 3
SETTLED_MS = 100
"""Milliseconds after the first picture in which nothing else is loaded: it is painted then. Nothing is sent without a
picture, so nothing needs the whole schema's check before it."""


class Program:
    """One running program: everything it is made of, connected. Two may live side by side in a test."""

    def __init__(
        self,
        app: QApplication,
        loop: asyncio.AbstractEventLoop,
        places: Places,
        settings: Settings,
        window: Window,
    ) -> None:
        self.app, self.loop, self.places = app, loop, places
        self.settings, self.window = settings, window
        self.executor = ThreadPoolExecutor(THREADS, thread_name_prefix="mendbrush")
        self._reading: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._build_state()
        self._build_flow()
        self._build_widgets()
        self._build_window()
        self.keeping = Keeping(self.settings, self.window, self.parameters, self.brush, self.display, self.options)
        self._connect_commands()
        self._connect_messages()
        self.keeping.restore()
        self._settled = QTimer(self.window, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._load_validation)

    # -- building ----------------------------------------------------------------------------------------------------

    def _build_state(self) -> None:
        self.store = HistoryStore(self.places.history)
        self.document = Document(self.executor)
        self.brush = BrushSettings(self.settings.get("brush", 25))
        shelf = EndpointShelf(resource("endpoints"), self.places.endpoints, self.places.corrections)
        told: dict[str, object] = self.settings.get("bases", {})
        bases = {name: str(base) for name, base in told.items()}
        self.endpoints = Endpoints(self.loop, self.executor, shelf, Catalogue(bases, os.environ))
        self.parameters = Parameters(self.endpoints.all, self.settings.get("parameters", {}))
        self.history = History(self.store, self.executor)
        self.drafts = Drafts(self.places.state / "masks")
        self.values = KeepingValues(
            self.document, self.parameters, PictureValues(self.places.state / "values"), self.executor
        )
        shown = PresetStore(resource("presets"), self.places.presets)
        self.presets = Presets(shown, self.parameters, self.executor)

    def _build_flow(self) -> None:
        loop, executor, document = self.loop, self.executor, self.document
        self.host = WorkerHost("app.engines.worker", name="classic")
        local = LocalBackend(self.host)
        self.validation = Validation()
        self.practice = PracticeBackend(local, validation=self.validation)
        self.backends: dict[str, Backend] = {"local": local, "practice": self.practice, "remote": RemoteBackend()}
        self.jobs = Jobs(loop, self.backends, self.store, executor)
        self.generation = Generation(loop, executor, document, self.parameters, self.jobs)
        self.review = Review(loop, executor, document, self.history)
        self.files = Files(loop, executor, document, self.drafts)
        self.autosave = Autosave(document, self.drafts, executor)
        self.crops = CropPlan(document, self.parameters, executor)
        keys = keys_in(os.environ)
        self.sheet = LiveSheet(document, self.parameters, self.history, executor, self.store.blobs, keys)
        self.faults = Faults()

    def _build_widgets(self) -> None:
        self.display = Display()
        self.canvas = Canvas(self.document, self.brush, self.display, self.executor)
        self.toolbox = Toolbox(self.canvas)
        self.options = OptionsBar(self.display)
        self.messages = MessageBar()
        self.telling = Telling(self.window, self.messages, self.document, self.settings, VERSION)
        self.compare = CompareView(self.executor)
        self.status = StatusLine(self._mask_area)
        shelf = AttachmentShelf(self.store, self.executor)
        attaching = Attaching(shelf, self.history, self.executor, partial(self.telling.say, Tone.WARNING))
        self.told = PanelContext(self.document, self.parameters, self.crops, attaching)
        self.panel = ParameterPanel(self.parameters, context=self.told.context)
        self.told.canvas_changed.connect(self.panel.refresh_canvas)
        self.strip = HistoryStrip(self.history, self.jobs)

    def _build_window(self) -> None:
        parts = Parts(self.options, self.messages, self.canvas, self.compare, self.status, self.panel, self.strip)
        tools = tool_actions(self.toolbox, self.toolbox)
        self.window.fill(parts, tools, brush_actions(self.toolbox, self.brush, self.toolbox))
        recent = RecentFiles(self.places.recent)
        sample = resource("samples", "sample.jpg")
        self.filing = Filing(self.window, self.document, self.files, Recent(recent.paths, recent.add), sample)
        self.painting = Painting(
            self.window, self.document, self.canvas, self.display, self.compare, self.toolbox, self.options, self.status
        )
        self.painting.take_files_from(self.filing)
        self.comparing = Comparing(self.compare, self.document, self.history, self.review)
        self.generating = Generating(self.window, self.panel, self.status, self.strip, self.messages)
        self.generating.connect_to(
            self.document, self.parameters, self.generation, self.jobs, self.history, self.review
        )
        self.announcing = Announcing(
            self.window, self.canvas, self.crops, self.sheet, self.generation, self.generating, self.executor
        )
        self.choosing = Choosing(self.window, self.panel, self.parameters, self.endpoints, self.messages)
        self.presetting = Presetting(self.window, self.panel, self.parameters, self.presets, self.messages)
        self.reviewing = Reviewing(self.window, self.canvas, self.display, self.strip, self.messages)
        self.reviewing.connect_to(self.document, self.history, self.review, self.comparing)

    # -- connecting --------------------------------------------------------------------------------------------------

    def _connect_commands(self) -> None:
        action = self.window.action
        for name, act in self._commands().items():
            action(name).triggered.connect(lambda _=False, act=act: act())
        action("compare").triggered.connect(self.comparing.show)
        action("light").toggled.connect(self.keeping.choose_light)
        self.panel.generate_requested.connect(self.generating.generate)
        for name in ("generate-new", "sheet"):
            self.panel.generate_menu.addAction(action(name))
        self.window.recent_menu.aboutToShow.connect(lambda: self.filing.fill_recent(self.window.recent_menu))

    def _commands(self) -> dict[str, Callable[[], object]]:
        rooms = (self.painting, self.choosing, self.presetting, self.telling)
        own = self._file_commands() | self._result_commands()
        return {name: act for commands in (own, *(room.commands() for room in rooms)) for name, act in commands.items()}

    def _file_commands(self) -> dict[str, Callable[[], object]]:
        filing = self.filing
        return {
            "open": filing.open,
            "paste": filing.paste,
            "sample": filing.open_sample,
            "open-mask": filing.open_mask,
            "save": filing.save,
            "save-as": filing.save_as,
            "save-mask": filing.save_mask,
            "quit": self.window.close,
        }

    def _result_commands(self) -> dict[str, Callable[[], object]]:
        return {
            "generate": self.generating.generate,
            "generate-new": lambda: self.generating.generate(new_seed=True),
            "cancel": self.generating.cancel_all,
            "accept": self.reviewing.accept,
            "dismiss": self.reviewing.dismiss,
        }

    def _connect_messages(self) -> None:
        say = self.telling.say
        self.window.close_requested.connect(self.ask_to_leave)
        said = (self.files.notice, self.history.notice, self.settings.noticed, self.autosave.failed, self.values.failed)
        for notice in said:
            notice.connect(partial(say, Tone.INFO))
        for failed in (self.files.failed, self.generation.failed, self.review.failed):
            failed.connect(lambda error: say(Tone.ERROR, str(error)))
        self.files.not_saved.connect(partial(self.telling.not_saved, self.filing.save_as))
        self.files.saved.connect(lambda path: say(Tone.GOOD, f"Saved {path.name}."))
        self.files.saved.connect(self.values.saved)
        self.values.rested.connect(lambda: self.settings.set("parameters", self.parameters.to_save()))
        self.files.working.connect(self.window.show_working)
        self.files.coming.connect(ComingPicture(self.canvas, self.display).show_pixels)
        self.faults.caught.connect(self.telling.fault)
        self.panel.practice_changed.connect(self._set_practice)
        self._set_practice(self.panel.practice)
        self.strip.cancel_requested.connect(self.jobs.cancel)
        self.strip.restore_values_requested.connect(self.generating.recall)

    # -- starting and ending -----------------------------------------------------------------------------------------

    def start(self, picture: Path | None) -> None:
        """Show the window with ``picture``, or with the sample, which is half masked on the first start."""
        first = not self.settings.get("seen_hints", False)
        self.window.show()
        if picture is not None:
            self.files.open(picture)
        else:
            mask = resource("samples", "sample-mask.png") if first else None
            self.files.open_sample(resource("samples", "sample.jpg"), mask)
        if first:
            self.telling.give_hints()
        for problem in (*self.endpoints.problems, self.settings.notice):
            if problem:
                self.telling.say(Tone.WARNING, problem)
        self.document.opened.connect(self._settled.start)
        QTimer.singleShot(0, self.window, self._after_first_frame)

    async def close(self) -> None:
        """End jobs, workers and threads; everything is on disk when this returns."""
        self.keeping.keep()
        self.autosave.flush()
        self.values.flush()
        self.settings.flush()
        self.crops.close()
        self.strip.close_thumbnails()
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)
        await self.endpoints.close()
        await self.generation.close()
        await self.review.close()
        await self.jobs.close()
        await self.files.close()
        self._settled.stop()
        for backend in self.backends.values():
            await backend.close()
        self.sheet.watch(False)
        self.autosave.close()
        self.values.close()
        await self.loop.run_in_executor(None, self.executor.shutdown)
        self.store.close()
        self.faults.release()

    def _after_first_frame(self) -> None:
        self.faults.watch(self.loop)
        self.host.start()
        self.executor.submit(self._end_lost_jobs)
        self._reading = self.loop.create_task(self.history.read(), name="read the history")

    def _load_validation(self) -> None:
        self.document.opened.disconnect(self._settled.start)
        beside(self.executor, self.validation.load, lambda _: self.parameters.use(self.validation))

    def _end_lost_jobs(self) -> None:
        """Local and practice jobs end with the program that ran them; the journal says so."""
        try:
            for record in self.store.unfinished():
                if record.backend in ("local", "practice"):
                    self.store.set_state(record.id, "failed", note="The program ended before it was done.")
        except AppError as error:
            self.history.notice.emit(str(error))

    def ask_to_leave(self) -> None:
        """Leave; first ask, once, when a result is not saved or a job still runs."""
        self.filing.leave(lambda: self.leave(), len(self.jobs.running()))

    def leave(self) -> None:
        """Close the window and end the program, without a question."""
        if self._closing is None:
            self.keeping.keep()
            self.window.close_for_good()
            self._closing = self.loop.create_task(self._closed(), name="close the program")

    async def _closed(self) -> None:
        await self.close()
        self.loop.stop()

    def _mask_area(self) -> tuple[int, int] | None:
        mask = self.document.mask
        return (mask.count(), mask.box.area) if mask is not None else None

    def _set_practice(self, options: dict[str, object]) -> None:
        self.practice.options = PracticeOptions.of(options)


def make_loop(app: QApplication) -> QEventLoop:
    """The process's one event loop, Qt's, with plain threads instead of QThreads behind ``asyncio.to_thread``.

    From now on Python's garbage is collected on its thread only.
    """
    Collector(app).start()
    app.setQuitOnLastWindowClosed(False)  # closing goes on after the window is gone: jobs, workers, the journal
    loop = QEventLoop(app)
    loop.set_default_executor(ThreadPoolExecutor(THREADS))
    asyncio.set_event_loop(loop)
    return loop


def fresh(app: QApplication, loop: asyncio.AbstractEventLoop, places: Places) -> Program:
    """A program with a window and settings of its own."""
    settings = Settings(places.settings)
    wear(app, settings.get("theme", "dark"))
    return Program(app, loop, places, settings, Window())


def run(app: QApplication, window: Window, settings: Settings, places: Places, picture: Path | None) -> int:
    """Fill the window that is shown already, open ``picture`` (or the sample), and run until it is closed."""
    loop = make_loop(app)
    try:
        program = Program(app, loop, places, settings, window)
    except AppError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, program.leave)
    with loop:
        loop.call_soon(program.start, picture)
        loop.run_forever()
    return 0
