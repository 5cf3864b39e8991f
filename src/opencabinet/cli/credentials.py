"""Credentials of an account from the command line: listed, made, and revoked."""

import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from opencabinet import access, accounts
from opencabinet.access import OPERATOR, Function, Hasher, Key, Kind, NewKey, Revoked, Token, keyfile, people
from opencabinet.access.credentials.model import BOUND_LASTS, MOST_READS_PER_MINUTE
from opencabinet.access.fitness import LONGEST
from opencabinet.access.people import Means
from opencabinet.cli.access import Account
from opencabinet.cli.database import operate
from opencabinet.cli.people import operated
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.problem import Malformed
from opencabinet.settings import Settings

MOST_TOKENS: Final = 500
OF_TOKENS: Final = ("id", "kind", "family", "name", "from", "made (UTC)", "ends (UTC)", "last used (UTC)")
OF_KEYS: Final = ("id", "kind", "name", "opens", "from", "made (UTC)", "ends (UTC)", "last used (UTC)")
console = Console(highlight=False, soft_wrap=True)
Number = Annotated[int | None, typer.Option(min=1, max=LARGEST, metavar="ID", help="Only this one, by its number.")]


class OneOrTheOther(Malformed):
    """Give one of these options at most."""


def join(commands: typer.Typer) -> None:
    """Let the commands of access have those of credentials, too."""
    for name, command in (
        ("tokens", list_tokens),
        ("keys", list_keys),
        ("key", make_key),
        ("password", set_password),
        ("revoke", revoke),
        ("not-me", revoke_everything),
    ):
        commands.command(name)(command)


def list_tokens(login: Account) -> None:
    """List the tokens of an account that live, the newest first."""

    async def work(conn: Connection, _: Settings) -> tuple[list[Token], bool]:
        await accounts.existing(conn, Login(login))
        return await access.tokens(conn, Login(login), limit=MOST_TOKENS)

    found, more = operate(work, role="opencabinet_read")
    table = Table(*(Column(heading, overflow="fold") for heading in OF_TOKENS))
    for each in found:
        listed = "\n".join(map(str, each.networks))
        table.add_row(str(each.id), each.kind, each.family, Text(each.name), listed, *times(each))
    console.print(table)
    if more:
        console.print("There are older ones.")


def list_keys(login: Account) -> None:
    """List the keys of an account that live, the newest first."""

    async def work(conn: Connection, _: Settings) -> list[Key]:
        await accounts.existing(conn, Login(login))
        return await access.keys(conn, Login(login))

    table = Table(*(Column(heading, overflow="fold") for heading in OF_KEYS))
    for each in operate(work, role="opencabinet_read"):
        listed = "\n".join([*map(str, each.networks), *each.origins])
        opens = "\n".join(sorted(each.functions))
        table.add_row(str(each.id), each.kind, Text(each.name), opens, listed, *times(each))
    console.print(table)


def times(credential: Token | Key) -> tuple[str, str, str]:
    """Say when a credential was made, when it ends, and when it was last used."""
    moments = (credential.created_at, credential.expires_at, credential.last_used_at)
    made, ends, used = ("" if each is None else f"{each:%Y-%m-%d %H:%M}" for each in moments)
    return made, ends, used


def make_key(
    login: Account,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the key is for.")],
    opens: Annotated[list[Function], typer.Option("--opens", help="What it opens; may be given several times.")],
    addresses: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="ADDRESS/MASK", help="Good from here only; may be given several times."),
    ] = None,
    pages: Annotated[
        list[str] | None,
        typer.Option(
            "--page", metavar="ORIGIN", help="For pages of this origin: makes a publishable key, of what is open."
        ),
    ] = None,
    reads: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_READS_PER_MINUTE, help="Of a publishable key: so many reads a minute."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=BOUND_LASTS.days, help="How long it lasts; as long as may be unless told.")
    ] = None,
) -> None:
    """Make a key and show its secret, this once: a server key, or with --page one that pages may show everybody."""
    new = NewKey(
        kind=Kind.PUBLISHABLE if pages else Kind.SERVER,
        name=name,
        functions=frozenset(opens),
        networks=tuple(network for text in addresses or () for network in access.networks(text)),
        origins=tuple(pages or ()),
        reads_per_minute=reads,
        expires_at=None if days is None else datetime.now(UTC) + timedelta(days=days),
    )

    async def work(conn: Connection, _: Settings) -> str:
        await accounts.existing(conn, Login(login))
        return (await access.make_key(conn, Login(login), new)).secret

    console.print(operate(work), markup=False)


def set_password(
    login: Account,
    *,
    rotate: Annotated[bool, typer.Option("--rotate", help="Let the one before be good for a day more.")] = False,
    choose: Annotated[bool, typer.Option("--choose", help="Read it from the standard input.")] = False,
) -> None:
    """Give an account a new API password and show it, this once; tokens given before are revoked."""
    if rotate and choose:
        raise OneOrTheOther
    chosen = sys.stdin.readline(LONGEST + 2).rstrip("\r\n") if choose else None

    async def work(conn: Connection, given: Settings) -> str:
        account = await accounts.existing(conn, Login(login))
        keys = keyfile.load(given.folder)
        if chosen is not None:
            await keep_chosen(conn, account, chosen, Hasher(keys.passwords))
            return "The password was set."
        if rotate:
            return (await access.rotate_password(conn, account.login, pepper=keys.pepper)).password
        return await access.set_password(conn, account.login, pepper=keys.pepper)

    console.print(operate(work), markup=False)


async def keep_chosen(conn: Connection, account: accounts.Account, password: str, hasher: Hasher) -> None:
    """Let an account have a password that its owner chose."""
    try:
        await access.choose_password(
            conn,
            account.login,
            password,
            hasher=hasher,
            context=(account.name, account.company),
            is_another=partial(people.is_owners_password, conn, hasher, account.login),
        )
    finally:
        hasher.close()


def revoke(login: Account, token: Number = None, key: Number = None) -> None:
    """Revoke every token and key of an account, or one of them; a token goes with its session."""
    if token and key:
        raise OneOrTheOther

    async def work(conn: Connection, _: Settings) -> tuple[int, int]:
        await accounts.existing(conn, Login(login))
        if token:
            return await access.revoke_token(conn, Login(login), token), 0
        if key:
            await access.revoke_key(conn, Login(login), key)
            return 0, 1
        return await access.revoke(conn, Login(login)), await access.revoke_keys(conn, Login(login))

    tokens, keys = operate(work)
    if not key:
        console.print(f"Tokens revoked: {tokens}.")
    if keys:
        console.print(f"Keys revoked: {keys}.")


def revoke_everything(login: Account) -> None:
    """Revoke every token, key and API password of an account at once, and end its owner's sessions.

    For when somebody else has one of them.
    """

    async def work(conn: Connection, means: Means) -> tuple[Revoked, int]:
        await accounts.existing(conn, Login(login))
        async with conn.transaction():
            gone = await access.not_me(conn, Login(login))
            return gone, await people.end_owners_sessions(conn, means, Login(login), OPERATOR)

    gone, ended = operated(work)
    console.print(f"Revoked: tokens {gone.tokens}, keys {gone.keys}, API passwords {gone.passwords}.")
    console.print(f"Sessions of the owner ended: {ended}.")
