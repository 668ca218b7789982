"""Regular expressions from documents that nobody here wrote: used where their cost is bounded, left out otherwise.

A backtracking matcher can take a time that grows exponentially with the text. What is taken has no variable repetition
or choice inside a repetition and no back reference, so a text of n characters costs at most c * n**d steps: c is the
number of the pattern's parts, doubled by each choice and each optional part and multiplied by each fixed repetition,
d the number of variable repetitions, one more when the pattern may begin anywhere.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LONGEST: Final = 500
"""Characters of a pattern."""
_MOST_STEPS: Final = 200_000
"""What a match may cost: about two milliseconds."""
_ODD_SET: Final = re.compile(r"\[\^?(?:\[|.*(?:--|&&|~~|\|\|))", re.DOTALL)
"""Sets that a later version of Python will read in another way, which it warns of."""
_VERBOSE: Final = re.compile(r"\(\?[A-Za-z-]*x")
"""A flag that gives blanks and # another meaning."""
_LOOSE: Final = re.compile(r"[*+?]|\{\d*,\d*\}")
_TOKEN: Final = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!]|<[=!]|P?<\w+>)|[(|)]|[*+?]\??|\{\d*,?\d*\}\??|.", re.DOTALL
)


@dataclass(frozen=True)
class Pattern:
    """A pattern whose cost is known."""

    expression: re.Pattern[str]
    longest: int
    """Texts with more characters are not looked at: they would take too long."""

    def refuses(self, text: str) -> bool:
        """Whether ``text`` holds no match."""
        return len(text) <= self.longest and self.expression.search(text) is None


@lru_cache(maxsize=512)
def read_pattern(source: str) -> Pattern | None:
    """The pattern that ``source`` (in JavaScript's or Python's dialect) writes, None when it cannot be used.

    Reading ``expression.pattern`` again gives the same.
    """
    if len(source) > _LONGEST or _VERBOSE.search(source):
        return None
    cost = _cost(source)
    if cost is None:
        return None
    try:
        expression = re.compile(re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", source))
    except (re.error, OverflowError, RecursionError):
        return None
    constant, degree = cost
    longest = _MOST_STEPS if degree == 0 else int((_MOST_STEPS / constant) ** (1 / degree))
    return Pattern(expression, longest) if longest >= 1 else None


def _cost(source: str) -> tuple[int, int] | None:
    """Constant and degree of the steps that ``source`` can take; None for what may be exponential."""
    tokens = _TOKEN.findall(source)
    constant, degree = max(len(tokens), 1), 0 if source.startswith(("^", r"\A")) and "|" not in source else 1
    open_groups: list[bool] = []
    closed = False
    for place, token in enumerate(tokens):
        if token.startswith("("):
            open_groups.append(False)
        elif token == ")":
            closed = open_groups.pop() if open_groups else False
            if open_groups:
                open_groups[-1] = open_groups[-1] or closed
        elif token == "|":
            constant *= 2
            open_groups = [True] * len(open_groups)
        elif re.fullmatch(r"\\[1-9]", token) or _ODD_SET.match(token):
            return None
        elif _is_quantifier(token) and place:
            once = token.startswith("?")
            loose = once or _LOOSE.match(token) is not None
            if tokens[place - 1] == ")" and closed and not once:
                return None
            if loose:
                open_groups = [True] * len(open_groups)
                constant, degree = (constant * 2, degree) if once else (constant, degree + 1)
            else:
                constant *= max(1, int(token.strip("{}?")))
        if constant > _MOST_STEPS:
            return None
    return constant, degree


def _is_quantifier(token: str) -> bool:
    return token[0] in "*+?" or (token[0] == "{" and len(token) > 2)
