"""The SQL of accounts, servers and sources."""

from datetime import datetime

from msgspec import structs

from opencabinet.accounts.model import Account, Home, Origin, Server
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

SERVER = """
SELECT name, clock FROM servers WHERE name = %(name)s
"""

ADD_SERVER = """
INSERT INTO servers (name, clock) VALUES (%(name)s, %(clock)s) ON CONFLICT DO NOTHING
"""

ACCOUNT = """
SELECT login, name, company, currency, leverage, platform, mode, balance, credit, equity, margin, floating,
       as_of, as_of_offset, complete
  FROM accounts
 WHERE login = %(login)s
"""

HOME = """
SELECT server, number, clock
  FROM sources JOIN servers ON servers.name = sources.server
 WHERE login = %(login)s
"""

# Not FOR UPDATE: rows that only refer to the account, a token among them, need not wait.
LOCK = """
SELECT login FROM accounts WHERE login = %(login)s FOR NO KEY UPDATE
"""

SAVE = """
INSERT INTO accounts (login, name, company, currency, leverage, platform, mode, balance, credit, equity, margin,
                      floating, as_of, as_of_offset, complete)
VALUES (%(login)s, %(name)s, %(company)s, %(currency)s, %(leverage)s, %(platform)s, %(mode)s, %(balance)s, %(credit)s,
        %(equity)s, %(margin)s, %(floating)s, %(as_of)s, %(as_of_offset)s, %(complete)s)
ON CONFLICT (login) DO UPDATE
   SET (name, company, leverage, mode, balance, credit, equity, margin, floating, as_of, as_of_offset, complete, summed)
     = (excluded.name, excluded.company, excluded.leverage, excluded.mode, excluded.balance, excluded.credit,
        excluded.equity, excluded.margin, excluded.floating, excluded.as_of, excluded.as_of_offset, excluded.complete,
        excluded.summed)
 WHERE accounts.* IS DISTINCT FROM excluded.*
"""

MARK = """
UPDATE accounts SET complete = %(complete)s WHERE login = %(login)s AND complete <> %(complete)s
"""

ORIGIN = """
SELECT server, number, since, login
  FROM sources
 WHERE server = %(server)s AND number = %(number)s AND since <= %(at)s
 ORDER BY since DESC
 LIMIT 1
"""

ADD_ORIGIN = """
INSERT INTO sources (server, number, since, login) VALUES (%(server)s, %(number)s, %(since)s, %(login)s)
"""

LOCK_ORIGINS = """
SELECT pg_advisory_xact_lock(hashtext('opencabinet.sources'))
"""

ORIGINS = """
SELECT server, number, since, login FROM sources WHERE login > %(after)s ORDER BY login LIMIT %(limit)s
"""


async def server(conn: Connection, name: str) -> Server | None:
    """Return the server of this name."""
    return await conn.one(Server, SERVER, name=name)


async def add_server(conn: Connection, server: Server) -> None:
    """Keep a new server; one that is known already stays as it is."""
    await conn.run(ADD_SERVER, name=server.name, clock=server.clock)


async def account(conn: Connection, login: Login) -> Account | None:
    """Return the account of this login."""
    return await conn.one(Account, ACCOUNT, login=login)


async def home(conn: Connection, login: Login) -> Home | None:
    """Return where the account is kept."""
    return await conn.one(Home, HOME, login=login)


async def lock(conn: Connection, login: Login) -> None:
    """Keep every other writer of this account waiting until the transaction ends."""
    await conn.run(LOCK, login=login)


async def save(conn: Connection, account: Account) -> bool:
    """Keep an account as last reported; say whether that changed anything."""
    return await conn.run(SAVE, **structs.asdict(account)) == 1


async def mark(conn: Connection, login: Login, *, complete: bool) -> None:
    """Keep whether the rows we hold explain the balance."""
    await conn.run(MARK, login=login, complete=complete)


async def origin(conn: Connection, server: str, number: int, at: datetime) -> Origin | None:
    """Return which account `number` of `server` meant at a time."""
    return await conn.one(Origin, ORIGIN, server=server, number=number, at=at)


async def lock_origins(conn: Connection) -> None:
    """Keep everybody else from deciding what a number means until the transaction ends."""
    await conn.run(LOCK_ORIGINS)


async def add_origin(conn: Connection, origin: Origin) -> None:
    """Keep where an account comes from."""
    await conn.run(ADD_ORIGIN, **structs.asdict(origin))


async def origins(conn: Connection, after: int, limit: int) -> list[Origin]:
    """Return where accounts come from, by login, those above `after`."""
    return await conn.fetch(Origin, ORIGINS, after=after, limit=limit)
