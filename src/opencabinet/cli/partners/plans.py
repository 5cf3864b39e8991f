"""Plans: the rules of rewards, in versions that hold from a moment on."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from opencabinet.cli.database import operate
from opencabinet.cli.partners.shared import Partner, Since, commands, console, content_of, moment, said, show, tell
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Unknown
from opencabinet.partners import plans, programme
from opencabinet.partners.plans import BadPlan, Plan, Version, rules
from opencabinet.settings import Settings

HEADINGS: Final = ("plan", "version", "title", "currency", "parts", "levels", "since (UTC)", "note")
INDENT: Final = 2
plan = typer.Typer(help="Plans: the rules of rewards, in versions.", no_args_is_help=True)
commands.add_typer(plan, name="plan")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The plan's name.")]


class NoSuchPlan(Unknown):
    """There is no such plan."""


@plan.command("import")
def keep(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TOML or JSON file of plans.")],
    *,
    since: Since = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What changed, in a few words.")] = "",
) -> None:
    """Keep the plans of a file as the next version of each: what closes from then on is paid by it."""
    found = plans_in(file)
    from_when = moment(since) or datetime.now(UTC)

    async def work(conn: Connection, _: Settings) -> list[str]:
        async with conn.transaction():
            return [f"{each.name} {await plans.save(conn, each, from_when, note)}" for each in found]

    tell(f"Plans kept, with their version: {', '.join(operate(work)) or 'none'}.")


@plan.command("list")
def list_plans() -> None:
    """List the plans with all their versions."""
    show(HEADINGS, [line(each) for versions in known().values() for each in versions])


@plan.command("show")
def show_plan(
    name: Name,
    version: Annotated[int | None, typer.Option(min=1, help="The version; the last unless given.")] = None,
) -> None:
    """Show a plan as a file has it, which can be imported again."""
    found = version_of(known(), name, version)
    console.print(msgspec.json.format(rules.written([found.plan]), indent=INDENT).decode(), markup=False)


@plan.command("assign")
def assign(login: Partner, name: Name, *, since: Since = None) -> None:
    """Let a partner be paid by a plan from a moment on; what closed before is paid as it was."""

    async def work(conn: Connection, _: Settings) -> None:
        version_of(await plans.versions(conn), name, None)
        await programme.follow_plan(conn, Login(login), name, moment(since))

    operate(work)
    tell(f"{login} is paid by {name} from {since or 'now'} on.")


def plans_in(file: Path) -> tuple[Plan, ...]:
    """Return the plans of a file.

    Raises:
        BadPlan: if it cannot be read.
    """
    try:
        return rules.read(content_of(file, rules.LARGEST))
    except BadPlan as problem:
        raise BadPlan(f"{file.name}: {problem.detail}") from problem


def known() -> Mapping[str, Sequence[Version]]:
    """Return all plans by name."""
    return operate(lambda conn, _: plans.versions(conn), role="opencabinet_read")


def version_of(found: Mapping[str, Sequence[Version]], name: str, version: int | None) -> Version:
    """Return a version of a plan, the last unless another is asked for.

    Raises:
        NoSuchPlan: if there is none.
    """
    chosen = [each for each in found.get(name, ()) if version in {None, each.version}]
    if not chosen:
        raise NoSuchPlan(f"There is no plan {name[:40]!r}" + (f" of version {version}." if version else "."))
    return chosen[-1]


def line(each: Version) -> list[object]:
    """Return a version's line of the list."""
    told: Plan = each.plan
    parts = ", ".join(kind(part) for part in told.parts) or "–"
    return [told.name, each.version, told.title, told.currency, parts, kind(told.levels), said(each.since), each.note]


def kind(part: msgspec.Struct) -> str:
    """Return what a part of a plan is called in files."""
    return str(type(part).__struct_config__.tag)
