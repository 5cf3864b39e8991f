"""What an account looks like at a glance."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from opencabinet.balances import Ends, Standing
from opencabinet.kernel.receipt import Receipt
from opencabinet.ledger import Total
from opencabinet.trades import Totals
from opencabinet.valuations import Read, Valued


class Summary(Struct, frozen=True, kw_only=True):
    """An account's money, what is open, and what closed and moved, with the receipt of that."""

    valued: Valued
    open: Totals
    closed: Totals
    moved: Sequence[Total]
    receipt: Receipt


class Sums(Struct, frozen=True, kw_only=True):
    """What is read of an account: itself with its open trades, and the sums of all that ever happened to it."""

    read: Read
    closed: Totals
    moved: Sequence[Total]
    costs: Decimal
    ends: Ends
    standing: Standing
