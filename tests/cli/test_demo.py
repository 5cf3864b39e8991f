import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from opencabinet import samples
from opencabinet.cli.demo import files, password
from tests.cli.console import refused, told
from tests.cli.processes import Running, databases, running
from tests.needs import lacking

FILES = sorted((Path(samples.__file__).parent / "files").glob("mt*"))
LAST_LINE = "the next start takes seconds."
STRICT = 'set -euo pipefail; curl() { command curl --fail --max-time 20 "$@"; echo; }\n'
FAST_SECONDS = 10


@pytest.fixture(scope="module")
def house() -> Iterator[Path]:
    """Give a home that the database's user can reach."""
    made = Path(tempfile.mkdtemp(prefix="oc-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def pasted(said: str) -> str:
    """Give the three lines that are there to be pasted."""
    lines = [line for line in said.splitlines() if line.startswith(("TOKEN=", "curl "))]
    assert len(lines) == 3
    return "\n".join(lines)


def answered(command: Running) -> list[object]:
    """Paste the lines into a shell, and give what was answered."""
    if not (bash := shutil.which("bash")) or not shutil.which("curl"):
        lacking("bash and curl are needed to paste what the demo prints: apt-get install bash curl")
    done = subprocess.run(  # noqa: S603 - what we print is what is tested
        [bash, "-c", STRICT + pasted(command.said)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line]


def test_the_demo_prints_what_works_when_pasted_and_the_next_start_is_fast(house: Path) -> None:
    with running(house, "demo") as command:
        said = command.hear(LAST_LINE)
        passwords = dict(re.findall(r"^  (\d+)  (ccp_\w{32})$", said, re.MULTILINE))
        first = answered(command)
        assert command.end() == 0
    assert databases(house) == []

    began = time.monotonic()
    with running(house, "demo") as command:
        again = command.hear(LAST_LINE)
        took = time.monotonic() - began
        second = answered(command)
        assert command.end() == 0

    assert "http://127.0.0.1:" in said
    assert sorted(passwords) == sorted(file.stem.partition("-")[2] for file in FILES)
    assert said.count("Importing") == len(FILES)
    assert "Importing" not in again
    assert took < FAST_SECONDS
    assert len(first) == 2
    assert first == second
    assert databases(house) == []


def test_the_passwords_of_the_demo_are_known_and_each_accounts_own() -> None:
    logins = list(files())

    passwords = [password(login) for login in logins]

    assert len(set(passwords)) == len(logins) > 1
    assert passwords == [password(login) for login in logins]


def test_the_demo_does_not_touch_a_named_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCABINET_DATABASE_URL", "postgresql:///cabinet")

    refused(told("demo"), "unset OPENCABINET_DATABASE_URL")
