"""The commands of MetaTrader 4: what a row does. They stay English in every template."""

from typing import Final

from opencabinet.ingest.model import SIDES, OrderType

PENDING: Final[dict[str, OrderType]] = {
    command: command for command in ("buy limit", "sell limit", "buy stop", "sell stop")
}
MONEY: Final = frozenset({"balance", "credit"})
KNOWN: Final = frozenset({*SIDES, *PENDING, *MONEY})
