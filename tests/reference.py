"""Write what the code gives of the look-up pages anew: `python -m tests.reference`."""

import json
from collections.abc import Iterator
from datetime import timedelta
from enum import EnumType
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
import typer
from litestar import Litestar
from msgspec.inspect import BoolType, Field, IntType, LiteralType, StrType, StructType, type_info

from opencabinet.cli import app
from opencabinet.doors import legacy, peanut
from opencabinet.doors.legacy import usage
from opencabinet.doors.method import Method, Parameter
from opencabinet.settings import PREFIX, Settings
from tests import reference_v1

FOLDER: Final = Path(__file__).parents[1] / "docs" / "look-up"
MADE: Final = "<!-- Written by `python -m tests.reference`; change the code, not this page. -->"

CLI: Final = """
# The command line

`opencabinet` is the operator's door. It reads the same [settings](settings.md) as the server and works on the same
database: on the embedded one, which it starts for itself if it does not run, unless `OPENCABINET_DATABASE_URL` names
another.

A command that fails says why on standard error. It ends with 0 when all went well, with 1 when `opencabinet import`
refused a file, and with 2 for whatever else stood in the way: an unknown option, a malformed setting, a bad line in a
table or a file of programmes, a database that cannot be reached.

`opencabinet --version` shows the version, and `--help` after any command what stands here.
"""

SETTINGS: Final = """
# The settings

Settings are read once, when a command starts. Each can be given in the environment or in a TOML file; the environment
wins. An unknown name or a malformed value stops the command with one line that says which.

`OPENCABINET_CONFIG` names the file. It holds the names of the table below:

```toml
host = "127.0.0.1"
port = 8081
log_level = "warning"
```

Options of [the command line](cli.md), such as `--port`, win over both. Names that begin with `OPENCABINET_TEST_` belong
to the tests and are passed over.
"""

HOME: Final = (
    "`/var/lib/opencabinet` for root; for others `opencabinet` under `$XDG_DATA_HOME`, or under `~/.local/share` where "
    "that is not set. `opencabinet demo` adds `-demo` to this."
)
BEGIN: Final = "<!-- From here on written by `python -m tests.reference`; change the code, not this. -->"


def pages() -> Iterator[tuple[Path, str]]:
    """Give each page's path and text."""
    yield FOLDER / "cli.md", cli()
    yield FOLDER / "settings.md", f"{MADE}\n{SETTINGS}\n{settings()}\n"
    yield FOLDER / "legacy-wire.md", legacy_wire()
    yield FOLDER / "v1.md", v1()


def v1() -> str:
    """Return the page of the v1 API."""
    return MADE + reference_v1.page()


def commands(command: Any = None, name: str = "opencabinet") -> Iterator[tuple[str, Any]]:
    """Give every command people type, by its full name; what only the supervisor runs is hidden."""
    command = command or typer.main.get_command(app)
    if not hasattr(command, "commands"):
        yield name, command
        return
    for each, inner in command.commands.items():
        if not inner.hidden:
            yield from commands(inner, f"{name} {each}")


def cli() -> str:
    """Return the page of the command line."""
    return "\n".join([MADE + CLI, *(section(name, command) for name, command in commands())])


def section(name: str, command: Any) -> str:
    """Return what is to be said of a command."""
    given = [each for each in command.params if each.name != "help"]
    arguments = [place(each) for each in given if is_argument(each)]
    options = ["[OPTIONS]"] if len(given) > len(arguments) else []
    lines = [f"## {name}", "", command.help.strip(), "", "```text", " ".join([name, *arguments, *options]), "```", ""]
    if given:
        lines += ["| | Value | |", "|---|---|---|", *map(parameter, given), ""]
    return "\n".join(lines)


def is_argument(given: Any) -> bool:
    """Whether a parameter is known by its place."""
    return bool(given.param_type_name == "argument")


def parameter(given: Any) -> str:
    """Return a parameter's line of the table: its name, what it takes, what it does."""
    if is_argument(given):
        return f"| `{place(given)}` | required | {given.help or ', '.join(choices(given))} |"
    return f"| `{given.opts[0]}` | {taken(given)} | {given.help} |"


def taken(given: Any) -> str:
    """Return in words what an option takes."""
    if given.is_flag:
        return ""
    kind = given.metavar or ", ".join(choices(given)) or text_or_whole(given.min, given.max)
    if given.required:
        return f"{kind}, required"
    return kind if given.default is None else f"{kind}; {given.default} unless given"


def place(given: Any) -> str:
    """Return what stands for an argument."""
    return str(given.metavar or given.name.upper())


def choices(given: Any) -> list[str]:
    """Return the words that a parameter takes, if it takes some words only."""
    told = given.type_descriptor.annotation
    kinds: list[Any] = [each for each in (told, *get_args(told)) if isinstance(each, EnumType)]
    return [f"`{word}`" for kind in kinds for word in kind]


def text_or_whole(least: float | None, most: float | None) -> str:
    """Return what lies between two bounds, in words; without any it is text."""
    if least is None:
        return "text"
    return f"whole number from {least}" + ("" if most is None else f" to {most}")


def settings() -> str:
    """Return the table of the settings."""
    found = type_info(Settings)
    if not isinstance(found, StructType):
        raise TypeError(found)
    rows = (setting(field) for field in found.fields)
    return "\n".join(["| Environment | In the file | Value | Unless set | |", "|---|---|---|---|---|", *rows])


def setting(field: Field) -> str:
    """Return a setting's line of the table."""
    metadata = getattr(field.type, "extra_json_schema", None) or {}
    inner = getattr(field.type, "type", field.type)
    usual = HOME if field.default is msgspec.NODEFAULT else f"`{json.dumps(field.default)}`"
    return f"| `{PREFIX}{field.name.upper()}` | `{field.name}` | {value(inner)} | {usual} | {metadata['description']} |"


def value(kind: object) -> str:
    """Return in words what a setting may be."""
    match kind:
        case IntType(ge=least, le=most):
            return text_or_whole(least, most)
        case LiteralType(values=values):
            return "one of " + ", ".join(f"`{each}`" for each in values)
        case BoolType():
            return "`true` or `false`"
        case StrType(pattern=str(pattern)):
            forms = {
                "postgres": "`postgresql://…`",
                "http": "`https://…`",
                "[A-Z]{3}": "currencies, such as `USD,EUR`",
                r"{1,253}|\[": "a host",
            }
            return next((form for word, form in forms.items() if word in pattern), "`host:port`")
        case _:
            return "text"


def legacy_wire() -> str:
    """Return the page of the old wires: what people wrote as it stands, and every method after it."""
    written, _, _ = (FOLDER / "legacy-wire.md").read_text("utf-8").partition(BEGIN)
    issuing = legacy.Issuing(b"", timedelta())
    serving = peanut.Serving(pepper=b"", lifetime=timedelta())
    app = Litestar([legacy.router(issuing), peanut.router(serving)], openapi_config=None)
    return written + "\n".join([BEGIN, "", *map(described, usage.methods(app))])


def described(shown: Method) -> str:
    """Return what is to be said of a method."""
    also = ", ".join(f"`/{alias}`" for alias in shown.aliases)
    lines = [f"### {shown.verb} {shown.path}", "", shown.summary, ""]
    lines += [f"Also {also}.", ""] if also else []
    lines += [f"Access: {usage.level(shown)}", ""]
    if shown.parameters:
        lines += ["| | In | Value | |", "|---|---|---|---|", *map(given, shown.parameters), ""]
    return "\n".join(lines if shown.path.startswith("Home/") else [*lines, "```json", shown.example, "```", ""])


def given(parameter: Parameter) -> str:
    """Return a method's parameter as a line of the table."""
    return f"| `{parameter.name}` | {parameter.place} | {parameter.type} | {parameter.text} |"


if __name__ == "__main__":
    for path, text in pages():
        path.write_text(text, "utf-8")
