"""Whatever goes wrong while a file is written, the old file or the new one is there, whole, and nothing else."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from app.core.errors import PictureError, StoreError
from app.store.atomic import write_atomic
from tests.store.failing_disk import FailingDisk

OLD, NEW = b"old" * 1000, b"new" * 2000


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def pieces(file: BinaryIO) -> None:
    for start in range(0, len(NEW), 1000):
        file.write(NEW[start : start + 1000])


@pytest.mark.parametrize("data", [NEW, pieces], ids=["bytes", "writer"])
@pytest.mark.parametrize("existing", [True, False])
def test_a_failure_at_any_operation_leaves_a_whole_file(
    tmp_path: Path, data: bytes | Callable[[BinaryIO], None], existing: bool
) -> None:
    path = tmp_path / "picture.png"
    for fail_at in range(1, 100):
        if existing:
            path.write_bytes(OLD)
        else:
            path.unlink(missing_ok=True)
        disk = FailingDisk(fail_at)
        try:
            write_atomic(path, data, disk=disk)
        except StoreError as error:
            assert "disk is full" in str(error) and "free" in str(error)
        else:
            assert path.read_bytes() == NEW
            assert disk.count == fail_at - 1
            assert disk.count >= 5 - (not existing) and names_in(tmp_path) == ["picture.png"]
            return
        renamed = disk.count == fail_at and path.exists() and path.read_bytes() == NEW
        assert renamed or not existing or path.read_bytes() == OLD
        assert names_in(tmp_path) == (["picture.png"] if existing or renamed else [])
    pytest.fail("it never came through")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EROFS, "read-only"),
        (errno.EACCES, "may not be written to"),
        (errno.EDQUOT, "full"),
        (errno.ENOENT, "is gone"),
        (errno.EIO, "Try again"),
    ],
)
def test_each_reason_has_its_words(tmp_path: Path, code: int, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        write_atomic(tmp_path / "a.png", NEW, disk=FailingDisk(1, code))


def test_another_error_of_the_writer_passes_and_leaves_nothing(tmp_path: Path) -> None:
    def write(file: BinaryIO) -> None:
        file.write(b"half")
        raise PictureError("too wide")

    with pytest.raises(PictureError, match="too wide"):
        write_atomic(tmp_path / "a.png", write)
    assert not names_in(tmp_path)


def test_a_link_is_followed_and_the_mode_kept(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    real, link = tmp_path / "there" / "real.png", tmp_path / "link.png"
    real.write_bytes(OLD)
    real.chmod(0o640)
    link.symlink_to(real)
    write_atomic(link, NEW)
    assert link.is_symlink() and real.read_bytes() == NEW
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_link_to_nothing_makes_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link.png"
    link.symlink_to(tmp_path / "new.png")
    write_atomic(link, NEW)
    assert link.is_symlink() and (tmp_path / "new.png").read_bytes() == NEW


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(OLD)
    os.chown(path, 12345, 23456)
    write_atomic(path, NEW)
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_a_new_file_obeys_the_mode_and_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "shared", NEW)
        write_atomic(tmp_path / "private", NEW, mode=0o600)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o600


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(StoreError, match="not an ordinary file"):
            write_atomic(tmp_path / name, NEW)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    with pytest.raises(StoreError, match="not an ordinary file"):
        write_atomic(Path("/dev/null"), NEW)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


NAMES = ["写真 🙂.png", "two\nlines.png", "n" * 251 + ".png", "-rf.png", "100%s.png", "b\udcff\udc80.png", "..png"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_written_and_can_be_spoken_of(tmp_path: Path, name: str) -> None:
    write_atomic(tmp_path / name, NEW)
    assert (tmp_path / name).read_bytes() == NEW
    with pytest.raises(StoreError) as caught:
        write_atomic(tmp_path / name, NEW, disk=FailingDisk(1))
    assert str(caught.value).encode("utf-8").isascii() is False and "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["n" * 256, "a\0b"])
def test_an_impossible_name_is_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="Choose"):
        write_atomic(tmp_path / name, NEW)


KILLED = """
import sys
from pathlib import Path
from app.store.atomic import write_atomic
path = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for letter in b"ab":
        write_atomic(path, bytes([letter]) * 2_000_000)
"""


def test_a_killed_program_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"a" * 2_000_000)
    for attempt in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        time.sleep(0.013 + 0.007 * attempt)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        data = path.read_bytes()
        assert len(data) == 2_000_000 and len(set(data)) == 1
