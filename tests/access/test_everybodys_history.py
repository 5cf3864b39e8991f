"""The history of everybody: in pages, within a period, of some actions, of what was refused, of operators."""

from opencabinet import access
from opencabinet.access import Source, operators
from opencabinet.access.history import NOBODY, everybodys
from opencabinet.access.operators import Operator, Role
from opencabinet.db import Connection
from opencabinet.kernel.page import NEWEST
from opencabinet.kernel.period import EVER, Period
from tests import make
from tests.access.asking import HOUR

HERE = Source(channel="cabinet")
ANN = Operator(person=1, email="ann@example.com", roles=[Role.SUPPORT], proved=True)


async def test_pages_of_the_history_of_all_accounts_join_without_a_gap(conn: Connection) -> None:
    for _ in range(5):
        login = (await make.account(conn)).login
        await access.open_account(conn, login)
        await access.close_account(conn, login)
    whole = [row.id for row in (await everybodys(conn, EVER, limit=100)).rows]

    found, place = [], NEWEST
    while True:
        page = await everybodys(conn, EVER, below=place, limit=3)
        found += [row.id for row in page.rows]
        if page.next is None:
            break
        place = page.next

    assert found == whole
    assert len(found) == len(set(found)) >= 10


async def test_what_operators_did_is_found_apart(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await access.open_account(conn, login)
    await operators.act(conn, ANN, login, "reward.hold", "reward 3 is held", HERE)
    await operators.act(conn, ANN, NOBODY, "news.publish", "news 4 is told", HERE)

    theirs = (await everybodys(conn, EVER, limit=10, by_operators=True)).rows
    news = (await everybodys(conn, EVER, limit=10, by_operators=True, of="news.")).rows

    assert {row.action for row in theirs} == {"reward.hold", "news.publish"}
    assert [row.rule for row in news] == ["news 4 is told, by operator 1 (ann@example.com)"]


async def test_granted_and_refused_are_told_apart_and_by_time(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await access.open_account(conn, login)
    [row] = (await everybodys(conn, EVER, limit=10)).rows

    assert len((await everybodys(conn, EVER, limit=10, granted=True)).rows) == 1
    assert (await everybodys(conn, EVER, limit=10, granted=False)).rows == []
    assert (await everybodys(conn, Period(EVER.since, row.at), limit=10)).rows == []
    assert len((await everybodys(conn, Period(row.at, row.at + HOUR), limit=10)).rows) == 1
