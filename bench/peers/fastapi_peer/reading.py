"""What is read of an account, and said on either wire."""

from decimal import Decimal
from typing import Any

from fastapi import HTTPException
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.peers.fastapi_peer import schemas
from bench.peers.fastapi_peer.models import Account, ClosedTrade, DailyLots, Movement, OpenTrade
from bench.peers.words import NO_MARGIN, NO_NEWER, broker_time, level

NOTHING = Decimal(0)


async def get_account(session: AsyncSession, login: int) -> Account:
    """Return an account."""
    account = await session.get(Account, login)
    if account is None:
        raise HTTPException(status_code=404, detail="Not found")
    return account


async def get_open_trades(session: AsyncSession, login: int) -> list[OpenTrade]:
    """Return the newest open trades of an account."""
    newest = (OpenTrade.opened_at.desc(), OpenTrade.position.desc())
    found = await session.scalars(select(OpenTrade).where(OpenTrade.login == login).order_by(*newest).limit(100))
    return list(found)


async def get_open_totals(session: AsyncSession, login: int) -> Any:
    """Return what the open trades add up to."""
    sums = (func.coalesce(func.sum(column), 0) for column in (OpenTrade.lots, OpenTrade.profit, OpenTrade.swap))
    costs = func.coalesce(func.sum(OpenTrade.commission + OpenTrade.fee), 0)
    return (await session.execute(select(func.count(), *sums, costs).where(OpenTrade.login == login))).one()


async def get_closed_totals(session: AsyncSession, login: int) -> Any:
    """Return what the closed trades add up to."""
    columns = (DailyLots.trades, DailyLots.lots, DailyLots.profit, DailyLots.swap)
    sums = (func.coalesce(func.sum(column), 0) for column in columns)
    costs = func.coalesce(func.sum(DailyLots.commission + DailyLots.fee), 0)
    return (await session.execute(select(*sums, costs).where(DailyLots.login == login))).one()


def balance_of(account: Account) -> schemas.Balance:
    """Say an account's money."""
    equity = account.balance + account.credit if account.equity is None else account.equity
    margin = account.margin or NOTHING
    return schemas.Balance(
        login=account.login,
        balance=account.balance,
        credit=account.credit,
        equity=equity,
        equity_reported=account.equity is not None,
        floating=account.floating,
        margin=margin,
        free_margin=equity - margin,
        margin_level=level(equity, margin),
        reasons={} if margin else {"margin_level": NO_MARGIN},
        currency=account.currency,
        complete=account.complete,
        priced_at=account.as_of,
        as_of=account.as_of,
        as_of_broker=broker_time(account.as_of, account.as_of_offset),
    )


def open_trade_of(trade: OpenTrade, account: Account) -> schemas.OpenTrade:
    """Say an open trade."""
    units = trade.lots * trade.contract_size
    return schemas.OpenTrade(
        position=trade.position,
        symbol=trade.symbol,
        side=trade.side,
        volume=schemas.Size(
            lots=trade.lots, units=units, contract_size=trade.contract_size, standard_lots=units / 100_000
        ),
        opened_at=trade.opened_at,
        opened_at_broker=broker_time(trade.opened_at, trade.opened_offset),
        open_price=trade.open_price,
        current_price=trade.current_price,
        priced_at=account.as_of,
        priced_reason=NO_NEWER,
        stop_loss=trade.stop_loss,
        take_profit=trade.take_profit,
        profit=trade.profit,
        swap=trade.swap,
        commission=trade.commission,
        fee=trade.fee,
        net=trade.profit + trade.swap + trade.commission + trade.fee,
        currency=account.currency,
        comment=trade.comment,
    )


async def open_trades_of(session: AsyncSession, login: int) -> schemas.OpenTrades:
    """Say the open trades of an account."""
    account, trades = await get_account(session, login), await get_open_trades(session, login)
    return schemas.OpenTrades(
        data=[open_trade_of(trade, account) for trade in trades],
        page=schemas.PageInfo(),
        period=schemas.Interval(time_field="open"),
        receipt=schemas.Receipt(
            count=len(trades),
            first_id=trades[0].position if trades else None,
            last_id=trades[-1].position if trades else None,
            currency=account.currency,
            complete=account.complete,
        ),
        as_of=account.as_of,
    )


async def get_ends(session: AsyncSession, login: int) -> tuple[int | None, int | None]:
    """Return the newest and the oldest closed trade."""
    one = select(ClosedTrade.ticket).where(ClosedTrade.login == login).limit(1)
    newest = await session.scalar(one.order_by(ClosedTrade.closed_at.desc(), ClosedTrade.ticket.desc()))
    return newest, await session.scalar(one.order_by(ClosedTrade.closed_at, ClosedTrade.ticket))


async def summary_of(session: AsyncSession, login: int) -> schemas.Summary:
    """Say an account at a glance."""
    account = await get_account(session, login)
    count, lots, profit, swap, costs = await get_open_totals(session, login)
    closed, closed_lots, closed_profit, closed_swap, closed_costs = await get_closed_totals(session, login)
    kinds = select(Movement.kind, func.count(), func.sum(Movement.amount)).where(Movement.login == login)
    moved = (await session.execute(kinds.group_by(Movement.kind).order_by(Movement.kind))).all()
    first_id, last_id = await get_ends(session, login)
    results, movements = closed_profit + closed_swap + closed_costs, sum((row[2] for row in moved), NOTHING)
    return schemas.Summary(
        login=login,
        period=schemas.Interval(time_field="close"),
        balance=balance_of(account),
        open=schemas.Traded(trades=count, lots=lots, profit=profit, swap=swap, costs=costs, net=profit + swap + costs),
        closed=schemas.Traded(
            trades=closed, lots=closed_lots, profit=closed_profit, swap=closed_swap, costs=closed_costs, net=results
        ),
        moved=[schemas.Moved(kind=kind, movements=many, amount=amount) for kind, many, amount in moved],
        receipt=schemas.Receipt(
            count=closed,
            first_id=first_id,
            last_id=last_id,
            opening_balance=account.balance - results - movements,
            movements=movements,
            results=results,
            costs=NOTHING,
            closing_balance=account.balance,
            currency=account.currency,
            complete=account.complete,
        ),
        as_of=account.as_of,
    )
