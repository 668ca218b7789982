"""What a request will probably cost, and how that is known. A number is never made up."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from app.core.endpoint import Endpoint
from app.core.request import Json

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
    currency = _CURRENCIES.get(endpoint.provider, "")
    known = [spent.amount / max(1, spent.pictures) for spent in earlier if _is_price(spent.amount)]
    if not known or not currency:
        return Estimate(None, currency, "Not known", "The provider's price list needs a key.")
    pictures = picture_count(endpoint, values) * max(1, requests)
    amount = median(known) * pictures
    basis = "the earlier request" if len(known) == 1 else f"the median of {len(known)} earlier requests"
    return Estimate(amount, currency, f"About {spelled(amount, currency)}", f"By {basis} to this endpoint.")


def picture_count(endpoint: Endpoint, values: Mapping[str, Json]) -> int:
    """How many pictures the values ask for: the field's value, else its default, else one."""
    field = endpoint.field_for("count")
    told = values.get(field.path, field.default) if field is not None else 1
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        return 1
    return max(1, int(told))


def words(price: Estimate) -> str:
    """For the Generate button: "about $0.03"; "" when the price is not known or nothing is paid."""
    return f"about {spelled(price.amount, price.currency)}" if price.amount and price.currency else ""


def spelled(amount: float, currency: str) -> str:
    """ "$0.03", "$0.0025", "5 CU": two digits that count, and never fewer than the cents."""
    digits = 2 if amount >= 0.1 or amount == 0 else 1 - math.floor(math.log10(amount))
    text = f"{amount:,.{digits}f}"
    if digits > 2:
        text = text.rstrip("0")
    return f"${text}" if currency == "USD" else f"{amount:,.2f}".rstrip("0").rstrip(".") + f" {currency}"


def _is_price(amount: float) -> bool:
    return math.isfinite(amount) and amount >= 0
