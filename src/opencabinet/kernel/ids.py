"""The numbers accounts and trades are known by."""

from typing import Final, NewType

Login = NewType("Login", int)
"""The cabinet's own account number, unique in one installation."""

Ticket = NewType("Ticket", int)
"""A platform's number of a trade, an order or a deal, unique within one account."""

Granted = NewType("Granted", Login)
"""A login that the judge let the caller read. Only `access.permit` makes one, and every store that is asked for an
account's records through a door asks for one."""

LARGEST: Final = 2**63 - 1
"""The largest number the database keeps (bigint)."""


def within(login: int) -> Login:
    """Return `login`, or the login nobody has if the number is beyond what the database keeps."""
    return Login(login) if 0 < login <= LARGEST else Login(0)
