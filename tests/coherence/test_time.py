"""What changes an answer without a change of its account: prices that move, and reads that take their time."""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any, Final

import pytest

from opencabinet import access, accounts
from opencabinet.access import Family, Lifetimes, keyfile
from opencabinet.accounts import Origin
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import Server
from tests.coherence.probing import all_of, ask
from tests.coherence.questions import DOORS, Question
from tests.coherence.rights import HOME, Row
from tests.coherence.timeline import ELSEWHERE_SECONDS, now
from tests.coherence.wire import Wire
from tests.coherence.writers import policy
from tests.doors.test_live import LATER, instrument, quoted

PRICED: Final = ("balance", "summary", "open_trades")
LASTS_SECONDS: Final = 1.5
HELD_TIMES: Final = 20
LATE: Final = timedelta(seconds=1)


@pytest.fixture
async def ports(pair: Mapping[str, Server]) -> list[int]:
    return [each.port for each in pair.values()]


@pytest.fixture
async def login(committed: Connection) -> Login:
    """An open account that has bought what its server quotes."""
    made = await make.account(committed, equity=Decimal(1250), floating=Decimal(250), margin=Decimal(551))
    await accounts.know_server(committed, "S", "NewYork+7")
    await accounts.add_origin(committed, Origin(server="S", number=made.login, since=make.NOW, login=made.login))
    await make.open_trade(committed, made.login, open_price=Decimal("1.1"), profit=Decimal(250), swap=Decimal(0))
    await instrument(committed)
    await quoted(committed, "1.1")
    await access.open_account(committed, made.login)
    return made.login


async def test_prices_that_move_are_told_within_a_second(ports: list[int], committed: Connection, login: Login) -> None:
    priced = [Question(login, door, function, HOME) for door, function in product(DOORS, PRICED)]
    known = {port: {each.body for each in await all_of(port, priced)} for port in ports}
    for step in range(1, 6):
        for _ in range(3):
            [await all_of(port, priced) for port in ports]
        await quoted(committed, f"1.10{step}", LATER + step * LATE)
        await asyncio.sleep(ELSEWHERE_SECONDS)
        for port in ports:
            answers = {each.body for each in await all_of(port, priced)}
            assert len(answers) == len(priced)
            assert not answers & known[port]
            known[port] |= answers


async def test_what_was_read_before_a_change_and_told_after_it_is_not_held(
    ports: list[int], committed: Connection, login: Login, settings: Settings
) -> None:
    """A reader is let in, and then waits for a lock until its token was revoked, by another, long ago."""
    given = await owner(committed, login, settings)
    tokens = [
        (await access.begin(committed, family=Family.CLIENT, lifetimes=Lifetimes(), **given)).bearer for _ in "ab"
    ]
    question, other = (Question(login, "v1", "balance", HOME, each) for each in tokens)
    locking = await Connection.open(committed.info.dsn)
    async with contextlib.aclosing(Wire(ports[0])) as wire:
        async with locking.transaction():
            await locking.execute("LOCK TABLE open_trades IN ACCESS EXCLUSIVE MODE")
            reader = asyncio.create_task(ask(ports[0], question))
            await asyncio.sleep(0.3)
            assert not reader.done()
            revoked = await wire.ask("DELETE", f"/v1/accounts/{login}/tokens", other.headers)
        first, second = await reader, await wire.get(question.path, question.headers)
    await locking.close()

    assert (revoked.status, first.status) == (200, 200), "It was asked before."
    assert second.status in {401, 403}


async def owner(conn: Connection, login: Login, settings: Settings) -> dict[str, Any]:
    """Return what an owner asks for tokens with."""
    password = await make.password(conn, login, settings)
    return {"pepper": keyfile.load(settings.folder).pepper, "login": login, "password": password}


@pytest.mark.parametrize("door", DOORS)
async def test_a_rule_ends_to_the_moment(ports: list[int], committed: Connection, login: Login, door: str) -> None:
    question = Question(login, door, "closed_trades", HOME)
    ends = now() + LASTS_SECONDS
    await access.set_policy(committed, login, policy({"default": Row(level="open", expires=ends)}))

    assert await told_until(ports[0], question, ends) > HELD_TIMES


@pytest.mark.parametrize("door", DOORS)
async def test_a_credential_ends_to_the_moment(
    ports: list[int], committed: Connection, login: Login, settings: Settings, door: str
) -> None:
    await access.close_account(committed, login)
    shown = await owner(committed, login, settings)
    lasts = timedelta(seconds=LASTS_SECONDS)
    if door == "v1":
        lifetimes = Lifetimes(bearer=lasts, refresh=lasts)
        token = (await access.begin(committed, family=Family.CLIENT, lifetimes=lifetimes, **shown)).bearer
    else:
        token = await access.issue(committed, family=Family.CLIENT, lifetime=lasts, **shown)
    [found] = await committed.values(
        "SELECT expires_at FROM tokens WHERE hash = sha256(%(token)s)", token=token.encode()
    )

    ends = found.timestamp()
    assert await told_until(ports[0], Question(login, door, "closed_trades", HOME, token), ends) > HELD_TIMES


async def told_until(port: int, question: Question, ends: float) -> int:
    """Ask on until a moment has passed; see that nothing is told from then on, and say how often it was before."""
    told = 0
    async with contextlib.aclosing(Wire(port)) as wire:
        while now() < ends + ELSEWHERE_SECONDS / 4:
            answer = await wire.get(question.path, question.headers)
            assert answer.status == 200 or answer.answered > ends, ends - answer.answered
            assert answer.status != 200 or answer.asked < ends, answer.asked - ends
            told += answer.status == 200
    return told
