"""Where a request goes, from the provider and the endpoint's id alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.destination import destination
from app.core.endpoint import Endpoint


def made(endpoint_id: str, provider: str) -> Endpoint:
    return Endpoint(endpoint_id, "Any", provider, ())


@pytest.mark.parametrize(
    ("endpoint_id", "provider", "url"),
    [
        ("fal-ai/inpaint", "fal", "https://queue.fal.run/fal-ai/inpaint"),
        ("fal-ai/z-image/turbo/inpaint", "fal", "https://queue.fal.run/fal-ai/z-image/turbo/inpaint"),
        ("scenario/generate/inpaint", "scenario", "https://api.cloud.scenario.com/v1/generate/inpaint"),
        ("scenario/model_x", "scenario", "https://api.cloud.scenario.com/v1/generate/custom/model_x"),
    ],
)
def test_each_provider_has_its_address(endpoint_id: str, provider: str, url: str) -> None:
    target = destination(made(endpoint_id, provider), "remote")
    assert (target.url, target.method) == (url, "POST")


def test_the_key_is_hidden_behind_its_variable() -> None:
    fal = destination(made("fal-ai/inpaint", "fal"), "remote")
    assert fal.headers["Authorization"] == "Key $FAL_KEY" and fal.variables == ("FAL_KEY",)
    scenario = destination(made("scenario/x", "scenario"), "remote")
    assert scenario.headers["Authorization"].startswith("Basic ") and len(scenario.variables) == 2


def test_what_is_done_here_goes_nowhere() -> None:
    for target in (
        destination(made("local/fill", "local"), "local"),
        destination(made("local/fill", "local"), "practice"),
    ):
        assert target.url == "" and not target.headers and "this computer" in target.words


def test_practice_names_the_address_but_says_that_nothing_leaves() -> None:
    target = destination(made("fal-ai/inpaint", "fal"), "practice")
    assert "Nothing leaves this computer" in target.words and target.url.startswith("https://queue.fal.run/")


def test_an_unknown_provider_has_no_address() -> None:
    target = destination(made("own/one", "elsewhere"), "remote")
    assert target.url == "" and "not known" in target.words


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/generate/inpaint"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1/generate/inpaint"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/generate/inpaint"),
    ],
)
def test_another_base_stands_for_the_host(base: str, url: str) -> None:
    assert destination(made("scenario/generate/inpaint", "scenario"), "remote", base).url == url


@given(st.text(st.characters(), min_size=1, max_size=40), st.sampled_from(["fal", "scenario"]))
def test_no_id_leads_to_another_host(endpoint_id: str, provider: str) -> None:
    url = destination(made(endpoint_id, provider), "remote").url
    assert url.startswith(("https://queue.fal.run/", "https://api.cloud.scenario.com/v1/generate/"))
    assert url.isascii() and not set(url) & set(" \n\r\t\"'\\?#<>`$")
