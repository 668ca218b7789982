"""The headless commands: the same steps as the window, without it. Results on stdout, progress and messages on stderr.

Exit codes: 0 done, 2 wrong use or input, 3 the backend failed, 4 cancelled.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, get_args

from app.backends.local import LocalBackend
from app.backends.practice import End, PracticeBackend, PracticeOptions
from app.backends.remote import RemoteBackend
from app.backends.worker_host import WorkerHost
from app.cli_dry_run import add_options, check_options, dry_run
from app.cli_endpoints import add_commands, find_endpoint
from app.core.blend import changed_outside
from app.core.endpoint import Endpoint
from app.core.errors import InputError, Refused, StoreError, ValuesError
from app.core.mask import Mask
from app.core.picture import Picture
from app.core.request import Backend, BlendSettings, Event, Json, Queued, Running
from app.core.setting import parse_setting
from app.state.job import Sending, run_job
from app.state.planning import plan, sent_mask
from app.state.results import blended, load_result
from app.state.sending import faults_of
from app.store.history import HistoryStore
from app.store.log import start_log
from app.store.masks import open_mask, save_mask
from app.store.pictures import check_saving, open_picture, save_picture
from app.store.places import Places
from app.store.records import Entry
from app.terminal import cancelling, emit, say

PATIENCE = 60.0
"""Seconds to wait for other programs that write into the history: a script may start many at once."""
MASK_COMMANDS: dict[str, Callable[[Mask, int], object]] = {
    "grow": Mask.grow,
    "shrink": Mask.shrink,
    "dilate": Mask.grow,
    "erode": Mask.shrink,
    "invert": lambda mask, _: mask.invert(),
    "clear": lambda mask, _: mask.clear(),
    "all": lambda mask, _: mask.fill(),
}
WITH_AMOUNT = ("grow", "shrink", "dilate", "erode")


def main(arguments: Sequence[str], profile: Path | None = None) -> int:
    """Run one command; the exit code. Raises AppError in words, and KeyboardInterrupt when it was cancelled."""
    options = _parser().parse_args(arguments)
    places = Places.below(profile) if profile is not None else Places.for_user()
    start_log(places.state)
    run: Callable[[argparse.Namespace, Places], int] = options.run
    try:
        return run(options, places)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mendbrush", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _inpaint_options(commands.add_parser("inpaint", help="fill the masked part of a picture", allow_abbrev=False))
    mask = commands.add_parser("mask", help="change a mask file", usage="mendbrush mask OPERATION [N] IN OUT")
    mask.add_argument("operation", choices=list(MASK_COMMANDS), metavar="OPERATION", help=", ".join(MASK_COMMANDS))
    mask.add_argument("rest", nargs="+", metavar="[N] IN OUT", help="N is in pixels, 1 if not given")
    mask.set_defaults(run=_mask)
    add_commands(commands)
    checking = commands.add_parser("check", help="verify what the program keeps on disk")
    checking.add_argument("--json", action="store_true", help="print JSON")
    checking.set_defaults(run=_check)
    return parser


def _inpaint_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("picture", type=Path, metavar="PICTURE")
    parser.add_argument("--mask", type=Path, required=True, help="white is filled; the picture's size")
    parser.add_argument("--out", type=Path, metavar="FILE", help="further results get -2, -3, ...")
    parser.add_argument("--endpoint", default="local/fill", metavar="ID", help="an endpoint's id or file")
    parser.add_argument("--backend", choices=("local", "remote", "practice"))
    parser.add_argument("--base-url", metavar="URL", help="stands for every host of a remote provider")
    parser.add_argument("--set", action="append", default=[], metavar="name=value", help="value is JSON, else text")
    parser.add_argument("--grow", type=int, default=0, metavar="N", help="grow the mask by N pixels first")
    parser.add_argument("--feather", type=float, default=0.0, metavar="N", help="soft edge inside the mask, pixels")
    parser.add_argument("--practice", action="append", default=[], metavar="name=value", help="delay, queue, failure")
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")
    add_options(parser)
    parser.set_defaults(run=_inpaint)


# -- inpaint ---------------------------------------------------------------------------------------------------------


def _inpaint(options: argparse.Namespace, places: Places) -> int:
    endpoint = find_endpoint(options.endpoint, places)
    backend_name = _backend_name(endpoint, options.backend)
    blend = BlendSettings(_within(options.grow, 1000, "--grow"), _within(options.feather, 1000, "--feather"))
    if options.dry_run:
        return dry_run(options, endpoint, backend_name, blend, places.history)
    check_options(options)
    values = _values(endpoint, options.set)
    practice = _practice_options(options.practice)
    picture = open_picture(options.picture)
    mask, notes = open_mask(options.mask, (picture.width, picture.height))
    for note in (*picture.source.notes, *notes):
        say(note)
    request = plan(picture, mask.pixels, endpoint, backend_name, values, blend)
    check_saving(options.out, picture)  # before anything is run, or paid for
    sending = Sending(request, picture, options.picture, mask.pixels)
    with _history(places, backend_name) as store:
        entries = asyncio.run(_run(sending, practice, store))
        outputs = [_written(options.out, index, sending, entry, store) for index, entry in enumerate(entries)]
    _report(options, sending, entries, outputs)
    return 0


def _backend_name(endpoint: Endpoint, wanted: str | None) -> str:
    possible = endpoint.backends
    if wanted is None:
        return possible[0]
    if wanted not in possible:
        raise InputError(f"{endpoint.id} does not run with --backend {wanted}; use {' or '.join(possible)}.")
    return wanted


def _within(value: float, largest: int, name: str) -> Any:
    if not 0 <= value <= largest:
        raise InputError(f"{name} is {value}; give a number from 0 to {largest}.")
    return value


def _values(endpoint: Endpoint, settings: Sequence[str]) -> dict[str, Json]:
    values = dict(parse_setting(endpoint, setting) for setting in settings)
    problems = faults_of(endpoint, values)
    if problems:
        raise ValuesError(problems)
    return values


async def _run(sending: Sending, practice: PracticeOptions, store: HistoryStore) -> list[Entry]:
    task = asyncio.current_task()
    assert task is not None
    local = LocalBackend(WorkerHost("app.engines.worker", name="classic"))
    backends: dict[str, Backend] = {
        "local": local,
        "practice": PracticeBackend(local, practice),
        "remote": RemoteBackend(),
    }
    backend = backends[sending.request.backend]
    reason = backend.unavailable(sending.request.endpoint)
    if reason:
        raise Refused(reason)
    with ThreadPoolExecutor(2) as executor, cancelling(task):
        try:
            return await run_job(sending, backend, store, executor, _Progress())
        finally:
            await local.close()


def _written(out: Path, index: int, sending: Sending, entry: Entry, store: HistoryStore) -> dict[str, Json]:
    """Blend one result into a copy of the picture, save it, and say what was done."""
    before = sending.picture
    after = Picture(before.pixels.copy(), before.has_alpha, before.source)
    for patch in blended(before, load_result(store, entry), entry.blend):
        after.put_rgb(patch.box, patch.pixels)
    path = out if index == 0 else out.with_stem(f"{out.stem}-{index + 1}")
    for note in (*entry.flags, *save_picture(path, after)):
        say(note)
    mask = sent_mask(sending.mask, sending.request.blend.grow)
    return {
        "out": str(path),
        "seed": entry.seed,
        "changed_outside": changed_outside(before.pixels, after.pixels, mask),
        "flags": list(entry.flags),
        "entry": entry.id,
    }


def _report(
    options: argparse.Namespace, sending: Sending, entries: list[Entry], outputs: list[dict[str, Json]]
) -> None:
    if not options.json:
        for output in outputs:
            emit(output["out"])
        return
    request = sending.request
    document = {
        "job": request.id,
        "endpoint": request.endpoint.id,
        "backend": request.backend,
        "values": dict(request.values),
        "size": list(request.picture_size),
        "crops": [[crop.box.x0, crop.box.y0, crop.box.x1, crop.box.y1] for crop in request.crops],
        "seconds": round(entries[0].seconds, 3),
        "cost": entries[0].cost,
        "results": outputs,
    }
    emit(json.dumps(document))


class _Progress:
    """Events as lines on stderr: a new line for each new stage, and at each tenth of the way."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, event: Event) -> None:
        match event:
            case Queued(position=position):
                text = "Queued" if position is None else f"Queued, {position} ahead"
            case Running(fraction=fraction, stage=stage):
                tenth = "" if fraction is None else f" {int(fraction * 10) * 10} %"
                text = f"{stage or 'Running'}{tenth}"
            case _:
                return
        if text != self._last:
            self._last = text
            say(text)


def _practice_options(settings: Sequence[str]) -> PracticeOptions:
    """Read ``--practice delay=0.5``, ``queue=0``, ``failure=lost``. Raises InputError for anything else."""
    try:
        return PracticeOptions.of(dict(setting.partition("=")[::2] for setting in settings))
    except ValueError as error:
        ends = "|".join(get_args(End))
        text = f"--practice takes delay=SECONDS, queue=JOBS, failure={ends}; not {' '.join(settings)}."
        raise InputError(text) from error


# -- the other commands ----------------------------------------------------------------------------------------------


def _mask(options: argparse.Namespace, _: Places) -> int:
    names = list(options.rest)
    radius = 1
    if options.operation in WITH_AMOUNT and len(names) == 3:
        radius = _amount(names.pop(0))
    if len(names) != 2:
        raise InputError(f"Write: mask {options.operation} {'[N] ' * (options.operation in WITH_AMOUNT)}IN OUT.")
    mask, notes = open_mask(Path(names[0]), None)
    for note in notes:
        say(note)
    MASK_COMMANDS[options.operation](mask, radius)
    save_mask(Path(names[1]), mask)
    emit(names[1])
    return 0


def _amount(text: str) -> int:
    if not text.isdecimal() or len(text) > 9 or int(text) > 4000:
        raise InputError(f"N is {text[:20]!r}; give whole pixels from 0 to 4000.")
    return int(text)


def _check(options: argparse.Namespace, places: Places) -> int:
    store = HistoryStore(places.history, wait=PATIENCE)
    try:
        problems = [*([store.notice] if store.notice else []), *store.check()]
        entries = len(store.entries())
    finally:
        store.close()
    if options.json:
        emit(json.dumps({"entries": entries, "problems": problems}))
    else:
        emit("\n".join(problems) or f"{entries} results, all whole.")
    return 2 if problems else 0


# -- shared ----------------------------------------------------------------------------------------------------------


@contextmanager
def _history(places: Places, backend: str) -> Iterator[HistoryStore]:
    """The history, or, for work that costs nothing, a passing one where the user's own cannot be written."""
    with closing(HistoryStore(places.history, wait=PATIENCE)) as store:
        if store.notice:
            say(store.notice)
        if not store.read_only:
            yield store
            return
        if backend == "remote":
            raise StoreError("A paid result is not asked for while it cannot be kept.")
    say("This result is not kept in the history.")
    with tempfile.TemporaryDirectory(prefix="mendbrush-") as folder, closing(HistoryStore(Path(folder))) as passing:
        yield passing
