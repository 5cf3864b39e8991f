"""MetaTrader's codes in words; a code that is not here is told by its number."""

from typing import Final

ACTIONS: Final = [
    *("buy", "sell", "balance", "credit", "charge", "correction", "bonus", "commission", "commission daily"),
    *("commission monthly", "agent daily", "agent monthly", "interest", "buy canceled", "sell canceled", "dividend"),
    *("franked dividend", "tax", "agent", "so compensation", "so compensation credit"),
]
"""What a deal of MetaTrader 5 is, from 0 on."""
ENTRIES: Final = ["in", "out", "in/out", "out by"]
REASONS: Final = [
    *("client", "expert", "dealer", "stop loss", "take profit", "stop out", "rollover", "external client"),
    *("variation margin", "gateway", "signal", "settlement", "transfer", "sync", "external service", "migration"),
    *("mobile", "web", "split"),
]
"""Why a deal was made, from 0 on."""
ORDER_TYPES: Final = [
    *("buy", "sell", "buy limit", "sell limit", "buy stop", "sell stop", "buy stop limit", "sell stop limit"),
    "close by",
]
ORDER_STATES: Final = ["started", "placed", "canceled", "partial", "filled", "rejected", "expired"]
CENTS: Final = {"USC": "USD", "EUC": "EUR", "GBC": "GBP"}
"""Currencies of accounts that are kept in cents, and what they are cents of."""
CALCULATIONS: Final = {
    0: "forex",
    1: "futures",
    2: "cfd",
    3: "cfd index",
    4: "cfd leverage",
    5: "forex no leverage",
    32: "exchange stocks",
    33: "exchange futures",
    64: "collateral",
}
SWAPS: Final = [
    *("disabled", "points", "symbol currency", "margin currency", "deposit currency", "interest current"),
    *("interest open", "reopen close", "reopen bid", "profit currency"),
]
