"""The demonstration: invented accounts, known passwords, one command."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as midnight
from typing import Annotated, Final

import typer
from msgspec import structs
from rich.console import Console

from opencabinet import access, settings
from opencabinet.access import keyfile, secrets
from opencabinet.cli import demo_content, demo_partners, demo_people, simulating
from opencabinet.cli.database import connected
from opencabinet.cli.serving import answering, database, refuse_misread, refuse_taken, serve_until_stopped
from opencabinet.db import Connection
from opencabinet.ingest.feeds import simulator
from opencabinet.kernel.clock import clock
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict
from opencabinet.settings import LogLevel, Settings

SEED: Final = 11
WEEKS: Final = 43
"""How long the broker has been there when the demonstration starts for the first time."""
QUIET: Final[dict[LogLevel, LogLevel]] = {"info": "warning"}
"""What is usually logged would stand between the lines to paste."""
console = Console(highlight=False, soft_wrap=True)


class OldDemonstration(Conflict):
    """The data are those of an older demonstration."""


def demo(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
) -> None:
    """Serve an invented broker's accounts with known passwords from an embedded database, until Ctrl-C."""
    given = settings.load()
    if given.database_url:
        raise Conflict("The demo fills a database of its own: unset OPENCABINET_DATABASE_URL.")
    given = structs.replace(
        simulating.demonstration(given),
        port=port or given.port,
        public_url=given.public_url or f"http://localhost:{port or given.port}",
        widgets_host=given.widgets_host or "127.0.0.1",
        informer_server=given.informer_server or simulator.SERVERS["mt5"],
        log_level=QUIET.get(given.log_level, given.log_level),
    )
    refuse_taken(given)
    refuse_misread(given)
    with database(given, use_embedded=True) as ready:
        logins = asyncio.run(connected(ready, fill, None))
        serve_until_stopped(ready, lambda: welcome(ready, logins), keep_database=True, more=["simulate"])


async def fill(conn: Connection, given: Settings) -> list[Login]:
    """Invent a broker and its past, unless there is one, and give each account its known password."""
    keys = keyfile.load(given.folder)
    logins = [Login(person.number) for person in simulator.PEOPLE]
    if not await simulator.founded(conn):
        if await access.has_password(conn, logins[0]):
            raise OldDemonstration(f"An older demonstration is in {given.folder}: remove it, then start anew.")
        console.print("Inventing a broker and ten months of its past …")
        now = int(time.time())
        await simulator.found(conn, SEED, began=monday(now), until=now)
    since = datetime.fromtimestamp(monday(int(time.time())), UTC)
    await demo_partners.refer(conn, f"http://127.0.0.1:{given.port}", since)
    await demo_content.show(conn, datetime.now(UTC))
    await demo_people.enter(conn, keys)
    for login in logins:
        if not await access.has_password(conn, login):
            await access.set_password(conn, login, pepper=keys.pepper, password=password(login))
    return logins


def monday(now: int) -> int:
    """Return when a Monday of the invented broker's servers began, so many weeks ago."""
    rule = clock(simulator.CLOCK)
    wall = rule.at(datetime.fromtimestamp(now, UTC)).wall() - timedelta(weeks=WEEKS)
    return int(rule.moment(datetime.combine(wall.date() - timedelta(days=wall.weekday()), midnight())).at.timestamp())


def password(login: Login) -> str:
    """Return the API password everybody knows a demonstration account by."""
    return secrets.make_password(f"demonstration {login}".encode())


async def welcome(given: Settings, logins: Sequence[Login]) -> None:
    """Say where the server answers, who can be asked for, and what to paste."""
    address = await answering(given)
    login = logins[0]
    console.print(
        f"\nOpenCabinet answers at [bold]{address}[/bold] (usage page) and {address}/docs (v1 API). "
        "Ctrl-C stops all of it.\n"
    )
    console.print(f"In a browser, sign in at [bold]{address.replace('127.0.0.1', 'localhost')}/cabinet[/bold]:\n")
    console.print("  e-mail                password")
    for line in demo_people.lines():
        console.print(line, markup=False)
    console.print("\nPrograms ask for accounts:\n")
    console.print("  login    API password")
    for each in logins:
        console.print(f"  {each}  {password(each)}")
    console.print("\nPaste these into another terminal:\n")
    for line in pasted(address, login):
        console.print(line, markup=False)
    console.print("\nThey trade every few seconds; `opencabinet simulate incident gap` makes prices jump.")
    console.print(f"Data are kept in {given.home}; the next start takes seconds.")


def pasted(address: str, login: Login) -> Sequence[str]:
    """Return what to paste: three lines in the words of the published protocol, two in those of the v1 API."""
    secret, kind = password(login), "-H 'Content-Type: application/json'"
    old = f'{{"Login": {login}, "Password": "{secret}"}}'
    new = f'{{"login": {login}, "password": "{secret}"}}'
    token = f"curl -s {address}/api/Authentication/RequestClientApiToken {kind} -d '{old}'"
    bearer = f"curl -s {address}/v1/tokens {kind} -d '{new}' | grep -o 'ccb_[0-9A-Za-z]*'"
    partner = bearer.replace('"}', '", "family": "partner"}')
    return (
        f"TOKEN=$({token})",
        f'curl -s {address}/client/RequestBalanceInformation/{login} -H "passkey: $TOKEN"',
        f'curl -s "{address}/client/RequestClosedTrades/{login}?limit=5" -H "passkey: $TOKEN"',
        f'BEARER=$({bearer}); curl -s {address}/v1/accounts/{login}/summary -H "Authorization: Bearer $BEARER"',
        f'PARTNER=$({partner}); curl -s {address}/v1/partners/{login}/rewards -H "Authorization: Bearer $PARTNER"',
    )
