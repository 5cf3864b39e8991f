"""The noun of disputes."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from opencabinet.kernel.ids import Login

Outcome = Literal["upheld", "rejected", "withdrawn", "lapsed"]


class Dispute(Struct, frozen=True, kw_only=True):
    """A line that its owner doubts, with its explanation as it was then, until somebody decides or the deadline does.

    If it is `upheld` the operator corrects the line by another one; the line itself goes on in any case.
    """

    login: Login
    id: int
    reward: int
    text: str
    explanation: str
    opened_at: datetime
    deadline: datetime
    state: Literal["open"] | Outcome
    ended_at: datetime | None
    note: str
