"""Webhooks from the command line: who listens, what was delivered, and who is sent nothing for now."""

from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from opencabinet import accounts, webhooks
from opencabinet.cli.access import Account
from opencabinet.cli.database import operate
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.settings import Settings
from opencabinet.webhooks import Endpoint, Page

MOST_LISTED: Final = 500
OF_WEBHOOKS: Final = ("login", "webhook", "address", "types", "state", "failing since (UTC)", "reason")
OF_DELIVERIES: Final = ("event", "type", "state", "attempts", "queued (UTC)", "next (UTC)", "last answer")
BY_OPERATOR: Final = "It was paused by the operator."
commands = typer.Typer(help="See and pause what owners let their events be sent to.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
Number = Annotated[
    int, typer.Argument(metavar="WEBHOOK", min=1, max=LARGEST, help="The webhook, by the number in its id (whk_…).")
]


@commands.command("list")
def list_webhooks(
    login: Annotated[
        int | None, typer.Argument(metavar="LOGIN", min=1, max=LARGEST, help="Only those of this account.")
    ] = None,
) -> None:
    """List webhooks, of one account or of all; their secrets are shown to nobody."""

    async def work(conn: Connection, _: Settings) -> list[Endpoint]:
        if login is None:
            return await webhooks.every(conn, MOST_LISTED + 1)
        await accounts.existing(conn, Login(login))
        return await webhooks.listed(conn, Login(login))

    found = operate(work, role="opencabinet_serve")
    table = Table(*(Column(heading, overflow="fold") for heading in OF_WEBHOOKS))
    for each in found[:MOST_LISTED]:
        since = "" if each.failing_since is None else f"{each.failing_since:%Y-%m-%d %H:%M}"
        types = ", ".join(each.types) or "all"
        shown = (str(each.login), webhooks.spelled(each.id), Text(each.url), types, each.state, since, each.reason)
        table.add_row(*shown)
    console.print(table)
    if len(found) > MOST_LISTED:
        console.print("There are more: name an account.")


@commands.command("deliveries")
def list_deliveries(
    login: Account,
    webhook: Number,
    limit: Annotated[int, typer.Option(min=1, max=MOST_LISTED, help="At most so many.")] = 50,
) -> None:
    """List what was sent to a webhook and what waits, those of the newest events first."""

    async def work(conn: Connection, _: Settings) -> Page:
        await accounts.existing(conn, Login(login))
        return await webhooks.page(conn, Login(login), webhook, below=LARGEST, limit=limit)

    found = operate(work, role="opencabinet_serve")
    table = Table(*(Column(heading, overflow="fold") for heading in OF_DELIVERIES))
    for each in found.rows:
        last = next(iter(found.attempts.get(each.event, [])), None)
        answer = "" if last is None else f"{last.status or ''} {last.outcome} ({last.milliseconds} ms)".strip()
        times = [f"{at:%Y-%m-%d %H:%M:%S}" if at else "" for at in (each.queued_at, each.next_at)]
        event = outbox.event_id(each.login, each.event)
        table.add_row(event, each.kind, each.state, str(each.attempts), *times, Text(answer))
    console.print(table)
    if found.next is not None:
        console.print("There are older ones.")


@commands.command("pause")
def pause(login: Account, webhook: Number) -> None:
    """Send nothing to a webhook until it is resumed; what waits is kept, and the account's log tells of it."""
    set_state(login, webhook, paused=True)


@commands.command("resume")
def resume(login: Account, webhook: Number) -> None:
    """Send to a webhook again: what was kept, and what happens from now on."""
    set_state(login, webhook, paused=False)


def set_state(login: int, webhook: int, *, paused: bool) -> None:
    """Pause a webhook or resume it, and say so."""

    async def work(conn: Connection, _: Settings) -> None:
        await accounts.existing(conn, Login(login))
        await webhooks.set_state(conn, Login(login), webhook, "paused" if paused else "active", BY_OPERATOR)

    operate(work)
    console.print(f"{webhooks.spelled(webhook)} is {'paused' if paused else 'active'}.")
