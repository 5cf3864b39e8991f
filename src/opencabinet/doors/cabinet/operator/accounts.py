"""An account, as operators see it: what is known of it, what it traded, and who may ask what of it."""

from typing import Any, Final

from litestar import Response
from msgspec import Struct

from opencabinet import access, accounts, balances, trades
from opencabinet.access import Duty, Function, people
from opencabinet.access.people import Person
from opencabinet.accounts import Profile
from opencabinet.db import Connection
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.handlers import look
from opencabinet.doors.cabinet.operator.together import together
from opencabinet.ingest.feeds import standing
from opencabinet.ingest.feeds.standing import Standing
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.page import Page
from opencabinet.kernel.period import EVER
from opencabinet.kernel.receipt import Receipt
from opencabinet.partners import programme
from opencabinet.partners.programme import Partner
from opencabinet.trades import Wanted

STATES: Final = ("closed", "open")


class Around(Struct, frozen=True, kw_only=True):
    """What is known beside an account: its feed, whether it adds up, whose it is, and what they earn."""

    profile: Profile
    feed: Standing | None
    receipt: Receipt
    owner: Person | None
    partner: Partner | None


@look("/accounts/{login}", need=Duty.ACCOUNTS)
async def show_account(desk: Desk) -> Response[bytes]:
    """Show what is known of an account."""
    login = desk.login
    account = await desk.ask(lambda conn: accounts.existing(conn, login))
    _, home = await together(desk.look(login), desk.ask(lambda conn: accounts.home(conn, login)))
    return desk.page("account.html", login=login, account=account, home_of=home)


@look("/accounts/{login}/around", need=Duty.ACCOUNTS)
async def show_around(desk: Desk) -> Response[bytes]:
    """Show what is known beside an account, as a part of its page."""
    login = desk.login
    account = await desk.ask(lambda conn: accounts.existing(conn, login))
    granted = desk.granted(login)
    _, known = await together(desk.look(login), desk.ask(lambda conn: around(conn, granted)))
    template = "around.html" if desk.visit.partial else "around_page.html"
    return desk.page(template, login=login, account=account, known=known)


async def around(conn: Connection, login: Granted) -> Around:
    """Return what is known beside an account."""
    home, person = await accounts.home(conn, login), await people.owner(conn, login)
    return Around(
        profile=await accounts.profile(conn, login),
        feed=next((each for each in await standing.known(conn) if home and each.server == home.server), None),
        receipt=await balances.between(conn, login, EVER),
        owner=None if person is None else await people.person(conn, person),
        partner=await programme.partner(conn, login),
    )


@look("/accounts/{login}/trades", need=Duty.ACCOUNTS)
async def show_trades(desk: Desk) -> Response[bytes]:
    """Show what an account traded, the newest first."""
    login, state = desk.login, desk.asked("state") or STATES[0]
    below = places.place(desk.asked("before"))
    account = await desk.ask(lambda conn: accounts.existing(conn, login))
    granted, wanted = desk.granted(login), Wanted(below=below, limit=places.LIMIT)
    listing = opened if state == "open" else closed
    _, page = await together(desk.look(login), desk.ask(lambda conn: listing(conn, granted, wanted)))
    return desk.page(
        "trades.html", login=login, account=account, state=state, rows=page.rows, more=places.spelled(page.next)
    )


async def closed(conn: Connection, login: Granted, wanted: Wanted) -> Page[Any]:
    """Return closed trades."""
    return await trades.closed(conn, login, wanted)


async def opened(conn: Connection, login: Granted, wanted: Wanted) -> Page[Any]:
    """Return open trades."""
    return await trades.opened(conn, login, wanted)


@look("/accounts/{login}/policy", need=Duty.POLICIES)
async def show_policy(desk: Desk) -> Response[bytes]:
    """Show who may ask what of an account; only its owner changes that."""
    login = desk.login
    await desk.ask(lambda conn: accounts.existing(conn, login))
    _, policy, keys, tokens = await together(
        desk.look(login),
        desk.ask(lambda conn: access.policy(conn, login)),
        desk.ask(lambda conn: access.keys(conn, login)),
        desk.ask(lambda conn: access.live(conn, login)),
    )
    now = desk.visit.now
    rulings = [(function, policy.ruling(function, now)) for function in Function]
    return desk.page("policy.html", login=login, policy=policy, rulings=rulings, keys=keys, tokens=tokens)
