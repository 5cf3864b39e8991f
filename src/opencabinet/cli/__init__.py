"""The operator's door."""

import sys
from typing import Annotated

import typer

from opencabinet import __version__, settings
from opencabinet.access import keyfile
from opencabinet.cli import (
    access,
    accounts,
    applications,
    audit,
    bonuses,
    content,
    credentials,
    feeds,
    market,
    matrix,
    operators,
    partners,
    people,
    simulating,
    sync,
    webhooks,
)
from opencabinet.cli.database import complained
from opencabinet.cli.demo import demo
from opencabinet.cli.importing import import_statements
from opencabinet.cli.migrating import migrate
from opencabinet.cli.serving import serve, web, work
from opencabinet.cli.signals import orderly
from opencabinet.kernel.problem import Problem

app = typer.Typer(
    help="OpenCabinet: a self-hosted client cabinet for brokers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
keys = typer.Typer(help="The installation's secrets.", no_args_is_help=True)

app.command("demo")(demo)
app.command("serve")(serve)
app.command("import")(import_statements)
app.command("migrate")(migrate)
app.command("web", hidden=True)(web)
app.command("worker", hidden=True)(work)
app.command("follow", hidden=True)(sync.follow_beside)
matrix.join(access.commands)
credentials.join(access.commands)
app.add_typer(access.commands, name="access")
app.add_typer(accounts.commands, name="accounts")
app.add_typer(applications.commands, name="applications")
app.add_typer(audit.commands, name="audit")
app.add_typer(bonuses.commands, name="bonuses")
app.add_typer(content.commands, name="content")
app.add_typer(feeds.commands, name="feeds")
app.add_typer(market.commands, name="market")
app.add_typer(operators.commands, name="operators")
app.add_typer(partners.commands, name="partners")
app.add_typer(people.commands, name="people")
app.add_typer(simulating.commands, name="simulate")
app.add_typer(sync.commands, name="sync")
app.add_typer(webhooks.commands, name="webhooks")
app.add_typer(keys, name="keys")


@app.callback(invoke_without_command=True)
def show_version(*, version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False) -> None:
    """OpenCabinet: a self-hosted client cabinet for brokers."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


@keys.command("make")
def make_keys() -> None:
    """Make the key file, readable by its owner only, unless there is one."""
    with complained():
        typer.echo(keyfile.make(settings.load().folder))


def main() -> None:
    """Run the command line as a process of its own."""
    orderly()
    run()


def run() -> None:
    """Run the command line; a problem is one line on standard error."""
    try:
        app()
    except Problem as problem:
        typer.echo(f"opencabinet: {problem.detail}", err=True)
        sys.exit(2)
