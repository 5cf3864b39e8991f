"""Tickets of widgets in the room of access: what they are exchanged for, and what ends it."""

import asyncio

import pytest

from opencabinet import access
from opencabinet.access import AccessDenied, Ask, BadTicket, Bearer, Function, Kind, NewKey, Opened
from opencabinet.access.jobs import forget_expired_tickets
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests import make

PAGE = "https://www.example.com"
EVIL = "https://evil.example"
BALANCE = [Function.BALANCE]


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account; it is closed."""
    return await make.account(committed)


async def key_of(conn: Connection, account: Account) -> Bearer:
    """Return a server key of the account as its bearer."""
    made = await access.make_key(conn, account.login, NewKey(kind=Kind.SERVER, name="s", functions=frozenset(BALANCE)))
    return await access.bearer(conn, made.secret, Kind.SERVER)


async def ticket(conn: Connection, account: Account) -> str:
    """Return a ticket for the balance."""
    return (await access.make_widget_ticket(conn, await key_of(conn, account), BALANCE, PAGE)).secret


async def reads(conn: Connection, opened: Opened, function: Function = Function.BALANCE, origin: str = PAGE) -> bool:
    """Whether a token opens a function on pages of an origin."""
    ask = Ask(login=opened.login, function=function, address=None, origin=origin)
    return (await access.permit(conn, opened.secret, ask, Kind.BEARER)).granted is not None


async def told(conn: Connection) -> list[str]:
    """Return the rules that the history of changes tells of tokens."""
    return await conn.values("SELECT rule FROM authorizations WHERE action = 'token.request'")


async def test_a_ticket_is_exchanged_once_for_what_it_names_on_its_pages(
    committed: Connection, account: Account
) -> None:
    opened = await access.exchange_ticket(committed, await ticket(committed, account), PAGE)

    assert await reads(committed, opened)
    assert not await reads(committed, opened, Function.OPEN_TRADES)
    assert not await reads(committed, opened, origin=EVIL)
    assert opened.secret not in repr(opened)
    assert await told(committed) == ["the ticket of a widget is good"]


async def test_who_shows_a_ticket_again_ends_what_it_was_exchanged_for(committed: Connection, account: Account) -> None:
    shown = await ticket(committed, account)
    opened = await access.exchange_ticket(committed, shown, PAGE)

    with pytest.raises(AccessDenied) as denied:
        await access.exchange_ticket(committed, shown, PAGE)

    assert denied.value.told is not None
    assert denied.value.told.login == account.login
    assert "used before" in denied.value.told.rule
    assert not await reads(committed, opened)


async def test_a_ticket_is_used_by_trying_it_on_other_pages(committed: Connection, account: Account) -> None:
    shown = await ticket(committed, account)
    for page in (EVIL, PAGE):
        with pytest.raises(AccessDenied):
            await access.exchange_ticket(committed, shown, page)


async def test_of_many_who_exchange_a_ticket_at_once_one_gets_a_token_and_that_is_ended(
    committed: Connection, account: Account, database: str
) -> None:
    shown = await ticket(committed, account)

    async def once() -> Opened | None:
        async with await Connection.open(database) as conn:
            try:
                return await access.exchange_ticket(conn, shown, PAGE)
            except AccessDenied:
                return None

    given = [each for each in await asyncio.gather(*(once() for _ in range(6))) if each]

    assert len(given) == 1
    assert not await reads(committed, given[0])


@pytest.mark.parametrize("how", ["revoke_key", "revoke_keys"])
async def test_a_token_ends_with_the_key_whose_ticket_it_was(committed: Connection, account: Account, how: str) -> None:
    opened = await access.exchange_ticket(committed, await ticket(committed, account), PAGE)
    other = await access.exchange_ticket(committed, await ticket(committed, await make.account(committed)), PAGE)
    key = (await access.keys(committed, account.login))[0]

    await (
        access.revoke_keys(committed, account.login)
        if how == "revoke_keys"
        else access.revoke_key(committed, account.login, key.id)
    )

    assert not await reads(committed, opened)
    assert await reads(committed, other), "Of another account."


async def test_an_expired_ticket_is_refused_and_forgotten(committed: Connection, account: Account) -> None:
    shown = await ticket(committed, account)
    await committed.run("UPDATE stream_tickets SET expires_at = now() - interval '1 second'")
    with pytest.raises(AccessDenied) as denied:
        await access.exchange_ticket(committed, shown, PAGE)
    assert denied.value.told is not None
    assert denied.value.told.login == account.login

    assert await forget_expired_tickets(committed) == 0, "It is kept to tell whose it was."
    await committed.run("UPDATE stream_tickets SET expires_at = now() - interval '1 hour'")
    assert await forget_expired_tickets(committed) == 1


def test_no_ticket_opens_what_is_never_open() -> None:
    for functions in ([Function.ACCESS], [Function.STATEMENT], [], [Function.BALANCE, Function.COMMISSIONS]):
        with pytest.raises(BadTicket):
            access.refuse_unfit(functions)
    access.refuse_unfit([Function.BALANCE, Function.OPEN_TRADES])


async def test_a_ticket_of_a_widget_opens_no_stream(committed: Connection, account: Account) -> None:
    shown = await ticket(committed, account)
    ask = Ask(login=account.login, function=Function.CHANGES, address=None)
    decision, _ = await access.permit_ticket(committed, shown, ask)
    assert decision.granted is None
