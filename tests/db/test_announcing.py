"""Every committed change of an account announces itself, and a beat shows that all of them were heard."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from opencabinet import access, accounts
from opencabinet.db import Connection
from opencabinet.db.announcing import SILENT_SECONDS, Listening
from opencabinet.db.announcing.store import listen
from opencabinet.settings import Settings
from tests import make
from tests.doors.test_live import instrument
from tests.edge.holding import until

SILENT = {
    "applications": "told to the operator, and to applicants by their tokens, and never held",
    "click_days": "told to owners only, and never held",
    "click_visitors": "who was counted already",
    "clicks": "told to owners only, and never held",
    "clicks_other": "as they are",
    "links": "told to owners only, and never held",
    "authorizations": "what was asked, which is told to owners only, and never held",
    "banner_days": "counted for partners, and never held",
    "event_numbers": "of events, which are read from the outbox",
    "events": "as they are",
    "feed_rows": "what a feed remembers of its rows; the rows themselves announce",
    "monthly_lots": "sums of days, which announce",
    "partner_codes": "told to partners only, and never held",
    "partner_consents": "what partners see of clients is never held",
    "partner_parents": "told to nobody as they are",
    "partner_plans": "told to partners only, and never held",
    "partners": "told to partners only, and never held",
    "referral_claims": "told to partners only, and never held",
    "referral_log": "told to clients and partners only, and never held",
    "referrals": "what partners see of clients is never held",
    "partner_entries": "books of settlements, which announce",
    "replays": "answers to changes, for whoever asks for one again",
    "reward_months": "sums of days, which announce",
    "reward_waiting": "what is yet to be worked out",
    "reward_workings": "come with days, which announce",
    "reversals": "come with rewards; who takes them back says so",
    "rewards": "come with days, which announce; who moves them says so",
    "webhook_attempts": "told to owners only, and never held",
    "webhook_deliveries": "told to owners only, and never held",
    "webhook_endpoints": "told to owners only, and never held",
    "webhook_margins": "which levels were told of",
}
"""Tables of accounts whose changes nobody needs to hear of, and why."""
OF_ACCOUNTS = """
SELECT DISTINCT table_name::text FROM information_schema.columns JOIN information_schema.tables
       USING (table_schema, table_name)
 WHERE table_schema = 'public' AND column_name = 'login' AND table_type = 'BASE TABLE'
   AND table_name NOT LIKE 'staged%%' AND table_name NOT LIKE 'clicks\\_2%%'
"""
ANNOUNCING = """
SELECT relname::text || ' ' || (CASE WHEN tgtype & 4 > 0 THEN 'INSERT' WHEN tgtype & 8 > 0 THEN 'DELETE'
                                     WHEN tgtype & 16 > 0 THEN 'UPDATE' ELSE 'TRUNCATE' END)
  FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
 WHERE proname LIKE 'announce\\_%%' AND tgenabled = 'O'
"""
COLUMNS = """
SELECT column_name || ' ' || data_type FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = 'instruments' AND is_generated = 'NEVER'
   AND column_name NOT IN ('server', 'tick_value', 'updated_at')
 ORDER BY ordinal_position
"""
OTHER = {"text": "'other'", "boolean": "true", "smallint": "6", "numeric": "7.5"}
OPENS = (
    *("family = 'partner'", "kind = 'bearer'", "expires_at = expires_at + interval '1 s'", "networks = '{::1/128}'"),
    *("functions = '{balance}'", "origins = '{https://a.example}'", "reads_per_minute = 7", "proved_at = now()"),
    "revoked_at = now()",
)
"""Changes of what a credential opens, or for how long."""
VERBS = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
EVERYWHERE = {"bonus_programmes", "instruments", "servers"}


class Heard:
    """What is announced."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    async def told(self) -> list[str]:
        """Return what was announced since it was last asked."""
        return [each.payload async for each in self.conn.notifies(timeout=0.1)]


@asynccontextmanager
async def hearing(url: str) -> AsyncIterator[Heard]:
    """Hear what is announced."""
    async with await Connection.open(url) as conn:
        await listen(conn)
        yield Heard(conn)


async def test_every_table_of_an_account_announces_each_change(conn: Connection) -> None:
    tables = set(await conn.values(OF_ACCOUNTS))
    expected = {f"{table} {verb}" for table in (tables - SILENT.keys()) | EVERYWHERE for verb in VERBS}

    assert set(await conn.values(ANNOUNCING)) == expected
    assert SILENT.keys() <= tables


async def test_an_account_is_told_once_a_transaction(committed: Connection, database: str) -> None:
    account = await make.account(committed)
    async with hearing(database) as heard:
        async with committed.transaction():
            for _ in range(3):
                await make.closed_trade(committed, account.login)
            await make.open_trade(committed, account.login)
            await access.open_account(committed, account.login)
        assert await heard.told() == [str(account.login)]
        await access.close_account(committed, account.login)
        assert await heard.told() == [str(account.login)]


async def test_nothing_is_told_of_what_is_taken_back_or_changes_nothing(committed: Connection, database: str) -> None:
    account = await make.account(committed)
    async with hearing(database) as heard:
        async with committed.transaction(force_rollback=True):
            await make.closed_trade(committed, account.login)
        await committed.run("DELETE FROM closed_trades WHERE login = -1")
        await committed.run("UPDATE instruments SET digits = 3 WHERE server = 'none'")

        assert await heard.told() == []


async def test_a_use_of_a_credential_is_no_change(committed: Connection, database: str, settings: Settings) -> None:
    account = await make.account(committed)
    await make.token(committed, account.login, settings)
    async with hearing(database) as heard:
        await committed.run("UPDATE tokens SET last_used_at = now()")
        assert await heard.told() == []
        for change in OPENS:
            await committed.execute(f"UPDATE tokens SET {change}")  # noqa: S608 - columns of ours
            assert await heard.told() == [str(account.login)], change


async def test_both_accounts_are_told_of_what_goes_from_one_to_the_other(committed: Connection, database: str) -> None:
    one, other = [(await make.account(committed)).login for _ in range(2)]
    await make.closed_trade(committed, one)
    async with hearing(database) as heard:
        await committed.run("UPDATE closed_trades SET login = %(other)s", other=other)

        assert sorted(await heard.told()) == sorted([str(one), str(other)])


async def test_what_a_tick_is_worth_is_a_price_and_all_else_of_an_instrument_is_told(
    committed: Connection, database: str
) -> None:
    await accounts.know_server(committed, "S", "UTC")
    await instrument(committed)
    columns = await committed.values(COLUMNS)
    assert len(columns) > 15
    async with hearing(database) as heard:
        await committed.run("UPDATE instruments SET tick_value = coalesce(tick_value, 0) + 1, updated_at = now()")
        assert await heard.told() == []
        for name, kind in (each.split(" ", 1) for each in columns):
            given = {"told_by": "'operator'", "disputed": "true, contract_size = NULL"}.get(name, OTHER[kind])
            await committed.execute(f"UPDATE instruments SET {name} = {given}")  # noqa: S608 - names of columns
            assert await heard.told() == ["*"], name


@pytest.mark.parametrize(("accounts", "told"), [(100, 100), (101, 1), (700, 3), (5001, 1)])
async def test_many_accounts_are_told_in_lists(committed: Connection, database: str, accounts: int, told: int) -> None:
    async with hearing(database) as heard:
        await committed.run(
            "SELECT tell_accounts(ARRAY(SELECT generate_series(1, %(accounts)s::bigint)))", accounts=accounts
        )
        payloads = await heard.told()

    assert len(payloads) == told
    if accounts <= 5000:
        assert sorted(int(each) for payload in payloads for each in payload.split(",")) == [*range(1, accounts + 1)]
    else:
        assert payloads == ["*"]


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[tuple[Listening, list[str]]]:
    """Give what listens, once it does, and what it heard."""
    heard: list[str] = []
    async with Listening(url, heard.append) as made:
        await until(lambda: time.monotonic() - made.heard_until < SILENT_SECONDS)
        yield made, heard


async def test_whoever_has_caught_up_heard_all_before(committed: Connection, database: str) -> None:
    async with listening(database) as (made, heard):
        for number in range(1, 20):
            await committed.run("SELECT tell_accounts(ARRAY[%(number)s::bigint])", number=number)
            before = time.monotonic()
            assert await made.caught_up()
            assert heard[-1] == str(number)
            assert made.heard_until >= before


async def test_many_who_catch_up_at_once_share_a_beat(database: str) -> None:
    async with listening(database) as (made, _):
        began = made._beat  # noqa: SLF001 - beats are counted nowhere else
        assert all(await asyncio.gather(*(made.caught_up() for _ in range(100))))
        assert made._beat - began <= 3  # noqa: SLF001


async def test_the_beat_of_another_tells_nothing(database: str) -> None:
    async with listening(database) as (made, _):
        made._beat, made._under_way, was = made._beat + 1, True, made.heard_until  # noqa: SLF001 - as if one were sent
        made._sent_at = time.monotonic()  # noqa: SLF001

        made._heard("opencabinet_beats", b"another:7")  # noqa: SLF001

        assert made.heard_until == was
        made._under_way = False  # noqa: SLF001


async def test_it_beats_by_itself(database: str) -> None:
    async with listening(database) as (made, _):
        for _ in range(10):
            await asyncio.sleep(0.1)
            assert time.monotonic() - made.heard_until < 1


async def test_a_lost_connection_is_made_again_and_all_may_have_changed(committed: Connection, database: str) -> None:
    async with listening(database) as (made, heard):
        was = made.heard_until
        heard.clear()
        await committed.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%%opencabinet_beats%%'"
            " AND pid <> pg_backend_pid()"
        )
        await until(lambda: made.heard_until > was + 0.1 and made.connected)
        assert heard[0] == "*"
        assert await made.caught_up()
