"""The headless contract: what scripts rely on. Each command runs as a process of its own, with no display."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
Command = Callable[..., subprocess.CompletedProcess[str]]


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "QT_QPA_PLATFORM")}
    return {**kept, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def command(tmp_path: Path) -> Command:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "app", "--profile", str(tmp_path / "profile"), *map(str, arguments)]
        return subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, env=environment(), timeout=120)

    return run


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    pixels = np.clip(np.arange(160)[None, :, None] + rng.integers(0, 40, (120, 160, 3)), 0, 255).astype(np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path, dpi=(300, 300))
    return path


def disc(shape: tuple[int, int], centre: tuple[int, int], radius: int) -> np.ndarray:
    y, x = np.ogrid[: shape[0], : shape[1]]
    return np.where((x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= radius**2, 255, 0).astype(np.uint8)


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    path = tmp_path / "mask.png"
    Image.fromarray(disc((120, 160), (80, 60), 14)).save(path)
    return path


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_inpaint_changes_nothing_outside_the_mask(command: Command, photo: Path, mask: Path, tmp_path: Path) -> None:
    done = command("inpaint", photo, "--mask", mask, "--out", "out.png", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    before, after, masked = pixels(photo), pixels(tmp_path / "out.png"), pixels(mask) > 0
    assert (before[~masked] == after[~masked]).all()
    assert (before[masked] != after[masked]).any()
    assert told["results"][0]["changed_outside"] == 0
    assert told["endpoint"] == "local/fill" and told["backend"] == "local" and told["size"] == [160, 120]
    with Image.open(tmp_path / "out.png") as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)


def test_the_same_seed_gives_the_same_bytes(command: Command, photo: Path, mask: Path, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        done = command("inpaint", photo, "--mask", mask, "--out", name, "--set", "seed=7", "--set", "engine=texture")
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == name
    assert (pixels(tmp_path / "a.png") == pixels(tmp_path / "b.png")).all()


def test_several_results_are_numbered(command: Command, photo: Path, mask: Path, tmp_path: Path) -> None:
    done = command("inpaint", photo, "--mask", mask, "--out", "out.png", "--set", "num_images=2", "--json")
    assert [row["out"] for row in json.loads(done.stdout)["results"]] == ["out.png", "out-2.png"]
    assert (tmp_path / "out-2.png").is_file()


@pytest.mark.parametrize(
    ("endpoint", "settings"),
    [
        ("fal-ai/inpaint", ["model_name=stabilityai/sdxl", "prompt=grass"]),
        ("fal-ai/z-image/turbo/inpaint", ["prompt=grass", "num_images=2"]),
        ("fal-ai/fooocus/inpaint", ["prompt=grass"]),
        ("scenario/generate/inpaint", ["modelId=model_x", "prompt=grass", "numSamples=1"]),
    ],
)
def test_practice_answers_for_every_provider(
    command: Command, photo: Path, mask: Path, tmp_path: Path, endpoint: str, settings: list[str]
) -> None:
    chosen = [word for setting in settings for word in ("--set", setting)]
    done = command(
        "inpaint", photo, "--mask", mask, "--out", "out.png", "--endpoint", endpoint, "--backend", "practice",
        "--practice", "delay=0", "--practice", "queue=0", *chosen, "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["backend"] == "practice" and told["results"][0]["changed_outside"] == 0


def test_sending_is_not_there_yet(command: Command, photo: Path, mask: Path) -> None:
    arguments = ("--endpoint", "fal-ai/inpaint", "--set", "prompt=x", "--set", "model_name=y")
    done = command("inpaint", photo, "--mask", mask, "--out", "out.png", *arguments)
    assert done.returncode == 3
    assert "not there yet" in done.stderr and "Traceback" not in done.stderr


def test_a_failing_backend_is_exit_code_3(command: Command, photo: Path, mask: Path) -> None:
    arguments = ("--backend", "practice", "--practice", "failure=failed", "--practice", "delay=0")
    done = command("inpaint", photo, "--mask", mask, "--out", "out.png", *arguments)
    assert done.returncode == 3 and done.stderr.strip() and done.stdout == ""


def bad_inputs(folder: Path) -> dict[str, tuple[str, ...]]:
    (folder / "text.png").write_text("not a picture")
    (folder / "none.png").write_bytes(b"")
    Image.new("L", (160, 120), 0).save(folder / "empty-mask.png")
    Image.new("L", (20, 20), 255).save(folder / "small-mask.png")
    return {
        "missing": ("inpaint", "nowhere.png", "--mask", "mask.png", "--out", "o.png"),
        "text": ("inpaint", "text.png", "--mask", "mask.png", "--out", "o.png"),
        "empty": ("inpaint", "none.png", "--mask", "mask.png", "--out", "o.png"),
        "folder": ("inpaint", ".", "--mask", "mask.png", "--out", "o.png"),
        "mask size": ("inpaint", "photo.png", "--mask", "small-mask.png", "--out", "o.png"),
        "mask empty": ("inpaint", "photo.png", "--mask", "empty-mask.png", "--out", "o.png"),
        "mask missing": ("inpaint", "photo.png", "--mask", "no.png", "--out", "o.png"),
        "unknown endpoint": ("inpaint", "photo.png", "--mask", "mask.png", "--out", "o.png", "--endpoint", "no/such"),
        "unknown field": ("inpaint", "photo.png", "--mask", "mask.png", "--out", "o.png", "--set", "sed=1"),
        "out of range": ("inpaint", "photo.png", "--mask", "mask.png", "--out", "o.png", "--set", "detail=99"),
        "no such folder": ("inpaint", "photo.png", "--mask", "mask.png", "--out", "no/where/o.png"),
        "no such format": ("inpaint", "photo.png", "--mask", "mask.png", "--out", "o.xyz"),
        "no command": ("nonsense", "a", "b"),
        "mask operation": ("mask", "melt", "a.png", "b.png"),
        "mask amount": ("mask", "grow", "many", "mask.png", "o.png"),
        "mask words": ("mask", "invert", "mask.png"),
        "fields": ("fields", "no/such"),
    }


def test_bad_input_is_one_sentence_and_exit_code_2(
    command: Command, photo: Path, mask: Path, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for name, arguments in bad_inputs(tmp_path).items():
        with subtests.test(name):
            done = command(*arguments)
            assert done.returncode == 2, (done.stdout, done.stderr)
            assert done.stderr.strip() and "Traceback" not in done.stderr and done.stdout == ""
            assert not (tmp_path / "o.png").exists()


def test_a_mask_that_is_not_binary_is_said_once(command: Command, photo: Path, tmp_path: Path) -> None:
    grey = disc((120, 160), (80, 60), 14).astype(int)
    grey[grey == 255] = 200
    Image.fromarray(np.stack([grey.astype(np.uint8)] * 3, axis=2)).save(tmp_path / "grey.png")
    done = command("inpaint", photo, "--mask", "grey.png", "--out", "out.png")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("128") == 1


@pytest.mark.parametrize(("operation", "radius"), [("grow", 9), ("dilate", 9), ("shrink", 5), ("erode", 5)])
def test_mask_operations_are_exact_discs(
    command: Command, mask: Path, tmp_path: Path, operation: str, radius: int
) -> None:
    done = command("mask", operation, radius, mask, "out.png")
    assert done.returncode == 0, done.stderr
    source = pixels(mask) > 0
    seen = source if operation in ("grow", "dilate") else ~source
    found = np.zeros_like(source)
    ys, xs = np.nonzero(seen)
    rows, columns = np.ogrid[:120, :160]
    for y, x in zip(ys, xs, strict=True):
        found |= (rows - y) ** 2 + (columns - x) ** 2 <= radius**2
    expected = found if operation in ("grow", "dilate") else ~found
    with Image.open(tmp_path / "out.png") as out:
        assert out.mode == "L"
    assert (pixels(tmp_path / "out.png") == np.where(expected, 255, 0)).all()


def test_mask_invert(command: Command, mask: Path, tmp_path: Path) -> None:
    assert command("mask", "invert", mask, "out.png").returncode == 0
    assert (pixels(tmp_path / "out.png") == 255 - pixels(mask)).all()


def test_endpoints_lists_the_projects_own(command: Command) -> None:
    listed = {row["id"] for row in json.loads(command("endpoints", "--json").stdout)["endpoints"]}
    assert listed >= {
        "local/fill",
        "fal-ai/inpaint",
        "fal-ai/z-image/turbo/inpaint",
        "fal-ai/fooocus/inpaint",
        "scenario/generate/inpaint",
    }


def test_fields_as_json(command: Command) -> None:
    document = json.loads(command("fields", "local/fill", "--json").stdout)
    assert document["endpoint"] == "local/fill" and document["problems"] == []
    detail = next(field for field in document["fields"] if field["path"] == "detail")
    assert (detail["kind"], detail["default"], detail["minimum"], detail["maximum"]) == ("integer", 3, 2, 7)


def test_check_verifies_the_store(command: Command, photo: Path, mask: Path, tmp_path: Path) -> None:
    assert command("inpaint", photo, "--mask", mask, "--out", "out.png").returncode == 0
    assert command("check").returncode == 0
    largest = max((tmp_path / "profile").rglob("blobs/**/*.png"), key=lambda path: path.stat().st_size)
    largest.chmod(0o600)
    largest.write_bytes(b"altered")
    done = command("check", "--json")
    assert done.returncode == 2 and json.loads(done.stdout)["problems"]


def test_everything_kept_is_below_the_profile(command: Command, photo: Path, mask: Path, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if "profile" not in path.parts}
    assert command("inpaint", photo, "--mask", mask, "--out", "out.png").returncode == 0
    after = {path for path in tmp_path.rglob("*") if "profile" not in path.parts}
    assert {path.name for path in after - before} == {"out.png"}
    assert (tmp_path / "profile" / "data" / "history" / "history.db").is_file()


def test_interrupting_is_exit_code_4(photo: Path, mask: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "app", "--profile", str(tmp_path / "p"), "inpaint", str(photo), "--mask", str(mask)]
    words += ["--out", str(tmp_path / "o.png"), "--backend", "practice", "--practice", "delay=60"]
    process = subprocess.Popen(words, env=environment(), stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    assert process.stderr is not None
    process.stderr.readline()
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 4 and "Traceback" not in errors
    assert not (tmp_path / "o.png").exists()


def test_help_and_version_need_nothing() -> None:
    for word in ("--help", "--version", "-h"):
        done = subprocess.run(
            [sys.executable, "-m", "app", word], capture_output=True, text=True, env=environment(), cwd=ROOT
        )
        assert done.returncode == 0 and "mendbrush" in done.stdout


def test_one_version() -> None:
    import tomllib

    from app.version import VERSION

    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == VERSION
