"""What an OpenAPI document says about itself."""

import pytest

from app.core.openapi import read_envelope


@pytest.mark.parametrize(
    ("about", "description", "told"),
    [
        ("Fills what is masked.", "The OpenAPI schema for the a/b queue.", "Fills what is masked."),
        ("", "The OpenAPI schema for the a/b queue.", ""),
        ("", "Removes things.", "Removes things."),
    ],
)
def test_a_description_that_says_nothing_is_none(about: str, description: str, told: str) -> None:
    info = {"description": description, "x-fal-metadata": {"endpointId": "a/b", "about": about}}
    assert read_envelope({"openapi": "3.0.4", "info": info, "paths": {}}, "").description == told
