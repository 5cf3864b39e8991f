import re
from datetime import timedelta

import pytest

from opencabinet import access, accounts
from opencabinet.access import AccessDenied, Family, keyfile
from opencabinet.accounts import Origin
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.cli.console import cabinet, refused


@pytest.fixture
async def login(installed: Connection) -> Login:
    """Give the login of an account."""
    return (await make.account(installed)).login


async def shown(login: Login) -> str:
    """Give what `access show` says."""
    return (await cabinet("access", "show", str(login))).out


async def issued(conn: Connection, login: Login, password: str, settings: Settings) -> str:
    """Ask for a token."""
    pepper, lifetime = keyfile.load(settings.folder).pepper, timedelta(hours=1)
    return await access.issue(
        conn, pepper=pepper, login=login, password=password, family=Family.CLIENT, lifetime=lifetime
    )


async def test_a_new_account_is_shown_closed_and_without_a_password(login: Login) -> None:
    assert await shown(login) == (
        f"{login} is closed: a token is needed.\n"
        "API password: not set: `opencabinet access password`. Tokens alive: 0.\n"
    )


async def test_an_account_is_opened_and_closed(login: Login) -> None:
    opened = await cabinet("access", "open", str(login))
    assert opened.out == await shown(login)
    assert f"{login} is open: everybody reads it without credentials." in opened.out

    closed = await cabinet("access", "close", str(login))
    assert closed.out == await shown(login)
    assert f"{login} is closed: a token is needed.\n" in closed.out


async def test_an_account_is_closed_to_all_but_listed_addresses(login: Login) -> None:
    masks = ("192.0.2.0/255.255.255.0", "2001:db8::/48", "198.51.100.7")

    said = await cabinet("access", "close", str(login), *(part for mask in masks for part in ("--from", mask)))

    [listed] = re.findall(r"a token is needed, from (.*)\.\n", said.out)
    assert set(listed.split(", ")) == {"192.0.2.0/24", "2001:db8::/48", "198.51.100.7/32"}


async def test_symbols_and_notes_are_shown_as_they_are_written(login: Login, installed: Connection) -> None:
    left_out = access.Redaction(without_symbols=frozenset({"[/x]", "[red]"}))
    rule = access.Rule(level=access.Level.OPEN, redaction=left_out, note="[/y]")
    await access.set_policy(installed, login, access.Policy(default=rule))

    said = await shown(login)

    assert all(each in said for each in ("[/x]", "[red]", "[/y]"))


@pytest.mark.parametrize("mask", ["0.0.0.0/0", "::/0", "192.0.2.0/0.0.0.255", "office", "::ffff:0:0/96", "fe80::1%lo"])
async def test_an_address_that_is_none_changes_nothing(login: Login, mask: str) -> None:
    before = await shown(login)

    refused(await cabinet("access", "close", str(login), "--from", "192.0.2.7", "--from", mask), mask)

    assert await shown(login) == before


async def test_a_password_is_shown_once_and_works(login: Login, installed: Connection, settings: Settings) -> None:
    said = await cabinet("access", "password", str(login))

    assert re.fullmatch(r"ccp_[0-9A-Za-z]{32}\n", said.out)
    assert await issued(installed, login, said.out.strip(), settings)
    assert "API password: set. Tokens alive: 1." in await shown(login)


async def test_a_new_password_ends_the_old_one_and_its_tokens(
    login: Login, installed: Connection, settings: Settings
) -> None:
    old = (await cabinet("access", "password", str(login))).out.strip()
    await issued(installed, login, old, settings)

    new = (await cabinet("access", "password", str(login))).out.strip()

    assert "Tokens alive: 0." in await shown(login)
    assert await issued(installed, login, new, settings)
    with pytest.raises(AccessDenied):
        await issued(installed, login, old, settings)


async def test_every_token_is_revoked(login: Login, installed: Connection, settings: Settings) -> None:
    for _ in range(3):
        await make.token(installed, login, settings)
    password = await make.password(installed, login, settings)
    for _ in range(2):
        await issued(installed, login, password, settings)

    assert (await cabinet("access", "revoke", str(login))).out == "Tokens revoked: 2.\n"
    assert (await cabinet("access", "revoke", str(login))).out == "Tokens revoked: 0.\n"


async def test_a_key_is_made_listed_and_revoked(login: Login) -> None:
    said = await cabinet("access", "key", str(login), "reports", "--opens", "balance", "--from", "203.0.113.*")
    assert re.fullmatch(r"ccs_[0-9A-Za-z]{49}\n", said.out)

    [[number, kind, name, opens, where, *_]] = listed((await cabinet("access", "keys", str(login))).out)
    assert (kind, name, opens, where) == ("server", "reports", "balance", "203.0.113.0/24")

    assert (await cabinet("access", "revoke", str(login), "--key", number)).out == "Keys revoked: 1.\n"
    assert listed((await cabinet("access", "keys", str(login))).out) == []
    refused(await cabinet("access", "revoke", str(login), "--key", number), "no such key")


async def test_a_page_gets_a_key_of_what_is_open_only(login: Login) -> None:
    asked = ("access", "key", str(login), "page", "--opens", "balance", "--page", "https://example.com")
    refused(await cabinet(*asked), "balance")

    await cabinet("access", "open", str(login))

    assert (await cabinet(*asked)).out.startswith("cck_")


async def test_one_token_is_revoked_and_the_others_live(
    login: Login, installed: Connection, settings: Settings
) -> None:
    password = await make.password(installed, login, settings)
    for _ in range(2):
        await issued(installed, login, password, settings)

    [[number, *_], other] = listed((await cabinet("access", "tokens", str(login))).out)
    assert (await cabinet("access", "revoke", str(login), "--token", number)).out == "Tokens revoked: 1.\n"

    assert [row[0] for row in listed((await cabinet("access", "tokens", str(login))).out)] == [other[0]]


async def test_a_password_is_rotated(login: Login, installed: Connection, settings: Settings) -> None:
    old = (await cabinet("access", "password", str(login))).out.strip()
    new = (await cabinet("access", "password", str(login), "--rotate")).out.strip()

    for password in (old, new):
        assert await issued(installed, login, password, settings)
    refused(await cabinet("access", "password", str(login), "--rotate", "--choose"), "one of these")


async def test_not_me_takes_everything(login: Login, installed: Connection, settings: Settings) -> None:
    await make.token(installed, login, settings)
    await cabinet("access", "key", str(login), "reports", "--opens", "balance")

    said = await cabinet("access", "not-me", str(login))

    assert said.out == "Revoked: tokens 1, keys 1, API passwords 1.\nSessions of the owner ended: 0.\n"
    assert "API password: not set" in await shown(login)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("command", ["show", "open", "close", "password", "revoke", "tokens", "keys", "not-me"])
async def test_there_is_nothing_to_say_of_an_unknown_login(command: str) -> None:
    refused(await cabinet("access", command, "42"), "There is no account 42.")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("number", ["0", "-1", "9223372036854775808", "x", "1.5"])
async def test_a_login_nobody_can_have_is_refused(number: str) -> None:
    said = await cabinet("access", "show", "--", number)

    assert said.code == 2
    assert "LOGIN" in said.err
    assert "Traceback" not in said.err


async def test_accounts_are_listed_with_where_they_come_from(installed: Connection) -> None:
    await accounts.know_server(installed, "Example-Live", "UTC")
    for number, complete in ((30, True), (10, False), (20, True)):
        await make.account(installed, number, complete=complete)
        origin = Origin(server="Example-Live", number=number + 5, since=make.NOW, login=Login(number))
        await accounts.add_origin(installed, origin)

    table = listed((await cabinet("accounts", "list")).out)
    part = listed((await cabinet("accounts", "list", "--after", "10", "--limit", "1")).out)

    assert [(*row[:5], row[-1]) for row in table] == [
        ("10", "Example-Live", "15", "USD", "1 000.00", "no"),
        ("20", "Example-Live", "25", "USD", "1 000.00", "yes"),
        ("30", "Example-Live", "35", "USD", "1 000.00", "yes"),
    ]
    assert part == table[1:2]


def listed(out: str) -> list[list[str]]:
    """Give the rows of a table."""
    rows = [line.strip("│").split("│") for line in out.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in row] for row in rows]
