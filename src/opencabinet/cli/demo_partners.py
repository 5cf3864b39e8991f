"""The partners of the demonstration: two of its accounts, one below the other, whose clients are three more."""

import secrets
from datetime import datetime
from typing import Final

from msgspec import structs

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import links, plans, programme, referrals
from opencabinet.partners.clicks import Arrived, Told
from opencabinet.partners.clicks.store import keep
from opencabinet.partners.links import Destination, Wanted
from opencabinet.partners.plans import rules

PARTNER: Final = Login(1001001)
BELOW: Final = Login(2001001)
CLIENTS: Final = ((Login(1001002), PARTNER), (Login(1001004), PARTNER), (Login(2001002), BELOW))
CODE: Final = "HARBR"
HOME: Final = Destination(id="home", url="http://127.0.0.1/", title="The demonstration", carries=True)
PLANS: Final = b"""
[[plans]]
name = "default"
title = "Six dollars a lot"
currency = "USD"
parts = [{ kind = "per_lot", rates = [{ rate = 6 }] }]

[[plans]]
name = "master"
title = "Eight dollars a lot, and what remains of those below"
currency = "USD"
parts = [{ kind = "per_lot", rates = [{ rate = 8 }] }]
"""
COUNTRIES: Final = ("DE", "SE", "PT", "DE", "JP", "DE")


async def refer(conn: Connection, address: str, since: datetime) -> None:
    """Let the broker have partners since a moment, with clients and a few clicks, unless it has."""
    if await programme.partner(conn, PARTNER) is not None:
        return
    for plan in rules.read(PLANS):
        await plans.save(conn, plan, since)
    await programme.enrol(conn, PARTNER, CODE, since=since)
    await programme.follow_plan(conn, PARTNER, "master", since)
    await programme.enrol(conn, BELOW, parent=PARTNER, since=since)
    for client, partner in CLIENTS:
        await referrals.assign(conn, client, partner, since=since)
    await links.save_destinations(conn, [structs.replace(HOME, url=f"{address}/")])
    link = await links.make(conn, PARTNER, Wanted(destination=HOME.id, campaign="demonstration"))
    await keep(conn, [clicked(link.code, number, country) for number, country in enumerate(COUNTRIES, 1)])


def clicked(code: str, visitor: int, country: str) -> Arrived:
    """Return a click of somebody's."""
    return Arrived(code=code, told=Told(), token=secrets.token_bytes(16), visitor=visitor, country=country)
