"""A statement as MetaTrader 5 prints it: the trade history report, in HTML."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from msgspec import Struct

from opencabinet.ingest.model import Closing, Deal, Side, Statement
from opencabinet.kernel.money import exponent, plain
from opencabinet.samples.curve import HUNDRED, Curve, Step
from opencabinet.samples.figures import decimals, digits, fixed, nearest, spaced, total
from opencabinet.samples.pages import PAGES
from opencabinet.samples.performance import performance

CREDIT = frozenset({"credit", "bonus"})
CLOSING = frozenset({"out", "out by", "in/out"})


class Position(Struct, frozen=True, kw_only=True):
    """A position as its row shows it: all its closings as one."""

    number: int
    symbol: str
    side: Side
    comment: str
    lots: Decimal
    opened_at: datetime | None
    open_price: Decimal | None
    stop_loss: Decimal | None
    take_profit: Decimal | None
    closed_at: datetime
    close_price: Decimal
    commission: Decimal
    swap: Decimal
    profit: Decimal


def layout(statement: Statement, server: str) -> bytes:
    """Write `statement` as a history report of MetaTrader 5, of an account on `server`."""
    done = performance(statement.closings)
    curve = Curve(start(statement.deals), list(steps(statement.deals)))
    fell = curve.maximal().amount
    page = PAGES.get_template("mt5.html").render(
        statement=statement,
        server=server,
        positions=list(positions(statement)),
        ended=[order for order in statement.orders if order.state != "working"],
        working=[order for order in statement.orders if order.state == "working"],
        done=done,
        curve=curve,
        recovery=done.net() / fell if fell else Decimal(0),
        account=account(statement),
        digits=digits(statement),
        places=exponent(statement.currency),
        money=partial(spaced, places=exponent(statement.currency)),
        figure=spaced,
        fixed=fixed,
        plain=plain,
        total=total,
    )
    return page.encode("utf-16")


def account(statement: Statement) -> dict[str, Decimal]:
    """Return the figures of the account block; floating profit is without swap, equity with it."""
    held = statement.snapshot
    floating = total(trade.profit for trade in statement.opened) if held.floating is None else held.floating
    due = held.balance + held.credit + total(trade.result for trade in statement.opened)
    equity = due if held.equity is None else held.equity
    margin = held.margin or Decimal(0)
    level = equity / margin * HUNDRED if margin else Decimal(0)
    return {"floating": floating, "equity": equity, "margin": margin, "free": equity - margin, "level": level}


def positions(statement: Statement) -> Iterator[Position]:
    """Give the positions that closed, in the order they were opened."""
    entries, parts = defaultdict(list), defaultdict(list)
    for deal in statement.deals:
        if deal.direction == "in":
            entries[deal.position].append(deal)
    for closing in statement.closings:
        parts[closing.position].append(closing)
    rows = [position(closings, entries[number]) for number, closings in parts.items()]
    yield from sorted(rows, key=lambda row: (row.opened_at or row.closed_at, row.number))


def position(closings: Sequence[Closing], entries: Sequence[Deal]) -> Position:
    """Return the row of a position: what its closings and the deals it was entered by come to."""
    last = max(closings, key=lambda closing: (closing.closed_at, closing.ticket))
    return Position(
        number=last.position,
        symbol=last.symbol,
        side=last.side,
        comment=entries[0].comment if entries else "",
        lots=total(closing.lots for closing in closings),
        opened_at=last.opened_at,
        open_price=last.open_price,
        stop_loss=last.stop_loss,
        take_profit=last.take_profit,
        closed_at=last.closed_at,
        close_price=average(closings),
        commission=total(deal.commission for deal in entries) + total(closing.commission for closing in closings),
        swap=total(deal.swap for deal in entries) + total(closing.swap for closing in closings),
        profit=total(closing.profit for closing in closings),
    )


def average(closings: Sequence[Closing]) -> Decimal:
    """Return the price of several closings, each counted by its volume."""
    lots = total(closing.lots for closing in closings)
    worth = total(closing.close_price * closing.lots for closing in closings)
    return nearest(worth / lots, max(decimals(closing.close_price) for closing in closings))


def start(deals: Sequence[Deal]) -> Decimal:
    """Return the balance before the first trade, credit included."""
    before = Decimal(0)
    for deal in deals:
        if deal.symbol:
            break
        before += deal.result
    return before


def steps(deals: Sequence[Deal]) -> Iterator[Step]:
    """Give what changed the balance since the first trade: closings and credit, but no deposit."""
    traded = False
    for deal in deals:
        traded = traded or bool(deal.symbol)
        if deal.direction in CLOSING and deal.symbol:
            yield Step(deal.result)
        elif traded and deal.type in CREDIT:
            yield Step(deal.result, trade=False)
