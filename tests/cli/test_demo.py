import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from opencabinet.cli.demo import monday, password
from opencabinet.ingest.feeds.simulator import PEOPLE
from opencabinet.kernel.clock import clock
from opencabinet.kernel.ids import Login
from tests.cli.console import refused, told
from tests.cli.processes import Running, databases, running
from tests.clients.serving import PLAIN
from tests.needs import lacking

KNOWN = {
    1001001: "ccp_AMozcebCcz9kbByQvmOn59Goxc0rHyPU",
    1001002: "ccp_bMwFYWDw75K28yyU5Ifm6k0hUM3elPkJ",
    1001003: "ccp_6zzrgw8ogPIC6U64pILKFOmEPa1rJ91u",
    2001001: "ccp_ajbPoGb0jWgdwxMXz0eSpKH7bX1QIDH9",
    2001002: "ccp_Vu07Ega14EpKU8M26op9kU2oqM1Td99d",
}
"""Accounts that people have pasted the passwords of since the first demonstration."""
LIVELY_SECONDS = 60
FOUNDING_SECONDS = 120
"""For a busy machine; one at rest needs a few."""
LAST_LINE = "the next start takes seconds."
STRICT = 'set -euo pipefail; curl() { command curl --fail --max-time 20 "$@"; echo; }\n'
FAST_SECONDS = 30  # it takes ten on an idle machine; tests that run beside it take processors, too


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


def asked(command: Running, path: str, *, login: int = 1001001) -> dict[str, Any]:
    """Ask the v1 API of a running demonstration."""
    address = f"http://127.0.0.1:{command.port}"
    words = {"login": login, "password": password(Login(login))}
    token = httpx.post(f"{address}/v1/tokens", json=words, timeout=20, verify=PLAIN).json()["access_token"]
    shown = {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{address}/v1/accounts/{login}/{path}", headers=shown, timeout=20, verify=PLAIN)
    answer.raise_for_status()
    return cast("dict[str, Any]", answer.json())


def of_partner(command: Running, path: str, *, login: int = 1001001) -> dict[str, Any]:
    """Ask the v1 API of a running demonstration for what a partner has, which the worker works out as it begins."""
    address = f"http://127.0.0.1:{command.port}"
    words = {"login": login, "password": password(Login(login)), "family": "partner"}
    token = httpx.post(f"{address}/v1/tokens", json=words, timeout=20, verify=PLAIN).json()["access_token"]
    shown = {"Authorization": f"Bearer {token}"}
    deadline = time.monotonic() + LIVELY_SECONDS
    while True:
        answer = httpx.get(f"{address}/v1/partners/{login}/{path}", headers=shown, timeout=20, verify=PLAIN)
        answer.raise_for_status()
        if answer.json()["data"]:
            return cast("dict[str, Any]", answer.json())
        assert time.monotonic() < deadline
        time.sleep(0.5)


def until(command: Running, path: str, changed: Callable[[dict[str, Any]], bool], *, login: int = 1001001) -> None:
    """Wait until an answer is as it is expected to become."""
    deadline = time.monotonic() + LIVELY_SECONDS
    while not changed(answer := asked(command, path, login=login)):
        assert time.monotonic() < deadline, answer
        time.sleep(0.5)


def test_the_demo_prints_what_works_when_pasted_and_lives_on(house: Path) -> None:
    with running(house, "demo") as command:
        said = command.hear(LAST_LINE, FOUNDING_SECONDS)
        passwords = dict(re.findall(r"^  (\d+)  (ccp_\w{32})$", said, re.MULTILINE))
        first = answered(command)
        before = asked(command, "trades/closed?limit=1")["receipt"]["last_id"]
        until(command, "trades/closed?limit=1", lambda answer: bool(answer["receipt"]["last_id"] > before))
        happened = incident(house, "stop_out", "--login", "1001002")
        until(command, "trades/closed?limit=50", stopped_out, login=1001002)
        until(command, "balance", lambda answer: bool(answer["complete"]), login=1001002)
        given = of_partner(command, "rewards")
        assert command.end() == 0
    assert databases(house) == []

    began = time.monotonic()
    with running(house, "demo") as command:
        again = command.hear(LAST_LINE)
        took = time.monotonic() - began
        second = answered(command)
        lately = datetime.now(UTC)
        until(command, "balance", lambda answer: datetime.fromisoformat(answer["as_of"]) >= lately)
        assert command.end() == 0

    assert "http://127.0.0.1:" in said
    assert sorted(passwords) == sorted(str(person.number) for person in PEOPLE)
    assert KNOWN.items() <= {int(login): given for login, given in passwords.items()}.items()
    assert "Inventing" in said
    assert "Inventing" not in again
    assert happened == "stop_out happens within a second.\n"
    assert took < FAST_SECONDS
    assert re.search(r"^PARTNER=.*/v1/partners/1001001/rewards", said, re.MULTILINE)
    assert all(Decimal(row["amount"]) > 0 for row in given["data"])
    assert given["receipt"]["complete"] is True
    assert [len(first), len(second)] == [2, 2]
    assert databases(house) == []
    assert "Nobody simulates now" in incident(house, "gap")


def stopped_out(answer: dict[str, Any]) -> bool:
    """Tell whether a trade was closed by the broker; others may have closed since."""
    return any(str(trade["comment"]).startswith("so: ") for trade in answer["data"])


def incident(house: Path, *words: str) -> str:
    """Ask the demonstration for an incident, and return what was said."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "opencabinet", "simulate", "incident", *words],
        env=os.environ | {"OPENCABINET_HOME": str(house)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


def test_the_passwords_of_the_demo_are_known_and_each_accounts_own() -> None:
    logins = [Login(person.number) for person in PEOPLE]

    passwords = [password(login) for login in logins]

    assert len(set(passwords)) == len(logins) > 1
    assert {login: password(Login(login)) for login in KNOWN} == KNOWN


@pytest.mark.parametrize("now", ["2026-11-26T20:00:00+00:00", "2026-03-08T23:00:00+00:00", "2027-01-03T21:59:59+00:00"])
def test_the_invented_broker_began_on_a_monday_of_its_server(now: str) -> None:
    moment = datetime.fromisoformat(now)

    began = datetime.fromtimestamp(monday(int(moment.timestamp())), UTC)

    assert clock("NewYork+7").at(began).wall().strftime("%A %H:%M") == "Monday 00:00"
    assert timedelta(weeks=43) <= moment - began < timedelta(weeks=44, hours=1)


def test_the_demo_does_not_touch_a_named_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCABINET_DATABASE_URL", "postgresql:///cabinet")

    refused(told("demo"), "unset OPENCABINET_DATABASE_URL")
