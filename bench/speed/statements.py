"""The tables of the bench's data: what each account has in them, and the statements that bring them to order."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final

from bench.speed.places import LARGE, bearer, is_open, kept, passkey
from bench.speed.places import SERVER as HOME
from opencabinet.access import key_of
from opencabinet.kernel.ids import Login

REPORTED_AT: Final = datetime(2026, 1, 2, 12, tzinfo=UTC)
ENDS_AT: Final = datetime(2100, 1, 1, tzinfo=UTC)
BEGAN_AT: Final = datetime(2015, 12, 1, tzinfo=UTC)
HERE: Final = ip_address("127.0.0.1")
DEPOSIT: Final = 10_000
LARGE_DEPOSIT: Final = 10_000_000
PAIRS: Final = (("EURUSD", "1.1", "1.1034"), ("GBPUSD", "1.3", "1.2951"), ("AUDCAD", "0.9", "0.90417"))

Rows = Iterator[tuple[Any, ...]]

CLOSED: Final = (
    "login, ticket, position, opened_at, closed_at, symbol, side, lots, contract_size, digits, opened_offset, "
    "closed_offset, open_price, close_price, commission, fee, swap, profit, comment"
)
"""The columns of closed trades, in the order in which they are made."""


def account(login: int) -> Rows:
    """Give an account; its balance follows from its rows."""
    yield login, f"Client {login}", "Bench", "USD", 100, "mt4", 0, 0, REPORTED_AT, 120, "t"


def source(login: int) -> Rows:
    """Give where an account comes from."""
    yield HOME, login, "-infinity", login


def policy(login: int) -> Rows:
    """Give that an account has rules."""
    yield login, REPORTED_AT


def rule(login: int) -> Rows:
    """Give the rule of an account."""
    yield login, "default", "open" if is_open(login) else "password", "{}", "", "{}", 0, "f", "{}"


def tokens(login: int) -> Rows:
    """Give the tokens of an account: that of the legacy wire, and that of v1."""
    yield kept(passkey(login)), login, "client", "legacy", ENDS_AT
    yield kept(bearer(login)), login, "client", "bearer", ENDS_AT


def used(login: int) -> Rows:
    """Give that each token was used from here before, as most are that anybody shows."""
    for token, channel, family in ((passkey(login), "legacy", "client"), (bearer(login), "v1", "client")):
        first = key_of(Login(login), "balance", HERE, token)
        yield login, channel, "use", family, str(HERE), "socket", "", "t", "default: password", "", first


def moved(login: int) -> Rows:
    """Give what was paid in, and out of some accounts."""
    yield login, 1, "balance", LARGE_DEPOSIT if login in LARGE else DEPOSIT, BEGAN_AT, 120, "Deposit"
    if login % 3 == 0:
        yield login, 2, "balance", -100, REPORTED_AT - timedelta(days=9), 120, "Withdrawal"


def opened(login: int) -> Rows:
    """Give the open trades of an account: from none to five."""
    for number in range((login + 1) % 6):
        symbol, begun, now = PAIRS[(login + number) % len(PAIRS)]
        at = REPORTED_AT - timedelta(hours=1 + login % 7, minutes=number)
        yield (
            *(login, 4_000_000_000 + number, symbol, ("buy", "sell")[number % 2], f"0.{1 + number}", 100_000, 5),
            *(at, 120, begun, now, 0, 0, f"-0.{number}", f"{(login % 900) / 10 - 40:.1f}", ""),
        )


OF_ACCOUNTS: Final[tuple[tuple[str, str, Callable[[int], Rows]], ...]] = (
    (
        "accounts",
        "login, name, company, currency, leverage, platform, balance, credit, as_of, as_of_offset, complete",
        account,
    ),
    ("sources", "server, number, since, login", source),
    ("policies", "login, changed_at", policy),
    (
        "access_rules",
        "login, function, level, networks, note, hide, delay_minutes, closed_only, without_symbols",
        rule,
    ),
    ("tokens", "hash, login, family, kind, expires_at", tokens),
    (
        "authorizations",
        "login, channel, action, family, address, derived_from, user_agent, granted, rule, request_id, first",
        used,
    ),
    ("movements", "login, ticket, kind, amount, moved_at, moved_offset, comment", moved),
    (
        "open_trades",
        (
            "login, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price, "
            "current_price, commission, fee, swap, profit, comment"
        ),
        opened,
    ),
)
"""Tables, their columns, and the rows that a login has in them."""

SERVER: Final = "INSERT INTO servers (name, clock) VALUES (%(server)s, '+02:00')"

INDEXES: Final = """
SELECT ARRAY[indexname::text, indexdef] FROM pg_indexes
 WHERE schemaname = 'public' AND tablename = 'closed_trades' AND indexname <> 'closed_trades_pkey'
"""

ROOMY: Final = "SET maintenance_work_mem = '1GB'; SET work_mem = '512MB'; SET enable_hashagg = off"
"""Sums of numeric are large: hashed they would not fit into memory, and sorted they need little."""

ROLLED_UP: Final = """
INSERT INTO daily_lots
SELECT login, server_day(closed_at, closed_offset), symbol, coalesce(contract_size, 0), count(*), sum(lots),
       sum(profit), sum(swap), sum(commission), sum(fee), sum(greatest(profit + swap + commission + fee, 0)),
       sum(least(profit + swap + commission + fee, 0)), min(closed_at), max(closed_at)
  FROM closed_trades GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""

BALANCED: Final = """
UPDATE accounts
   SET (balance, equity, margin, floating)
     = (rows.balance, rows.balance + rows.floating, 50 * rows.opened, rows.floating)
  FROM (SELECT login, coalesce(moved.amount, 0) + coalesce(traded.amount, 0) AS balance,
               coalesce(open.floating, 0) AS floating, coalesce(open.trades, 0) AS opened
          FROM accounts
          LEFT JOIN (SELECT login, sum(amount) AS amount FROM movements GROUP BY 1) AS moved USING (login)
          LEFT JOIN (SELECT login, sum(profit + swap + commission + fee) AS amount FROM daily_lots GROUP BY 1) AS traded
         USING (login)
          LEFT JOIN (SELECT login, sum(profit + swap) AS floating, count(*) AS trades FROM open_trades GROUP BY 1)
            AS open USING (login)) AS rows
 WHERE rows.login = accounts.login
"""
