from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from opencabinet import bonuses
from opencabinet.bonuses import BadProgramme, Programme, rules
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from tests.bonuses.rules import FIRST, programme
from tests.db.databases import empty

GOOD = """
[[programmes]]
name = "gift"
title = "Gift"
lots_per_unit = 1.5
factors = { USD = "1", EUR = 1.1 }
"""


async def test_a_new_installation_has_the_programmes_that_the_papers_show(cluster: Embedded) -> None:
    with empty(cluster) as url:
        migrations.up(url)
        async with await Connection.open(url) as conn:
            found = await bonuses.programmes(conn)

    assert found == [*FIRST.values()]
    assert [each.name for each in found] == ["bonus-30", "bonus-55"]


def test_figures_of_a_file_are_exact() -> None:
    [found] = rules.read(GOOD.encode())

    assert (found.lots_per_unit, found.factors) == (Decimal("1.5"), {"USD": Decimal(1), "EUR": Decimal("1.1")})


def test_a_file_without_programmes_holds_none() -> None:
    assert rules.read(b"programmes = []") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "programmes"),
        (b"\xff", "utf-8"),
        (b"programmes = 1", "programmes"),
        (b"[[programmes", "end of document"),
        (GOOD.encode() + b"colour = 1", "colour"),
        (GOOD.replace('"gift"', '"Gift Shop"').encode(), r"programmes\[0\].name"),
        (GOOD.replace("1.5", "0").encode(), "above zero"),
        (GOOD.replace("1.5", "-1").encode(), "above zero"),
        (GOOD.replace("1.5", "inf").encode(), "above zero"),
        (GOOD.replace("1.5", "nan").encode(), "no file of programmes"),
        (GOOD.replace("1.5", "1e400000000").encode(), "above zero"),
        (GOOD.replace("1.5", '"x"').encode(), "lots_per_unit"),
        (GOOD.replace("EUR", "eur").encode(), "factors"),
        (GOOD.replace('{ USD = "1", EUR = 1.1 }', "{}").encode(), "factors"),
        (GOOD.encode() + b'comments = [" * "]', "comments"),
        (GOOD.encode() + b'kinds = ["balance"]', "kinds"),
        (GOOD.encode() + b"least_seconds = -1", "least_seconds"),
        (GOOD.encode() * 2, "'gift' is there twice"),
        (b"#" * (rules.LARGEST + 1), "1 MiB"),
    ],
)
def test_a_bad_file_is_refused_whole(text: bytes, words: str) -> None:
    with pytest.raises(BadProgramme, match=words):
        rules.read(text)


async def test_programmes_are_kept_in_their_order_replaced_by_name_and_removed(conn: Connection) -> None:
    await conn.run("DELETE FROM bonus_programmes")
    gift, later = programme(place=5, percent=Decimal("12.5"), least_seconds=60), programme(name="later", place=6)
    await bonuses.save(conn, [later, gift])
    await bonuses.save(conn, [structs.replace(later, place=1, title="Earlier")])

    assert [each.title for each in await bonuses.programmes(conn)] == ["Earlier", "Gift"]
    assert (await bonuses.programmes(conn))[1] == gift
    assert await bonuses.remove(conn, "later")
    assert not await bonuses.remove(conn, "later")
    assert [each.name for each in await bonuses.programmes(conn)] == ["gift"]


def test_the_papers_name_every_field_of_a_programme() -> None:
    paper = (Path(__file__).parents[2] / "docs" / "do" / "bonus-programmes.md").read_text("utf-8")

    assert [name for name in Programme.__struct_fields__ if f"| `{name}` |" not in paper] == []
