"""The formats a statement may have, told apart by their structure."""

from collections.abc import Callable, Sequence
from typing import Final

from opencabinet.ingest import mt4, mt4_tester, mt5, sheet, signal
from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import Statement, Unreadable

Recognises = Callable[[Sequence[Row]], bool]
Reads = Callable[[Sequence[Row]], Statement]

FORMATS: Final[tuple[tuple[Recognises, Reads], ...]] = (
    (mt4.recognises, mt4.statement),
    (mt5.recognises, mt5.statement),
    (mt4_tester.recognises, mt4_tester.statement),
    (signal.recognises, signal.statement),
)
NONE: Final = (
    "This is no statement that can be read: it is neither a statement, a history or a Strategy Tester report of "
    "MetaTrader 4 or 5, nor the history of an MQL5 signal."
)


def parsed(content: bytes) -> Statement:
    """Return the statement a file holds.

    Raises:
        Unreadable: if it has none of the formats, or its own is broken.
    """
    rows = sheet.rows(content)
    for recognises, read in FORMATS:
        if recognises(rows):
            return read(rows)
    raise Unreadable(NONE)
