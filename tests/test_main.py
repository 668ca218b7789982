"""The program's entrance: which of its three ways the words lead to, and how it ends."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from app import __main__ as entrance
from app.core.errors import BackendError, InputError, StoreError
from app.version import VERSION
from tests.headless import ROOT, environment

Called = list[tuple[str, list[str], Path | None]]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Called:
    """The rooms are not entered; who would have been, with which words and profile, is noted."""
    calls: Called = []

    def entry(module: str) -> object:
        assert importlib.util.find_spec(module) is not None  # the room exists

        def room(rest: list[str], profile: Path | None) -> int:
            calls.append((module, rest, profile))
            return 0

        return room

    monkeypatch.setattr(entrance, "_entry", entry)
    return calls


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ("app.start", [], None)),
        (["a.png"], ("app.start", ["a.png"], None)),
        (["--", "inpaint"], ("app.start", ["inpaint"], None)),
        (["--", "-a.png"], ("app.start", ["-a.png"], None)),
        (["--profile", "p", "--", "--help"], ("app.start", ["--help"], Path("p"))),
        (["--profile", "p"], ("app.start", [], Path("p"))),
        (["--profile=a=b", "check"], ("app.cli", ["check"], Path("a=b"))),
        (["--profile", "-p", "check"], ("app.cli", ["check"], Path("-p"))),
        (["mask", "grow", "-5", "--x"], ("app.cli", ["mask", "grow", "-5", "--x"], None)),
        (["inpaint", "--help"], ("app.cli", ["inpaint", "--help"], None)),
        (["self-test"], ("app.selftest", [], None)),
        (["./check"], ("app.start", ["./check"], None)),
    ],
)
def test_words_lead_to_one_room(called: Called, words: list[str], expected: tuple[str, list[str], Path | None]) -> None:
    assert entrance.main(words) == 0 and called == [expected]


@pytest.mark.parametrize(
    "words",
    [["--profile"], ["--profile="], ["--profile", "", "check"], ["--nonsense"], ["-x"], ["a.png", "b.png"], ["-", "a"]],
)
def test_wrong_use_enters_no_room(called: Called, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert entrance.main(words) == 2 and called == []
    printed = capsys.readouterr()
    assert printed.out == "" and len(printed.err.splitlines()) == 1


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--profile", "p", "--help"], ["self-test", "--help"]])
def test_help_enters_no_room(called: Called, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert entrance.main(words) == 0 and called == []
    assert "usage: mendbrush" in capsys.readouterr().out


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    entrance.main(["--help"])
    told = capsys.readouterr().out
    assert all(f"  {name} " in told for name in (*entrance.HEADLESS, "self-test")) and "--profile DIR" in told
    entrance.main(["--version"])
    assert capsys.readouterr().out == f"mendbrush {VERSION}\n"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (InputError("Choose another."), 2, "Choose another."),
        (StoreError("The disk is full."), 2, "The disk is full."),
        (BackendError("Try again."), 3, "Try again."),
        (KeyboardInterrupt(), 4, "Cancelled."),
        (ValueError("odd\nthing"), 3, "ValueError: odd thing"),
        (MemoryError(), 3, "MemoryError"),
    ],
)
def test_every_end_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    words: str,
) -> None:
    def room(_: list[str], __: Path | None) -> int:
        raise error

    monkeypatch.setattr(entrance, "_entry", lambda _: room)
    assert entrance.main(["check"]) == code
    printed = capsys.readouterr()
    assert words in printed.err and len(printed.err.splitlines()) == 1 and printed.out == ""


def test_without_a_display_the_window_says_so() -> None:
    without = {key: value for key, value in environment().items() if key != "WAYLAND_DISPLAY"}
    command = [sys.executable, "-m", "app", "a.png"]
    done = subprocess.run(command, capture_output=True, text=True, env=without, cwd=ROOT, timeout=60, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "display" in done.stderr


def test_a_headless_command_loads_no_qt_and_help_loads_no_pixels(tmp_path: Path) -> None:
    script = (
        "import sys; from app.__main__ import main; main(sys.argv[1:]); "
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    for words, absent in ((["endpoints"], {"PySide6", "qasync", "httpx"}), (["--help"], {"PySide6", "numpy", "cv2"})):
        command = [sys.executable, "-c", script, "--profile", str(tmp_path), *words]
        done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=60, check=True)
        assert not absent & set(done.stderr.split()), words
