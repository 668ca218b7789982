"""Whatever somebody pastes to name an endpoint is understood, or told in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.backends.endpoint_names import EndpointName, read_name
from app.core.errors import InputError

BASES = {"fal": "http://127.0.0.1:8000", "scenario": "http://127.0.0.1:8000/v1"}


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("fal-ai/inpaint", "fal-ai/inpaint"),
        ("  fal-ai/z-image/turbo/inpaint \n", "fal-ai/z-image/turbo/inpaint"),
        ("fal-ai / inpaint", "fal-ai/inpaint"),
        ("/fal-ai/inpaint/", "fal-ai/inpaint"),
        ('"fal-ai/inpaint"', "fal-ai/inpaint"),
        ("<https://fal.ai/models/fal-ai/inpaint>", "fal-ai/inpaint"),
        ("workflows/me/mine", "workflows/me/mine"),
        ("comfy/me/mine", "comfy/me/mine"),
        ("fal-ai/flux-pro/v1.1-ultra", "fal-ai/flux-pro/v1.1-ultra"),
        ("123-app", "123/app"),
        ("https://fal.ai/models/fal-ai/inpaint", "fal-ai/inpaint"),
        ("https://fal.ai/models/fal-ai/inpaint/playground", "fal-ai/inpaint"),
        ("https://fal.ai/models/fal-ai/flux-pro/v1/fill/api#schema", "fal-ai/flux-pro/v1/fill"),
        ("https://www.fal.ai/models/fal-ai/inpaint/playground?share=1", "fal-ai/inpaint"),
        ("fal.ai/models/fal-ai/inpaint/api", "fal-ai/inpaint"),
        ("https://fal.ai/models/fal-ai/inpaint/llms.txt", "fal-ai/inpaint"),
        ("https://fal.run/fal-ai/inpaint", "fal-ai/inpaint"),
        ("https://queue.fal.run/fal-ai/fooocus/inpaint/requests/1-2/status", "fal-ai/fooocus/inpaint"),
        ("https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=fal-ai/inpaint", "fal-ai/inpaint"),
        ("https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=fal-ai%2Finpaint", "fal-ai/inpaint"),
        ("http://127.0.0.1:8000/api/openapi/queue/openapi.json?endpoint_id=fal-ai%2Fx", "fal-ai/x"),
    ],
)
def test_an_id_of_fal(text: str, identity: str) -> None:
    assert read_name(text, BASES) == EndpointName("fal", identity)
    assert read_name(text, BASES).id == identity


@pytest.mark.parametrize(
    "text",
    [
        "scenario/model_bfl-flux-1-dev",
        "model_bfl-flux-1-dev",
        "https://app.scenario.com/models/model_bfl-flux-1-dev",
        "https://api.cloud.scenario.com/v1/models/model_bfl-flux-1-dev",
        "http://127.0.0.1:8000/v1/models/model_bfl-flux-1-dev",
    ],
)
def test_an_engine_of_scenario(text: str) -> None:
    assert read_name(text, BASES) == EndpointName("scenario", "model_bfl-flux-1-dev")
    assert read_name(text, BASES).id == "scenario/model_bfl-flux-1-dev"


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("https://example.org/api/openapi.json", "example.org/api/openapi"),
        ("http://localhost:7860/openapi.json", "localhost/openapi"),
        ("https://fal.ai/api/other.json", "fal.ai/api/other"),
        ("https://not-scenario.com/models/x", "not-scenario.com/models/x"),
        ("https://[::1]:8000/openapi.json", "::1/openapi"),
    ],
)
def test_any_other_document(text: str, identity: str) -> None:
    found = read_name(text, BASES)
    assert found == EndpointName("link", text) and found.id == identity


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "inpaint", "fal-ai/", "a//b", "../../etc/passwd", "fal-ai/../x", "workflows/me", "a/b?c=d", "a/b#c",
        "ftp://host/x", "file:///etc/passwd", "javascript://x/%0aalert(1)", "https://", "https:///x", "http://[::1",
        "https://host:99999/x", "https://a b/c", "https://ho\nst/x", "a/" * 9 + "b", "x" * 300 + "/y",
        "https://h/" + "x" * 3000, "scenario/a/b", "fal-ai/\u202einpaint", "fal-ai/\x1b[31m",
    ],
)  # fmt: skip
def test_what_names_nothing_is_told_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError) as told:
        read_name(text)
    assert str(told.value).isprintable() and len(str(told.value)) < 250


@given(st.text(max_size=80) | st.from_regex(r"https?://[^\n]{0,60}") | st.from_regex(r"[a-z/.:\-]{1,40}"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_name(text, BASES)
    except InputError:
        return
    assert found.text and found.id and (found.kind == "link" or ".." not in found.id)
