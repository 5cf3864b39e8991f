"""The application: `uvicorn bench.peers.fastapi_peer.main:app`."""

from decimal import Decimal

from fastapi import Depends, FastAPI

from bench.peers.fastapi_peer import reading, schemas
from bench.peers.fastapi_peer.dependencies import SessionDep, by_bearer, by_passkey
from bench.peers.fastapi_peer.models import OpenTrade

NOTHING = Decimal(0)
app = FastAPI()


@app.get("/v1/accounts/{login}/balance", dependencies=[Depends(by_bearer("balance"))])
async def show_balance(login: int, session: SessionDep) -> schemas.Balance:
    """Show the account's money."""
    return reading.balance_of(await reading.get_account(session, login))


@app.get("/v1/accounts/{login}/trades/open", dependencies=[Depends(by_bearer("open_trades"))])
async def list_open(login: int, session: SessionDep) -> schemas.OpenTrades:
    """List the trades that are open."""
    return await reading.open_trades_of(session, login)


@app.get("/v1/accounts/{login}/summary", dependencies=[Depends(by_bearer("summary"))])
async def show_summary(login: int, session: SessionDep) -> schemas.Summary:
    """Show an account at a glance."""
    return await reading.summary_of(session, login)


@app.get("/client/RequestBalanceInformation/{login}", dependencies=[Depends(by_passkey("balance"))])
async def read_balance(login: int, session: SessionDep) -> schemas.LegacyBalance:
    """Read the account's money."""
    found = reading.balance_of(await reading.get_account(session, login))
    return schemas.LegacyBalance(
        login=login,
        balance=float(found.balance),
        equity=float(found.equity),
        margin=float(found.margin),
        free_margin=float(found.free_margin),
        currency=found.currency,
    )


@app.get("/client/RequestOpenTrades/{login}", dependencies=[Depends(by_passkey("open_trades"))])
async def read_open(login: int, session: SessionDep) -> list[schemas.LegacyOpenTrade]:
    """Read the trades that are open."""
    return [legacy_open(trade) for trade in await reading.get_open_trades(session, login)]


def legacy_open(trade: OpenTrade) -> schemas.LegacyOpenTrade:
    """Say an open trade."""
    return schemas.LegacyOpenTrade(
        ticket=trade.position,
        login=trade.login,
        symbol=trade.symbol,
        type=0 if trade.side == "buy" else 1,
        volume=float(trade.lots),
        open_time=int(trade.opened_at.timestamp()),
        open_price=float(trade.open_price),
        current_price=float(trade.current_price),
        sl=float(trade.stop_loss or NOTHING),
        tp=float(trade.take_profit or NOTHING),
        swaps=float(trade.swap),
        profit=float(trade.profit),
        digits=trade.digits,
        comment=trade.comment or None,
    )


@app.get("/client/RequestAccountSummary/{login}", dependencies=[Depends(by_passkey("summary"))])
async def read_summary(login: int, session: SessionDep) -> schemas.LegacySummary:
    """Read the account's money and trades."""
    account = await reading.get_account(session, login)
    money = reading.balance_of(account)
    count, lots, *_ = await reading.get_open_totals(session, login)
    closed, closed_lots, *_ = await reading.get_closed_totals(session, login)
    return schemas.LegacySummary(
        balance=float(money.balance),
        equity=float(money.equity),
        margin=float(money.margin),
        free_margin=float(money.free_margin),
        profit=float(money.floating or NOTHING),
        currency=money.currency,
        leverage=account.leverage or 0,
        current_trades_count=count,
        current_trades_volume=float(lots),
        total_trades_count=count + closed,
        total_trades_volume=float(lots + closed_lots),
    )
