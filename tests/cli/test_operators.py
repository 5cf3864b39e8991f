import pytest

from opencabinet.db import Connection
from tests.access.people.person import EMAIL
from tests.cli.console import Said, cabinet, refused


def rows(said: Said) -> list[list[str]]:
    """Give the rows of a table."""
    lines = [line.strip("│").split("│") for line in said.out.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line] for line in lines]


@pytest.mark.usefixtures("installed")
async def test_a_person_is_made_an_operator_and_is_none_afterwards() -> None:
    await cabinet("people", "add", EMAIL, "--name", "Ann")

    added = await cabinet("operators", "add", EMAIL, "--role", "support", "--role", "content")
    [one, two] = rows(await cabinet("operators", "list"))
    less = await cabinet("operators", "remove", EMAIL, "--role", "content")
    none = await cabinet("operators", "remove", EMAIL)

    assert added.out.splitlines() == [
        f"{EMAIL}: content, support",
        "They can read only until they set up a second factor.",
    ]
    assert (one[:3], one[4:]) == ([EMAIL, "Ann", "content"], ["command line", "no"])
    assert two[2] == "support"
    assert (less.out, none.out) == (f"{EMAIL}: support\n", f"{EMAIL}: no operator any more\n")
    assert rows(await cabinet("operators", "list")) == []


@pytest.mark.usefixtures("installed")
async def test_nobody_is_made_an_operator_who_is_not_there_or_for_no_role() -> None:
    refused(await cabinet("operators", "add", EMAIL, "--role", "reader"), "There is nobody", EMAIL)
    await cabinet("people", "add", EMAIL)

    assert (await cabinet("operators", "add", EMAIL, "--role", "king")).code == 2
    assert (await cabinet("operators", "add", EMAIL)).code == 2
    refused(await cabinet("operators", "remove", EMAIL), "no such role")


async def test_the_history_tells_of_operators(installed: Connection) -> None:
    await cabinet("people", "add", EMAIL)
    await cabinet("operators", "add", EMAIL, "--role", "support")

    [row] = await installed.values("SELECT channel || ': ' || rule FROM authorizations WHERE action = 'operator.add'")
    assert row == f"cli: {EMAIL} is an operator: support"
