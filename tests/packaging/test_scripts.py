"""packaging/run, packaging/test and what they share, in a copy of the checkout where every tool they call is a fake."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ["run", "test", "lock", "setup.sh"]
FILE_TOOLS = ["chmod", "cp", "dirname", "find", "mkdir", "rm", "touch"]
OTHER_TOOLS = ["sh", "cat", "cmp", "env", "grep", "sed", "sleep", "sort", "tr", "true"]

# Stands for .venv/bin/python: notes how it was called, and answers as the program would.
PROGRAM = """#!/bin/sh
case " $* " in
*" pip "*)
    echo "$*" >>"$FAKES/pip.log"
    [ ! -e "$FAKES/pip-fails" ] || exit 1
    sleep "${PIP_SECONDS:-0}" ;;
*)
    printf '%s\\n' "cwd=$PWD" "path=${PYTHONPATH-}" "platform=${QT_QPA_PLATFORM-}" "arguments=$#"
    printf '<%s>' "$@"
    case $FAILS in "$3" | "$2") exit 7 ;; esac ;;
esac
"""

# Stands for the system's Python: it makes such a .venv, and leaves the locking to a real one.
PYTHON = """#!/bin/sh
case "$*" in
*ensurepip*) echo "$0" ;;
*flock*) exec "$REAL_PYTHON" "$@" ;;
*"-m venv"*)
    mkdir -p "$4/bin" "$4/lib/python3.11/site-packages/PySide6/Qt"
    cp "$FAKES/program" "$4/bin/python" ;;
esac
"""

# Says that a library is missing until somebody has installed packages, unless told that all is well.
LDD = """#!/bin/sh
echo "$*" >>"$FAKES/ldd.log"
[ -e "$FAKES/installed" ] || echo "    libEGL.so.1 => not found"
"""

APT_GET = """#!/bin/sh
echo "$*" >>"$FAKES/apt.log"
case "$*" in *install*) touch "$FAKES/installed" ;; esac
echo "noise of apt-get"
"""


class Checkout:
    """A copy of packaging/ with a ready .venv, and a PATH of fakes.

    Everything is there and installed at first; a test takes away what it wants to see missed.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "check out"
        self.fakes = folder / "fakes"
        self.elsewhere = folder / "else where"
        self.packaging = self.root / "packaging"
        self.venv = self.root / ".venv"
        self.elsewhere.mkdir(parents=True)
        self.fakes.mkdir()
        shutil.copytree(ROOT / "packaging", self.packaging)
        for tool in FILE_TOOLS + OTHER_TOOLS:
            (self.fakes / tool).symlink_to(shutil.which(tool) or pytest.fail(f"no {tool}"))
        for name, text in {"program": PROGRAM, "python3": PYTHON, "ldd": LDD, "apt-get": APT_GET}.items():
            self.fake(name, text)
        self.be("user")
        self.fake("apt-cache", "#!/bin/sh\nexit 100\n")
        self.fake("Xvfb", "#!/bin/sh\n")
        self.fake("xauth", "#!/bin/sh\n")
        (self.fakes / "installed").touch()
        self.make_venv()

    def fake(self, name: str, text: str) -> None:
        """Puts an executable of that text on the PATH."""
        (self.fakes / name).write_text(text)
        (self.fakes / name).chmod(0o755)

    def be(self, user: str) -> None:
        """Runs the scripts as `root`, as a `user`, or as a `sudoer` who is asked for no password."""
        self.fake("id", f"#!/bin/sh\necho {0 if user == 'root' else 1000}\n")
        self.fake(
            "sudo", '#!/bin/sh\n[ "$1" = -n ] && shift && exec "$@"\n' if user == "sudoer" else "#!/bin/sh\nexit 1\n"
        )

    def make_venv(self) -> None:
        """Puts a finished installation of both locks into place."""
        (self.venv / "bin").mkdir(parents=True)
        (self.venv / "lib/python3.11/site-packages/PySide6/Qt").mkdir(parents=True)
        shutil.copy(self.fakes / "program", self.venv / "bin" / "python")
        shutil.copy(self.packaging / "requirements.lock", self.venv / ".run")
        shutil.copy(self.packaging / "requirements-test.lock", self.venv / ".test")

    def start(self, script: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Starts a script from a folder that is not the checkout's."""
        return subprocess.Popen(
            ["/bin/sh", str(self.packaging / script), *arguments],
            cwd=self.elsewhere,
            env={
                "PATH": str(self.fakes),
                "FAKES": str(self.fakes),
                "REAL_PYTHON": sys.executable,
                "PIP_CERT": "here",
                "FAILS": "none",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, script: str, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Runs a script to its end: exit code, stdout, stderr."""
        process = self.start(script, *arguments, **environment)
        out, err = process.communicate(timeout=30)
        return process.returncode, out, err

    def log(self, name: str) -> list[str]:
        """What a fake wrote down of its calls, one line each."""
        path = self.fakes / f"{name}.log"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


# --- the text of the scripts ---


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_shell_of_debian_reads_it(script: str) -> None:
    for shell in filter(None, map(shutil.which, ["dash", "sh"])):
        done = subprocess.run([shell, "-n", str(ROOT / "packaging" / script)], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("script", SCRIPTS)
def test_it_is_posix(script: str) -> None:
    code = re.sub(r"(?m)(^|\s)#.*$", "", (ROOT / "packaging" / script).read_text("utf-8"))
    bashisms = (
        r"\[\[|\]\]|<\(|<<<|&>|\$'|\bfunction\b|\blocal\b|\bdeclare\b|\bsource\b|\bpipefail\b|\w\+=|=~|\$\{!|\bRANDOM\b"
    )
    assert re.findall(bashisms, code) == []
    if checkbashisms := shutil.which("checkbashisms"):
        done = subprocess.run(
            [checkbashisms, "--force", "--extra", str(ROOT / "packaging" / script)], capture_output=True, text=True
        )
        assert "possible bashism" not in done.stderr


# --- run, when everything is there ---


def test_run_keeps_folder_arguments_and_stdout_for_the_program(checkout: Checkout) -> None:
    code, out, err = checkout.call("run", "inpaint", "a b.png", "", "--set", 'prompt="x\ny"', PYTHONPATH="/not/ours")
    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == [f"cwd={checkout.elsewhere}", f"path={checkout.root}", "platform=", "arguments=8"]
    assert out.endswith('<-P><-m><app><inpaint><a b.png><><--set><prompt="x\ny">')


def test_run_hands_on_the_exit_code(checkout: Checkout) -> None:
    assert checkout.call("run", "check", FAILS="-m")[0] == 7


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["photo.jpg"], True),
        (["--profile", "mask"], True),
        (["--profile", "p", "photo.jpg"], True),
        (["--profile"], True),
        (["photo.jpg", "inpaint"], True),
        (["--help"], False),
        (["-h"], False),
        (["--version"], False),
        (["mask", "invert", "a", "b"], False),
        (["--profile", "p", "inpaint", "a.jpg"], False),
        (["--profile=p", "self-test"], False),
    ],
)
def test_run_asks_for_the_libraries_of_a_window_only_for_a_window(
    checkout: Checkout, arguments: list[str], window: bool
) -> None:
    assert checkout.call("run", *arguments)[0] == 0
    (asked,) = checkout.log("ldd")
    assert ("libqxcb.so" in asked) is window
    assert "libqoffscreen.so" in asked


# --- missing system packages ---

OFFSCREEN = "libglib2.0-0 libegl1 libgl1 libx11-6 libdbus-1-3 libfontconfig1 libxkbcommon0 libbrotli1"


def test_a_user_gets_one_line_to_type(checkout: Checkout) -> None:
    (checkout.fakes / "installed").unlink()
    code, out, err = checkout.call("run", "--help")
    assert (code, out) == (2, "")
    assert err.splitlines()[1:] == [f"sudo apt-get install --no-install-recommends {OFFSCREEN}"]
    assert checkout.log("apt") == []


def test_a_user_is_told_the_name_of_glib_on_newer_systems(checkout: Checkout) -> None:
    (checkout.fakes / "installed").unlink()
    checkout.fake("apt-cache", "#!/bin/sh\nexit 0\n")
    line = checkout.call("run")[2].splitlines()[1]
    assert " libglib2.0-0t64 libegl1 " in line
    assert line.endswith(" libxkbcommon-x11-0")


@pytest.mark.parametrize("user", ["root", "sudoer"])
def test_who_may_install_is_not_asked(checkout: Checkout, user: str) -> None:
    (checkout.fakes / "installed").unlink()
    checkout.be(user)
    code, out, err = checkout.call("run", "endpoints")
    assert (code, err) == (0, "Mendbrush: installing system packages\n")
    assert "noise" not in out
    update, install = checkout.log("apt")
    assert update.endswith(" update")
    assert install.endswith(f" install --yes --no-install-recommends {OFFSCREEN}")


def test_another_kind_of_system_is_told_what_to_look_for(checkout: Checkout) -> None:
    (checkout.fakes / "installed").unlink()
    (checkout.fakes / "apt-get").unlink()
    code, out, err = checkout.call("run", "--help")
    assert (code, out) == (2, "")
    assert OFFSCREEN in err


def test_libraries_that_stay_missing_are_named(checkout: Checkout) -> None:
    (checkout.fakes / "installed").unlink()
    checkout.be("root")
    checkout.fake("apt-get", "#!/bin/sh\n")
    code, out, err = checkout.call("run", "--help")
    assert (code, out) == (2, "")
    assert "libEGL.so.1 => not found" in err


def test_what_apt_get_said_is_shown_when_it_fails(checkout: Checkout) -> None:
    (checkout.fakes / "installed").unlink()
    checkout.be("root")
    checkout.fake("apt-get", "#!/bin/sh\necho no network here\nexit 100\n")
    code, out, err = checkout.call("run", "--help")
    assert (code, out) == (2, "")
    assert "no network here" in err


def test_without_python_one_line_names_everything(checkout: Checkout) -> None:
    shutil.rmtree(checkout.venv)
    (checkout.fakes / "python3").unlink()
    code, out, err = checkout.call("run", "photo.jpg")
    assert (code, out) == (2, "")
    (line,) = err.splitlines()[1:]
    assert f" python3 python3-venv ca-certificates {OFFSCREEN} " in line


# --- the installation ---


def test_nothing_is_installed_twice(checkout: Checkout) -> None:
    shutil.rmtree(checkout.venv)
    code, out, err = checkout.call("run", "check")
    assert code == 0
    assert len(err.splitlines()) == 2
    assert out.startswith("cwd=")
    assert checkout.call("run", "check")[2] == ""
    (call,) = checkout.log("pip")
    assert "--require-hashes --no-deps" in call
    assert call.endswith("packaging/requirements.lock")


def test_a_changed_lock_makes_the_installation_anew(checkout: Checkout) -> None:
    (checkout.venv / "left-over").touch()
    with (checkout.packaging / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert checkout.call("run", "check")[0] == 0
    assert not (checkout.venv / "left-over").exists()
    assert not (checkout.venv / ".test").exists()


def test_a_dead_interpreter_makes_the_installation_anew(checkout: Checkout) -> None:
    (checkout.venv / "bin" / "python").unlink()
    (checkout.venv / "bin" / "python").symlink_to("/gone/python3.10")
    assert checkout.call("run", "check")[0] == 0
    assert len(checkout.log("pip")) == 1


def test_a_failed_installation_says_so_and_is_made_anew(checkout: Checkout) -> None:
    shutil.rmtree(checkout.venv)
    (checkout.fakes / "pip-fails").touch()
    code, out, err = checkout.call("run", "check")
    assert (code, out) == (2, "")
    assert "check the network" in err
    (checkout.fakes / "pip-fails").unlink()
    assert checkout.call("run", "check")[0] == 0
    assert len(checkout.log("pip")) == 2


def test_a_killed_installation_is_made_anew(checkout: Checkout) -> None:
    shutil.rmtree(checkout.venv)
    process = checkout.start("run", "check", PIP_SECONDS="0.3")
    wait_until(lambda: len(checkout.log("pip")) == 1)
    process.kill()
    process.communicate(timeout=30)
    (checkout.venv / "half").touch()
    code, out, _ = checkout.call("run", "check")
    assert (code, out[:4]) == (0, "cwd=")
    assert len(checkout.log("pip")) == 2
    assert not (checkout.venv / "half").exists()


def test_two_at_once_install_once(checkout: Checkout) -> None:
    shutil.rmtree(checkout.venv)
    processes = [checkout.start("run", "check", PIP_SECONDS="0.3") for _ in range(3)]
    answers = [process.communicate(timeout=30) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(checkout.log("pip")) == 1
    assert sum("waiting for another set-up" in err for _, err in answers) == 2


def test_a_folder_that_cannot_be_written_is_named(checkout: Checkout) -> None:
    shutil.rmtree(checkout.venv)
    checkout.venv.write_text("in the way")
    code, out, err = checkout.call("run", "check")
    assert (code, out) == (2, "")
    assert str(checkout.venv) in err


# --- test ---


def test_the_test_tools_are_added_to_what_is_there(checkout: Checkout) -> None:
    (checkout.venv / ".test").unlink()
    (checkout.venv / "kept").touch()
    assert checkout.call("test")[0] == 0
    (call,) = checkout.log("pip")
    assert call.endswith("packaging/requirements-test.lock")
    assert (checkout.venv / "kept").exists()
    assert checkout.call("run", "check")[2] == ""
    assert len(checkout.log("pip")) == 1


def test_test_runs_every_check_and_pytest_last(checkout: Checkout) -> None:
    code, out, err = checkout.call("test", "-k", "a b")
    assert code == 0
    assert re.findall(r"<-m><(\w+)>", err) == ["ruff", "ruff", "mypy"]
    assert out.splitlines()[:3] == [f"cwd={checkout.root}", "path=", "platform=offscreen"]
    assert out.endswith("<-m><pytest><-k><a b>")


@pytest.mark.parametrize("user", ["root", "user"])
def test_a_virtual_screen_is_wanted_but_not_needed(checkout: Checkout, user: str) -> None:
    (checkout.fakes / "Xvfb").unlink()
    checkout.be(user)
    checkout.fake("apt-get", "#!/bin/sh\necho no network here\nexit 100\n")
    code, out, err = checkout.call("test")
    assert code == 0
    assert out.endswith("<-m><pytest>")
    assert ("no network here" in err) is (user == "root")


@pytest.mark.parametrize(("failing", "expected"), [("check", 1), ("mypy", 1), ("pytest", 7)])
def test_test_fails_when_any_check_does(checkout: Checkout, failing: str, expected: int) -> None:
    code, out, err = checkout.call("test", FAILS=failing)
    assert code == expected
    assert out.endswith("<-m><pytest>"), "pytest runs all the same, and its summary is the end"
    assert ("failed: see above" in err) is (failing != "pytest")


def wait_until(condition: Callable[[], bool]) -> None:
    """Waits at most ten seconds for a condition."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
