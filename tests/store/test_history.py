"""The history: nothing sent is forgotten, nothing received is lost, whatever happens to its files."""

import dataclasses
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.core.errors import StoreError
from app.store.atomic import DISK, Disk
from app.store.history import HistoryStore
from app.store.history_rows import put_entry
from app.store.history_tables import MIGRATIONS, Migration, transaction
from app.store.records import Entry
from app.store.sidecars import KeptEntry
from tests.store.failing_disk import FailingDisk
from tests.store.samples import NO_FILE, entry, job


def store_at(
    folder: Path, wait: float = 0.2, migrations: Sequence[Migration] = MIGRATIONS, disk: Disk = DISK
) -> HistoryStore:
    return HistoryStore(folder, now=lambda: 1_700_000_000.0, wait=wait, migrations=migrations, disk=disk)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[HistoryStore]:
    made = store_at(tmp_path / "history")
    yield made
    made.close()


def connection_of(store: HistoryStore) -> sqlite3.Connection:
    with store._reading() as connection:
        return connection


def filled(folder: Path, jobs: int = 5, each: int = 2) -> list[Entry]:
    """A history of finished jobs and one that is still out; its results, newest first."""
    store = store_at(folder)
    digest = store.blobs.put(b"a picture", ".png")
    found: list[Entry] = []
    for number in range(jobs):
        store.begin(job(f"job-{number}", created=float(number), digest=digest))
        results = [entry(f"e-{number}-{i}", f"job-{number}", i, float(number), digest) for i in range(each)]
        store.finish(f"job-{number}", results)
        found = results + found
    store.begin(job("out", created=99.0, digest=digest))
    store.set_state("out", "queued", provider_id="req-1")
    store.close()
    return found


def test_a_job_is_on_disk_when_begin_returns(store: HistoryStore) -> None:
    store.begin(job("a"))
    with sqlite3.connect(store.folder / "history.db") as other:
        assert other.execute("SELECT id, state FROM jobs").fetchall() == [("a", "sending")]
    other.close()
    assert store.unfinished() == [job("a")] == [store.job("a")]


def test_the_journal_syncs_every_commit(store: HistoryStore) -> None:
    connection = connection_of(store)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_job_is_never_begun_twice(store: HistoryStore) -> None:
    store.begin(job("a"))
    with pytest.raises(StoreError, match="second time"):
        store.begin(job("a"))


def test_states_follow_the_job_and_done_is_the_last(store: HistoryStore) -> None:
    store.begin(job("a", created=2.0))
    store.begin(job("b", created=1.0))
    store.set_state("a", "queued", provider_id="req-9")
    store.set_state("a", "running", note="3 ahead")
    assert store.unfinished() == [
        job("b"),
        dataclasses.replace(job("a", created=2.0), state="running", provider_id="req-9", note="3 ahead"),
    ]
    store.set_state("b", "failed", note="no credit")
    store.finish("a", [entry("e", "a")])
    store.set_state("a", "cancelled")
    assert store.unfinished() == []
    finished = store.job("a")
    assert finished is not None and (finished.state, finished.provider_id) == ("done", "req-9")


def test_an_unknown_job_is_a_sentence(store: HistoryStore) -> None:
    assert store.job("none") is None and store.entry("none") is None
    with pytest.raises(StoreError, match="never begun"):
        store.set_state("none", "done")
    with pytest.raises(StoreError, match="never begun"):
        store.finish("none", [])
    with pytest.raises(StoreError, match="any more"):
        store.remove("none")


def test_results_come_newest_first_and_in_pages(tmp_path: Path) -> None:
    expected = filled(tmp_path, jobs=4, each=3)
    store = store_at(tmp_path)
    assert store.entries() == expected
    pages: list[Entry] = []
    while page := store.entries(limit=5, before=pages[-1].id if pages else None):
        pages += page
    assert pages == expected
    assert store.entries(limit=0) == [] and store.entries(picture="other") == []
    assert store.entries(picture=expected[0].picture, limit=2) == expected[:2]
    store.close()


def test_jobs_of_one_instant_stay_together(store: HistoryStore) -> None:
    for name in ("a", "b", "c"):
        store.begin(job(name))
        store.finish(name, [entry(f"{name}{i}", name, i) for i in range(3)])
    names = [one.id for one in store.entries()]
    assert names == ["c0", "c1", "c2", "b0", "b1", "b2", "a0", "a1", "a2"]
    assert [one.id for one in store.entries(before="b1")] == names[5:]


def test_removing_is_undone_and_survives_a_rebuild(tmp_path: Path) -> None:
    expected = filled(tmp_path)
    store = store_at(tmp_path)
    gone = expected[3]
    store.remove(gone.id)
    store.star(expected[0].id, True)
    starred = dataclasses.replace(expected[0], starred=True)
    assert store.rebuild() == len(expected)
    assert store.entries() == [starred, *expected[1:3], *expected[4:]]
    assert store.entry(gone.id) == gone
    store.restore(gone.id)
    assert store.entries() == [starred, *expected[1:]]
    store.close()


def test_finish_may_be_repeated(store: HistoryStore) -> None:
    store.begin(job("a"))
    for _ in range(2):
        store.finish("a", [entry("e0", "a", 0), entry("e1", "a", 1)])
    assert [one.id for one in store.entries()] == ["e0", "e1"]


def test_an_id_that_is_no_file_name_is_refused(store: HistoryStore) -> None:
    for bad in ("../x", "", "a/b", "x" * 200, ".hidden", "a\0"):
        with pytest.raises(StoreError):
            store.begin(job(bad))
    assert store.unfinished() == []


def test_check_finds_what_is_wrong(tmp_path: Path) -> None:
    expected = filled(tmp_path)
    store = store_at(tmp_path)
    assert store.check() == []
    path = store.blobs.path(expected[0].picture)
    path.write_bytes(b"altered")
    assert any("changed outside" in problem for problem in store.check())
    path.unlink()
    assert any("missing" in problem for problem in store.check())
    store.blobs.put(b"a picture", ".png")
    store.begin(job("z", digest=expected[0].picture))
    store.finish("z", [dataclasses.replace(entry("lost", "z", digest=expected[0].picture), base=("nowhere",))])
    assert store.check() == ["Result lost lies on result nowhere, which is not there."]
    store.close()


def test_a_failure_at_any_write_forgets_no_job_and_no_result(tmp_path: Path) -> None:
    for fail_at in range(1, 60):
        folder = tmp_path / str(fail_at)
        disk = FailingDisk(fail_at)
        store = store_at(folder, disk=disk)
        begun = finished = False
        try:
            store.begin(job("a"))
            begun = True
            store.set_state("a", "queued", provider_id="r")
            store.finish("a", [entry("e", "a")])
            finished = True
        except StoreError:
            pass
        store.close()
        again = store_at(folder)
        assert not again.notice or not begun
        assert (again.job("a") is not None) or not begun
        assert ([one.id for one in again.entries()] == ["e"]) or not finished
        for _ in range(2):
            waiting, kept = [one.id for one in again.unfinished()], [one.id for one in again.entries()]
            assert not begun or waiting == ["a"] or kept == ["e"]
            again.rebuild()
        again.close()
        if disk.count < fail_at:
            return
    pytest.fail("it never came through")


def test_two_programs_share_one_history(tmp_path: Path) -> None:
    one, two = store_at(tmp_path, wait=5.0), store_at(tmp_path, wait=5.0)
    assert one.entries() == two.entries() == []
    failures: list[BaseException] = []

    def work(store: HistoryStore, name: str) -> None:
        try:
            for number in range(8):
                store.begin(job(f"{name}-{number}"))
                store.finish(f"{name}-{number}", [entry(f"{name}-{number}-e", f"{name}-{number}")])
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=work, args=pair) for pair in ((one, "a"), (two, "b"), (one, "c"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and not one.notice and not two.notice
    assert len(one.entries()) == 24 and one.entries() == two.entries()
    one.close()
    two.close()


def test_a_held_lock_means_read_only_after_the_wait(tmp_path: Path) -> None:
    expected = filled(tmp_path)
    holder = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("UPDATE jobs SET created = created")
    started = time.monotonic()
    store = store_at(tmp_path)
    assert time.monotonic() - started < 0.2, "making one waits for nothing"
    assert store.read_only
    assert 0.2 <= time.monotonic() - started < 3
    assert "Another program" in store.notice
    assert store.entries() == expected
    with pytest.raises(StoreError, match="Another program"):
        store.begin(job("new"))
    store.close()
    holder.close()


def test_a_newer_history_is_read_but_not_written(tmp_path: Path) -> None:
    expected = filled(tmp_path)
    with sqlite3.connect(tmp_path / "history.db") as connection:
        connection.execute("PRAGMA user_version = 7")
    connection.close()
    store = store_at(tmp_path)
    assert store.read_only and "newer version" in store.notice and store.entries() == expected
    with pytest.raises(StoreError, match="newer version"):
        store.set_state("out", "running")
    store.close()


def test_an_older_history_is_migrated_once_and_a_copy_kept(tmp_path: Path) -> None:
    expected = filled(tmp_path)

    def add_words(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE words (word TEXT)")

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (word TEXT)")
        raise sqlite3.OperationalError("disk I/O error")

    filled(tmp_path / "copy")
    for _ in range(2):
        store = store_at(tmp_path, migrations=(*MIGRATIONS, add_words))
        assert store.entries() == expected and not store.notice
        assert connection_of(store).execute("PRAGMA user_version").fetchone() == (2,)
        store.close()
    old = sqlite3.connect(tmp_path / "history.db.version-1")
    assert old.execute("SELECT count(*) FROM entries").fetchone() == (len(expected),)
    old.close()
    with sqlite3.connect(tmp_path / "copy" / "history.db") as connection, pytest.raises(sqlite3.OperationalError):
        connection.isolation_level = None
        transaction(connection, fail)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    connection.close()
    assert "half" not in names, "a step that fails leaves no half of it"


def damaged_at(data: bytes, offset: int) -> bytes:
    return data[:offset] + bytes([data[offset] ^ 0xFF]) + data[offset + 1 :]


def test_flipped_bytes_anywhere_lose_no_result(tmp_path: Path) -> None:
    expected = filled(tmp_path / "whole", jobs=3)
    data = (tmp_path / "whole" / "history.db").read_bytes()
    offsets = {*range(0, 100, 3), *range(100, len(data), len(data) // 60)}
    folder = tmp_path / "flipped"
    shutil.copytree(tmp_path / "whole", folder)
    for offset in sorted(offsets):
        for left in folder.glob("history.db*"):
            left.unlink()
        (folder / "history.db").write_bytes(damaged_at(data, offset))
        store = store_at(folder)
        assert store.entries() == expected, offset
        assert [one.provider_id for one in store.unfinished()] == ["req-1"], offset
        if not store.read_only:
            store.begin(job("new"))
            (folder / "jobs" / "new.json").unlink()
        store.close()


@pytest.mark.parametrize("data", [b"", b"garbage" * 1000, b"SQLite format 3\0", b"SQLite format 3\0" + bytes(9000)])
def test_a_file_that_is_no_database_is_kept_aside_and_made_again(tmp_path: Path, data: bytes) -> None:
    expected = filled(tmp_path)
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"history.db{ending}").unlink(missing_ok=True)
    (tmp_path / "history.db").write_bytes(data)
    store = store_at(tmp_path)
    assert not store.read_only
    assert store.entries() == expected and [one.id for one in store.unfinished()] == ["out"]
    if data:
        aside = list(tmp_path.glob("history.db.broken-2023*"))
        assert [path.read_bytes() for path in aside] == [data] and aside[0].name in store.notice
    store.close()


def test_truncation_anywhere_loses_no_result(tmp_path: Path) -> None:
    expected = filled(tmp_path / "whole", jobs=3)
    data = (tmp_path / "whole" / "history.db").read_bytes()
    for length in range(1, len(data), 4999):
        folder = tmp_path / str(length)
        shutil.copytree(tmp_path / "whole", folder)
        (folder / "history.db").write_bytes(data[:length])
        store = store_at(folder)
        assert store.entries() == expected, length
        store.close()


@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_log_loses_nothing(tmp_path: Path, damage: str) -> None:
    """What was committed last lies in the log; SQLite leaves out its damaged end without a word."""
    running = store_at(tmp_path / "running")
    for number in range(4):
        running.begin(job(f"j{number}", created=float(number)))
        running.finish(f"j{number}", [entry(f"e{number}", f"j{number}", created=float(number))])
    running.begin(job("out", created=9.0))
    running.set_state("out", "queued", provider_id="r")
    expected, waiting = running.entries(), running.unfinished()
    size = (tmp_path / "running" / "history.db-wal").stat().st_size
    for place in range(40, size, size // 12):
        folder = tmp_path / str(place)
        shutil.copytree(tmp_path / "running", folder)
        log = folder / "history.db-wal"
        data = log.read_bytes()
        if damage == "gone":
            log.unlink()
        else:
            log.write_bytes(damaged_at(data, place) if damage == "flip" else data[:place])
        store = store_at(folder)
        assert store.entries() == expected and store.unfinished() == waiting, place
        assert store.check() == [
            f"A stored file of the history is missing ({NO_FILE[:12]}…). Its entry cannot be shown."
        ]
        store.close()
        again = store_at(folder)
        assert again.entries() == expected
        again.close()
    running.close()


def test_a_result_whose_row_could_not_be_written_is_there_after_a_restart(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    store.begin(job("a"))
    connection_of(store).execute("PRAGMA max_page_count = 1")
    big = dataclasses.replace(entry("e", "a"), values={"prompt": "x" * 100_000})
    with pytest.raises(StoreError, match="disk is full"):
        store.finish("a", [big])
    store.close()
    again = store_at(tmp_path)
    assert again.entries() == [big] and again.unfinished() == []
    again.close()


def test_a_damaged_sidecar_is_named_and_left_out(tmp_path: Path) -> None:
    expected = filled(tmp_path)
    (tmp_path / "records" / f"{expected[0].id}.json").write_bytes(b"{")
    (tmp_path / "records" / f"{expected[1].id}.json").write_bytes(b'{"format": 1}')
    (tmp_path / "history.db").write_bytes(b"garbage")
    store = store_at(tmp_path)
    assert store.entries() == expected[2:]
    assert f"{expected[0].id}.json" in store.notice and store.notice.count("left out") == 2
    assert sum("left out" in problem for problem in store.check()) == 2
    store.close()


def test_a_folder_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = store_at(tmp_path / "file" / "history")
    assert "cannot be written" in store.notice and store.read_only and store.entries() == []
    with pytest.raises(StoreError, match="cannot be written"):
        store.begin(job("a"))
    store.close()


def test_a_closed_history_answers_with_a_sentence(tmp_path: Path) -> None:
    used, unused = store_at(tmp_path), store_at(tmp_path)
    used.entries()
    for store in (used, unused):
        store.close()
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.entries()


KILLED = """
import sys
from pathlib import Path
from app.store.atomic import DISK, Disk
from app.store.history import HistoryStore
from tests.store.samples import NO_FILE, entry, job
store = HistoryStore(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(100000):
    name = f"{sys.argv[2]}-{number}"
    store.begin(job(name))
    print("begun", name, flush=True)
    store.finish(name, [entry(name + "-e", name)])
    print("done", name, flush=True)
"""


def test_a_killed_program_forgets_nothing_it_was_told_is_kept(tmp_path: Path) -> None:
    begun, done = set(), set()
    for attempt in range(3):
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(attempt)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        time.sleep(0.05 + 0.03 * attempt)
        process.send_signal(signal.SIGKILL)
        said, _ = process.communicate()
        begun |= {line.split()[1] for line in said.splitlines() if line.startswith("begun ")}
        done |= {line.split()[1] for line in said.splitlines() if line.startswith("done ")}
    store = store_at(tmp_path)
    assert begun and not store.notice
    assert {f"{name}-e" for name in done} <= {one.id for one in store.entries()}
    waiting = {one.id for one in store.unfinished()}
    finished = {one.job for one in store.entries()}
    assert begun <= waiting | finished and not waiting & finished
    store.close()


def test_ten_thousand_results_are_listed_quickly(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    store.begin(job("a"))

    def fill(connection: sqlite3.Connection) -> None:
        for number in range(10_000):
            put_entry(connection, KeptEntry(entry(f"e{number}", "a", number, created=float(number))))

    transaction(connection_of(store), fill)
    started = time.perf_counter()
    page = store.entries(limit=200, before="e5000")
    assert [one.id for one in page[:2]] == ["e4999", "e4998"] and len(page) == 200
    assert time.perf_counter() - started < 0.5
    store.close()
    started = time.perf_counter()
    again = store_at(tmp_path)
    assert not again.notice
    assert time.perf_counter() - started < 3
    again.close()
