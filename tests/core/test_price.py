"""Prices: known from earlier requests or from the endpoint's file, else said not to be known."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.endpoint import Binding, Endpoint, Field
from app.core.price import Spent, estimate, picture_count, spelled, words

COUNT = Field("n", "integer", "Images", default=4, role="count")


def made(provider: str = "fal", *rules: dict[str, Any]) -> Endpoint:
    return Endpoint("x/y", "Any", provider, (COUNT,), Binding({"count": "n"}), rules=rules)


def test_what_is_done_here_costs_nothing() -> None:
    for price in (estimate(made("local"), "local", {}), estimate(made(), "practice", {})):
        assert price.amount == 0 and price.source and words(price) == ""


def test_no_number_is_made_up() -> None:
    price = estimate(made(), "remote", {})
    assert price.amount is None and price.words == "Not known" and "key" in price.source and words(price) == ""


def test_earlier_requests_tell_the_price_of_a_picture() -> None:
    earlier = [Spent(0.02), Spent(0.12, 4), Spent(0.03), Spent(math.nan), Spent(-1)]
    price = estimate(made(), "remote", {"n": 2}, earlier)
    assert price.amount == pytest.approx(0.06)
    assert price.words == "About $0.06" and "3 earlier requests" in price.source
    assert words(price) == "about $0.06"


def test_several_crops_are_several_requests() -> None:
    assert estimate(made(), "remote", {"n": 1}, [Spent(0.02)], requests=3).amount == pytest.approx(0.06)


def test_the_providers_default_count_is_charged_when_none_is_sent() -> None:
    rule = {"rule": "price", "amount": 5, "currency": "CU", "per": "picture", "text": "About 5 CU, its page says."}
    price = estimate(made("scenario", rule), "remote", {})
    assert price.amount == 20 and price.words == "About 20 CU" and price.source == "About 5 CU, its page says."
    assert estimate(made("scenario", rule), "remote", {"n": 1}).amount == 5


def test_what_was_paid_counts_more_than_what_is_stated() -> None:
    rule = {"rule": "price", "amount": 5, "currency": "CU", "per": "picture", "text": "Stated."}
    price = estimate(made("scenario", rule), "remote", {"n": 1}, [Spent(7)])
    assert price.amount == 7 and "earlier request" in price.source and "Stated." in price.source


def test_an_addition_is_named_while_its_condition_holds() -> None:
    when = {"field": "expand", "equals": True}
    rule = {"rule": "price", "amount": 0.0025, "currency": "credits", "per": "request", "adds": True, "when": when}
    endpoint = made("fal", {**rule, "text": "Expanding adds 0.0025 credits."})
    on, off = (estimate(endpoint, "remote", {"expand": value}) for value in (True, False))
    assert on.amount is None and "0.0025" in on.source and "0.0025" not in off.source
    base = {"rule": "price", "amount": 1, "currency": "credits", "per": "picture", "text": "One."}
    both = estimate(made("fal", base, {**rule, "text": "More."}), "remote", {"expand": True, "n": 2})
    assert both.amount == pytest.approx(2.0025) and both.source == "One. More."


def test_a_price_by_another_unit_is_told_and_not_counted() -> None:
    rule = {"rule": "price", "amount": 0, "currency": "USD", "per": "compute second", "text": "$0 per compute second."}
    price = estimate(made("fal", rule), "remote", {})
    assert price.amount is None and "compute second" in price.source


@pytest.mark.parametrize("amount", [True, "5", None, math.inf, -1])
def test_a_statement_that_makes_no_sense_is_no_price(amount: object) -> None:
    rule = {"rule": "price", "amount": amount, "currency": "CU", "per": "picture"}
    assert estimate(made("scenario", rule), "remote", {}).amount is None


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()))
def test_any_count_gives_at_least_one_picture(value: object) -> None:
    assert picture_count(made(), {"n": value}) >= 1


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (0.03, "USD", "$0.03"),
        (0.0025, "USD", "$0.0025"),
        (0.1, "USD", "$0.10"),
        (1234.5, "USD", "$1,234.50"),
        (0.000123, "USD", "$0.00012"),
        (5.0, "CU", "5 CU"),
        (7.25, "CU", "7.25 CU"),
        (0.0, "CU", "0 CU"),
        (0.05, "CU", "0.05 CU"),
    ],
)
def test_amounts_are_spelled_with_the_digits_that_count(amount: float, currency: str, text: str) -> None:
    assert spelled(amount, currency) == text
