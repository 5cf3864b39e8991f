"""A page from the database is the page that is made of the statement itself, byte for byte."""

import pytest
from msgspec.structs import replace

from opencabinet.db import Connection
from opencabinet.reports import Form, Layout
from opencabinet.reports.layouts import mt4, mt5
from opencabinet.samples.people import PEOPLE, Person
from opencabinet.samples.story import statement
from tests.reports.asking import load, written


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: str(person.number))
async def test_a_loaded_account_prints_as_its_statement(committed: Connection, person: Person) -> None:
    told = statement(person)
    told = replace(told, deals=tuple(replace(it, swap=it.swap - 1, profit=it.profit + 1) for it in told.deals))
    login = await load(committed, told, server="Harbour")
    expected = mt4.layout(told) if told.platform == "mt4" else mt5.layout(told, f"Harbour-{login}")

    content = await written(committed, login, Form.HTML, Layout(told.platform))

    encoding = "utf-16" if told.platform == "mt5" else "ascii"
    assert content.decode(encoding).splitlines() == expected.decode(encoding).splitlines()
