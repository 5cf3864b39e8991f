"""The answers, written from what the statements give."""

from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Raw

from bench.peers.words import NO_MARGIN, NO_NEWER, broker_time, figure, level, time

ENCODER = msgspec.json.Encoder()


def number(text: str) -> Raw:
    """Write a figure as a JSON number with a point."""
    return Raw((text if "." in text else text + ".0").encode())


def interval(of: str) -> dict[str, Any]:
    """Return the period of all there is."""
    return {"from": None, "to": None, "time_field": of}


def money(row: Any) -> dict[str, Any]:
    """Say an account's money."""
    at, percent = time(row["as_of"]), level(Decimal(row["equity"]), Decimal(row["margin"]))
    return {
        "login": row["login"],
        "balance": row["balance"],
        "credit": row["credit"],
        "equity": row["equity"],
        "equity_reported": row["reported"],
        "floating": row["floating"],
        "margin": row["margin"],
        "free_margin": row["free_margin"],
        "margin_level": None if percent is None else figure(percent),
        "reasons": {} if percent is not None else {"margin_level": NO_MARGIN},
        "currency": row["currency"],
        "complete": row["complete"],
        "priced_at": at,
        "as_of": at,
        "as_of_broker": broker_time(row["as_of"], row["as_of_offset"]),
    }


def balance(rows: list[Any]) -> bytes:
    """Return the balance, as v1 says it."""
    return ENCODER.encode(money(rows[0]))


def opened(rows: list[Any]) -> bytes:
    """Return the open trades, as v1 says them."""
    first, trades = rows[0], [row for row in rows if row["position"] is not None]
    at, currency = time(first["as_of"]), first["currency"]
    told = {
        "data": [trade(row, at, currency) for row in trades],
        "page": {"next_cursor": None, "has_more": False, "limit": 100},
        "period": interval("open"),
        "receipt": {
            "count": len(trades),
            "first_id": trades[0]["position"] if trades else None,
            "last_id": trades[-1]["position"] if trades else None,
            **dict.fromkeys(("opening_balance", "movements", "results", "costs", "closing_balance")),
            "currency": currency,
            "complete": first["complete"],
            "reason": None,
        },
        "as_of": at,
    }
    return ENCODER.encode(told)


def trade(row: Any, at: str, currency: str) -> dict[str, Any]:
    """Say an open trade."""
    return {
        "position": row["position"],
        "symbol": row["symbol"],
        "side": row["side"],
        "volume": {
            "lots": row["lots"],
            "units": row["units"],
            "contract_size": row["contract_size"],
            "standard_lots": row["standard"],
            "reason": None,
        },
        "opened_at": time(row["opened_at"]),
        "opened_at_broker": broker_time(row["opened_at"], row["opened_offset"]),
        "open_price": row["open_price"],
        "current_price": row["current_price"],
        "priced_at": at,
        "priced_reason": NO_NEWER,
        "stop_loss": row["stop_loss"],
        "take_profit": row["take_profit"],
        "pips": None,
        "profit": row["profit"],
        "swap": row["swap"],
        "commission": row["commission"],
        "fee": row["fee"],
        "net": row["net"],
        "margin": None,
        "currency": currency,
        "comment": row["comment"],
    }


def traded(row: Any, of: str) -> dict[str, Any]:
    """Say what trades add up to."""
    return {name: row[f"{of}_{name}"] for name in ("trades", "lots", "profit", "swap", "costs", "net")}


def summary(rows: list[Any]) -> bytes:
    """Return the account at a glance, as v1 says it."""
    row = rows[0]
    kinds = zip(row["kinds"], row["counts"], row["amounts"], strict=True)
    told = {
        "login": row["login"],
        "period": interval("close"),
        "balance": money(row),
        "open": traded(row, "open"),
        "closed": traded(row, "closed"),
        "moved": [{"kind": kind, "movements": many, "amount": amount} for kind, many, amount in kinds],
        "receipt": {
            "count": row["closed_trades"],
            "first_id": row["first_id"],
            "last_id": row["last_id"],
            "opening_balance": row["opening"],
            "movements": row["moved"],
            "results": row["closed_net"],
            "costs": "0",
            "closing_balance": row["balance"],
            "currency": row["currency"],
            "complete": row["complete"],
            "reason": None,
        },
        "as_of": time(row["as_of"]),
    }
    return ENCODER.encode(told)


def legacy_balance(rows: list[Any]) -> bytes:
    """Return the balance, as the legacy wire says it."""
    row = rows[0]
    told = {
        "Login": row["login"],
        "Balance": number(row["balance"]),
        "Equity": number(row["equity"]),
        "Margin": number(row["margin"]),
        "FreeMargin": number(row["free_margin"]),
        "Currency": row["currency"],
    }
    return ENCODER.encode(told)


def legacy_opened(rows: list[Any]) -> bytes:
    """Return the open trades, as the legacy wire says them."""
    return ENCODER.encode([legacy_trade(row) for row in rows if row["position"] is not None])


def legacy_trade(row: Any) -> dict[str, Any]:
    """Say an open trade in the words of the legacy wire."""
    return {
        "Ticket": row["position"],
        "Login": row["login"],
        "Symbol": row["symbol"],
        "Type": 0 if row["side"] == "buy" else 1,
        "Volume": number(row["lots"]),
        "OpenTime": int(row["opened_at"].timestamp()),
        "OpenPrice": number(row["open_price"]),
        "CurrentPrice": number(row["current_price"]),
        "Sl": number(row["stop_loss"] or "0"),
        "Tp": number(row["take_profit"] or "0"),
        "Swaps": number(row["swap"]),
        "Profit": number(row["profit"]),
        "Digits": row["digits"],
        "Comment": row["comment"] or None,
    }


def legacy_summary(rows: list[Any]) -> bytes:
    """Return the summary, as the legacy wire says it."""
    row = rows[0]
    told = {
        "Balance": number(row["balance"]),
        "Equity": number(row["equity"]),
        "Margin": number(row["margin"]),
        "FreeMargin": number(row["free_margin"]),
        "Profit": number(row["floating"] or "0"),
        "Currency": row["currency"],
        "Leverage": row["leverage"] or 0,
        "CurrentTradesCount": row["open_trades"],
        "CurrentTradesVolume": number(row["open_lots"]),
        "TotalTradesCount": row["open_trades"] + row["closed_trades"],
        "TotalTradesVolume": number(row["lots"]),
    }
    return ENCODER.encode(told)
