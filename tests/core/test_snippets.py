"""Copied commands and scripts really run: the server gets exactly the body of the sheet, and no key is in the text."""

import base64
import contextlib
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.attachments import Attachment, attachment_text
from app.core.destination import Destination, destination
from app.core.endpoint import Binding, Endpoint, Field
from app.core.request import BlendSettings
from app.core.snippets import Command, as_curl, as_python
from app.core.wire import body_size, canvas_parts, file_parts, wire_body

PICTURE, MASK, CAT = bytes(range(256)) * 40, b"mask\n\0" * 3, b"\xff\xd8cat"
KEYS = {
    "FAL_KEY": "canary-id:canary secret$HOME`x`",
    "SCENARIO_SDK_API_KEY": "name",
    "SCENARIO_SDK_API_SECRET": "se:cret",
}
NASTY = (
    'it\'s "quoted" $HOME `id` $(id) \\ \n\t\r\x00\x7f !! %s {{}} <file> <KEY>\nKEY\n ünï 🪑 \u202e \ud800 '
    "data:image/png;base64,<10,240 bytes>"
)
TEXT = st.text(st.characters(), max_size=40) | st.text("'\"$`\\\n!%{}<>&;|*?#~= \0", max_size=20)
FAL = Endpoint(
    "fal-ai/any one",
    "Any",
    "fal",
    tuple(Field(name, "any", name) for name in ("prompt", "image", "extra", "mask")),
    Binding({"picture": "image", "mask": "mask"}),
)


@dataclass
class Receiver:
    """A server that answers every POST with a word, and what it got."""

    url: str = ""
    got: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            made.got.append((self.path, dict(self.headers.items()), self.rfile.read(size)))
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"taken")

        def log_message(self, *_: object) -> None:
            """Nothing on the test's output."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("beside")
    for name, data in (("picture.png", PICTURE), ("mask.png", MASK), ("file-1.jpg", CAT)):
        (made / name).write_bytes(data)
    return made


def body_of(values: Mapping[str, object], endpoint: Endpoint = FAL) -> dict[str, object]:
    parts = canvas_parts(endpoint, {"picture": len(PICTURE), "mask": len(MASK)})
    return wire_body(endpoint, values, None, parts, file_parts(values, {"c" * 64: len(CAT)}))


def filled(values: Mapping[str, object]) -> dict[str, object]:
    """What a server should read: values, and the files as data URIs."""
    uri = "data:image/png;base64,"
    made: dict[str, object] = {name: values[name] for name in ("prompt",) if name in values}
    made["image"] = uri + base64.b64encode(PICTURE).decode()
    made.update({name: values[name] for name in ("extra",) if name in values})
    made["mask"] = uri + base64.b64encode(MASK).decode()
    return made


def ran(words: list[str], folder: Path, more: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment = {**kept, **KEYS, **(more or {})}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done


def shell(text: str, folder: Path) -> str:
    """Run with the machine's curl, or with a stand-in where there is none."""
    return ran(["sh", "-c", text], folder, {} if shutil.which("curl") else with_stand_in(folder)).stdout


def with_stand_in(folder: Path) -> dict[str, str]:
    """A PATH that begins with a curl which knows just the options of our commands."""
    tool = folder / "bin" / "curl"
    tool.parent.mkdir(exist_ok=True)
    tool.write_text(f"#!{sys.executable}\n{STAND_IN}")
    tool.chmod(0o755)
    return {"PATH": f"{tool.parent}{os.pathsep}{os.environ['PATH']}"}


STAND_IN = """
import sys, urllib.request
words, headers = iter(sys.argv[1:]), {}
for word in words:
    if word == "--header":
        text = next(words)
        lines = open(text[1:]).read().splitlines() if text.startswith("@") else [text]
        headers.update(line.split(": ", 1) for line in lines)
    elif word == "--request":
        method = next(words)
    elif word == "--data-binary":
        assert next(words) == "@-"
    elif not word.startswith("--"):
        url = word
request = urllib.request.Request(url, sys.stdin.buffer.read(), headers, method=method)
print(urllib.request.urlopen(request).read().decode(), end="")
"""


# -- for the shell ---------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["prompt", "extra"]), TEXT | st.lists(TEXT, max_size=2) | st.integers()))
def test_the_command_sends_exactly_the_body(receiver: Receiver, folder: Path, values: dict[str, object]) -> None:
    body = body_of(values)
    assert shell(as_curl(destination(FAL, "remote", receiver.url), body), folder) == "taken"
    path, headers, data = receiver.got[-1]
    assert path == "/fal-ai/any%20one"
    assert json.loads(data) == filled(values)
    assert len(data) == body_size(body) == int(headers["Content-Length"])


def test_the_worst_text_arrives_as_it_is(receiver: Receiver, folder: Path) -> None:
    shell(as_curl(destination(FAL, "remote", receiver.url), body_of({"prompt": NASTY})), folder)
    assert json.loads(receiver.got[-1][2])["prompt"] == NASTY


def test_the_command_needs_nothing_that_only_one_curl_has(receiver: Receiver, folder: Path) -> None:
    text = as_curl(destination(FAL, "remote", receiver.url), body_of({"prompt": "a"}))
    assert ran(["sh", "-c", text], folder, with_stand_in(folder)).stdout == "taken"
    assert json.loads(receiver.got[-1][2]) == filled({"prompt": "a"})
    assert receiver.got[-1][1]["Authorization"] == f"Key {KEYS['FAL_KEY']}"


def test_the_key_comes_from_the_environment_and_is_no_argument(receiver: Receiver, folder: Path) -> None:
    text = as_curl(destination(FAL, "remote", receiver.url), body_of({}))
    shell(text, folder)
    assert receiver.got[-1][1]["Authorization"] == f"Key {KEYS['FAL_KEY']}"
    assert receiver.got[-1][1]["Content-Type"] == "application/json"
    curl = text[text.index("curl") : text.index("3<<KEY")]
    assert "FAL_KEY" not in curl  # what stands in the process list
    assert "canary" not in text


def test_a_name_and_a_secret_are_sent_as_basic_auth(receiver: Receiver, folder: Path) -> None:
    scenario = Endpoint("scenario/generate/inpaint", "Any", "scenario", FAL.fields, FAL.binding)
    for text, run in (
        (as_curl(destination(scenario, "remote", receiver.url), body_of({}, scenario)), shell),
        (as_python(destination(scenario, "remote", receiver.url), body_of({}, scenario)), python),
    ):
        run(text, folder)
        path, headers, _ = receiver.got[-1]
        assert path == "/v1/generate/inpaint"
        assert headers["Authorization"] == "Basic " + base64.b64encode(b"name:se:cret").decode()
        assert "se:cret" not in text


def test_no_argument_grows_with_the_picture(receiver: Receiver, tmp_path: Path) -> None:
    for name in ("picture.png", "mask.png"):
        (tmp_path / name).write_bytes(bytes(3_000_000))
    shell(as_curl(destination(FAL, "remote", receiver.url), body_of({"prompt": "a"})), tmp_path)
    assert len(receiver.got[-1][2]) > 8_000_000


def test_files_among_the_values_are_read_too(receiver: Receiver, folder: Path) -> None:
    values = {"extra": [{"url": attachment_text(Attachment("c" * 64, ".jpg", "cat.jpg"))}]}
    target = destination(FAL, "remote", receiver.url)
    for text, run in ((as_curl(target, body_of(values)), shell), (as_python(target, body_of(values)), python)):
        run(text, folder)
        assert json.loads(receiver.got[-1][2])["extra"] == [
            {"url": "data:image/jpeg;base64," + base64.b64encode(CAT).decode()}
        ]


# -- for Python ------------------------------------------------------------------------------------------------------


def python(text: str, folder: Path) -> str:
    return ran([sys.executable, "-I", "-c", text], folder).stdout


def test_the_script_sends_the_same(receiver: Receiver, folder: Path) -> None:
    values = {"prompt": NASTY.replace("\ud800", ""), "extra": [True, None, {"a": 1.5}, ""]}
    text = as_python(destination(FAL, "remote", receiver.url), body_of(values))
    assert python(text, folder) == "200 taken\n"
    path, headers, data = receiver.got[-1]
    assert path == "/fal-ai/any%20one" and headers["Authorization"] == f"Key {KEYS['FAL_KEY']}"
    assert json.loads(data) == filled(values)
    assert "canary" not in text


@given(st.dictionaries(st.sampled_from(["prompt", "extra"]), TEXT | st.lists(TEXT, max_size=2)))
def test_the_script_holds_every_value(values: dict[str, object]) -> None:
    text = as_python(destination(FAL, "remote"), body_of(values))
    written = re.search(r"^body = (.*?)^answer = ", text, re.DOTALL | re.MULTILINE)
    assert written is not None
    uris = {"picture.png": PICTURE, "mask.png": MASK}
    found = eval(
        written.group(1),
        {"data_uri": lambda name, kind: f"data:{kind};base64," + base64.b64encode(uris[name]).decode()},
    )
    assert found == filled(values)


# -- without an address, and for this computer -----------------------------------------------------------------------


def test_without_an_address_there_is_nothing_to_copy() -> None:
    assert as_curl(Destination("Its address is not known."), {}) == as_python(Destination("It is not known."), {}) == ""


@given(TEXT)
def test_work_for_this_computer_is_this_programs_own_command(text: str) -> None:
    local = Endpoint("local/fill", "Fill", "local", (Field("engine", "string", "E"), Field("n", "integer", "N")))
    usable = text.replace("\0", "").encode("utf-8", "replace").decode()
    command = Command(local, "local", {"engine": usable, "n": 3}, BlendSettings(grow=5, feather=1.5))
    line = command.for_shell()
    with contextlib.suppress(FileNotFoundError):
        spoken = subprocess.run(
            ["sh", "-c", "mendbrush() { printf '%s\\0' \"$@\"; }\n" + line], capture_output=True, check=True
        )
        words = spoken.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
        assert words == [
            "inpaint", "picture.png", "--mask", "mask.png", "--out", "result.png",
            "--endpoint", "local/fill", "--feather", "1.5", "--set", f"engine={usable}", "--set", "n=3",
        ]  # fmt: skip
    assert "--grow" not in line  # the saved mask has been grown already
    compile(command.for_python(), "script", "exec")
