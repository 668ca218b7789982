"""The headless commands among hostile names, streams, signals, folders and histories: words, never a traceback."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from app.resources import resource
from tests.headless import Ended, Headless, a_photo, disc, pixels
from tests.store.nobody import open_folder, read_only

FILL = ("inpaint", "photo.png", "--mask", "mask.png", "--set", "engine=quick", "--out")


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Headless:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(a_photo()).save(tmp_path / "photo.png")
    Image.fromarray(disc((120, 160), (80, 60), 14)).save(tmp_path / "mask.png")
    return Headless(tmp_path, capsys)


def told_in_words(done: Ended, code: int) -> bool:
    return done.returncode == code and done.stderr.strip() != "" and "Traceback" not in done.stderr


# -- where the result goes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["-o.png", "ü…日本.png", "a\nb.png", "x" * 251 + ".png", "100 %.png", "\udcff\udcfe.png", "a'b\".png"]
)
def test_any_name_can_be_written(command: Headless, tmp_path: Path, name: str) -> None:
    done = command(*FILL[:-1], f"--out={name}", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"][0]["out"] == name and (tmp_path / name).is_file()


@pytest.mark.parametrize(
    "name", ["", ".", "folder.png", "pipe.png", "no/where.png", "photo.png/o.png", "o.xyz", "o", "x" * 252 + ".png"]
)
def test_a_place_that_cannot_be_written_is_told_before_anything_is_filled(
    command: Headless, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    done = command(*FILL, name)
    assert told_in_words(done, 2) and done.stdout == "" and "Filling" not in done.stderr
    assert not (tmp_path / "profile" / "data").exists()


def test_a_read_only_folder_is_told_before_anything_is_filled(command: Headless) -> None:
    # The files are opened as the owner of the temporary folders, the result is written as somebody who may not.
    with open_folder() as folder:
        for name in ("photo.png", "mask.png"):
            (folder / name).write_bytes((command.folder / name).read_bytes())
        with read_only(folder):
            done = command(
                "inpaint", folder / "photo.png", "--mask", folder / "mask.png", "--out", folder / "photo.png"
            )
            inverted = command("mask", "invert", folder / "mask.png", folder / "o.png")
            checked, listed = command("check"), command("endpoints")  # this profile's folder may not even be entered
            seen = os.access(resource("endpoints"), os.R_OK | os.X_OK, effective_ids=True)  # a checkout may be private
        assert told_in_words(done, 2) and "Filling" not in done.stderr
        assert checked.returncode == 2 and "cannot be" in checked.stdout and checked.stderr == ""
        assert listed.returncode == 0 and "cannot be read" in listed.stderr
        assert ("local/fill" in listed.stdout) == seen
        assert told_in_words(inverted, 2) and not (folder / "o.png").exists()
        assert (folder / "photo.png").read_bytes() == (command.folder / "photo.png").read_bytes()


def test_a_picture_the_format_cannot_hold_is_told_before_anything_is_filled(command: Headless, tmp_path: Path) -> None:
    Image.fromarray(np.dstack([a_photo(), disc((120, 160), (80, 60), 50)])).save(tmp_path / "photo.png")
    for name in ("o.jpg", "o.bmp"):
        done = command(*FILL, name)
        assert told_in_words(done, 2) and "Filling" not in done.stderr


def test_an_animation_is_not_replaced_by_a_still(command: Headless, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "film.webp", save_all=True, append_images=frames[1:], lossless=True)
    before = (tmp_path / "film.webp").read_bytes()
    assert told_in_words(command(*FILL, "film.webp"), 2)
    assert (tmp_path / "film.webp").read_bytes() == before


# -- what is given ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["pipe.png", "/dev/zero", "", "x" * 300 + ".png", "no\nwhere.png", "cut.png"])
@pytest.mark.parametrize("given", ["picture", "mask"])
def test_what_is_no_picture_is_told_at_once(command: Headless, tmp_path: Path, what: str, given: str) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "photo.png").read_bytes()[:900])
    picture, mask = (what, "mask.png") if given == "picture" else ("photo.png", what)
    done = command("inpaint", picture, f"--mask={mask}", "--out", "o.png")
    assert told_in_words(done, 2) and len(done.stderr.strip().splitlines()) == 1


def test_a_side_too_long_to_be_kept_is_told(command: Headless, tmp_path: Path) -> None:
    Image.new("1", (1, 1_000_001)).save(tmp_path / "long.tif")
    done = command("mask", "invert", "long.tif", "o.png")
    assert told_in_words(done, 2) and "1000001" in done.stderr
    Image.new("1", (1, 1_000_000)).save(tmp_path / "long.tif")
    assert command("mask", "invert", "long.tif", "o.png").returncode == 0


def test_a_decoders_remarks_are_not_the_users(command: Headless, tmp_path: Path) -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270] = "x" * 60
    Image.fromarray(disc((120, 160), (80, 60), 14)).save(tmp_path / "mask.tif", tiffinfo=tags)
    bytes_ = bytearray((tmp_path / "mask.tif").read_bytes())
    place = bytes_.index(b"\x0e\x01\x02\x00")
    bytes_[place + 4 : place + 8] = (1 << 24).to_bytes(4, "little")  # the description would go on past the file's end
    (tmp_path / "mask.tif").write_bytes(bytes_)
    done = command.in_shell("$RUN mask invert mask.tif o.png")
    assert done.returncode == 0 and done.stderr == ""


@pytest.mark.parametrize("name", ["pipe.json", "folder.json", "x" * 300, "x" * 300 + ".json", "", ".", "photo.png"])
def test_what_is_no_endpoint_is_told_at_once(command: Headless, tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.json").mkdir()
    assert told_in_words(command("fields", name), 2)


@pytest.mark.parametrize("amount", ["-5", "1.5", "9" * 5000, "4001", "1e3", "many", ""])
def test_an_amount_that_is_none_is_told(command: Headless, amount: str) -> None:
    done = command("mask", "grow", amount, "mask.png", "o.png")
    assert told_in_words(done, 2) and len(done.stderr) < 300


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (2, 2)])
def test_the_thinnest_pictures_are_filled(command: Headless, tmp_path: Path, size: tuple[int, int]) -> None:
    Image.fromarray(a_photo(size)).save(tmp_path / "photo.png")
    masked = np.zeros((size[1], size[0]), np.uint8)
    masked.flat[masked.size // 2] = 255
    Image.fromarray(masked).save(tmp_path / "mask.png")
    assert command(*FILL[:-3], "--out", "o.png").returncode == 0
    assert (pixels(tmp_path / "o.png")[masked == 0] == a_photo(size)[masked == 0]).all()


@pytest.mark.parametrize(
    "words",
    [("--profile",), ("--profile=", "check"), ("--profile", "", "check"), ("-x",), ("--foo", "check"), ("check", "x")],
)
def test_wrong_words_are_wrong_use(command: Headless, words: tuple[str, ...]) -> None:
    assert told_in_words(command(*words), 2)


def test_a_picture_may_be_named_like_a_command(command: Headless, tmp_path: Path) -> None:
    (tmp_path / "photo.png").rename(tmp_path / "inpaint")
    assert command("inpaint", "inpaint", "--mask", "mask.png", "--out", "o.png").returncode == 0
    (tmp_path / "mask.png").rename(tmp_path / "-m.png")
    assert command("mask", "invert", "--", "-m.png", "-n.png").returncode == 0
    assert (pixels(tmp_path / "-n.png") == 255 - pixels(tmp_path / "-m.png")).all()


# -- folders ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["/proc/nowhere", "photo.png/deeper", "photo.png"])
def test_a_profile_that_cannot_be_made_costs_only_the_history(command: Headless, tmp_path: Path, profile: str) -> None:
    done = command("--profile", profile, *FILL, "o.png")
    assert done.returncode == 0 and "not kept in the history" in done.stderr
    assert (tmp_path / "o.png").is_file()
    assert told_in_words(command("--profile", profile, *FILL, "o.xyz"), 2)


def test_a_profile_may_be_relative_and_have_any_name(command: Headless, tmp_path: Path) -> None:
    assert command("--profile", "a b/ü %s", *FILL, "o.png").returncode == 0
    assert (tmp_path / "a b" / "ü %s" / "data" / "history" / "history.db").is_file()


def test_the_current_folder_may_be_gone(command: Headless, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert command("endpoints").returncode == 0
    assert told_in_words(command("--profile", "relative", "endpoints"), 2)


def damage_nothing(history: Path) -> None:
    assert history.is_dir()


def damage_index(history: Path) -> None:
    (history / "history.db").write_bytes(b"\xa5" * 5000)


def index_gone(history: Path) -> None:
    (history / "history.db").unlink()


def index_is_a_folder(history: Path) -> None:
    index_gone(history)
    (history / "history.db").mkdir()


def index_is_a_pipe(history: Path) -> None:
    index_gone(history)
    os.mkfifo(history / "history.db")


def index_is_its_own_link(history: Path) -> None:
    index_gone(history)
    (history / "history.db").symlink_to("history.db")


@pytest.mark.parametrize(
    "damage", [damage_nothing, damage_index, index_gone, index_is_a_folder, index_is_a_pipe, index_is_its_own_link]
)
def test_check_tells_of_a_damaged_index_once_and_loses_no_result(
    command: Headless, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    assert command(*FILL, "o.png").returncode == 0
    damage(tmp_path / "profile" / "data" / "history")
    done = command("check", "--json")
    told = json.loads(done.stdout)
    harmed = damage is not damage_nothing
    assert (done.returncode, told["entries"], len(told["problems"])) == (2 if harmed else 0, 1, int(harmed))
    assert command("check").returncode == 0
    assert command(*FILL, "o.png").returncode == 0


def test_a_log_that_cannot_be_written_is_done_without(command: Headless, tmp_path: Path) -> None:
    (tmp_path / "profile" / "state" / "mendbrush.log").mkdir(parents=True)
    done = command(*FILL, "o.png")
    assert done.returncode == 0 and "rror" not in done.stderr


def test_what_was_not_foreseen_is_told_in_words_and_logged(
    command: Headless, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("of\nall things")

    monkeypatch.setattr("app.cli.open_picture", broken)
    done = command(*FILL, "o.png")
    assert told_in_words(done, 3) and "ZeroDivisionError: of all things" in done.stderr
    assert "Traceback" in (tmp_path / "profile" / "state" / "mendbrush.log").read_text("utf-8")


# -- streams ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_cost_nothing(command: Headless, tmp_path: Path, closed: str) -> None:
    done = command.in_shell(f"$RUN {' '.join(FILL)} o.png {closed}")
    assert done.returncode == 0 and (tmp_path / "o.png").is_file()
    assert done.stdout == ("" if ">&- " in f"{closed} ".replace("2>&-", "") else "o.png\n")


def test_a_reader_that_has_seen_enough_is_no_fault(command: Headless, tmp_path: Path) -> None:
    for words in ("--help", "inpaint --help", "fields fal-ai/fooocus/inpaint --json"):
        done = command.in_shell(f"{{ $RUN {words}; echo $? >code; }} | true")
        assert done.stderr == "" and (tmp_path / "code").read_text() == "0\n", words
    done = command.in_shell(f"$RUN {' '.join(FILL)} o.png 2>&1 | head -c 3")
    assert done.returncode == 0 and (tmp_path / "o.png").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_that_cannot_be_written_is_told(command: Headless, tmp_path: Path) -> None:
    done = command.in_shell("$RUN endpoints > /dev/full")
    assert told_in_words(done, 2) and "No space" in done.stderr
    assert command.in_shell(f"$RUN {' '.join(FILL)} o.png 2> /dev/full").returncode == 0
    assert (tmp_path / "o.png").is_file()


def test_names_are_printed_in_any_locale(command: Headless) -> None:
    for setting in ("PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 LC_ALL=POSIX", "PYTHONIOENCODING=ascii"):
        done = command.in_shell(f"{setting} $RUN fields 'Stück.json'; {setting} $RUN endpoints --json")
        assert "Traceback" not in done.stderr and json.loads(done.stdout)["endpoints"]


# -- told to stop -----------------------------------------------------------------------------------------------------


def slow(command: Headless) -> "subprocess.Popen[str]":
    process = command.started(*FILL, "o.png", "--backend", "practice", "--practice", "delay=60")
    assert process.stderr is not None and process.stderr.readline().startswith("Queued")
    return process


def nothing_is_left(command: Headless, process: "subprocess.Popen[str]") -> bool:
    folder = command.folder
    names = [path.name for path in folder.rglob("*") if path.name.startswith(".mendbrush")]
    return not names and not (folder / "o.png").exists() and process.poll() is not None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_cancels(command: Headless, number: signal.Signals) -> None:
    process = slow(command)
    process.send_signal(number)
    printed, said = process.communicate(timeout=20)
    assert process.returncode == 4 and printed == "" and said.endswith("Cancelled.\n") and "Traceback" not in said
    assert nothing_is_left(command, process)
    assert "cancelled" in next((command.folder / "profile").rglob("jobs/*.json")).read_text()


@pytest.mark.parametrize("after", [0.1, 0.3])
def test_a_signal_while_starting_cancels(command: Headless, after: float) -> None:
    process = command.started(*FILL, "o.png", "--backend", "practice", "--practice", "delay=60")
    time.sleep(after)  # somewhere in the imports: nothing is printed there that could be waited for
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert process.returncode in (4, -signal.SIGTERM) and "Traceback" not in said
    assert nothing_is_left(command, process)


def test_what_nohup_ignores_stays_ignored(command: Headless) -> None:
    words = " ".join([*FILL, "o.png", "--backend", "practice", "--practice", "delay=1"])
    done = command.in_shell(f"trap '' HUP; $RUN {words} & sleep 0.7; kill -HUP $!; wait $!")
    assert done.returncode == 0 and (command.folder / "o.png").is_file()


def test_a_killed_worker_is_a_failed_backend(command: Headless, tmp_path: Path) -> None:
    Image.fromarray(a_photo((1200, 1200))).save(tmp_path / "photo.png")
    Image.fromarray(disc((1200, 1200), (600, 600), 500)).save(tmp_path / "mask.png")
    process = command.started("inpaint", "photo.png", "--mask", "mask.png", "--out", "o.png")
    assert process.stderr is not None and process.stderr.readline().startswith("Filling")
    until = time.monotonic() + 5
    while not (found := _children_of(process.pid)) and time.monotonic() < until:
        time.sleep(0.01)
    assert found
    os.kill(found[0], signal.SIGKILL)
    printed, said = process.communicate(timeout=20)
    assert process.returncode == 3 and printed == "" and "stopped in the middle" in said and "Traceback" not in said
    assert nothing_is_left(command, process)


def _children_of(parent: int) -> list[int]:
    """Process numbers whose parent is ``parent``, from /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            match = re.match(r"(\d+) \(.*\) \S (\d+)", path.read_text())
        except OSError:
            continue
        if match and int(match[2]) == parent:
            found.append(int(match[1]))
    return found


def test_several_at_once_share_one_history(command: Headless) -> None:
    processes = [command.started(*FILL, f"o{number}.png") for number in range(4)]
    assert [(process.communicate(timeout=60)[0], process.returncode) for process in processes] == [
        (f"o{number}.png\n", 0) for number in range(4)
    ]
    assert json.loads(command("check", "--json").stdout) == {"entries": 4, "problems": []}
