"""The matrix of an account from the command line: set rule by rule or as a whole, and seen before it is saved."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console
from rich.table import Column, Table

from opencabinet import access, accounts
from opencabinet.access import DEFAULT, Ask, Credential, Function, Hidden, Level, Policy, Redaction, Rule
from opencabinet.access.rules.document import PolicyDocument, RuleDocument
from opencabinet.cli.access import Account, print_access
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Malformed, Unknown
from opencabinet.settings import Settings

LARGEST_FILE: Final = 64 * 1024
console = Console(highlight=False, soft_wrap=True)
Row = Annotated[str, typer.Argument(metavar="FUNCTION", help=f"`{DEFAULT}`, or a function: {', '.join(Function)}.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The policy as JSON, as `access policy` prints it.")]
Proposal = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="Another policy than the one that is set, as JSON.")
]


def show_policy(login: Account) -> None:
    """Print the policy of an account as JSON, to keep or to change."""
    found = operate(lambda conn, _: known(conn, Login(login)), role="opencabinet_read")
    document = PolicyDocument(
        default=RuleDocument.of(found.default),
        functions={function: RuleDocument.of(rule) for function, rule in found.rules.items()},
    )
    console.print(msgspec.json.format(msgspec.json.encode(document), indent=2).decode(), markup=False)


def set_rule(
    login: Account,
    row: Row,
    level: Annotated[Level, typer.Argument(help="What it asks of its caller.")],
    *,
    addresses: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="MASK", help="An address, prefix, dotted mask, wildcard or range; repeatable."),
    ] = None,
    until: Annotated[datetime | None, typer.Option(help="When the rule ends, in UTC.")] = None,
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    hide: Annotated[list[Hidden] | None, typer.Option(help="Hide this at the open level; repeatable.")] = None,
    delay: Annotated[int, typer.Option(min=0, help="Show nothing newer than so many minutes at the open level.")] = 0,
    closed_only: Annotated[
        bool, typer.Option("--closed-only", help="Show closed trades only at the open level.")
    ] = False,
    without: Annotated[list[str] | None, typer.Option(help="Leave a symbol out at the open level; repeatable.")] = None,
) -> None:
    """Set the rule of a function, or the default; the others stay as they are."""
    rule = Rule(
        level=level,
        networks=tuple(network for text in addresses or () for network in access.networks(text)),
        expires_at=until and until.replace(tzinfo=UTC),
        note=note,
        redaction=Redaction(
            hide=frozenset(hide or ()),
            delay_minutes=delay,
            closed_only=closed_only,
            without_symbols=frozenset(without or ()),
        ),
    )
    name = named(row)
    changed(login, lambda policy: Policy.of({**dict(policy.rows()), name: rule}))


def unset_rule(login: Account, row: Row) -> None:
    """Take the rule of a function away, so that the default holds; or the default, so that the account is closed."""
    gone = named(row)
    changed(login, lambda policy: Policy.of({name: rule for name, rule in policy.rows() if name != gone}))


def apply(login: Account, file: File) -> None:
    """Replace the whole policy of an account."""
    policy = document(file)
    changed(login, lambda _: policy)


def compare(login: Account, file: File) -> None:
    """Show what a policy would change against the one that is set, and what to think over; nothing is saved."""
    now, after = datetime.now(UTC), document(file)
    access.check(after, now)
    before = operate(lambda conn, _: known(conn, Login(login)), role="opencabinet_read")
    table = Table("function", "before", "after", "effect")
    for each in access.difference(Login(login), before, after, now):
        table.add_row(each.function, each.before.rule.level, each.after.rule.level, each.effect)
    console.print(table if table.rows else "Nothing changes.")
    for warning in access.warnings(after):
        console.print(f"Think over: {warning}", markup=False)


def simulate(
    login: Account,
    *,
    functions: Annotated[list[Function] | None, typer.Option("--function", help="Only this; repeatable.")] = None,
    addresses: Annotated[list[str] | None, typer.Option("--address", help="From here; repeatable.")] = None,
    origin: Annotated[str | None, typer.Option(help="From a page of this origin.")] = None,
    file: Proposal = None,
) -> None:
    """Say who could read what: the same judge decides who lets readers in."""
    policy, now = proposed(login, file), datetime.now(UTC)
    table = Table(*(Column(name, overflow="fold") for name in ("function", "address", "credential", "", "rule")))
    where: list[access.Address | None] = [read(each) for each in addresses or ()]
    asked = product(functions or Function, where or [None], Credential)
    for function, address, credential in asked:
        ask = Ask(login=Login(login), function=function, address=address, origin=origin, at=now)
        decision = access.simulate(policy, ask, credential)
        answer = "no" if decision.granted is None else "yes"
        table.add_row(function, str(address or "not known"), credential, answer, decision.rule)
    console.print(table)


def show_preview(
    login: Account,
    target: Annotated[str, typer.Argument(metavar="PATH", help="A path of the server, with its query.")],
    *,
    address: Annotated[str | None, typer.Option(help="From here; from an unknown address unless told.")] = None,
    file: Proposal = None,
) -> None:
    """Show exactly what a stranger is answered: the body to the byte, and the status on standard error."""
    # The application is large, and no other command needs it.
    from opencabinet.cli.looking import look  # noqa: PLC0415

    where = None if address is None else read(address)
    found = look(Login(login), target, proposed(login, file), where)
    typer.echo(f"{found.status} {dict(found.headers).get('content-type', '')}", err=True)
    typer.echo(found.body.decode("utf-8", "replace"), nl=False)


def show_mask(text: Annotated[str, typer.Argument(metavar="MASK", help="As it would be given.")]) -> None:
    """Show which networks a mask means, how many addresses they hold, and what to think over."""
    table = Table("network", "addresses", "")
    for network in access.networks(text):
        table.add_row(str(network), f"{network.num_addresses:,}", access.warning(network))
    console.print(table)


async def known(conn: Connection, login: Login) -> Policy:
    """Return the policy of an account that must be there."""
    await accounts.existing(conn, login)
    return await access.policy(conn, login)


def changed(login: int, change: Callable[[Policy], Policy]) -> None:
    """Change the policy of an account, and print it."""

    async def work(conn: Connection, _: Settings) -> None:
        async with conn.transaction():
            await accounts.existing(conn, Login(login))
            await access.lock(conn, Login(login))
            await access.set_policy(conn, Login(login), change(await access.policy(conn, Login(login))))
        await print_access(conn, Login(login))

    operate(work)


def proposed(login: int, file: Path | None) -> Policy:
    """Return the policy in a file, or else the one that is set."""
    if file is None:
        return operate(lambda conn, _: known(conn, Login(login)), role="opencabinet_read")
    policy = document(file)
    access.check(policy, datetime.now(UTC))
    return policy


def document(file: Path) -> Policy:
    """Read a policy.

    Raises:
        Unknown: if there is no such file.
        Malformed: if it is no policy.
    """
    try:
        with file.open("rb") as opened:
            return msgspec.json.decode(opened.read(LARGEST_FILE), type=PolicyDocument).policy
    except OSError as missing:
        raise Unknown(f"{file} cannot be read: {missing.strerror}.") from missing
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Malformed(f"{file} is no policy: {wrong}.") from wrong


def named(row: str) -> str:
    """Return the name of a row.

    Raises:
        Malformed: if there is no such row.
    """
    if row not in {DEFAULT, *Function}:
        raise Malformed(f"There is no function {row!r}; known are {DEFAULT}, {', '.join(Function)}.")
    return row


def read(text: str) -> access.Address:
    """Read an address.

    Raises:
        Malformed: if it is none.
    """
    found = access.address(text)
    if found is None:
        raise Malformed(f"{text!r} is no address.")
    return found


def join(commands: typer.Typer) -> None:
    """Add what this module does to the commands of access."""
    commands.command("policy")(show_policy)
    commands.command("set")(set_rule)
    commands.command("unset")(unset_rule)
    commands.command("apply")(apply)
    commands.command("diff")(compare)
    commands.command("simulate")(simulate)
    commands.command("preview")(show_preview)
    commands.command("mask")(show_mask)
