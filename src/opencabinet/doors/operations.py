"""Operations on the balance, as the old wires know them: deposits and withdrawals."""

from collections.abc import Sequence
from typing import Final

from opencabinet import ledger
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import Period
from opencabinet.ledger import CREDIT, Movement

UNMOVED: Final = CREDIT | {"opening"}
"""Kinds of movement that are no operation on the balance."""
DEPOSIT, WITHDRAWAL, COMPLETED = 0, 1, 1
"""What the wires call the two kinds of operation, and the state of one that is done."""


async def operations(conn: Connection, login: Granted, period: Period, limit: int) -> Sequence[Movement]:
    """Return what moved the balance within a period, newest first; credit and the opening entry are left out."""
    return (await ledger.movements(conn, login, period, but=UNMOVED, limit=limit)).rows


def direction(movement: Movement) -> int:
    """Return which kind of operation a movement is."""
    return WITHDRAWAL if movement.amount < 0 else DEPOSIT
