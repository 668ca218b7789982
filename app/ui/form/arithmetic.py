"""Numbers as people type them: ``512*2``, ``(64+8)*4``, ``0,5``; whole numbers of any length stay exact."""

import ast
import math
import operator
import re
from collections.abc import Callable
from typing import Final

LONGEST: Final = 100
"""Characters; longer text is no number."""

_OPERATIONS: Final[dict[type[ast.operator], Callable[[int | float, int | float], int | float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


def evaluate(text: str) -> int | float:
    """What ``text`` comes to. Raises ValueError when it is not arithmetic with + - * / ( ), or is not finite."""
    plain = "".join(text.split()).replace("×", "*").replace("−", "-")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not plain or len(plain) > LONGEST:
        raise ValueError("not a number")
    plain = re.sub(r"(?<![\d.])0+(?=\d)", "", plain)
    try:
        result = _value(ast.parse(plain, mode="eval").body)
    except (SyntaxError, ZeroDivisionError, OverflowError, RecursionError, MemoryError) as error:
        raise ValueError("not a number") from error
    if isinstance(result, float) and not math.isfinite(result):
        raise ValueError("not finite")
    return result


def is_begun(text: str) -> bool:
    """Whether ``text`` may yet become arithmetic: it holds nothing else, such as "512*" or "-"."""
    return len(text) <= LONGEST and re.fullmatch(r"[\d\s.,()+*/×−-]*([\d.][eE][+-]?)?", text) is not None


def _value(node: ast.expr) -> int | float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _divided(_value(left), _value(right))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_value(left), _value(right))
        case _:
            raise ValueError("not arithmetic")


def _divided(one: int | float, other: int | float) -> int | float:
    """Exact where it can be: 2**60 / 2 stays whole."""
    if isinstance(one, int) and isinstance(other, int) and other and one % other == 0:
        return one // other
    return one / other
