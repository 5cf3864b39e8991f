import stat
import subprocess
import sys
from pathlib import Path

import pytest

from opencabinet import __version__
from tests.cli.console import told

COMMANDS = (
    *("", "demo", "serve", "import", "migrate", "web", "worker", "keys", "keys make", "accounts", "accounts list"),
    *("access", "access show", "access open", "access close", "access password", "access revoke"),
    *("bonuses", "bonuses programmes", "bonuses programmes list", "bonuses programmes import"),
    *("bonuses programmes remove", "market", "market instruments", "market quotes", "market list"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    said = told(*command.split(), "--help")

    assert said.code == 0
    assert f"Usage: opencabinet {command}".strip() in said.out
    assert said.err == ""


def test_help_lists_what_an_operator_does_and_not_the_processes_of_the_supervisor() -> None:
    out = told("--help").out

    for command in ("demo", "serve", "import", "migrate", "keys", "access", "accounts"):
        assert f" {command} " in out
    assert " worker " not in out


@pytest.mark.parametrize("command", ["", "keys", "access", "accounts"])
def test_a_command_alone_shows_its_help(command: str) -> None:
    said = told(*command.split())

    assert "Usage:" in said.out + said.err


def test_the_version_is_shown() -> None:
    assert told("--version").out.strip() == __version__


def test_an_unknown_command_is_refused() -> None:
    said = told("serv")

    assert said.code == 2
    assert "No such command" in said.err


def test_the_package_is_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "opencabinet", "--version"], capture_output=True, text=True, check=True, timeout=30
    )

    assert done.stdout.strip() == __version__


def test_keys_are_made_once(tmp_path: Path) -> None:
    path = tmp_path / "home" / "keys.toml"

    assert told("keys", "make").out.strip() == str(path)
    before = path.read_bytes()
    assert told("keys", "make").code == 0

    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
