"""Our rows in the words of a statement: as the server printed them, by its own wall time."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from opencabinet import trades
from opencabinet.ingest.model import Closing, Deal, Moved, Opened, Ordered
from opencabinet.kernel.clock import Moment
from opencabinet.ledger import Movement

Ours = trades.ClosedTrade | trades.OpenTrade | trades.Order | trades.Deal | Movement
Printed = Closing | Opened | Ordered | Deal | Moved

RENAMED: Final[dict[type[Printed], dict[str, str]]] = {Ordered: {"order": "ticket"}, Deal: {"order": "order_ticket"}}
"""What a statement calls otherwise."""
NOUNS: Final[dict[type[Ours], type[Printed]]] = {
    trades.ClosedTrade: Closing,
    trades.OpenTrade: Opened,
    trades.Order: Ordered,
    trades.Deal: Deal,
    Movement: Moved,
}


def printed(row: Ours) -> Printed:
    """Return a row as a statement has it."""
    noun = NOUNS[type(row)]
    renamed = RENAMED.get(noun, {})
    return noun(**{field: value(row, renamed.get(field, field)) for field in noun.__struct_fields__})


def value(row: Ours, field: str) -> Any:
    """Return a field: moments as wall time, figures without the zeros that the database adds."""
    match getattr(row, field):
        case datetime() as at:
            return wall(at, getattr(row, field.removesuffix("_at") + "_offset"))
        case Decimal() as number:
            return number.normalize()
        case other:
            return other


def wall(at: datetime, offset: int) -> datetime:
    """Return what the server's clock showed."""
    return Moment(at, offset).wall()
