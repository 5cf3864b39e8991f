"""The demonstration: invented accounts, known passwords, one command."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import structs
from rich.console import Console

from opencabinet import access, ingest, samples, settings
from opencabinet.access import keyfile, secrets
from opencabinet.cli.database import connected
from opencabinet.cli.serving import answering, database, refuse_taken, serve_until_stopped
from opencabinet.db import Connection
from opencabinet.ingest import reading
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict
from opencabinet.settings import LogLevel, Settings

CLOCK: Final = "NewYork+7"
QUIET: Final[dict[LogLevel, LogLevel]] = {"info": "warning"}
"""What is usually logged would stand between the lines to paste."""
console = Console(highlight=False, soft_wrap=True)


def demo(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
) -> None:
    """Serve invented accounts with known passwords from an embedded database, until Ctrl-C."""
    given = settings.load()
    if given.database_url:
        raise Conflict("The demo fills a database of its own: unset OPENCABINET_DATABASE_URL.")
    home = given.home if given.home != settings.default_home() else f"{given.home}-demo"
    given = structs.replace(
        given, home=home, port=port or given.port, log_level=QUIET.get(given.log_level, given.log_level)
    )
    refuse_taken(given)
    with database(given, use_embedded=True) as ready:
        logins = asyncio.run(connected(ready, fill, None))
        serve_until_stopped(ready, lambda: welcome(ready, logins), keep_database=True)


async def fill(conn: Connection, given: Settings) -> list[Login]:
    """Import the samples and give each account its known password; what is there already stays as it is."""
    pepper = keyfile.load(given.folder).pepper
    for login, file in files().items():
        if not await access.has_password(conn, login):
            console.print(f"Importing {file.name} …")
            await import_sample(conn, file, login)
            await access.set_password(conn, login, pepper=pepper, password=password(login))
    return list(files())


def files() -> dict[Login, Path]:
    """Return the samples by the login of their account; a sample is named for its platform and login."""
    found = sorted((Path(samples.__file__).parent / "files").glob("mt?-*"))
    return {Login(int(file.stem.partition("-")[2])): file for file in found}


async def import_sample(conn: Connection, file: Path, login: Login) -> None:
    """Import a sample from the invented broker's server for its platform."""
    statement = await asyncio.to_thread(reading.read, file)
    server = f"HarbourStreet-{statement.platform.upper()}"
    await ingest.load(conn, statement, server=server, rule=CLOCK, login=login)


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
    console.print("  login    API password")
    for each in logins:
        console.print(f"  {each}  {password(each)}")
    console.print("\nPaste these into another terminal:\n")
    for line in pasted(address, login):
        console.print(line, markup=False)
    console.print(f"\nData are kept in {given.home}; the next start takes seconds.")


def pasted(address: str, login: Login) -> Sequence[str]:
    """Return what to paste: three lines in the words of the published protocol, one in those of the v1 API."""
    secret, kind = password(login), "-H 'Content-Type: application/json'"
    old = f'{{"Login": {login}, "Password": "{secret}"}}'
    new = f'{{"login": {login}, "password": "{secret}"}}'
    token = f"curl -s {address}/api/Authentication/RequestClientApiToken {kind} -d '{old}'"
    bearer = f"curl -s {address}/v1/tokens {kind} -d '{new}' | grep -o 'ccb_[0-9A-Za-z]*'"
    return (
        f"TOKEN=$({token})",
        f'curl -s {address}/client/RequestBalanceInformation/{login} -H "passkey: $TOKEN"',
        f'curl -s "{address}/client/RequestClosedTrades/{login}?limit=5" -H "passkey: $TOKEN"',
        f'BEARER=$({bearer}); curl -s {address}/v1/accounts/{login}/summary -H "Authorization: Bearer $BEARER"',
    )
