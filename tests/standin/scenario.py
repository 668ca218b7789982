"""Scenario on this computer: the documents of its engines, for who has a key."""

import base64
from collections.abc import Mapping
from typing import Any

from tests.standin.server import Answer, Asked, Standin

Json = Any

KEY, SECRET = "api_standin", "s3cr3t-of-the-standin"


class ScenarioStandin(Standin):
    """Knows ``models`` (id -> what GET /models/{id} answers under "model")."""

    def __init__(self, models: Mapping[str, Json], **options: Any) -> None:
        super().__init__(**options)
        self.models = dict(models)

    def __enter__(self) -> "ScenarioStandin":
        super().__enter__()
        return self

    def answer(self, asked: Asked) -> Answer:
        expected = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if asked.headers.get("authorization") != expected:
            return Answer({"message": "Unauthorized"}, 403)
        head, _, name = asked.path.rpartition("/")
        if head != "/v1/models" or asked.method != "GET":
            return super().answer(asked)
        if name not in self.models:
            return Answer({"reason": f"Model {name} not found", "trace_id": "0"}, 404)
        return Answer({"model": self.models[name]})


def engine(identity: str, name: str = "An engine") -> Json:
    """An engine with prompt, picture, mask and strength, as the API describes it."""
    return {
        "id": identity,
        "name": name,
        "type": "custom",
        "custom": True,
        "status": "trained",
        "capabilities": ["img2img"],
        "inputs": [
            {"name": "prompt", "type": "string", "label": "Prompt", "prompt": True, "required": {"always": True}},
            {"name": "image", "type": "file", "kind": "image", "label": "Image", "required": {"always": True}},
            {"name": "mask", "type": "file", "kind": "image", "label": "Mask", "maskFrom": "image"},
            {
                "name": "strength",
                "type": "number",
                "min": 0,
                "max": 1,
                "step": 0.01,
                "default": 0.75,
                "label": "Strength",
            },
        ],
        "uiConfig": {},
    }
