"""The files that come with the program: found, whole, and saying what is so."""

import hashlib
import re
from pathlib import Path

import pytest
from PIL import Image

from app.resources import read_text, resource
from app.ui.commands import COMMANDS

HELP = sorted(path.name for path in resource("help").glob("*.md"))


def test_resources_lie_beside_the_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert resource().is_absolute() and resource().is_dir()
    assert resource("themes", "dark.json") == resource() / "themes" / "dark.json"
    assert read_text("help", "index.md").startswith("# Help\n")
    with pytest.raises(OSError, match="missing"):
        read_text("help", "missing.md")


def test_the_sample_photo_is_the_one_whose_licence_is_recorded() -> None:
    digest = hashlib.sha256(resource("samples", "sample.jpg").read_bytes()).hexdigest()
    assert digest in read_text("samples", "README.md")


@pytest.mark.parametrize(("name", "share"), [("sample-mask.png", 0.0114), ("sample-mask-full.png", 0.0418)])
def test_the_sample_masks_fit_the_photo(name: str, share: float) -> None:
    with Image.open(resource("samples", "sample.jpg")) as photo:
        size = photo.size
    with Image.open(resource("samples", name)) as mask:
        counts = mask.histogram()
        assert (mask.mode, mask.size) == ("L", size)
    assert counts[0] + counts[255] == size[0] * size[1]
    assert counts[255] / (size[0] * size[1]) == pytest.approx(share, abs=0.0005)


@pytest.mark.parametrize("name", HELP)
def test_a_page_of_the_help_leads_only_to_pages_that_exist(name: str) -> None:
    text = read_text("help", name)
    assert text.startswith("# ")
    for target in re.findall(r"\]\(([^)]*)\)", text):
        assert target in HELP


def test_the_index_leads_to_every_page() -> None:
    index = read_text("help", "index.md")
    assert [name for name in HELP if name != "index.md" and f"({name})" not in index] == []


def test_the_help_tells_the_key_of_every_command() -> None:
    tools = read_text("help", "tools.md")
    told = {key for row in re.findall(r"^\| ([^|]*) \|", tools, re.MULTILINE) for key in re.split(", | and ", row)}
    told = {key.strip("`") for key in told}
    assert [command.id for command in COMMANDS if command.keys and not told & set(command.keys)] == []
