"""What is taken of the tables of MetaTrader 4, in the order of the columns it is read into.

Never taken: passwords, one-time codes, data of plug-ins, and what is personal; the name only where it is asked for.
"""

from typing import Final

from opencabinet.ingest.feeds.metatrader.queries import NULL, Take, joined_line, taken
from opencabinet.ingest.feeds.metatrader.schema import Schema

EMPTY: Final = "''"
STAMP: Final = Take("whole", ("TIMESTAMP",))

TRADES: Final = (
    Take("whole", ("TICKET",)),
    STAMP,
    Take("whole", ("LOGIN",)),
    Take("text", ("SYMBOL",), EMPTY),
    Take("code", ("DIGITS",)),
    Take("code", ("CMD",)),
    Take("whole", ("VOLUME",)),
    Take("time", ("OPEN_TIME",), NULL),
    Take("figure", ("OPEN_PRICE",)),
    Take("figure", ("SL",)),
    Take("figure", ("TP",)),
    Take("time", ("CLOSE_TIME",), NULL),
    Take("figure", ("COMMISSION",)),
    Take("figure", ("TAXES",)),
    Take("text", ("COMMENT",), EMPTY),
    Take("figure", ("CLOSE_PRICE",)),
    Take("figure", ("PROFIT",)),
    Take("figure", ("SWAPS",)),
)
ACCOUNTS: Final = (
    Take("whole", ("LOGIN",)),
    STAMP,
    Take("text", ("NAME",), EMPTY),
    Take("text", ("CURRENCY",), EMPTY),
    Take("whole", ("LEVERAGE",)),
    Take("text", ("GROUP",), EMPTY),
    Take("whole", ("AGENT_ACCOUNT",)),
    Take("time", ("REGDATE",), NULL),
    Take("figure", ("BALANCE",)),
    Take("figure", ("CREDIT",)),
    Take("figure", ("MARGIN",), NULL),
    Take("figure", ("EQUITY",), NULL),
)
PRICES: Final = (
    Take("text", ("SYMBOL",), EMPTY),
    Take("code", ("DIGITS",)),
    Take("figure", ("BID",)),
    Take("figure", ("ASK",)),
    Take("time", ("TIME",), NULL),
)
SYNCHRONISED: Final = 1
"""The row of mt4_config that tells how far the export has come with trades, in seconds since 1970."""
FLOATING: Final = 3
"""So many of the last columns of a trade move with every price while it is open."""


def accounts(schema: Schema, *, names: bool) -> tuple[str, str]:
    """Return the expression of an account's line, and that users are joined with nothing for it."""
    user = schema.table("mt4_users")
    takes = [
        Take(take.kind, (), take.otherwise) if take.names == ("NAME",) and not names else take for take in ACCOUNTS
    ]
    return joined_line([*(taken(user, take) for take in takes), NULL]), ""
