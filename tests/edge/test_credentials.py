"""What is remembered of credentials, to tell owners from the crowd."""

from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.db import Connection
from opencabinet.doors.seen import SEEN, Seen
from opencabinet.edge.admission import Admission, Known
from opencabinet.edge.callers import Callers
from opencabinet.edge.client import Trust
from opencabinet.edge.lanes import Lane, Lanes
from opencabinet.edge.limits import Limits
from tests import make
from tests.doors.legacy.asking import BALANCE, transport
from tests.edge.asking import HOST, ask
from tests.edge.test_admission import LONG, Held, admission


@pytest.mark.parametrize(("target", "header"), [(BALANCE, "authorization"), ("/v1/accounts/{}/balance", "passkey")])
async def test_what_is_shown_in_the_header_of_another_door_is_no_credential(
    site: httpx.AsyncClient, committed: Connection, target: str, header: str
) -> None:
    account = await make.account(committed)
    await access.open_account(committed, account.login)
    lanes = admission(transport(site).app).lanes
    before = lanes.admitted[Lane.PUBLIC]

    for number in range(3):
        answer = await site.get(target.format(account.login), headers={header: f"junk {number}"})
        assert answer.status_code == 200

    assert lanes.admitted[Lane.PUBLIC] == before + 3


async def test_all_credentials_of_an_account_have_one_turn() -> None:
    held = Held()
    held.go.set()
    admission = Admission(held, Lanes(1), LONG)
    app = Limits(Callers(Trust(), admission))
    scope: Any = {"method": "GET", "path": "/client/x", SEEN: Seen(address=None, why="")}
    headers = [[(b"passkey", b"%d" % number)] for number in range(3)]

    for each in headers:
        await ask(app, headers=(HOST, *each))
    lanes = [admission.lane(scope, admission.shown(scope | {"headers": each})) for each in headers]

    assert lanes == [(Lane.OWNER, "owner")] * 3


async def test_only_so_many_networks_are_doubted() -> None:
    known = Known(kept=2)

    for number in range(3):
        known.doubt(number)

    assert [known.doubts(number) for number in range(3)] == [False, True, True]


async def test_what_the_server_keeps_of_a_credential_is_not_the_credential() -> None:
    known = Known()
    mark = known.mark(b"secret")

    assert known.mark(b"secret") == mark
    assert b"secret" not in mark
    assert Known().mark(b"secret") != mark


async def test_only_so_many_credentials_are_known() -> None:
    known = Known(kept=2)
    marks = [known.mark(bytes([number])) for number in range(3)]

    for mark in marks:
        known.learn(mark, "owner")

    assert [known.owner(mark) for mark in marks] == [None, "owner", "owner"]
