"""``inpaint --dry-run``: everything is said, nothing is done."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.store.places import Places
from app.store.sidecars import KeptEntry, Sidecars
from tests.headless import Headless, a_photo, disc, pixels
from tests.store.samples import entry


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Headless:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(a_photo((400, 300))).save(tmp_path / "photo.png")
    Image.fromarray(disc((300, 400), (200, 150), 14)).save(tmp_path / "mask.png")
    return Headless(tmp_path, capsys)


def asked(command: Headless, *more: object) -> tuple[int, dict[str, Any]]:
    done = command("inpaint", "photo.png", "--mask", "mask.png", "--dry-run", "--json", *more)
    return done.returncode, json.loads(done.stdout)


def test_a_remote_request_is_told_whole_though_it_cannot_be_sent(command: Headless, tmp_path: Path) -> None:
    code, told = asked(
        command, "--endpoint", "fal-ai/inpaint", "--set", "prompt=it's", "--set", "model_name=m", "--set", "seed=7"
    )
    assert code == 0
    assert (told["endpoint"], told["backend"]) == ("fal-ai/inpaint", "remote")
    assert (told["method"], told["url"]) == ("POST", "https://queue.fal.run/fal-ai/inpaint")
    assert told["headers"]["Authorization"] == "Key $FAL_KEY"
    assert told["crops"] == [
        {
            "box": [122, 72, 279, 229],
            "size": [157, 157],
            "mask_pixels": int((pixels(tmp_path / "mask.png") > 0).sum()),
            "picture_bytes": told["crops"][0]["picture_bytes"],
            "mask_bytes": told["crops"][0]["mask_bytes"],
        }
    ]
    assert list(told["body"]) == ["model_name", "prompt", "image_url", "mask_url", "seed"]
    assert told["body"]["prompt"] == "it's" and told["body"]["seed"] == 7
    assert told["bytes"] > 4 * told["crops"][0]["picture_bytes"] / 3
    assert told["price"]["amount"] is None and told["price"]["source"]
    assert told["problems"] == [] and told["left_out"]["guidance_scale"] == 7.5


def test_nothing_is_run_kept_or_written(command: Headless, tmp_path: Path) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    assert asked(command)[0] == 0
    assert {path.name for path in tmp_path.iterdir()} - before <= {"profile"}
    assert not list((tmp_path / "profile").rglob("history*")) and not list((tmp_path / "profile").rglob("*.png"))


def test_what_stops_inpaint_stops_the_dry_run_with_the_same_words(command: Headless) -> None:
    words = ["--endpoint", "fal-ai/inpaint", "--set", "guidance_scale=99"]
    code, told = asked(command, *words)
    assert code == 2 and len(told["problems"]) == 3
    real = command("inpaint", "photo.png", "--mask", "mask.png", "--out", "out.png", "--backend", "practice", *words)
    assert real.returncode == 2
    assert all(problem in real.stderr for problem in told["problems"])


def test_an_empty_mask_is_a_problem(command: Headless, tmp_path: Path) -> None:
    Image.fromarray(np.zeros((300, 400), np.uint8)).save(tmp_path / "mask.png")
    code, told = asked(command)
    assert code == 2 and told["crops"] == [] and "Paint a mask" in told["problems"][0]


@pytest.mark.parametrize("arguments", [["--set", "nonsense=1"], ["--grow", "-1"], ["--backend", "remote"]])
def test_wrong_use_is_said_in_a_sentence(command: Headless, arguments: list[str]) -> None:
    done = command("inpaint", "photo.png", "--mask", "mask.png", "--dry-run", *arguments)
    assert done.returncode == 2 and done.stdout == "" and len(done.stderr.strip().splitlines()) == 1


def test_it_can_be_read_too(command: Headless) -> None:
    done = command(
        "inpaint", "photo.png", "--mask", "mask.png", "--dry-run",
        "--endpoint", "scenario/generate/inpaint", "--set", "modelId=m",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for words in ("api.cloud.scenario.com", "Crop 1 of 1: 157 x 157", '"modelId": "m"', "Price: ", "scheduler: none"):
        assert words in done.stdout
    local = command("inpaint", "photo.png", "--mask", "mask.png", "--dry-run")
    assert "Nothing leaves this computer" in local.stdout and "Costs nothing" in local.stdout


def test_the_parts_can_be_saved(command: Headless, tmp_path: Path) -> None:
    words = ("--endpoint", "fal-ai/inpaint", "--set", "prompt=a", "--set", "model_name=m")
    code, told = asked(command, "--grow", "3", "--save-parts", "to/parts", *words)
    assert code == 0
    x0, y0, x1, y1 = told["crops"][0]["box"]
    assert (pixels(tmp_path / "to/parts/picture.png") == pixels(tmp_path / "photo.png")[y0:y1, x0:x1]).all()
    mask = pixels(tmp_path / "to/parts/mask.png")
    assert set(np.unique(mask)) == {0, 255} and int((mask > 0).sum()) == told["crops"][0]["mask_pixels"]
    assert (tmp_path / "to/parts/picture.png").stat().st_size == told["crops"][0]["picture_bytes"]


def test_parts_that_cannot_be_saved_are_said(command: Headless, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = command("inpaint", "photo.png", "--mask", "mask.png", "--dry-run", "--save-parts", "file")
    assert done.returncode == 2 and "file" in done.stderr and "Traceback" not in done.stderr


def test_saving_the_parts_never_replaces_the_mask_itself(command: Headless, tmp_path: Path) -> None:
    before = (tmp_path / "mask.png").read_bytes()
    done = command("inpaint", "photo.png", "--mask", "mask.png", "--dry-run", "--save-parts", ".")
    assert done.returncode == 2 and "mask.png" in done.stderr
    assert (tmp_path / "mask.png").read_bytes() == before and not (tmp_path / "picture.png").exists()


def test_another_base_stands_for_the_providers_host(command: Headless) -> None:
    _, told = asked(command, "--endpoint", "fal-ai/inpaint", "--base-url", "http://127.0.0.1:9")
    assert told["url"] == "http://127.0.0.1:9/fal-ai/inpaint"


def test_without_a_dry_run_a_place_for_the_result_is_needed(command: Headless) -> None:
    done = command("inpaint", "photo.png", "--mask", "mask.png")
    assert done.returncode == 2 and "--out" in done.stderr
    done = command("inpaint", "photo.png", "--mask", "mask.png", "--out", "o.png", "--save-parts", "parts")
    assert done.returncode == 2 and "--dry-run" in done.stderr


def test_what_earlier_requests_cost_is_known_without_opening_the_history(command: Headless, tmp_path: Path) -> None:
    history = Places.below(tmp_path / "profile").history
    paid = replace(entry("e", "j"), endpoint="fal-ai/inpaint", backend="remote", cost=0.04)
    Sidecars(history).write_entry(KeptEntry(paid))
    Sidecars(history).write_entry(KeptEntry(replace(paid, id="gone", job="k", cost=9.0), removed=1.0))
    before = {path for path in history.rglob("*") if path.is_file()}
    _, told = asked(command, "--endpoint", "fal-ai/inpaint", "--set", "prompt=x", "--set", "model_name=m")
    assert told["price"]["amount"] == 0.04 and "earlier request" in told["price"]["source"]
    assert {path for path in history.rglob("*") if path.is_file()} == before
