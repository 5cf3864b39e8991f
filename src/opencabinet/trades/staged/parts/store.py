"""The SQL of partial closes."""

from typing import Final, LiteralString

from opencabinet.db import Connection

ROUNDS: Final = 40
"""Each doubles the links of a chain that are joined; a circle, which no honest server tells, ends here."""

# What is staged is looked at first: most batches have no such row, and then no account is looked up.
PARTS = """
WITH moved AS MATERIALIZED (
  SELECT login FROM staged_closed WHERE position <> ticket
   UNION
  SELECT login FROM staged_open WHERE position <> ticket
)
SELECT EXISTS (SELECT FROM moved JOIN accounts USING (login) WHERE platform = 'mt4')
"""


def joining(part: LiteralString, whole: LiteralString) -> LiteralString:
    """Say that parts of one table get the position of what they come from in another."""
    return f"""
UPDATE {part} AS part
   SET position = whole.position
  FROM {whole} AS whole JOIN accounts USING (login)
 WHERE platform = 'mt4' AND part.position <> part.ticket
   AND whole.login = part.login AND whole.ticket = part.position AND whole.position <> part.position
"""  # noqa: S608 - tables of ours


STAGED_TO_STAGED = joining("staged_closed", "staged_closed")
STAGED_TO_KNOWN = joining("staged_closed", "closed_trades")
OPEN_TO_STAGED = joining("staged_open", "staged_closed")
OPEN_TO_KNOWN = joining("staged_open", "closed_trades")

# Parts that were told before the trade they come from follow it into its position.
KNOWN_TO_STAGED = """
UPDATE closed_trades AS part
   SET position = whole.position
  FROM staged_closed AS whole
  JOIN accounts USING (login)
  JOIN staged_saved AS saved ON saved.place = 'closed' AND saved.login = whole.login AND saved.key = whole.ticket
 WHERE platform = 'mt4' AND whole.position <> whole.ticket
   AND part.login = whole.login AND part.position = whole.ticket AND part.ticket <> part.position
"""


async def join_parts(conn: Connection) -> None:
    """Let staged parts of a trade have the position that its chain of partial closes began with."""
    if await conn.value(PARTS):
        for statement in (STAGED_TO_STAGED, STAGED_TO_KNOWN, OPEN_TO_STAGED, OPEN_TO_KNOWN):
            await until_joined(conn, statement)


async def until_joined(conn: Connection, statement: LiteralString) -> None:
    """Join link by link, to the end of every chain."""
    for _ in range(ROUNDS):
        if not await conn.run(statement):
            return


async def join_known_parts(conn: Connection) -> None:
    """Let parts that are known already follow the closings just kept."""
    await until_joined(conn, KNOWN_TO_STAGED)
