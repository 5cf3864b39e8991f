"""What can be traded on a server, and what it last cost."""

from opencabinet.market.evidence import Fill, contract_size
from opencabinet.market.model import BadTable, Instrument, Quote, Side, Teller
from opencabinet.market.names import currencies
from opencabinet.market.store import instruments, quotes, save_instruments, save_quotes, symbols

__all__ = [
    "BadTable",
    "Fill",
    "Instrument",
    "Quote",
    "Side",
    "Teller",
    "contract_size",
    "currencies",
    "instruments",
    "quotes",
    "save_instruments",
    "save_quotes",
    "symbols",
]
