"""What can be traded on a server, and what it last cost."""

from opencabinet.market.evidence import Fill, contract_size
from opencabinet.market.model import BadTable, Instrument, Pair, Quote, Side, Teller
from opencabinet.market.names import currencies
from opencabinet.market.quotes import Candle, candles, quotes, save_quotes
from opencabinet.market.store import instruments, pairs, save_instruments, symbols

__all__ = [
    "BadTable",
    "Candle",
    "Fill",
    "Instrument",
    "Pair",
    "Quote",
    "Side",
    "Teller",
    "candles",
    "contract_size",
    "currencies",
    "instruments",
    "pairs",
    "quotes",
    "save_instruments",
    "save_quotes",
    "symbols",
]
