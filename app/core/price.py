"""What a request will probably cost, and how that is known. A number is never made up.

Known is what earlier requests of the same endpoint cost, and what its file states as rules of the kind "price"::

    {"rule": "price", "amount": 5, "currency": "CU", "per": "picture" | "request" | any other unit, in words,
     "fields": [...], "adds": true, "when": CONDITION, "text": "..."}

``text`` says where that is from, ``fields`` name what decides the amount. With ``adds`` it comes on top of the
endpoint's own price while the condition (see ``app.core.rules``) holds; per any other unit no amount can be worked out,
and only the text is given.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from app.core.endpoint import Endpoint
from app.core.keywords import is_number
from app.core.request import Json
from app.core.rules import holds

NEEDS_KEY: Final = "The provider’s price list needs a key, and nothing was paid here for this endpoint yet."

_CURRENCIES: Final[Mapping[str, str]] = {"fal": "USD", "scenario": "CU"}
"""What a provider counts in: United States dollars, Scenario's compute units."""


@dataclass(frozen=True)
class Spent:
    """What an earlier request cost, for so many pictures."""

    amount: float
    pictures: int = 1


@dataclass(frozen=True)
class Estimate:
    """``amount`` for the whole request, None when it is not known; ``words`` and ``source`` are for people."""

    amount: float | None
    currency: str
    words: str
    source: str


def estimate(
    endpoint: Endpoint, backend: str, values: Mapping[str, Json], earlier: Sequence[Spent] = (), requests: int = 1
) -> Estimate:
    """The price of ``requests`` requests with these values, judged by what ``earlier`` ones of this endpoint cost."""
    if endpoint.provider == "local" or backend == "local":
        return Estimate(0.0, "", "Costs nothing", "It is done on this computer.")
    if backend == "practice":
        return Estimate(0.0, "", "Costs nothing", "Practice asks no provider.")
    stated = [rule for rule in endpoint.rules if rule.get("rule") == "price" and holds(rule.get("when"), values)]
    count = picture_count(endpoint, values)
    found = _by_earlier(endpoint, earlier, count * max(1, requests)) or _by_statement(stated, count, max(1, requests))
    if found is None:
        found = Estimate(None, _CURRENCIES.get(endpoint.provider, ""), "Not known", NEEDS_KEY)
    return replace(found, source=" ".join([found.source, *_remarks(stated, found.source)]))


def _by_earlier(endpoint: Endpoint, earlier: Sequence[Spent], pictures: int) -> Estimate | None:
    currency = _CURRENCIES.get(endpoint.provider, "")
    known = [spent.amount / max(1, spent.pictures) for spent in earlier if _is_price(spent.amount)]
    if not known or not currency:
        return None
    amount = median(known) * pictures
    basis = "what the earlier request" if len(known) == 1 else f"the median of what {len(known)} earlier requests"
    return Estimate(amount, currency, f"About {spelled(amount, currency)}", f"By {basis} to this endpoint cost.")


def _by_statement(stated: Sequence[Mapping[str, Json]], pictures: int, requests: int) -> Estimate | None:
    """The price that the endpoint's file states, with what is added to it in the same currency."""
    base = next(
        (rule for rule in stated if not rule.get("adds") and _per(rule) and _is_price(rule.get("amount"))), None
    )
    if base is None:
        return None
    currency = str(base.get("currency", ""))
    counted = [base, *(rule for rule in stated if rule.get("adds") and rule.get("currency") == currency)]
    amount = sum(
        float(rule["amount"]) * requests * (pictures if _per(rule) == "picture" else 1)
        for rule in counted
        if _per(rule) and _is_price(rule.get("amount"))
    )
    return Estimate(amount, currency, f"About {spelled(amount, currency)}", str(base.get("text", "")))


def _remarks(stated: Sequence[Mapping[str, Json]], said: str) -> list[str]:
    """What is stated beside the number that is given."""
    return [text for rule in stated if (text := str(rule.get("text", ""))) and text != said]


def _per(rule: Mapping[str, Json]) -> str:
    return str(rule.get("per")) if rule.get("per") in ("picture", "request") else ""


def picture_count(endpoint: Endpoint, values: Mapping[str, Json]) -> int:
    """How many pictures the values ask for: the field's value, else its default, else one."""
    field = endpoint.field_for("count")
    told = values.get(field.path, field.default) if field is not None else 1
    return max(1, int(told)) if is_number(told) else 1


def words(price: Estimate) -> str:
    """For the Generate button: "about $0.03"; "" when the price is not known or nothing is paid."""
    return f"about {spelled(price.amount, price.currency)}" if price.amount and price.currency else ""


def spelled(amount: float, currency: str) -> str:
    """ "$0.03", "$0.0025", "5 CU": two digits that count, and never fewer than the cents."""
    digits = 2 if amount >= 0.1 or amount == 0 else 1 - math.floor(math.log10(amount))
    text = f"{amount:,.{digits}f}"
    if digits > 2:
        text = text.rstrip("0")
    if currency == "USD":
        return f"${text}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {currency}"


def _is_price(amount: Json) -> bool:
    return is_number(amount) and amount >= 0
