"""The desktop entry and the metainfo: valid, and of one mind with each other and with pyproject.toml."""

import configparser
import shutil
import subprocess
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
ENTRY = ROOT / "packaging" / "mendbrush.desktop"
METAINFO = ROOT / "packaging" / "metainfo.xml"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture
def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ENTRY, "utf-8")
    return parser["Desktop Entry"]


@pytest.fixture
def metainfo() -> ElementTree.Element:
    return ElementTree.parse(METAINFO).getroot()


def names(values: str) -> list[str]:
    """The members of a list in a desktop entry."""
    return values.strip(";").split(";")


def test_the_entry_starts_the_installed_command_with_the_files(entry: configparser.SectionProxy) -> None:
    (command,) = PROJECT["scripts"]
    assert entry["Exec"] == f"{command} %F"
    assert entry["StartupWMClass"] == command


def test_both_files_name_the_same_types_and_each_other(
    entry: configparser.SectionProxy, metainfo: ElementTree.Element
) -> None:
    assert [element.text for element in metainfo.findall("provides/mediatype")] == names(entry["MimeType"])
    assert metainfo.findtext("launchable") == ENTRY.name
    assert metainfo.findtext("provides/binary") in PROJECT["scripts"]


def test_version_and_licence_are_those_of_the_project(metainfo: ElementTree.Element) -> None:
    releases = [element.get("version") for element in metainfo.findall("releases/release")]
    assert releases[0] == PROJECT["version"]
    assert metainfo.findtext("project_license") == PROJECT["license"]
    assert f"## [{PROJECT['version']}]" in (ROOT / "packaging" / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize(
    "command",
    [["desktop-file-validate", str(ENTRY)], ["appstreamcli", "validate", "--no-net", str(METAINFO)]],
    ids=lambda command: command[0],
)
def test_the_validators_find_nothing(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
