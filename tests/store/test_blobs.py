"""Files named by what they hold."""

import hashlib
import os
from pathlib import Path

import pytest

from app.core.errors import StoreError
from app.store.blobs import Blobs, digest_of
from tests.store.failing_disk import FailingDisk

DATA = bytes(range(256)) * 5000


def test_the_same_bytes_are_stored_once_under_their_digest(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digest = blobs.put(DATA, ".png")
    assert digest == hashlib.sha256(DATA).hexdigest() == blobs.put(DATA, ".jpg")
    assert blobs.get(digest) == DATA and blobs.exists(digest)
    assert list(blobs.digests()) == [digest]
    assert blobs.path(digest).name == f"{digest}.png" and blobs.path(digest).stat().st_mode & 0o077 == 0


def test_a_file_is_copied_with_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "Photo \udcff.JPG"
    path.write_bytes(DATA)
    blobs = Blobs(tmp_path / "blobs")
    digest = blobs.put_file(path)
    path.unlink()
    assert blobs.get(digest) == DATA and blobs.path(digest).suffix == ".jpg"


def test_missing_and_altered_files_are_noticed(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    digest = blobs.put(DATA, ".png")
    path = blobs.path(digest)
    for damage in (DATA[:-1], DATA[:100] + b"x" + DATA[101:], b""):
        path.write_bytes(damage)
        with pytest.raises(StoreError, match="changed outside"):
            blobs.get(digest)
        with pytest.raises(StoreError, match="changed outside"):
            blobs.verify(digest)
    assert blobs.put(DATA, ".png") == digest and blobs.get(digest) == DATA, "stored again, it is whole again"
    path.unlink()
    assert not blobs.exists(digest)
    with pytest.raises(StoreError, match="missing"):
        blobs.get(digest)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "*" * 64, "0" * 63])
def test_what_is_no_digest_is_not_looked_for(tmp_path: Path, digest: str) -> None:
    blobs = Blobs(tmp_path)
    assert not blobs.exists(digest)
    with pytest.raises(StoreError, match="missing"):
        blobs.path(digest)


def test_a_strange_ending_is_left_out(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    for suffix in ("", "/../x", ".p*g", ".verylongending"):
        digest = blobs.put(suffix.encode() + b"data", suffix)
        assert blobs.path(digest).name == digest


def test_no_failure_leaves_a_part_or_a_wrong_file(tmp_path: Path) -> None:
    source = tmp_path / "source.png"
    source.write_bytes(DATA)
    for fail_at in range(1, 30):
        folder = tmp_path / str(fail_at)
        blobs = Blobs(folder, disk=FailingDisk(fail_at))
        try:
            digest = blobs.put_file(source)
        except StoreError:
            left = [name for _, _, names in os.walk(folder) for name in names]
            assert all(digest_of(Blobs(folder).path(name[:64])) == name[:64] for name in left)
            continue
        assert Blobs(folder).get(digest) == DATA
        return
    pytest.fail("it never came through")


def test_an_unreadable_source_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not there"):
        Blobs(tmp_path).put_file(tmp_path / "none.png")
