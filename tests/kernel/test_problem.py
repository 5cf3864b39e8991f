import inspect
from collections.abc import Iterator

import pytest

import opencabinet.app
import opencabinet.cli
import opencabinet.worker
from opencabinet.kernel.problem import Conflict, Malformed, Overloaded, Problem, Refused, Throttled, Unknown

ROOMS = (opencabinet.app, opencabinet.cli, opencabinet.worker)
"""What is imported so that every problem is known."""


class StillOwed(Conflict):
    """Too few lots have closed."""


def every(kind: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Give a problem of ours and all that are more exact."""
    if kind.__module__.startswith("opencabinet."):
        yield kind
    for exact in kind.__subclasses__():
        yield from every(exact)


def name(kind: type) -> str:
    """Name a problem."""
    return kind.__name__


each_problem = pytest.mark.parametrize("kind", sorted(every(), key=str), ids=name)


def test_a_problem_says_its_docstring() -> None:
    assert StillOwed().detail == "Too few lots have closed."
    assert str(StillOwed()) == "Too few lots have closed."


def test_a_problem_says_something_more_exact_if_it_is_given() -> None:
    assert StillOwed("0.5 more lots must close.").detail == "0.5 more lots must close."


@each_problem
def test_every_problem_has_one_sentence(kind: type[Problem]) -> None:
    sentence = kind.__doc__ or ""

    assert inspect.cleandoc(sentence) == sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


@each_problem
def test_every_problem_is_of_a_kind_that_doors_know(kind: type[Problem]) -> None:
    known = (Malformed, Refused, Conflict, Unknown, Overloaded, Throttled)
    operators_only = {"Problem", "DatabaseFailed", "KeepsDying"}

    assert issubclass(kind, known) or kind.__name__ in operators_only
