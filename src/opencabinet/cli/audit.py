"""The authorization history: reading it, and seeing that nobody changed it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from opencabinet import access, accounts, settings
from opencabinet.access import Authorization, keyfile
from opencabinet.access.history import seals, store
from opencabinet.access.history.report import Report
from opencabinet.access.history.verify import verify
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.period import EVER
from opencabinet.kernel.problem import Malformed
from opencabinet.settings import Settings

commands = typer.Typer(help="Read the authorization history, and verify it.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
Account = Annotated[int, typer.Argument(metavar="LOGIN", min=1, max=LARGEST, help="The account's login.")]
Limit = Annotated[int, typer.Option(min=1, max=500, help="At most so many rows.")]
Known = Annotated[
    list[str] | None,
    typer.Option(
        "--key",
        metavar="HEX",
        help="A public key to trust, beside the installation's if its key file is there; repeatable.",
    ),
]
File = Annotated[Path | None, typer.Option("--witness", help="The witness to compare with, instead of the usual one.")]


class NoKey(Malformed):
    """That is no public key: give 64 hex digits, as `opencabinet audit key` prints them."""


@commands.command("verify")
def verify_history(key: Known = None, witness: File = None) -> None:
    """Find every row of the history that was edited, removed, put in or put elsewhere; end with 1 if there is one."""
    given_keys = {public_key(text) for text in key or ()}

    async def work(conn: Connection, given: Settings) -> Report:
        keys = given_keys | own(given, needed=not given_keys)
        total = await store.sealed(conn)
        with Progress(console=Console(stderr=True), transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("Verifying", total=total)
            advance: Callable[[int], None] = lambda rows: progress.advance(task, rows)  # noqa: E731 - one line says it
            return await verify(conn, keys, witness or given.witness_file, advance)

    began = time.monotonic()
    report = operate(work, role="opencabinet_read")
    say(report, time.monotonic() - began)
    if report.wrong:
        raise typer.Exit(1)


def own(given: Settings, *, needed: bool) -> set[bytes]:
    """Return the installation's public key; none where the key file is not there, unless it is needed."""
    try:
        return {seals.public(keyfile.load(given.folder).seals)}
    except keyfile.KeyFileUnusable:
        if needed:
            raise
        return set()


def say(report: Report, seconds: float) -> None:
    """Say what verifying found."""
    for finding in report.findings:
        console.print(str(finding), markup=False)
    if report.wrong > len(report.findings):
        console.print(f"… and {report.wrong - len(report.findings)} more.")
    console.print(
        f"{report.rows} rows in {report.seals} batches verified in {seconds:.1f} s; {report.forgotten} forgotten when "
        f"their time was over, {report.pending} not sealed yet; the witness knows {report.witnessed} of the batches."
    )
    if report.whole_at:
        console.print(f"Sealed is all that was final at {report.whole_at:%Y-%m-%d %H:%M:%S} UTC.")
    console.print(f"Wrong: {report.wrong}." if report.wrong else "Nothing is wrong.")


@commands.command("show")
def show(login: Account, limit: Limit = 50) -> None:
    """Show what the history tells of an account, newest first."""

    async def work(conn: Connection, _: Settings) -> list[Authorization]:
        await accounts.existing(conn, Login(login))
        return list((await access.history(conn, Login(login), EVER, limit=limit)).rows)

    for row in operate(work, role="opencabinet_read"):
        console.print(line(row), markup=False)


def line(row: Authorization) -> str:
    """Return a row as a line."""
    outcome = "granted" if row.granted else "refused"
    what = " ".join(word for word in (row.action, row.function, row.family) if word)
    where = f"{row.channel} {row.address or '-'}"
    times = f" ({row.times} times, last {row.last_at:%H:%M:%S})" if row.times > 1 else ""
    return f"{row.at:%Y-%m-%d %H:%M:%S} {row.id} {where} {what} {outcome}: {row.rule}{times}"


@commands.command("key")
def show_key() -> None:
    """Show the public key that the history is sealed for: whoever has it can verify without a secret."""
    console.print(seals.public(keyfile.load(settings.load().folder).seals).hex(), markup=False)


def public_key(text: str) -> bytes:
    """Read a public key."""
    try:
        key = bytes.fromhex(text)
    except ValueError as wrong:
        raise NoKey from wrong
    if len(key) != len(seals.NOTHING):
        raise NoKey
    return key
