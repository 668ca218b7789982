"""Documents and catalogue of stand-ins: what is read, in what order, and what is said when all goes wrong."""

import json
import logging
import ssl
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import trustme

from app.backends.catalogue import DEFAULTS, KEYS, PAGE, Catalogue, Page, bases_at
from app.backends.download import Downloads
from app.core.endpoint import Endpoint
from app.core.errors import AppError, BackendError, Failed, InputError, Refused, TimedOut, Unreachable
from app.core.schema import read_endpoint
from tests.standin.fal import DOCUMENT, FalStandin, inpainter, openapi
from tests.standin.scenario import KEY, SECRET, ScenarioStandin, engine
from tests.standin.server import Trouble, bomb

T = TypeVar("T")
Json = Any
Ask = Callable[..., Any]

AUTHORITY = trustme.CA()
TRUSTED = ssl.create_default_context()
AUTHORITY.configure_trust(TRUSTED)
PROMPT = {"prompt": {"type": "string"}}
PICTURE = {**PROMPT, "image_url": {"type": "string"}}


@pytest.fixture
def fal() -> Iterator[FalStandin]:
    documents = {
        "fal-ai/text": openapi("fal-ai/text", PROMPT),
        "fal-ai/picture": openapi("fal-ai/picture", PICTURE),
        "fal-ai/x/inpaint": inpainter("fal-ai/x/inpaint"),
        "fal-ai/mask-only": openapi("fal-ai/mask-only", {**PICTURE, "mask_only": {"type": "boolean"}}),
    }
    with FalStandin(documents) as standin:
        yield standin


@pytest.fixture
def ask(apart: Ask) -> Callable[..., Any]:
    """Ask a catalogue whose every host is the stand-in's."""

    def asked(
        url: str, work: Callable[[Catalogue], Awaitable[T]], keys: dict[str, str] | None = None, **limits: Any
    ) -> T:
        async def asking() -> T:
            catalogue = Catalogue(bases_at(url), keys, Downloads(**{"certificates": TRUSTED, **limits}))
            try:
                return await work(catalogue)
            finally:
                await catalogue.close()

        found: T = apart(asking())
        return found

    return asked


def told(ask: Ask, url: str, work: Callable[[Catalogue], Awaitable[Any]], **more: Any) -> AppError:
    """The error of a question, checked to be one plain sentence or two."""
    with pytest.raises(AppError) as caught:
        ask(url, work, **more)
    text = str(caught.value)
    assert text.isprintable() and len(text) < 420 and text.endswith(".")
    return caught.value


# -- by id -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["fal-ai/x/inpaint", "https://fal.ai/models/fal-ai/x/inpaint/playground"])
def test_a_document_by_id(fal: FalStandin, ask: Ask, text: str) -> None:
    document, source = ask(fal.url, lambda catalogue: catalogue.fetch(text))
    assert document == fal.documents["fal-ai/x/inpaint"]
    assert source == f"{fal.url}{DOCUMENT}?endpoint_id=fal-ai%2Fx%2Finpaint"
    assert [(asked.path, dict(asked.query)) for asked in fal.asked] == [(DOCUMENT, {"endpoint_id": "fal-ai/x/inpaint"})]


def test_a_source_is_fetched_again_as_it_was(fal: FalStandin, ask: Ask) -> None:
    _, source = ask(fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"))
    assert ask(fal.url, lambda catalogue: catalogue.fetch(source)) == (fal.documents["fal-ai/text"], source)


def test_nothing_secret_is_sent_to_fal(
    fal: FalStandin, ask: Ask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAL_KEY", "id:top-secret")
    keys = {"FAL_KEY": "id:top-secret", KEYS[0]: KEY, KEYS[1]: SECRET}
    with caplog.at_level(logging.DEBUG):
        ask(fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"), keys=keys)
        ask(fal.url, lambda catalogue: catalogue.search("inpaint"), keys=keys)
    seen = json.dumps([dict(asked.headers) for asked in fal.asked]) + caplog.text
    assert "secret" not in seen and "authorization" not in seen and KEY not in seen


def test_an_id_that_is_not_there(fal: FalStandin, ask: Ask) -> None:
    error = told(ask, fal.url, lambda catalogue: catalogue.fetch("fal-ai/typo"))
    assert isinstance(error, Refused) and "check the spelling" in str(error) and "fal-ai/typo" in str(error)
    assert len(fal.asked) == 1


def test_the_catalogue_helps_out_when_the_page_of_documents_is_down(fal: FalStandin, ask: Ask) -> None:
    fal.page_is_down = True
    document, source = ask(fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"))
    assert document == fal.documents["fal-ai/text"] and source.endswith("endpoint_id=fal-ai%2Ftext")
    assert "check the spelling" in str(told(ask, fal.url, lambda catalogue: catalogue.fetch("fal-ai/typo")))
    fal.documents_missing = {"fal-ai/text"}
    error = told(ask, fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"))
    assert isinstance(error, Failed) and "502" in str(error)


@pytest.mark.parametrize("trouble", ["elsewhere", "html", "dropped"])
def test_the_catalogue_helps_out_in_any_trouble(fal: FalStandin, ask: Ask, trouble: Trouble) -> None:
    fal.trouble, fal.troubled = trouble, DOCUMENT
    assert ask(fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"))[0] == fal.documents["fal-ai/text"]


@pytest.mark.parametrize("answer", [None, [], 3, "text", {}, {"detail": "Not ready"}, {"paths": []}])
def test_an_answer_that_is_no_document(fal: FalStandin, ask: Ask, answer: Json) -> None:
    fal.documents["fal-ai/odd"] = answer
    assert isinstance(told(ask, fal.url, lambda catalogue: catalogue.fetch("fal-ai/odd")), Failed)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [(400, Refused, "spelling"), (401, Refused, "everybody"), (403, Refused, "everybody"), (404, Refused, "spelling"),
     (429, Refused, "in 7 seconds"), (500, Failed, "trouble"), (503, Failed, "trouble"), (418, Refused, "declined")],
)  # fmt: skip
def test_every_status_is_put_into_words(
    fal: FalStandin, ask: Ask, status: int, kind: type[AppError], words: str
) -> None:
    fal.status, fal.headers = status, {"retry-after": "7"}
    fal.reason = {"detail": [{"msg": "\x1b[31m" + "so " * 900}]}
    error = told(ask, fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"))
    assert isinstance(error, kind) and words in str(error)


@pytest.mark.parametrize(
    ("trouble", "kind", "words"),
    [
        ("html", Failed, "web page"), ("yaml", Failed, "YAML"), ("wrong", Failed, "no JSON"),
        ("latin", Failed, "no JSON"), ("deep", Failed, "no JSON"), ("huge", Failed, "more than"),
        ("truncated", Failed, "broke off"),
        ("dropped", Failed, "broke off"), ("elsewhere", Refused, "127.0.0.2"), ("nowhere", Refused, "not followed"),
        ("around", Failed, "without end"), ("twice packed", Failed, "packed"), ("packed and cut", Failed, "middle"),
        ("no gzip", Failed, "unpacked"), ("brotli", Failed, "packed"),
    ],
)  # fmt: skip
def test_trouble_on_the_way(fal: FalStandin, ask: Ask, trouble: Trouble, kind: type[AppError], words: str) -> None:
    fal.trouble = trouble
    for work in (lambda c: c.fetch("fal-ai/text"), lambda c: c.search("x"), lambda c: c.fetch(f"{fal.url}/a.json")):
        error = told(ask, fal.url, work)
        assert isinstance(error, kind) and words in str(error)


@pytest.mark.parametrize("trouble", ["gzip", "deflate", "there"])
def test_what_is_no_trouble(fal: FalStandin, ask: Ask, trouble: Trouble) -> None:
    fal.trouble = trouble
    assert ask(fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"))[0] == fal.documents["fal-ai/text"]


@pytest.mark.parametrize("trouble", ["endless", "bomb"])
def test_a_body_without_end_costs_little(fal: FalStandin, ask: Ask, trouble: Trouble) -> None:
    fal.trouble = trouble
    bomb()
    tracemalloc.start()
    error = told(ask, fal.url, lambda catalogue: catalogue.fetch(f"{fal.url}/a.json"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(error, Failed) and "more than 10 MB" in str(error)
    assert peak < 50 << 20


@pytest.mark.parametrize(("trouble", "limits"), [("slow", {"silence": 0.2}), ("drip", {"deadline": 0.4})])
def test_who_is_slow_is_not_waited_for(fal: FalStandin, ask: Ask, trouble: Trouble, limits: dict[str, float]) -> None:
    fal.trouble = trouble
    begun = time.monotonic()
    error = told(ask, fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"), **limits)
    assert isinstance(error, TimedOut) and time.monotonic() - begun < 5


def test_nobody_there(ask: Ask) -> None:
    for url in ("http://127.0.0.1:9", "http://nowhere.invalid"):
        for work in (lambda c: c.fetch("fal-ai/text"), lambda c: c.search("x")):
            error = told(ask, url, work)
            assert isinstance(error, Unreachable) and "connection to the internet" in str(error)


def test_a_certificate_that_nobody_vouches_for(ask: Ask) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    with FalStandin({"fal-ai/text": openapi("fal-ai/text", PROMPT)}, certificate=context) as fal:
        strangers = {"certificates": ssl.create_default_context()}
        error = told(ask, fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"), **strangers)
        assert isinstance(error, Unreachable) and "certificate" in str(error) and fal.asked == []
        assert ask(fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"))[0] == fal.documents["fal-ai/text"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("ALL_PROXY", "socks://127.0.0.1:9", "proxy"), ("SSL_CERT_FILE", "/nowhere.pem", "SSL_CERT_FILE"),
     ("HTTPS_PROXY", "http://127.0.0.1:9", "cannot be reached")],
)  # fmt: skip
def test_an_environment_that_leads_nowhere(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    for other in ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_DIR"):
        monkeypatch.delenv(other, raising=False)
        monkeypatch.delenv(other.lower(), raising=False)
    monkeypatch.setenv(name, value)
    error = told(ask, "https://nowhere.invalid", lambda catalogue: catalogue.search("x"), certificates=None)
    assert isinstance(error, Unreachable) and words in str(error)


def test_this_computer_is_never_asked_through_a_proxy(
    fal: FalStandin, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(fal.url, lambda catalogue: catalogue.fetch("fal-ai/text"))[0] == fal.documents["fal-ai/text"]


# -- by address ------------------------------------------------------------------------------------------------------


def test_a_document_at_any_address(fal: FalStandin, ask: Ask) -> None:
    fal.status, fal.reason = 200, {"type": "object", "properties": PROMPT}
    url = f"{fal.url}/api/schema.json"
    document, source = ask("http://127.0.0.1:9", lambda catalogue: catalogue.fetch(url))
    assert document == fal.reason and source == url
    assert read_endpoint(document, name="127.0.0.1/api/schema").id == "127.0.0.1/api/schema"


@pytest.mark.parametrize("url", ["http://example.org/a.json", "https://me:pass@example.org/a.json"])
def test_an_address_that_is_not_asked(ask: Ask, url: str) -> None:
    error = told(ask, "http://127.0.0.1:9", lambda catalogue: catalogue.fetch(url))
    assert isinstance(error, InputError) and "pass@" not in str(error)


def test_a_base_that_was_set_may_be_plain(ask: Ask) -> None:
    """It is tried, where another plain address is not."""
    url = "http://nowhere.invalid:8000"
    assert isinstance(told(ask, url, lambda catalogue: catalogue.fetch(f"{url}/a.json")), Unreachable)
    assert isinstance(told(ask, url, lambda catalogue: catalogue.fetch("http://else.invalid/a.json")), InputError)


def test_a_base_stands_for_every_host() -> None:
    assert bases_at("http://127.0.0.1:8000/") == {
        "fal": "http://127.0.0.1:8000", "fal-api": "http://127.0.0.1:8000/v1", "scenario": "http://127.0.0.1:8000/v1",
    }  # fmt: skip
    assert bases_at("http://127.0.0.1:8000/v1")["scenario"] == "http://127.0.0.1:8000/v1"
    assert all(base.startswith("https://") for base in DEFAULTS.values())


# -- Scenario --------------------------------------------------------------------------------------------------------


@pytest.fixture
def scenario() -> Iterator[ScenarioStandin]:
    with ScenarioStandin({"model_x": engine("model_x")}) as standin:
        yield standin


def test_an_engine_of_scenario_with_a_key(
    scenario: ScenarioStandin, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        keys = {KEYS[0]: f" {KEY}\n", KEYS[1]: SECRET}
        document, source = ask(scenario.url, lambda catalogue: catalogue.fetch("scenario/model_x"), keys=keys)
    assert document == {"model": engine("model_x")} and source == f"{scenario.url}/v1/models/model_x"
    endpoint = read_endpoint(document, name="scenario/model_x")
    assert {"picture": "image", "mask": "mask", "prompt": "prompt"}.items() <= endpoint.binding.roles.items()
    assert SECRET not in caplog.text and KEY not in caplog.text and "Basic" not in caplog.text


@pytest.mark.parametrize("keys", [{}, {KEYS[0]: "k"}, {KEYS[0]: "k", KEYS[1]: "  "}])
def test_without_a_key_scenario_is_not_asked(scenario: ScenarioStandin, ask: Ask, keys: dict[str, str]) -> None:
    error = told(ask, scenario.url, lambda catalogue: catalogue.fetch("scenario/model_x"), keys=keys)
    assert isinstance(error, InputError) and all(name in str(error) for name in KEYS) and scenario.asked == []


@pytest.mark.parametrize("key", ["k:k", "k\r\nx: y", "schlüssel"])
def test_what_can_be_no_key_is_not_sent(scenario: ScenarioStandin, ask: Ask, key: str) -> None:
    keys = {KEYS[0]: key, KEYS[1]: "s"}
    error = told(ask, scenario.url, lambda catalogue: catalogue.fetch("scenario/model_x"), keys=keys)
    assert isinstance(error, InputError) and key not in str(error) and scenario.asked == []


def test_a_key_never_leaves_by_plain_http(ask: Ask) -> None:
    keys = {KEYS[0]: KEY, KEYS[1]: SECRET}
    error = told(ask, "http://nowhere.invalid", lambda catalogue: catalogue.fetch("scenario/model_x"), keys=keys)
    assert isinstance(error, InputError) and "https" in str(error)


def test_a_key_is_never_sent_on(scenario: ScenarioStandin, ask: Ask) -> None:
    scenario.trouble = "there"
    keys = {KEYS[0]: KEY, KEYS[1]: SECRET}
    error = told(ask, scenario.url, lambda catalogue: catalogue.fetch("scenario/model_x"), keys=keys)
    assert isinstance(error, Refused) and len(scenario.asked) == 1


@pytest.mark.parametrize(
    ("name", "secret", "words"), [("model_y", SECRET, "no “model_y”"), ("model_x", "wrong", "does not accept this key")]
)
def test_scenario_declines(scenario: ScenarioStandin, ask: Ask, name: str, secret: str, words: str) -> None:
    keys = {KEYS[0]: KEY, KEYS[1]: secret}
    error = told(ask, scenario.url, lambda catalogue: catalogue.fetch(f"scenario/{name}"), keys=keys)
    assert isinstance(error, Refused) and words in str(error) and "wrong" not in str(error)


def test_a_scenario_key_goes_to_scenario_alone(fal: FalStandin, scenario: ScenarioStandin, apart: Ask) -> None:
    async def asking() -> None:
        bases = {**bases_at(fal.url), "scenario": f"{scenario.url}/v1"}
        catalogue = Catalogue(bases, {KEYS[0]: KEY, KEYS[1]: SECRET})
        await catalogue.fetch("scenario/model_x")
        await catalogue.fetch("fal-ai/text")
        await catalogue.fetch(f"{fal.url}{DOCUMENT}?endpoint_id=fal-ai/text")
        await catalogue.close()

    apart(asking())
    assert ["authorization" in asked.headers for asked in scenario.asked] == [True]
    assert ["authorization" in asked.headers for asked in fal.asked] == [False, False]


# -- search ----------------------------------------------------------------------------------------------------------


def test_those_that_take_a_mask_come_first(fal: FalStandin, ask: Ask) -> None:
    fal.titles["fal-ai/x/inpaint"] = "  X\n Inpaint "
    fal.categories["fal-ai/x/inpaint"] = "text-to-image"  # a category says nothing
    page: Page = ask(fal.url, lambda catalogue: catalogue.search(" fal-ai "))
    found = [(offer.id, offer.takes_mask, offer.takes_picture) for offer in page.offers]
    assert found == [
        ("fal-ai/x/inpaint", True, True), ("fal-ai/picture", False, True), ("fal-ai/mask-only", False, True),
        ("fal-ai/text", False, False),
    ]  # fmt: skip
    first = page.offers[0]
    assert (first.title, first.category, first.provider) == ("X Inpaint", "text-to-image", "fal")
    assert first.document == fal.documents[first.id] and page.next == ""
    query = fal.asked[0].query
    assert query == {"q": "fal-ai", "limit": str(PAGE), "expand": "openapi-3.0", "status": "active"}


def test_a_document_that_the_catalogue_does_not_have(fal: FalStandin, ask: Ask) -> None:
    fal.documents_missing = {"fal-ai/x/inpaint"}
    page: Page = ask(fal.url, lambda catalogue: catalogue.search("inpaint"))
    assert [(offer.id, offer.document, offer.takes_mask) for offer in page.offers] == [
        ("fal-ai/x/inpaint", None, False)
    ]


def test_page_after_page(ask: Ask) -> None:
    documents = {f"fal-ai/n{number}": openapi(f"fal-ai/n{number}", PROMPT) for number in range(120)}
    with FalStandin(documents) as fal:

        async def all_pages(catalogue: Catalogue) -> list[list[str]]:
            pages, after = [], ""
            while True:
                page = await catalogue.search("", after)
                pages.append([offer.id for offer in page.offers])
                after = page.next
                if not after:
                    return pages

        pages = ask(fal.url, all_pages)
    assert [len(page) for page in pages] == [50, 50, 20] and [name for page in pages for name in page] == list(
        documents
    )
    assert "q" not in fal.asked[0].query


def test_small_pages_are_gathered(ask: Ask) -> None:
    """The one with a mask comes first although the provider names it on its third page."""
    documents = {f"fal-ai/n{number}": openapi(f"fal-ai/n{number}", PROMPT) for number in range(60)}
    documents["fal-ai/n25"] = inpainter("fal-ai/n25")
    with FalStandin(documents) as fal:
        fal.most = 10
        page: Page = ask(fal.url, lambda catalogue: catalogue.search("n"))
        assert len(fal.asked) == 3 and len(page.offers) == 30
        assert [offer.id for offer in page.offers[:3]] == ["fal-ai/n25", "fal-ai/n0", "fal-ai/n1"]
        following: Page = ask(fal.url, lambda catalogue: catalogue.search("n", page.next))
        assert len(following.offers) == 30 and following.next == ""
        fal.most, fal.asked = 2, []
        assert len(ask(fal.url, lambda catalogue: catalogue.search("n")).offers) == 8 and len(fal.asked) == 4


def test_what_was_found_before_the_trouble_is_shown(fal: FalStandin, ask: Ask) -> None:
    fal.most, fal.trouble, fal.sound = 2, "html", 1
    page: Page = ask(fal.url, lambda catalogue: catalogue.search("fal-ai"))
    assert len(page.offers) == 2 and page.next == "2"


@pytest.mark.parametrize(
    "answer",
    [
        {"models": [None, 3, "x", {}, {"endpoint_id": 5}, {"endpoint_id": "../../x"}, {"endpoint_id": "https://x/y"},
                    {"endpoint_id": "a/b", "metadata": 7, "openapi": []},
                    {"endpoint_id": "a/b"}, {"endpoint_id": "scenario/b"}], "next_cursor": ["x"]},
        {"models": [{"endpoint_id": "a/b", "metadata": {"display_name": {}, "description": 3, "category": []},
                     "openapi": {"paths": {"/": None}, "info": 3, "openapi": []}}], "next_cursor": "x" * 5000},
        {"models": [{"endpoint_id": "a/b", "openapi": {"paths": {"x": {"post": {"requestBody": 5}}}, "info": {}}}],
         "next_cursor": "n", "has_more": False},
    ],
)  # fmt: skip
def test_odd_rows_are_passed_over(fal: FalStandin, ask: Ask, answer: Json) -> None:
    fal.status, fal.reason = 200, answer
    page: Page = ask(fal.url, lambda catalogue: catalogue.search("x"))
    assert [offer.id for offer in page.offers] == ["a/b"] and page.next == ""
    assert page.offers[0].title == "a/b" and not page.offers[0].takes_mask


def nested(levels: int) -> Json:
    """A reason inside reasons, as nobody means it."""
    document: Json = "no"
    for _ in range(levels):
        document = {"error": document}
    return document


@pytest.mark.parametrize("answer", [None, [], {"models": {}}, {"detail": "no"}, 3, nested(800)])
def test_no_list(fal: FalStandin, ask: Ask, answer: Json) -> None:
    fal.status, fal.reason = 200, answer
    assert isinstance(told(ask, fal.url, lambda catalogue: catalogue.search("x")), Failed)


def test_a_cursor_that_goes_in_circles_ends(fal: FalStandin, ask: Ask) -> None:
    fal.status, fal.reason = 200, {"models": [], "next_cursor": "same", "has_more": True}
    assert ask(fal.url, lambda catalogue: catalogue.search("x", "same")).next == ""


def test_words_of_any_kind_are_sent(fal: FalStandin, ask: Ask) -> None:
    for words in ("\udcff", "a&b=c#d", "mäske 修复", "x" * 5000):
        ask(fal.url, lambda catalogue, words=words: catalogue.search(words, "\ud800"))
    assert [asked.query["q"][:20] for asked in fal.asked] == ["?", "a&b=c#d", "mäske 修复", "x" * 20]


def test_titles_are_bounded(fal: FalStandin, ask: Ask) -> None:
    fal.titles["fal-ai/text"], fal.descriptions["fal-ai/text"] = "t" * 100_000, "d" * 100_000
    page: Page = ask(fal.url, lambda catalogue: catalogue.search("text"))
    assert len(page.offers[0].title) == 120 and len(page.offers[0].description) == 500


@pytest.mark.shared
def test_the_real_documents_are_searched_and_read(shared: Path, ask: Ask) -> None:
    folder = shared / "data" / "fal-openapi"
    documents = {path.stem.replace("__", "/"): json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    with FalStandin(documents) as fal:
        page: Page = ask(fal.url, lambda catalogue: catalogue.search(""))
        masks = [offer.id for offer in page.offers if offer.takes_mask]
        assert len(page.offers) == len(documents) == 25
        assert [offer.id for offer in page.offers[: len(masks)]] == masks
        assert {"fal-ai/inpaint", "fal-ai/fooocus/inpaint", "fal-ai/flux-lora/inpainting"} <= set(masks)
        assert not {"fal-ai/flux/dev", "fal-ai/esrgan"} & set(masks)
        document, _ = ask(fal.url, lambda catalogue: catalogue.fetch("openai/gpt-image-2/edit"))
        assert document == documents["openai/gpt-image-2/edit"]


def test_where_an_endpoint_is_fetched_anew() -> None:
    catalogue = Catalogue()
    assert catalogue.address(Endpoint("a/b", "A", "fal", ())) == "a/b"
    assert catalogue.address(Endpoint("a/b", "A", "", (), source="https://x/y.json")) == "https://x/y.json"
    assert catalogue.address(Endpoint("local/fill", "A", "local", ())) == ""


def test_an_error_is_of_the_backend(fal: FalStandin, ask: Ask) -> None:
    fal.status = 500
    assert isinstance(told(ask, fal.url, lambda catalogue: catalogue.search("x")), BackendError)
