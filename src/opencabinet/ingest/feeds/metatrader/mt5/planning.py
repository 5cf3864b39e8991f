"""What is read of a server of MetaTrader 5: the tables of its reporting database, of whatever generation."""

from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.model import Feed
from opencabinet.ingest.feeds.metatrader.mt5 import takes
from opencabinet.ingest.feeds.metatrader.plan import Accounts, Plan, Source, Standing, stamped
from opencabinet.ingest.feeds.metatrader.schema import Schema, Table

BACKUPS = "mt5_network_backup_servers"
SYNCHRONISED = "BackupLastSyncSql"


def plan(schema: Schema, feed: Feed) -> Plan:
    """Return what is read of this database."""
    history = [table for table in schema.parts("mt5_orders") if table.name.lower() != "mt5_orders"]
    ended = sources(history, "read_orders", "order")
    groups, symbols, prices = (schema.get(name) for name in ("mt5_groups", "mt5_symbols", "mt5_prices"))
    backups = schema.get(BACKUPS)
    return Plan(
        accounts=accounts(schema, feed),
        sources=(*sources(schema.parts("mt5_deals") or [schema.table("mt5_deals")], "read_deals", "deal"), *ended),
        standing=(positions(schema.table("mt5_positions")), orders(schema.table("mt5_orders"), ended)),
        groups=queries.whole(groups, queries.line(groups, takes.GROUPS)) if groups else "",
        symbols=queries.whole(symbols, queries.line(symbols, takes.SYMBOLS)) if symbols else "",
        prices=queries.whole(prices, queries.line(prices, takes.PRICES)) if prices else "",
        heartbeat=queries.latest(backups, SYNCHRONISED) if backups and backups.has(SYNCHRONISED) else "",
    )


def sources(tables: list[Table], into: str, family: str) -> list[Source]:
    """Return deals, or ended orders, of all their tables; a table of a year tells better than the table of all."""
    found: list[Source] = []
    for table in tables:
        deals = into == "read_deals"
        row = queries.line(table, takes.DEALS) if deals else queries.line(table, takes.ORDERS, "'false'")
        key = table.column("Deal" if deals else "Order")
        found.append(
            Source(
                table=table,
                into=into,
                family="deal" if family == "deal" else "order",
                places=(family,),
                row=row,
                steady=row,
                key=key,
                stamp=stamped(table, "Timestamp"),
                where=""
                if table.name[-4:].isdigit()
                else queries.nowhere_in(key, table, [each.table for each in found]),
            )
        )
    return found


def positions(table: Table) -> Standing:
    """Return the open positions; their closing is told by deals."""
    return Standing(
        table=table,
        into="read_positions",
        family="position",
        place="open",
        row=queries.line(table, takes.POSITIONS),
        key=table.column("Position"),
        floating=takes.FLOATING,
    )


def orders(table: Table, ended: list[Source]) -> Standing:
    """Return the working orders, which are among the ended ones later."""
    return Standing(
        table=table,
        into="read_orders",
        family="order",
        place="order",
        row=queries.line(table, takes.ORDERS, "'true'"),
        key=table.column("Order"),
        among=tuple(ended),
    )


def accounts(schema: Schema, feed: Feed) -> Accounts:
    """Return the accounts: users with what stands on them."""
    table = schema.table("mt5_users")
    row, joined = takes.accounts(schema, names=feed.names)
    return Accounts(
        table=table, row=row, joined=joined, key=table.column("Login"), stamp=stamped(table, "Timestamp"), prefix="u."
    )
