"""The SQL of what valuations read: accounts with their servers, and open trades, of many accounts at once."""

from collections.abc import Sequence

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.trades import OpenTrade

ACCOUNTS = """
SELECT login, name, company, currency, leverage, platform, mode, balance, credit, equity, margin, floating,
       as_of, as_of_offset, complete
  FROM accounts
 WHERE login = ANY(%(logins)s)
"""

HOMES = """
SELECT DISTINCT ON (login) login, server FROM sources WHERE login = ANY(%(logins)s) ORDER BY login, since DESC
"""

OPEN = """
SELECT opened.login, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       current_price, stop_loss, take_profit, commission, fee, swap, profit, comment, reported_at
  FROM unnest(%(logins)s::bigint[]) AS asked (login)
 CROSS JOIN LATERAL (
   SELECT * FROM open_trades WHERE open_trades.login = asked.login
    ORDER BY opened_at DESC, position DESC LIMIT %(limit)s
 ) AS opened
"""


async def accounts(conn: Connection, logins: Sequence[Login]) -> list[Account]:
    """Return accounts as last reported."""
    return await conn.fetch(Account, ACCOUNTS, logins=list(logins))


async def homes(conn: Connection, logins: Sequence[Login]) -> dict[Login, str]:
    """Return the servers that accounts are kept on."""
    async with conn.cursor() as cursor:
        await cursor.execute(HOMES, {"logins": list(logins)})
        return {Login(login): server for login, server in await cursor.fetchall()}


async def opened(conn: Connection, logins: Sequence[Login], limit: int) -> list[OpenTrade]:
    """Return the open trades of accounts, the newest of each first, so many of each at most."""
    return await conn.fetch(OpenTrade, OPEN, logins=list(logins), limit=limit)
