"""An account in a list."""

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from opencabinet.kernel.ids import Login


class Found(Struct, frozen=True, kw_only=True):
    """An account with the server it comes from; what no server tells of it is None."""

    login: Login
    name: str
    currency: str
    platform: str
    balance: Decimal
    as_of: datetime
    complete: bool
    server: str | None
    number: int | None
