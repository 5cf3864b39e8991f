"""An invented account as v1 tells it: its money, its trades, and what follows from them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import sin
from typing import Any, Final

LOGIN: Final = "1001001"
NOW: Final = datetime(2026, 3, 2, 10, 1, tzinfo=UTC)
AS_OF: Final = "2026-03-02T10:00:00.000Z"
CURRENCY: Final = "USD"
CENT: Final = Decimal("0.01")
SYMBOLS: Final = (("EURUSD", "1.08423", 100_000), ("XAUUSD", "2911.40", 100), ("GBPUSD", "1.26117", 100_000))
STATED: Final = {"currency": CURRENCY, "complete": True, "as_of": AS_OF}
PERIOD: Final = {"from": None, "to": None, "time_field": "close"}
RECEIPT: Final = {"results": "2741.31", "currency": CURRENCY, "complete": True, "reason": None}

Answer = dict[str, Any]


def swing(place: int, size: float = 100) -> Decimal:
    """Return an invented result, which is always the same for the same place."""
    return Decimal(sin(place * 1.7) * size + sin(place / 3) * size / 2 + size / 8).quantize(CENT)


def balance() -> Answer:
    """Return the money of the account."""
    money = {
        "balance": "13741.31", "credit": "0", "equity": "13797.87", "equity_reported": True, "floating": "56.56",
        "margin": "185", "free_margin": "13612.87", "margin_level": "7458.31",
    }  # fmt: skip
    return {"login": int(LOGIN), **money, "reasons": {}, "priced_at": AS_OF, **STATED}


def summary() -> Answer:
    """Return the account at a glance."""
    opened = {"trades": 2, "lots": "0.37", "net": "56.56"}
    closed = {"trades": 151, "lots": "28.93", "net": "2741.31"}
    return {
        "balance": balance(),
        "open": opened,
        "closed": closed,
        "receipt": RECEIPT,
        "period": PERIOD,
        "as_of": AS_OF,
    }


def volume(lots: str, size: int) -> Answer:
    """Return a volume as v1 tells it."""
    units = Decimal(lots) * size
    told = {"units": f"{units.normalize():f}", "contract_size": str(size), "standard_lots": f"{units / 100_000:f}"}
    return {"lots": lots, **told, "reason": None}


def trade(place: int) -> Answer:
    """Return an invented trade, open or closed."""
    symbol, price, size = SYMBOLS[place % len(SYMBOLS)]
    side, lots, profit = ("buy", "sell")[place % 2], f"0.{place % 5 + 1}", swing(place)
    began = NOW - timedelta(hours=7 * place + 3)
    return {
        "position": 24135870 - place, "ticket": 24135870 - place, "symbol": symbol, "side": side,
        "volume": volume(lots, size), "opened_at": began.isoformat(), "open_price": price,
        "closed_at": (began + timedelta(hours=2)).isoformat(), "close_price": price, "current_price": price,
        "stop_loss": None, "take_profit": None, "pips": f"{profit / 10:.1f}", "profit": f"{profit}", "swap": "-0.42",
        "commission": "-0.70", "fee": "0", "net": f"{profit - Decimal('1.12')}", "currency": CURRENCY, "comment": "",
    }  # fmt: skip


def trades(count: int, *, more: bool = False) -> Answer:
    """Return a page of trades."""
    page = {"next_cursor": "next" if more else None, "has_more": more, "limit": count}
    return {"data": [trade(place) for place in range(count)], "page": page, "period": PERIOD, "receipt": RECEIPT,
            "as_of": AS_OF}  # fmt: skip


def lots() -> Answer:
    """Return the closed lots by symbol."""
    rows: list[Answer] = [
        {
            "day": None, "month": None, "symbol": symbol.lower(), "trades": 40 + 3 * place,
            "volume": volume(f"{8 - place}.52", size), "profit": f"{swing(place, 900)}", "swap": "-45.38",
            "commission": "-59.64", "fee": "0", "net": f"{swing(place, 900)}", "currency": CURRENCY,
        }
        for place, (symbol, _, size) in enumerate(SYMBOLS)
    ]  # fmt: skip
    total = {"trades": 129, "lots": "22.56", "units": None, "standard_lots": None, "currency": CURRENCY,
             "net": f"{sum(Decimal(row['net']) for row in rows)}"}  # fmt: skip
    return {"group": "symbol", "data": rows, "total": total, "period": PERIOD, "receipt": RECEIPT, "as_of": AS_OF}


def series(count: int) -> Answer:
    """Return the balance of so many days."""
    return {"data": [*days(count)], "next_from": None, **STATED}


def days(count: int) -> Iterator[Answer]:
    """Give so many days, of which the last is today."""
    held = Decimal(10_000)
    for place in range(count):
        day = date(2026, 3, 2) - timedelta(days=count - 1 - place)
        held += swing(place // 3, 2_000 / count + 60)
        percent = f"{swing(place, 1)}"
        equity = f"{held + swing(place + 5, 90)}"
        yield {"day": day.isoformat(), "balance": f"{held}", "equity": equity, "net_percent": percent, "trades": 3}


def months(count: int) -> Answer:
    """Return the gains of so many months, of which the last is this one."""
    begins = 2026 * 12 + 2 - count + 1
    keys = [f"{number // 12}-{number % 12 + 1:02}" for number in range(begins, begins + count)]
    rows = [{"key": key, "gain": f"{swing(place, 4)}", "trades": 11} for place, key in enumerate(keys)]
    return {"group": "month", "data": rows, **STATED}


def metrics() -> Answer:
    """Return the statistics of the account."""
    told = (
        ("gain", "percent", "27.41"), ("total_net_profit", "money", "2741.31"), ("drawdown", "percent", "8.12"),
        ("profit_factor", "ratio", "1.41"), ("total_trades", "count", "151"), ("expected_payoff", "money", "18.15"),
        ("profit_trades_percent", "percent", "57.62"), ("monthly_gain", "percent", "1.72"),
        ("sharpe_ratio", "ratio", "0.21"), ("recovery_factor", "ratio", "2.9"), ("lots", "lots", "28.93"),
        ("average_holding_time", "seconds", "33120"),
    )  # fmt: skip
    found = [{"name": name, "unit": unit, "value": value, "reason": None} for name, unit, value in told]
    return {"trades": 151, "metrics": found, **STATED}


def bonuses() -> Answer:
    """Return the bonuses of the account."""
    programme = {
        "name": "welcome", "title": "Welcome 30%", "required_lots": "12", "counted_lots": "7.44", "left_lots": "4.56",
        "forecast_at": "2026-04-11T00:00:00.000Z",
    }  # fmt: skip
    money = {"received": "300", "released": "0", "cancelled": "0", "remaining": "300", "left_lots": "4.56",
             "withdrawable": "13312.87", "withdrawable_keeping_bonus": "12900"}  # fmt: skip
    return {"state": "active", **money, "programmes": [programme], "granted": [], "taken": [], **STATED}
