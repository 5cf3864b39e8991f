"""What is left out of open trades under a delay where their account nets: it has one position of a symbol.

What is added to a position changes its lots and its price, and what they were before is not kept.
"""

from collections.abc import Iterable
from typing import TypeVar

from msgspec import UNSET, Struct, structs

from opencabinet.accounts import Account
from opencabinet.doors.view import View

Row = TypeVar("Row", bound=Struct)


def delayed(account: Account, view: View, rows: Iterable[Row]) -> list[Row]:
    """Return open trades, without lots and price where those that are kept may be newer than the delay."""
    if view.until is None or not nets(account):
        return list(rows)
    return [structs.replace(row, volume=UNSET, open_price=UNSET) for row in rows]


def nets(account: Account) -> bool:
    """Whether an account may net: MetaTrader 4 never does, of MetaTrader 5 it is believed until a report says other."""
    return account.platform == "mt5" and account.mode != "hedging"
