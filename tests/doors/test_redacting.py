"""The table of members: it knows every one of every answer, and what nobody classified is left out."""

import inspect
from collections.abc import Iterator
from decimal import Decimal
from types import ModuleType

import httpx
import pytest
from msgspec import Raw, Struct, field, json, structs

from opencabinet.access import Function, Hidden, Redaction
from opencabinet.doors import redacting
from opencabinet.doors.figures import number
from opencabinet.doors.gate import need, served
from opencabinet.doors.method import METHOD
from opencabinet.doors.redacting import TABLE, Tells, told, told_by_metric, without
from opencabinet.doors.v1.operation import OPERATION
from opencabinet.doors.view import WHOLE, View
from opencabinet.statistics import METRICS
from tests.doors.legacy.asking import litestar

NO_MONEY = View(Redaction(hide=frozenset({Hidden.MONEY})))


def answered(site: httpx.AsyncClient) -> Iterator[type[Struct]]:
    """Give every struct that an answer of any door is made of, but for what is never open."""
    for _, handler in served(litestar(site)):
        function = need(handler)
        if not isinstance(function, Function) or function.private:
            continue
        if operation := handler.opt.get(OPERATION):
            yield from redacting.kinds(operation.answer)
        else:
            assert METHOD in handler.opt, handler
            yield from of_module(inspect.getmodule(handler.fn))


def of_module(module: ModuleType | None) -> Iterator[type[Struct]]:
    """Give the structs that a method of the old wires answers with: they stand next to it."""
    for each in vars(module).values():
        if isinstance(each, type) and issubclass(each, Struct) and each.__module__ == getattr(module, "__name__", ""):
            yield each


def test_every_member_of_every_answer_is_classified(site: httpx.AsyncClient) -> None:
    kinds = set(answered(site))
    unknown = {
        f"{kind.__module__}.{kind.__name__}.{each.name}"
        for kind in kinds
        for each in structs.fields(kind)
        if told(kind, each.name) is None
    }

    assert unknown == set(), "say in doors/redacting.py what they tell"
    assert len(kinds) > 40


def test_the_table_speaks_of_nothing_else(site: httpx.AsyncClient) -> None:
    kinds = set(answered(site))
    names = {each.name for kind in kinds for each in structs.fields(kind)}

    assert {name.rpartition(".")[2] for name in TABLE} - names == set()


class Part(Struct, frozen=True, rename="pascal"):
    """A part of an answer."""

    profit: Raw
    open_price: Raw


class Whole(Struct, frozen=True, rename="pascal"):
    """An answer with all there may be."""

    login: int
    profit: str
    data: list[Part]
    reasons: dict[str, str]
    open_price: Raw
    trade: Part = field(name="Own")
    comment: str = ""


class Unheard(Struct, frozen=True):
    """An answer with a member that nobody classified."""

    login: int
    never_heard_of: int


PART = Part(number(Decimal(7)), number(Decimal("1.10")))
WHOLE_ANSWER = Whole(1, "7", [PART, PART], {"profit": "Lost.", "comment": "None."}, number(Decimal(2)), PART, "hello")


def test_hidden_members_are_gone_and_the_others_are_as_they_were() -> None:
    assert json.encode(without(WHOLE_ANSWER, NO_MONEY)) == (
        b'{"Login":1,"Data":[{"OpenPrice":1.1},{"OpenPrice":1.1}],"Reasons":{"comment":"None."},"OpenPrice":2.0,'
        b'"Own":{"OpenPrice":1.1},"Comment":"hello"}'
    )


def test_where_nothing_is_hidden_an_answer_is_the_very_same() -> None:
    assert without(WHOLE_ANSWER, WHOLE) is WHOLE_ANSWER


def test_what_nobody_classified_is_left_out_as_soon_as_anything_is() -> None:
    assert without(Unheard(1, 2), NO_MONEY) == {"login": 1}
    assert without([Unheard(1, 2)], View(Redaction(closed_only=True))) == [{"login": 1}]


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_tells_what_its_unit_says(name: str) -> None:
    tells = told_by_metric(name)

    assert (Tells.MONEY in tells) == (METRICS[name].unit == "money")
    assert (Tells.VOLUME in tells) == (METRICS[name].unit == "lots")
    assert (Tells.OPEN in tells) == bool({"equity", "margin"} & set(METRICS[name].inputs))
