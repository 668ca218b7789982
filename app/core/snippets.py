"""What will be sent, as a command or a script that does the same: for a shell, for Python. No key is ever in them.

The files lie beside them under their parts' names (``picture.png``, ``mask.png``). The body is piped and never an
argument, so its length has no limit; the key is taken from the environment and does not show in the process list.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pprint import pformat
from typing import Final

from app.core.destination import Destination
from app.core.endpoint import Endpoint
from app.core.json_text import json_text
from app.core.request import BlendSettings, Json
from app.core.wire import Part, places_in, replaced

_BASE64: Final = "base64 < {name} | tr -d '\\n'"


def as_curl(destination: Destination, body: Mapping[str, Json]) -> str:
    """A POSIX shell's command line, for pasting or for a file; "" when the destination's address is not known."""
    if not destination.url:
        return ""
    return (
        "{\n"
        + "".join(f"  {line}\n" for line in _body_lines(body))
        + f"}} | curl --silent --show-error --request {destination.method} {shlex.quote(destination.url)} \\\n"
        + "  --header 'Content-Type: application/json' --header 'Accept: application/json' \\\n"
        + "  --header @/dev/fd/3 --data-binary @- 3<<KEY\n"
        + f"Authorization: {_shell_key(destination.variables)}\n"
        + "KEY\n"
    )


def as_python(destination: Destination, body: Mapping[str, Json]) -> str:
    """A script for Python with httpx; "" when the destination's address is not known."""
    if not destination.url:
        return ""
    written = pformat(
        replaced(body, lambda place: _Call(place.part)), width=100, sort_dicts=False, underscore_numbers=False
    )
    credential = (
        f'headers={{"Authorization": "Key " + os.environ["{destination.variables[0]}"].strip()}}'
        if len(destination.variables) == 1
        else "auth=(" + ", ".join(f'os.environ["{name}"].strip()' for name in destination.variables) + ")"
    )
    return (
        "import base64\nimport os\nfrom pathlib import Path\n\nimport httpx\n\n\n"
        "def data_uri(name, kind):\n"
        '    return f"data:{kind};base64," + base64.b64encode(Path(name).read_bytes()).decode()\n\n\n'
        f"body = {written}\n\n"
        f"answer = httpx.request(\n    {destination.method!r},\n    {destination.url!r},\n    json=body,\n"
        f"    {credential},\n    timeout=120,\n)\n"
        "print(answer.status_code, answer.text)\n"
    )


@dataclass(frozen=True)
class Command:
    """This program's own command on the saved files, for work that is not sent anywhere.

    The saved mask has been grown already, so only the ``blend``'s feather is left to say.
    """

    endpoint: Endpoint
    backend: str
    values: Mapping[str, Json]
    blend: BlendSettings
    files: tuple[str, str] = ("picture.png", "mask.png")

    def for_shell(self) -> str:
        """A line for a POSIX shell."""
        return " ".join(map(shlex.quote, self._words())) + "\n"

    def for_python(self) -> str:
        """A script for Python that runs it."""
        return (
            f"import subprocess\n\ncommand = {pformat(self._words(), width=100)}\nsubprocess.run(command, check=True)\n"
        )

    def _words(self) -> list[str]:
        endpoint, blend = self.endpoint, self.blend
        said = ["mendbrush", "inpaint", self.files[0], "--mask", self.files[1], "--out", "result.png"]
        said += ["--endpoint", endpoint.id]
        said += ["--backend", self.backend] if self.backend != endpoint.backends[0] else []
        said += ["--feather", f"{blend.feather:g}"] if blend.feather else []
        for name, value in self.values.items():
            field = endpoint.field_at(name)
            plain = isinstance(value, str) and field is not None and field.kind == "string"
            said += ["--set", f"{name}={value if plain else json_text(value)}"]
        return said


def _body_lines(body: Mapping[str, Json]) -> list[str]:
    """The shell's lines that write the body: its text in quotes, each file's base64 where its stand-in is."""
    mark = "<file>"
    whole = json_text(body)
    while mark in whole:  # a value may hold any text, a stand-in's too
        mark = f"<{mark}>"
    pieces = json_text(replaced(body, lambda _: mark)).split(mark)
    lines = []
    for before, place in zip(pieces, places_in(body), strict=False):
        lines.append(_printed(before + place.part.prefix))
        lines.append(_BASE64.format(name=shlex.quote(place.part.name)))
    return [*lines, _printed(pieces[-1])]


def _printed(text: str) -> str:
    return f"printf '%s' {shlex.quote(text)}"


def _shell_key(variables: tuple[str, ...]) -> str:
    shown = ":".join(f"${name}" for name in variables)
    if len(variables) == 1:
        return f"Key {shown}"
    return f"Basic $(printf '%s' \"{shown}\" | base64 | tr -d '\\n')"


class _Call:
    """Shown by ``pformat`` as the script's call that reads the file."""

    def __init__(self, part: Part) -> None:
        self._part = part

    def __repr__(self) -> str:
        return f"data_uri({self._part.name!r}, {self._part.type!r})"
