"""Bonuses of accounts in the database."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from opencabinet import accounts, bonuses, ingest, ledger, market, samples
from opencabinet.bonuses import Progress, Standing
from opencabinet.bonuses.actions import progress
from opencabinet.bonuses.store import MOST_MOVEMENTS
from opencabinet.db import Connection
from opencabinet.ingest.reading import read
from opencabinet.kernel.ids import Granted, Login, Ticket
from opencabinet.kernel.problem import Overloaded
from opencabinet.ledger import Movement
from tests import make, needs
from tests.bonuses.rules import FIRST, LARGE, day, money, moved, programme
from tests.market.test_model import instrument

MANY = """
INSERT INTO closed_trades
SELECT %(login)s, n, n, 'EURUSD', 'buy', 0.5, 10000, 5, at - interval '30 s', 0, 1, at, 0, 1, NULL, NULL, 0, 0, 0, 0, ''
  FROM (SELECT n, %(since)s::timestamptz + n * interval '1 minute' AS at FROM generate_series(1, 20000) AS n) AS times
"""

READ = """
SELECT coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::bigint
  FROM pg_stat_xact_user_tables WHERE relname = 'closed_trades'
"""
NOTHING = Decimal(0)


@pytest.fixture(autouse=True)
async def _programmes(conn: Connection) -> None:
    """Have the first programmes and no others."""
    await conn.run("DELETE FROM bonus_programmes")
    await bonuses.save(conn, [*FIRST.values()])


@pytest.fixture
async def login(conn: Connection) -> Login:
    """Give the login of an account with a bonus of 550 dollars on its credit, at a known server."""
    account = await make.account(conn, credit=Decimal(550), equity=Decimal(1550))
    await accounts.know_server(conn, "S", "UTC")
    await accounts.add_origin(conn, accounts.Origin(server="S", number=1, since=make.NOW, login=account.login))
    await keep(conn, account.login, money(1, 1, "1000"), moved(2, 2, "550", "Credit in"))
    return account.login


async def keep(conn: Connection, login: Login, *movements: Movement) -> None:
    """Keep movements."""
    await ledger.save(conn, [structs.replace(each, login=login) for each in movements])


async def asked(conn: Connection, login: Login) -> Progress:
    """Ask for the bonuses of an account."""
    return await progress(conn, Granted(login), make.NOW)


async def only(conn: Connection, login: Login) -> Standing:
    """Give how the account is under its only programme."""
    [found] = (await asked(conn, login)).standings
    return found


async def close(
    conn: Connection, login: Login, days: float, lots: str, size: str | None = "10000", **given: object
) -> None:
    """Let a trade close that had been open for an hour."""
    contract_size = size and Decimal(size)
    at = day(days)
    times = {"closed_at": at, "opened_at": at - timedelta(hours=1)}
    await make.closed_trade(conn, login, lots=Decimal(lots), contract_size=contract_size, **times | given)


async def test_the_rules_own_example_counts_in_the_database(conn: Connection, login: Login) -> None:
    await close(conn, login, 1, "9000")
    await close(conn, login, 3, "300")
    await close(conn, login, 4, "100", "100000", symbol="GBPUSD")

    found = await only(conn, login)

    assert (found.programme, found.bonuses, found.required) == (LARGE, Decimal(550), Decimal(3300))
    assert (found.counted, found.left, found.state) == (Decimal(1300), Decimal(2000), "owed")
    assert found.since == day(2)
    [before] = found.not_counted()
    assert (before.reason, before.trades) == ("before_bonus", 1)


async def test_a_trade_that_closes_with_the_bonus_counts(conn: Connection, login: Login) -> None:
    await close(conn, login, 2, "1")
    await make.closed_trade(
        conn, login, lots=Decimal(1), contract_size=Decimal(10_000), closed_at=day(2) - timedelta(microseconds=1)
    )

    assert (await only(conn, login)).counted == 1


async def test_nothing_after_now_counts(conn: Connection, login: Login) -> None:
    await make.closed_trade(conn, login, contract_size=Decimal(10_000), closed_at=make.NOW)

    assert (await only(conn, login)).closed == []


async def test_a_contract_size_that_trades_do_not_tell_comes_from_the_market(conn: Connection, login: Login) -> None:
    await close(conn, login, 3, "1", None)
    assert [each.reason for each in (await only(conn, login)).not_counted()] == ["unknown_contract_size"]

    await market.save_instruments(conn, [instrument(symbol="eurusd")])

    found = await only(conn, login)
    assert (found.counted, found.not_counted()) == (Decimal(10), [])
    assert [each.contract_size for each in found.closed] == [Decimal(100_000)]


async def test_trades_held_too_short_do_not_count(conn: Connection, login: Login) -> None:
    await bonuses.save(conn, [structs.replace(LARGE, least_seconds=3600)])
    await close(conn, login, 3, "1")
    await close(conn, login, 3, "2", opened_at=day(3) - timedelta(seconds=3599))
    await close(conn, login, 3, "4", opened_at=None, opened_offset=None)
    await close(conn, login, 1, "8", opened_at=day(1))

    found = await only(conn, login)

    assert found.counted == 1
    told = {each.reason: (each.trades, [row.lots for row in each.closed]) for each in found.not_counted()}
    assert told == {"held_too_short": (2, [Decimal(6)]), "before_bonus": (1, [Decimal(8)])}


@pytest.mark.parametrize(("counts_from", "counted"), [("first_bonus", 6), ("last_bonus", 4), ("ever", 7)])
async def test_a_programme_says_since_when_trades_count(
    conn: Connection, login: Login, counts_from: str, counted: int
) -> None:
    await bonuses.save(conn, [structs.replace(LARGE, counts_from=counts_from)])
    await keep(conn, login, moved(3, 4, "100", "Gift"))
    for days, lots in ((1, "1"), (3, "2"), (5, "4")):
        await close(conn, login, days, lots)

    assert (await only(conn, login)).counted == counted


async def test_a_released_bonus_is_money_and_owes_nothing(conn: Connection, login: Login) -> None:
    await keep(conn, login, moved(3, 9, "-550", "Bonus released"), money(4, 9, "550"))
    await accounts.save(conn, structs.replace(await accounts.existing(conn, login), credit=Decimal(0)))

    found = await asked(conn, login)

    assert (found.state, found.left, found.remaining, found.released) == (
        *("released", NOTHING, NOTHING, Decimal(550)),
    )
    assert found.complete
    assert found.stake == 0


async def test_an_account_without_credit_has_no_bonuses(conn: Connection) -> None:
    found = await asked(conn, (await make.account(conn)).login)

    assert (found.state, found.grants, found.standings, found.deciding) == ("none", [], [], None)
    assert (found.required, found.counted, found.left) == (NOTHING, NOTHING, NOTHING)
    assert found.complete
    assert found.withdrawable == found.withdrawable_keeping_bonus == 1000


async def test_credit_of_no_programme_is_listed_and_requires_nothing(conn: Connection) -> None:
    login = (await make.account(conn, credit=Decimal(70))).login
    await keep(conn, login, moved(1, 1, "70", "Thank you"))

    found = await asked(conn, login)

    [grant] = found.grants
    assert (grant.id, grant.programme, grant.amount) == (Ticket(1), None, Decimal(70))
    assert (found.state, found.remaining, found.standings) == ("none", Decimal(70), [])


async def test_the_programme_that_takes_longest_decides(conn: Connection, login: Login) -> None:
    await keep(conn, login, moved(3, 3, "30", "30%"))

    found = await asked(conn, login)

    assert [each.required for each in found.standings] == [Decimal(1740), Decimal(3480)]
    assert found.deciding is not None
    assert found.deciding.programme == LARGE
    assert (found.required, found.left, found.state) == (Decimal(3480), Decimal(3480), "owed")


async def test_credit_that_the_rows_do_not_explain_is_not_complete(conn: Connection, login: Login) -> None:
    assert (await asked(conn, login)).complete

    await keep(conn, login, moved(3, 3, "-20", "out"))

    assert not (await asked(conn, login)).complete


async def test_profit_can_be_withdrawn_without_losing_the_bonus(conn: Connection, login: Login) -> None:
    account = await accounts.existing(conn, login)

    async def drawn(balance: str, equity: str, margin: str = "0") -> tuple[int, int]:
        figures = {"balance": Decimal(balance), "equity": Decimal(equity), "margin": Decimal(margin)}
        await accounts.save(conn, structs.replace(account, **figures))
        found = await asked(conn, login)
        return int(found.withdrawable), int(found.withdrawable_keeping_bonus)

    assert await drawn("1000", "1550") == (1000, 0)
    assert await drawn("1200", "1750") == (1200, 200)
    assert await drawn("1200", "1650") == (1100, 200)
    assert await drawn("1200", "1700", "1050") == (100, 100)
    assert await drawn("1200", "2750") == (1200, 200)
    assert await drawn("1200", "500") == (0, 0)


async def test_a_programme_may_cancel_its_bonus_at_any_withdrawal(conn: Connection, login: Login) -> None:
    await bonuses.save(conn, [structs.replace(LARGE, withdrawal="cancels")])
    await accounts.save(conn, structs.replace(await accounts.existing(conn, login), balance=Decimal(5000), equity=None))

    found = await asked(conn, login)

    assert (found.withdrawable, found.withdrawable_keeping_bonus) == (Decimal(5000), NOTHING)


async def test_a_bonus_that_is_no_share_stands_on_all_that_was_deposited(conn: Connection, login: Login) -> None:
    await bonuses.save(conn, [programme()])
    await keep(conn, login, money(3, 3, "200"), moved(4, 4, "10", "Gift"))

    assert (await asked(conn, login)).stake == 1200


async def test_a_real_bonus_is_told_in_and_out(conn: Connection) -> None:
    statement = needs.statement("mt4/mt4-eur-credit-zeroed.htm")
    done = await ingest.load(conn, statement, server="S", rule="NewYork+7", now=make.LATER)
    found = await asked(conn, done.login)

    [grant], [ending] = found.grants, found.endings
    bonus = Decimal(493)
    assert (grant.id, grant.amount, grant.cancelled, grant.remaining) == (Ticket(224876), bonus, bonus, NOTHING)
    assert (ending.id, ending.kind, ending.amount) == (Ticket(6598408), "cancelled", bonus)
    assert ending.grants == {grant.id: bonus}
    assert (found.received, found.cancelled, found.released, found.complete) == (bonus, bonus, NOTHING, True)
    assert (found.state, found.withdrawable) == ("none", NOTHING)


async def test_a_real_bonus_under_a_programme_that_names_it_counts_lots(conn: Connection) -> None:
    rule = programme(
        name="deposit-bonus", comments=("DPBonus",), lots_per_unit=Decimal("0.1"), factors={"EUR": Decimal("1.1")}
    )
    await bonuses.save(conn, [rule])
    statement = needs.statement("mt4/mt4-eur-credit-zeroed.htm")
    done = await ingest.load(conn, statement, server="S", rule="NewYork+7", now=make.LATER)
    ounces = instrument(symbol="XAUUSD-std", contract_size=Decimal(100))
    await market.save_instruments(conn, [instrument(symbol="gbpusd-std"), ounces])

    found = await only(conn, done.login)

    assert (found.state, found.required, found.left) == ("cancelled", Decimal("54.23"), Decimal(0))
    assert found.arithmetic == "493 × 0.1 × 1.1 = 54.23"
    since = [row for row in statement.closings if row.closed_at >= statement.moves[0].moved_at]
    pounds, gold = (
        sum((row.lots for row in since if row.symbol == symbol), NOTHING) for symbol in ("gbpusd-std", "xauusd-std")
    )
    assert found.counted == pounds * 10 + gold / 100
    assert sum(each.trades for each in found.closed) == 1304
    assert {row.symbol for each in found.not_counted() for row in each.closed} == {
        *("audcad-std", "eurusd-std", "nzdcad-std"),
    }


async def test_the_invented_accounts_have_bonuses_of_no_programme(conn: Connection) -> None:
    file = Path(samples.__file__).parent / "files" / "mt5-2001002.html"
    done = await ingest.load(conn, read(file), server="S", rule="NewYork+7", now=make.LATER)
    found = await asked(conn, done.login)

    assert (found.received, found.cancelled, found.remaining, found.complete) == (
        *(Decimal(600), Decimal(200), Decimal(400)),
        True,
    )
    assert found.state == "none"


async def test_a_long_history_is_counted_from_its_roll_ups(conn: Connection, login: Login) -> None:
    await conn.run(MANY, login=login, since=day(3))
    before = await conn.value(READ)
    found = await only(conn, login)

    assert found.counted == 10_000
    assert await conn.value(READ) - before < 3000  # no more than the days at the edges of the period


async def test_more_credit_rows_than_can_be_told_are_refused(conn: Connection, login: Login) -> None:
    await keep(conn, login, *(moved(ticket, 3, "1") for ticket in range(10, MOST_MOVEMENTS + 10)))

    with pytest.raises(Overloaded):
        await asked(conn, login)
