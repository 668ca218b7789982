"""Three endpoints that mean the same by other names and within other bounds."""

from typing import Any

from app.core.endpoint import Endpoint
from app.core.schema import read_endpoint

Json = Any

PICTURES: Json = {"image_url": {"type": "string"}, "mask_url": {"type": "string"}}


def made(name: str, properties: Json, **more: Json) -> Endpoint:
    binding = {"picture": "image_url", "mask": "mask_url", **more.pop("binding", {})}
    properties = {**properties, **PICTURES}
    return read_endpoint(
        {"id": name, "title": name.upper(), "provider": "far", "input": {"properties": properties}, "binding": binding}
        | more
    )


def wide(**more: Json) -> Endpoint:
    """Takes a lot: steps to 50, any seed, a size in one object."""
    properties = {
        "prompt": {"type": "string"},
        "negative_prompt": {"type": "string"},
        "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 50, "default": 28},
        "guidance_scale": {"type": "number", "minimum": 0, "maximum": 20, "default": 3.5},
        "seed": {"type": "integer"},
        "acceleration": {"type": "string", "enum": ["none", "high"], "default": "none"},
        "image_size": {
            "type": "object",
            "properties": {
                "width": {"type": "integer", "maximum": 4096},
                "height": {"type": "integer", "maximum": 4096},
            },
        },
    }
    return made("far/wide", properties, **more)


def narrow(**more: Json) -> Endpoint:
    """Takes little: steps to 8, seeds of 31 bits, sides to 1024."""
    side = {"type": "integer", "minimum": 64, "maximum": 1024}
    properties = {
        "prompt": {"type": "string"},
        "negativePrompt": {"type": "string"},
        "steps": {"type": "integer", "minimum": 1, "maximum": 8, "default": 4},
        "guidance_scale": {"type": "number", "minimum": 0, "maximum": 20, "default": 3.5},
        "seed": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
        "width": side,
        "height": side,
    }
    return made("far/narrow", properties, **more)


def bare() -> Endpoint:
    """Takes picture and mask and nothing else."""
    return made("far/bare", {})
