"""``inpaint --dry-run``: says what would be sent and sends nothing, runs nothing, keeps nothing."""

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from app.core.endpoint import MISSING, Endpoint
from app.core.errors import InputError
from app.core.json_text import json_text
from app.core.price import Spent
from app.core.request import BlendSettings, Json
from app.core.setting import parse_setting
from app.state.sending import Draft, SendingSheet, faults_of, keys_in, make_sheet, save_parts, sheet_document, spent
from app.store.blobs import Blobs
from app.store.masks import open_mask
from app.store.pictures import open_picture
from app.store.sidecars import Sidecars
from app.store.wording import write_error
from app.terminal import emit, say


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``inpaint`` that belong to a dry run."""
    parser.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")
    parser.add_argument("--save-parts", type=Path, metavar="DIR", help="with --dry-run: write picture.png and mask.png")


def check_options(options: argparse.Namespace) -> None:
    """Raise InputError for options that only a dry run can do with, or without."""
    if options.out is None:
        raise InputError("Say with --out FILE where the result goes, or look at what would be sent with --dry-run.")
    if options.save_parts is not None:
        raise InputError("--save-parts belongs to --dry-run: add it, or leave --save-parts out.")


def dry_run(options: argparse.Namespace, endpoint: Endpoint, backend: str, blend: BlendSettings, history: Path) -> int:
    """Print what would be sent; 0 when it could be, 2 when something is in the way (said too). Raises InputError.

    In the folder ``history`` lie the files that values may refer to, and what earlier requests cost.
    """
    values = dict(parse_setting(endpoint, setting) for setting in options.set)
    picture = open_picture(options.picture)
    mask, notes = open_mask(options.mask, (picture.width, picture.height))
    for note in (*picture.source.notes, *notes):
        say(note)
    draft = Draft(endpoint, backend, values, blend, options.base_url or "", keys_in(os.environ))
    sheet = make_sheet(
        draft,
        picture,
        mask.pixels,
        faults=faults_of(endpoint, values),
        earlier=_earlier(draft, history),
        kept=Blobs(history / "blobs"),
    )
    if options.save_parts is not None:
        _save(sheet, options.save_parts)
    emit(json_text(sheet_document(sheet)) if options.json else _told(sheet))
    for problem in sheet.problems:
        say(problem)
    return 2 if sheet.problems else 0


def _earlier(draft: Draft, history: Path) -> Sequence[Spent]:
    """What earlier requests cost, out of the records alone: opening the history would write to it."""
    if draft.backend != "remote":
        return ()
    records = Sidecars(history)
    kept = records.entries(records.entry_ids(), [])
    return spent([one.entry for one in kept if one.removed is None], draft.endpoint)


def _save(sheet: SendingSheet, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, folder) from error
    for path in save_parts(sheet, folder):
        say(f"Wrote {path}")


def _told(sheet: SendingSheet) -> str:
    """The sheet in lines for people."""
    draft, target, price = sheet.draft, sheet.destination, sheet.price
    lines = [f"Endpoint: {draft.endpoint.title} ({draft.endpoint.id}), {draft.backend}", target.words]
    if target.url:
        lines += [f"{target.method} {target.url}", *(f"{name}: {value}" for name, value in target.headers.items())]
    for number, crop in enumerate(sheet.crops, 1):
        box = crop.box
        lines.append(
            f"Crop {number} of {len(sheet.crops)}: {box.width} x {box.height} pixels from {box.x0}, {box.y0};"
            f" {crop.mask_pixels:,} to be filled; picture {len(crop.files.picture):,} bytes,"
            f" mask {len(crop.files.mask):,} bytes"
        )
    lines += ["Body:", sheet.json(), f"Bytes of the body: {sheet.bytes:,}"]
    lines.append(f"Price: {price.words}. {price.source}")
    lines += [f"Note: {note}" for note in sheet.notes]
    if sheet.left_out:
        lines.append("Not sent, so the provider's own default counts:")
        lines += [f"  {path}: {_default(default)}" for path, default in sheet.left_out.items()]
    return "\n".join(lines)


def _default(default: Json) -> str:
    return "none stated" if default is MISSING else json.dumps(default, ensure_ascii=False)
