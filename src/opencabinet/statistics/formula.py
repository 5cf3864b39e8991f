"""Formulas as published: arithmetic over named inputs, evaluated in decimals."""

import ast
import math
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException, localcontext
from functools import lru_cache
from typing import Final

DIGITS: Final = 40
"""Significant digits of intermediate results."""

OPERATORS: Final[dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.Pow: lambda left, right: left**right,
}


class Undefined(ArithmeticError):  # noqa: N818 - named for the fact, as problems are
    """The formula has no value for these inputs."""


def normal_cdf(number: Decimal) -> Decimal:
    """Return how much of the normal distribution lies below `number`."""
    return Decimal(repr((1 + math.erf(float(number) / math.sqrt(2))) / 2))


def ln(number: Decimal) -> Decimal:
    """Return the natural logarithm of a number above zero."""
    if number <= 0:
        raise Undefined
    return number.ln()


FUNCTIONS: Final[dict[str, Callable[..., Decimal]]] = {
    "abs": abs,
    "max": max,
    "min": min,
    "sqrt": Decimal.sqrt,
    "ln": ln,
    "exp": Decimal.exp,
    "ceil": lambda number: Decimal(math.ceil(number)),
    "normal_cdf": normal_cdf,
}


def evaluate(formula: str, inputs: Mapping[str, Decimal | str]) -> Decimal | str:
    """Return what `formula` gives for `inputs`; a formula that is one name may stand for a text.

    Raises:
        Undefined: if it would divide by zero, or take a root or a logarithm that is not real.
    """
    tree = parsed(formula)
    if isinstance(tree, ast.Name) and isinstance(text := inputs[tree.id], str):
        return text
    with localcontext(prec=DIGITS):
        try:
            return of(tree, inputs)
        except DecimalException as failure:
            raise Undefined from failure


@lru_cache(maxsize=1024)
def parsed(formula: str) -> ast.expr:
    """Return the tree of a formula."""
    return ast.parse(formula, mode="eval").body


@lru_cache(maxsize=1024)
def names(formula: str) -> tuple[str, ...]:
    """Return the inputs that `formula` needs, in the order they appear."""
    called = {id(node.func) for node in ast.walk(parsed(formula)) if isinstance(node, ast.Call)}
    found = [node for node in ast.walk(parsed(formula)) if isinstance(node, ast.Name) and id(node) not in called]
    return tuple(dict.fromkeys(node.id for node in sorted(found, key=lambda node: node.col_offset)))


def of(node: ast.expr, inputs: Mapping[str, Decimal | str]) -> Decimal:
    """Return the value of a part of a formula."""
    match node:
        case ast.Constant(value=value):
            return Decimal(str(value))
        case ast.Name(id=name):
            return Decimal(inputs[name])
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -of(operand, inputs)
        case ast.BinOp(left=left, op=operator, right=right):
            return OPERATORS[type(operator)](of(left, inputs), of(right, inputs))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*(of(argument, inputs) for argument in arguments))
    raise Undefined(ast.unparse(node))
