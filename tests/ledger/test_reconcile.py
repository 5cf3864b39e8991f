from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from opencabinet import ledger
from opencabinet.db import Connection, Upserted
from opencabinet.kernel.clock import Moment
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.ledger import Movement, Reconciliation
from opencabinet.ledger.model import OPENING
from tests import make

SINCE = Moment(make.NOW - timedelta(days=100), 180)
ROWS = "SELECT login, ticket, kind, amount, moved_at, moved_offset, comment FROM movements WHERE login = %(login)s"
amounts = st.decimals(Decimal(-(10**9)), Decimal(10**9), places=8)


def movement(login: Login, amount: str = "1000", *, ticket: int = 1, kind: str = "balance") -> Movement:
    """Make a movement of ten days ago."""
    return Movement(
        login=login,
        ticket=Ticket(ticket),
        kind=kind,
        amount=Decimal(amount),
        moved_at=make.NOW - timedelta(days=10),
        moved_offset=120,
        comment="Deposit",
    )


async def reconciled(conn: Connection, login: Login, balance: str, results: str = "0") -> Reconciliation:
    """Reconcile an account with its rows."""
    return await ledger.reconcile(conn, login, balance=Decimal(balance), results=Decimal(results), since=SINCE)


async def opening(conn: Connection, login: Login) -> list[Movement]:
    """Give the opening entry, if there is one."""
    return [row for row in await conn.fetch(Movement, ROWS, login=login) if row.kind == "opening"]


async def test_rows_that_explain_the_balance_leave_nothing_open(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await ledger.save(conn, [movement(login, "900"), movement(login, "-50.5", ticket=2)])

    found = await reconciled(conn, login, "860", results="10.5")

    assert found == Reconciliation(Decimal(0), Decimal("849.5"), Decimal("10.5"), Decimal(860))
    assert found.complete
    assert await opening(conn, login) == []


async def test_what_rows_do_not_explain_is_one_opening_entry(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await ledger.save(conn, [movement(login, "900")])

    found = await reconciled(conn, login, "1000", results="-0.01")

    assert (found.opening, found.complete) == (Decimal("100.01"), False)
    [entry] = await opening(conn, login)
    assert (entry.ticket, entry.amount) == (OPENING, Decimal("100.01"))
    assert Moment(entry.moved_at, entry.moved_offset) == SINCE
    assert "not explained" in entry.comment


async def test_the_opening_entry_changes_with_what_is_known(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await reconciled(conn, login, "1000")
    await ledger.save(conn, [movement(login, "400")])

    assert (await reconciled(conn, login, "1000")).opening == 600
    assert [entry.amount for entry in await opening(conn, login)] == [600]
    assert (await reconciled(conn, login, "1000")).opening == 600


async def test_the_opening_entry_disappears_once_all_is_known(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await reconciled(conn, login, "1000")
    await ledger.save(conn, [movement(login, "1000")])

    assert (await reconciled(conn, login, "1000")).complete
    assert await opening(conn, login) == []


async def test_credit_and_bonus_leave_the_balance_as_it_is(conn: Connection) -> None:
    login = (await make.account(conn)).login
    kinds = ("balance", "credit", "bonus", "charge", "correction")
    await ledger.save(
        conn, [movement(login, str(10**place), ticket=place + 1, kind=kind) for place, kind in enumerate(kinds)]
    )

    assert (await reconciled(conn, login, "11001")).movements == 11001


async def test_other_accounts_do_not_count(conn: Connection) -> None:
    login, other = (await make.account(conn)).login, (await make.account(conn)).login
    await ledger.save(conn, [movement(login, "5"), movement(other, "7")])
    await reconciled(conn, other, "1000")

    assert await reconciled(conn, login, "5") == Reconciliation(Decimal(0), Decimal(5), Decimal(0), Decimal(5))


async def test_money_moved_first_with_the_first_row_the_opening_entry_apart(conn: Connection) -> None:
    login = (await make.account(conn)).login
    await reconciled(conn, login, "1000")
    assert await ledger.first(conn, login) is None

    await ledger.save(conn, [movement(login)])
    assert await ledger.first(conn, login) == make.NOW - timedelta(days=10)


async def test_saving_counts_new_and_changed_movements(conn: Connection) -> None:
    login = (await make.account(conn)).login
    one, two = movement(login), movement(login, "1.1", ticket=2)

    assert await ledger.save(conn, [one, two]) == Upserted(2, 0)
    assert await ledger.save(conn, [one, movement(login, "1.2", ticket=2)]) == Upserted(0, 1)
    assert await ledger.save(conn, [one]) == Upserted()


async def test_nothing_to_save_is_nothing_saved(conn: Connection) -> None:
    assert await ledger.save(conn, []) == Upserted()


@given(amounts, amounts, amounts)
def test_the_parts_always_add_up(opening: Decimal, movements: Decimal, results: Decimal) -> None:
    closing = opening + movements + results

    assert Reconciliation(opening, movements, results, closing).complete is (closing == movements + results)
