"""Files for values: only whole pictures where a picture is wanted, bytes kept once, and never a surprise."""

import hashlib
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from app.core.arrays import Pixels
from app.core.attachments import read_attachment
from app.core.endpoint import Media
from app.core.geometry import Box
from app.core.request import BlendSettings
from app.state import attachments
from app.state.attachments import AttachmentShelf, Facts
from app.store.history import HistoryStore
from app.store.png import rgb_from_png, rgb_png
from app.store.records import Entry

Keep = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[HistoryStore]:
    made = HistoryStore(tmp_path / "history")
    yield made
    made.close()


@pytest.fixture
def shelf(store: HistoryStore, qtbot: QtBot) -> Iterator[AttachmentShelf]:
    with ThreadPoolExecutor(1) as executor:
        yield AttachmentShelf(store, executor)


def noise(height: int = 40, width: int = 60, channels: int = 3) -> Pixels:
    return np.random.default_rng(3).integers(0, 256, (height, width, channels), np.uint8)


def picture(path: Path, name: str = "PNG") -> bytes:
    Image.fromarray(noise()).save(path, name)
    return path.read_bytes()


def kept(shelf: AttachmentShelf, qtbot: QtBot, path: Path, media: Media = "picture") -> str:
    """The value for a file that is kept."""
    values: list[str] = []
    shelf.keep_file(path, media, values.append)
    qtbot.waitUntil(lambda: bool(values))
    return values[0]


def refused(shelf: AttachmentShelf, qtbot: QtBot, path: Path, media: Media = "picture") -> str:
    """What is said of a file that is not kept."""
    values: list[str] = []
    with qtbot.waitSignal(shelf.failed) as said:
        shelf.keep_file(path, media, values.append)
    assert not values and said.args is not None
    return str(said.args[0])


@pytest.mark.parametrize(("name", "suffix"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp"), ("BMP", ".bmp")])
def test_a_picture_is_kept_byte_for_byte_whatever_it_is_called(
    shelf: AttachmentShelf, store: HistoryStore, qtbot: QtBot, tmp_path: Path, name: str, suffix: str
) -> None:
    path = tmp_path / "my cat & co.dat"
    data = picture(path, name)
    value = kept(shelf, qtbot, path)
    attachment = read_attachment(value)
    assert attachment is not None and (attachment.suffix, attachment.name) == (suffix, "my cat & co.dat")
    assert attachment.digest == hashlib.sha256(data).hexdigest() and store.blobs.get(attachment.digest) == data
    assert shelf.facts(value) == Facts(len(data), (60, 40))


def test_what_is_no_picture_is_not_kept_where_one_is_wanted(
    shelf: AttachmentShelf, store: HistoryStore, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(b"GIF89a" + bytes(100))
    assert "GIF" in refused(shelf, qtbot, path)
    whole = picture(path)
    path.write_bytes(whole[: len(whole) // 2])
    assert "incomplete" in refused(shelf, qtbot, path) or "damaged" in refused(shelf, qtbot, path)
    path.write_bytes(b"")
    assert "empty" in refused(shelf, qtbot, path)
    assert "folder" in refused(shelf, qtbot, tmp_path)
    assert "is not there" in refused(shelf, qtbot, tmp_path / "gone.png")
    assert list(store.blobs.digests()) == []


def test_a_bomb_and_a_file_that_is_too_long_are_refused_before_they_cost_anything(
    shelf: AttachmentShelf, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.png"
    whole = picture(path)
    head = b"IHDR" + struct.pack(">II", 30_000, 30_000) + whole[24:29]
    path.write_bytes(whole[:12] + head + struct.pack(">I", zlib.crc32(head)) + whole[33:])
    assert "too large" in refused(shelf, qtbot, path)
    monkeypatch.setattr(attachments, "MOST_BYTES", 1000)
    picture(path)
    assert "at most 0.0 MB" in refused(shelf, qtbot, path)
    assert "too large to send" in refused(shelf, qtbot, path, "audio")


def test_a_pipe_is_not_waited_for(shelf: AttachmentShelf, qtbot: QtBot, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert "not an ordinary file" in refused(shelf, qtbot, tmp_path / "pipe.png")
    assert "not an ordinary file" in refused(shelf, qtbot, tmp_path / "pipe.png", "audio")


def test_any_file_is_kept_where_no_picture_is_wanted(
    shelf: AttachmentShelf, store: HistoryStore, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "style.SafeTensors-x"
    path.write_bytes(b"weights")
    attachment = read_attachment(kept(shelf, qtbot, path, "file"))
    assert attachment is not None and attachment.suffix == ""
    assert store.blobs.get(attachment.digest) == b"weights"
    sound = tmp_path / "a.WAV"
    sound.write_bytes(b"RIFF")
    attachment = read_attachment(kept(shelf, qtbot, sound, "audio"))
    assert attachment is not None and attachment.suffix == ".wav"


def test_pixels_are_kept_with_their_alpha(shelf: AttachmentShelf, store: HistoryStore, qtbot: QtBot) -> None:
    pixels = noise(channels=4)
    values: list[str] = []
    shelf.keep_pixels(pixels, "pasted.png", values.append)
    qtbot.waitUntil(lambda: bool(values))
    attachment = read_attachment(values[0])
    assert attachment is not None
    with Image.open(store.blobs.path(attachment.digest)) as image:
        assert np.array_equal(np.asarray(image.convert("RGBA")), pixels)


def entry(store: HistoryStore, *boxes: Box) -> Entry:
    patches = tuple((box, store.blobs.put(rgb_png(noise(box.height, box.width)), ".png")) for box in boxes)
    return Entry(
        id="0123456789-0", job="0123456789", index=0, created=1.0, seconds=1.0, endpoint="x", backend="local",
        values={}, seed=None, blend=BlendSettings(), picture="", picture_size=(200, 200), base=(), mask="",
        patches=patches, thumbnail="", cost=None, flags=(),
    )  # fmt: skip


def test_an_entrys_picture_is_its_largest_crop_and_nothing_is_stored_twice(
    shelf: AttachmentShelf, store: HistoryStore, qtbot: QtBot
) -> None:
    result = entry(store, Box(0, 0, 10, 10), Box(20, 20, 80, 60))
    before = sorted(store.blobs.digests())
    values: list[str] = []
    shelf.keep_entry(result, values.append)
    qtbot.waitUntil(lambda: bool(values))
    attachment = read_attachment(values[0])
    assert attachment is not None and sorted(store.blobs.digests()) == before
    assert np.array_equal(rgb_from_png(store.blobs.get(attachment.digest)), noise(40, 60))
    store.blobs.path(attachment.digest).write_bytes(b"altered")
    with qtbot.waitSignal(shelf.failed):
        shelf.keep_entry(result, values.append)
    assert len(values) == 1


def test_a_kept_picture_is_shown_small(shelf: AttachmentShelf, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "wide.jpg"
    Image.new("RGB", (1200, 400), (200, 30, 30)).save(path)
    value = kept(shelf, qtbot, path)
    seen: list[Pixels | None] = []
    shelf.look(value, 48, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0] is not None and seen[0].shape == (16, 48, 4)
    assert np.abs(seen[0][8, 24].astype(int) - [200, 30, 30, 255]).max() < 4
    shelf.look(value, 48, seen.append)
    assert len(seen) == 2 and seen[1] is seen[0], "it is remembered"


def test_what_a_kept_file_is_is_found_out_again_after_a_start(
    shelf: AttachmentShelf, store: HistoryStore, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    count = len(picture(path))
    value = kept(shelf, qtbot, path)
    with ThreadPoolExecutor(1) as executor:
        fresh = AttachmentShelf(store, executor)
        assert fresh.facts(value) is None
        seen: list[Pixels | None] = []
        fresh.look(value, 48, seen.append)
        qtbot.waitUntil(lambda: bool(seen))
        assert fresh.facts(value) == Facts(count, (60, 40))
        attachment = read_attachment(value)
        assert attachment is not None
        store.blobs.path(attachment.digest).unlink()
        fresh.look(value, 48, seen.append)
        qtbot.waitUntil(lambda: len(seen) == 2)
        assert seen[1] is None and fresh.facts(value) == Facts(0, missing=True)


def test_a_kept_file_belongs_to_the_jobs_and_results_whose_values_name_it(
    shelf: AttachmentShelf, store: HistoryStore, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    picture(path)
    value = kept(shelf, qtbot, path)
    attachment = read_attachment(value)
    assert attachment is not None
    result = entry(store)
    assert attachment.digest not in result.digests
    object.__setattr__(result, "values", {"loras": [{"control_image_url": value}]})
    assert attachment.digest in result.digests
