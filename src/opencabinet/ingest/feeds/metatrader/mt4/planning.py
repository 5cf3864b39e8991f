"""What is read of a server of MetaTrader 4: the tables of its reporting database, of whatever generation."""

from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.model import Feed, SourceUnfit
from opencabinet.ingest.feeds.metatrader.mt4 import takes
from opencabinet.ingest.feeds.metatrader.plan import Accounts, Plan, Source, Standing, stamped
from opencabinet.ingest.feeds.metatrader.schema import Schema

PLACES = ("closed", "open", "order", "movement")


def plan(schema: Schema, feed: Feed) -> Plan:
    """Return what is read of this database.

    Raises:
        SourceUnfit: if it does not tell the currency of accounts, and nobody else does.
    """
    users, prices, config = schema.table("mt4_users"), schema.get("mt4_prices"), schema.get("mt4_config")
    if not users.has("CURRENCY") and not feed.currency:
        raise SourceUnfit(f"{users.name} does not tell the currency of accounts: give `currency`.")
    row, joined = takes.accounts(schema, names=feed.names)
    trades = source(schema)
    return Plan(
        accounts=Accounts(
            table=users, row=row, joined=joined, key=users.column("LOGIN"), stamp=stamped(users, "TIMESTAMP")
        ),
        sources=(trades,),
        standing=(standing(trades),),
        prices=queries.whole(prices, queries.line(prices, takes.PRICES)) if prices else "",
        heartbeat=queries.config(config, "VALUE_INT", "CONFIG", takes.SYNCHRONISED) if config else "",
    )


def source(schema: Schema) -> Source:
    """Return the trades, with orders and money among them."""
    table = schema.table("mt4_trades")
    closing, ticket = table.column("CLOSE_TIME"), table.column("TICKET")
    row = queries.line(table, takes.TRADES)
    return Source(
        table=table,
        into="read_trades",
        family="trade",
        places=PLACES,
        row=row,
        steady=queries.unless(queries.unset(closing), row, queries.quoted(ticket.name)),
        key=ticket,
        stamp=stamped(table, "TIMESTAMP"),
    )


def standing(trades: Source) -> Standing:
    """Return what has not closed: open trades and working orders."""
    return Standing(
        table=trades.table,
        into="read_trades",
        family="trade",
        place="open",
        row=trades.row,
        key=trades.key,
        where=queries.unset(trades.table.column("CLOSE_TIME")),
        floating=takes.FLOATING,
        among=(trades,),
    )
