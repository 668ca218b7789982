"""The headless contract: what scripts rely on, with no display."""

import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from app.core.morphology import grown
from app.version import VERSION
from tests.headless import ROOT, Headless, a_photo, disc, pixels

FAST = ("--practice", "delay=0", "--practice", "queue=0")


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Headless:
    monkeypatch.chdir(tmp_path)
    return Headless(tmp_path, capsys)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(a_photo()).save(path, dpi=(300, 300))
    return path


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    path = tmp_path / "mask.png"
    Image.fromarray(disc((120, 160), (80, 60), 14)).save(path)
    return path


def test_inpaint_changes_nothing_outside_the_mask(command: Headless, photo: Path, mask: Path, tmp_path: Path) -> None:
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


def test_the_same_seed_gives_the_same_bytes(command: Headless, photo: Path, mask: Path, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        done = command("inpaint", photo, "--mask", mask, "--out", name, "--set", "seed=7", "--set", "engine=texture")
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == name
    assert (pixels(tmp_path / "a.png") == pixels(tmp_path / "b.png")).all()


def test_several_results_are_numbered(command: Headless, photo: Path, mask: Path, tmp_path: Path) -> None:
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
    command: Headless, photo: Path, mask: Path, tmp_path: Path, endpoint: str, settings: list[str]
) -> None:
    chosen = [word for setting in settings for word in ("--set", setting)]
    done = command(
        "inpaint", photo, "--mask", mask, "--out", "out.png", "--endpoint", endpoint, "--backend", "practice",
        "--practice", "delay=0", "--practice", "queue=0", *chosen, "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["backend"] == "practice" and told["results"][0]["changed_outside"] == 0


def test_sending_is_not_there_yet(command: Headless, photo: Path, mask: Path) -> None:
    arguments = ("--endpoint", "fal-ai/inpaint", "--set", "prompt=x", "--set", "model_name=y")
    done = command("inpaint", photo, "--mask", mask, "--out", "out.png", *arguments)
    assert done.returncode == 3
    assert "not there yet" in done.stderr and "Traceback" not in done.stderr


def test_a_failing_backend_is_exit_code_3(command: Headless, photo: Path, mask: Path) -> None:
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
    command: Headless, photo: Path, mask: Path, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for name, arguments in bad_inputs(tmp_path).items():
        with subtests.test(name):
            done = command(*arguments)
            assert done.returncode == 2, (done.stdout, done.stderr)
            assert done.stderr.strip() and "Traceback" not in done.stderr and done.stdout == ""
            assert not (tmp_path / "o.png").exists()


def test_a_mask_that_is_not_binary_is_said_once(command: Headless, photo: Path, tmp_path: Path) -> None:
    grey = disc((120, 160), (80, 60), 14).astype(int)
    grey[grey == 255] = 200
    Image.fromarray(np.stack([grey.astype(np.uint8)] * 3, axis=2)).save(tmp_path / "grey.png")
    done = command("inpaint", photo, "--mask", "grey.png", "--out", "out.png")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("128") == 1


@pytest.mark.parametrize(("operation", "radius"), [("grow", 9), ("dilate", 9), ("shrink", 5), ("erode", 5)])
def test_mask_operations_are_exact_discs(
    command: Headless, mask: Path, tmp_path: Path, operation: str, radius: int
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


def test_mask_invert(command: Headless, mask: Path, tmp_path: Path) -> None:
    assert command("mask", "invert", mask, "out.png").returncode == 0
    assert (pixels(tmp_path / "out.png") == 255 - pixels(mask)).all()


def test_endpoints_lists_the_projects_own(command: Headless) -> None:
    listed = {row["id"] for row in json.loads(command("endpoints", "--json").stdout)["endpoints"]}
    assert listed >= {
        "local/fill",
        "fal-ai/inpaint",
        "fal-ai/z-image/turbo/inpaint",
        "fal-ai/fooocus/inpaint",
        "scenario/generate/inpaint",
    }


def test_fields_as_json(command: Headless) -> None:
    document = json.loads(command("fields", "local/fill", "--json").stdout)
    assert document["endpoint"] == "local/fill" and document["problems"] == []
    detail = next(field for field in document["fields"] if field["path"] == "detail")
    assert (detail["kind"], detail["default"], detail["minimum"], detail["maximum"]) == ("integer", 3, 2, 7)


def test_check_verifies_the_store(command: Headless, photo: Path, mask: Path, tmp_path: Path) -> None:
    assert command("inpaint", photo, "--mask", mask, "--out", "out.png").returncode == 0
    assert command("check").returncode == 0
    largest = max((tmp_path / "profile").rglob("blobs/**/*.png"), key=lambda path: path.stat().st_size)
    largest.chmod(0o600)
    largest.write_bytes(b"altered")
    done = command("check", "--json")
    assert done.returncode == 2 and json.loads(done.stdout)["problems"]


def test_everything_kept_is_below_the_profile(command: Headless, photo: Path, mask: Path, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if "profile" not in path.parts}
    assert command("inpaint", photo, "--mask", mask, "--out", "out.png").returncode == 0
    after = {path for path in tmp_path.rglob("*") if "profile" not in path.parts}
    assert {path.name for path in after - before} == {"out.png"}
    assert (tmp_path / "profile" / "data" / "history" / "history.db").is_file()


def test_nothing_but_results_on_stdout(command: Headless, photo: Path, mask: Path) -> None:
    done = command("inpaint", photo, "--mask", mask, "--out", "o.png", "--set", "num_images=2")
    assert done.stdout == "o.png\no-2.png\n" and "Filling" in done.stderr


@pytest.mark.parametrize(("grow", "feather"), [(0, 0.0), (6, 3.5)])
@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif", ".bmp"])
def test_no_lossless_format_changes_a_pixel_outside_the_grown_mask(
    command: Headless, photo: Path, mask: Path, tmp_path: Path, grow: int, feather: float, suffix: str
) -> None:
    done = command(
        "inpaint", photo, "--mask", mask, "--out", f"o{suffix}", "--grow", grow, "--feather", feather, "--json",
        "--set", "engine=quick",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    masked = pixels(mask).copy()
    if region := grown(masked, grow):
        masked[region[0].slices] = region[1]
    changed = (pixels(photo) != pixels(tmp_path / f"o{suffix}")).any(axis=2)
    assert changed.any() and not changed[masked == 0].any()
    assert json.loads(done.stdout)["results"][0]["changed_outside"] == 0


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_what_a_jpeg_says_of_itself_is_kept(command: Headless, mask: Path, tmp_path: Path, suffix: str) -> None:
    exif = Image.Exif()
    exif[271], exif[274] = "Maker", 1
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.fromarray(a_photo())
    image.save(tmp_path / "p.jpg", quality=71, subsampling=2, exif=exif, icc_profile=icc, dpi=(240, 240))
    assert command("inpaint", "p.jpg", "--mask", mask, "--out", f"o{suffix}").returncode == 0
    with Image.open(tmp_path / "p.jpg") as before, Image.open(tmp_path / f"o{suffix}") as after:
        assert after.getexif()[271] == "Maker" and after.info["icc_profile"] == icc
        assert after.info["dpi"] == pytest.approx((240, 240), abs=0.01)
        if suffix == ".jpg":
            assert getattr(after, "quantization", 1) == getattr(before, "quantization", 2)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_picture_comes_back_upright(command: Headless, mask: Path, tmp_path: Path, turn: int) -> None:
    lies = turn >= 5
    exif = Image.Exif()
    exif[274] = turn
    Image.fromarray(a_photo((120, 160) if lies else (160, 120))).save(tmp_path / "p.png", exif=exif)
    assert command("inpaint", "p.png", "--mask", mask, "--out", "o.png", "--set", "engine=quick").returncode == 0
    with Image.open(tmp_path / "p.png") as image:
        image.load()
        ways = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # as Pillow's transpose counts them
        shown = np.asarray(image.transpose(Image.Transpose(ways[turn])) if turn > 1 else image)
    with Image.open(tmp_path / "o.png") as image:
        assert image.getexif().get(274, 1) == 1
    outside = pixels(mask) == 0
    assert (shown[outside] == pixels(tmp_path / "o.png")[outside]).all()


@pytest.mark.parametrize("name", ["photo.png", "mask.png"])
def test_the_result_may_replace_its_own_input(
    command: Headless, photo: Path, mask: Path, tmp_path: Path, name: str
) -> None:
    before, outside = pixels(photo), pixels(mask) == 0
    assert command("inpaint", photo, "--mask", mask, "--out", name).returncode == 0
    assert (pixels(tmp_path / name)[outside] == before[outside]).all()


def test_far_islands_are_filled_one_by_one(command: Headless, tmp_path: Path) -> None:
    Image.fromarray(a_photo((900, 700))).save(tmp_path / "p.png")
    masked = np.maximum(disc((700, 900), (60, 60), 9), disc((700, 900), (840, 640), 9))
    Image.fromarray(masked).save(tmp_path / "m.png")
    done = command("inpaint", "p.png", "--mask", "m.png", "--out", "o.png", "--json", "--set", "engine=quick")
    assert len(json.loads(done.stdout)["crops"]) == 2
    changed = (pixels(tmp_path / "p.png") != pixels(tmp_path / "o.png")).any(axis=2)
    assert not changed[masked == 0].any() and changed[:200].any() and changed[-200:].any()


@pytest.mark.shared
def test_the_seed_example_loses_its_object(command: Headless, shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "seed-example"
    name = "overture-creations-5sI6fQgYIuo"
    done = command("inpaint", folder / f"{name}.png", "--mask", folder / f"{name}_mask.png", "--out", "o.png", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["seconds"] < 3
    with Image.open(folder / f"{name}_mask.png") as image:
        masked = np.asarray(image.convert("L")) >= 128
    changed = (pixels(folder / f"{name}.png") != pixels(tmp_path / "o.png")).any(axis=2)
    assert not changed[~masked].any() and changed[masked].mean() > 0.95


@pytest.mark.parametrize(
    ("setting", "value"),
    [("7", 7), ("7.0", 7), ("1e3", 1000), ("null", None), (" 7", 7), ("4294967295", 4294967295)],
)
def test_a_seed_is_a_whole_number_however_it_is_written(
    command: Headless, photo: Path, mask: Path, setting: str, value: int | None
) -> None:
    done = command("inpaint", photo, "--mask", mask, "--out", "o.png", "--json", "--set", f"seed={setting}")
    told = json.loads(done.stdout)
    assert told["values"] == {"seed": value} and told["results"][0]["seed"] == (value or 0)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("a=b", "a=b"),
        ('"quoted"', "quoted"),
        ('{"a": 1}', '{"a": 1}'),
        ("ein Stück 日本", "ein Stück 日本"),
        ("\udcff", "\udcff"),
    ],
)
def test_a_text_field_takes_what_is_written(
    command: Headless, photo: Path, mask: Path, setting: str, value: str
) -> None:
    done = command(
        "inpaint", photo, "--mask", mask, "--out", "o.png", "--json", "--endpoint", "fal-ai/fooocus/inpaint",
        "--backend", "practice", *FAST, "--set", f"prompt={setting}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["values"]["prompt"] == value


def test_what_the_fill_has_to_say_is_said(command: Headless, photo: Path, tmp_path: Path) -> None:
    Image.new("L", (160, 120), 255).save(tmp_path / "all.png")
    done = command("inpaint", photo, "--mask", "all.png", "--out", "o.png")
    assert done.returncode == 0 and "nothing to copy from" in done.stderr
    marked = command("inpaint", photo, "--mask", "all.png", "--out", "o.png", "--backend", "practice", *FAST,
                     "--practice", "failure=nsfw")  # fmt: skip
    assert marked.returncode == 0 and "safety filter" in marked.stderr


@pytest.mark.parametrize(("endpoint", "backend"), [("local/fill", "remote"), ("fal-ai/fooocus/inpaint", "local")])
def test_a_backend_that_cannot_run_the_endpoint_is_wrong_use(
    command: Headless, photo: Path, mask: Path, endpoint: str, backend: str
) -> None:
    done = command("inpaint", photo, "--mask", mask, "--out", "o.png", "--endpoint", endpoint, "--backend", backend)
    assert done.returncode == 2 and "practice" in done.stderr and done.stdout == ""


def test_the_help_names_every_option(command: Headless) -> None:
    told = command("inpaint", "--help").stdout
    for option in ("--mask", "--endpoint", "--backend", "--base-url", "--set", "--out", "--json"):
        assert re.search(rf"{option}\b", told)
    for name in ("mask", "endpoints", "fields", "check", "self-test"):
        assert command(name, "--help").returncode == 0


def test_one_version() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == VERSION
