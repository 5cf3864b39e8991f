"""`opencabinet accounts describe`."""

import pytest

from opencabinet import accounts
from opencabinet.accounts import Profile
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from tests import make
from tests.cli.console import cabinet, refused


@pytest.fixture
async def login(installed: Connection) -> Login:
    """Give the login of an account."""
    return (await make.account(installed)).login


async def test_what_is_given_is_kept_and_the_rest_stays(login: Login, installed: Connection) -> None:
    first = ("--phone", "+49 30 120 0042", "--zip-code", "ru220000", "--type", "Eurica", "--swap-free")
    second = (
        "--country",
        "Belarus",
        "--city",
        "Мінск",
        "--address",
        "[b]1[/] Example Street",
        "--verification-level",
        "2",
    )

    for options in (first, second):
        said = await cabinet("accounts", "describe", str(login), *options)
        assert said.code == 0, said
    assert "+49 30 120 0042" in said.out
    assert "[b]1[/] Example Street" in said.out
    await cabinet("accounts", "describe", str(login), "--no-swap-free", "--address", "")

    assert await accounts.profile(installed, login) == Profile(
        login=login,
        phone="+49 30 120 0042",
        country="Belarus",
        city="Мінск",
        zip_code="ru220000",
        account_type="Eurica",
        verification_level=2,
    )


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [("--phone", "12", "phone"), ("--type", "Golden", "Eurica"), ("--city", "a\nb", "city")],
)
async def test_what_cannot_be_right_is_refused_in_one_line(login: Login, option: str, value: str, word: str) -> None:
    refused(await cabinet("accounts", "describe", str(login), option, value), word)


async def test_an_account_that_is_not_there_cannot_be_described(login: Login) -> None:
    refused(await cabinet("accounts", "describe", str(login + 1), "--city", "Minsk"), str(login + 1))
