from pathlib import Path

import pytest

from opencabinet import bonuses
from opencabinet.db import Connection
from tests.bonuses.rules import FIRST, TOML
from tests.cli.console import cabinet, refused
from tests.cli.test_access import listed

GIFT = """
[[programmes]]
name = "gift"
title = "Gift [x]"
lots_per_unit = 1.5
factors = { USD = 1 }
"""


@pytest.fixture
async def empty(installed: Connection) -> Connection:
    """Give an installation without programmes."""
    await installed.run("DELETE FROM bonus_programmes")
    return installed


async def test_the_programmes_of_the_papers_are_imported_listed_and_removed(empty: Connection, tmp_path: Path) -> None:
    file = tmp_path / "programmes.toml"
    assert TOML is not None
    file.write_text(TOML[1], "utf-8")

    said = await cabinet("bonuses", "programmes", "import", str(file))
    assert said.out == "Programmes kept: bonus-30, bonus-55.\n"
    assert await bonuses.programmes(empty) == [*FIRST.values()]
    [small, large] = listed((await cabinet("bonuses", "programmes", "list")).out)
    assert large == [
        *("bonus-55", "55 % bonus", "55%, 55 %", "55", "all bonuses", "6", "10000"),
        "EUR × 1.1, RUB × 0.02, RUR × 0.02, USD × 1",
    ]
    assert small[0] == "bonus-30"

    assert (await cabinet("bonuses", "programmes", "remove", "bonus-30")).out == "Removed: bonus-30.\n"
    assert [each.name for each in await bonuses.programmes(empty)] == ["bonus-55"]
    refused(await cabinet("bonuses", "programmes", "remove", "bonus-30"), "bonus-30")


async def test_an_import_replaces_by_name_and_leaves_others(empty: Connection, tmp_path: Path) -> None:
    await bonuses.save(empty, [*FIRST.values()])
    file = tmp_path / "gift.toml"
    for text in (GIFT, GIFT.replace("1.5", "2")):
        file.write_text(text, "utf-8")
        await cabinet("bonuses", "programmes", "import", str(file))

    rows = listed((await cabinet("bonuses", "programmes", "list")).out)

    assert [(row[0], row[1], row[5]) for row in rows] == [
        ("gift", "Gift [x]", "2"),
        ("bonus-30", "30 % bonus", "3"),
        ("bonus-55", "55 % bonus", "6"),
    ]


async def test_a_bad_file_changes_nothing(empty: Connection, tmp_path: Path) -> None:
    file = tmp_path / "gift.toml"
    file.write_text(GIFT + GIFT.replace('"gift"', '"other"').replace("1.5", "0"), "utf-8")

    refused(await cabinet("bonuses", "programmes", "import", str(file)), "gift.toml", "programmes[1]")
    refused(await cabinet("bonuses", "programmes", "import", str(tmp_path / "none.toml")), "none.toml")
    refused(await cabinet("bonuses", "programmes", "import", str(tmp_path)), "cannot be opened")

    assert await bonuses.programmes(empty) == []
