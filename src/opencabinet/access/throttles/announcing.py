"""Telling accounts that somebody signed in from where nobody of theirs did before."""

from collections.abc import Iterable
from typing import Final

from opencabinet.access.model import Channel
from opencabinet.access.throttles.actions import newly_known
from opencabinet.access.throttles.model import Placed
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login

NEW_NETWORK: Final = "sign_in.new_network"


async def announce(conn: Connection, logins: Iterable[Login], place: Placed, channel: Channel) -> None:
    """Write an event to each account if the network is new: not seen for 30 days, or since the password was set anew.

    The very first one is told, too: after a long absence nobody can tell the owner from anybody else.
    """
    if await newly_known(conn, place):
        for login in sorted(logins):
            await outbox.append(conn, login, NEW_NETWORK, network=place.network, channel=channel)
