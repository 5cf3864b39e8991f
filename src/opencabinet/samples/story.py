"""Invented accounts: ten months of trading by people who never were, at a broker that never was."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Final

from opencabinet.ingest.model import Moved, Snapshot, Statement
from opencabinet.kernel.money import exponent, nearest
from opencabinet.reports.layouts.figures import total
from opencabinet.samples import deals, tickets
from opencabinet.samples.market import INSTRUMENTS, OPENS, RATES, WEEKEND
from opencabinet.samples.people import Person, Transfer
from opencabinet.samples.trading import Pending, Tale, Trip
from opencabinet.samples.turns import CENT, Terms, hedged, parted, pending, trip

COMPANY: Final = "Harbour Street Markets"
SERVER: Final = "HarbourStreet-Live"
WRITTEN: Final = datetime(2026, 10, 30, 21)  # noqa: DTZ001 - a server's wall time

ROUND_TURN: Final = Decimal(7)
"""What a lot costs in dollars, in and out."""
USUAL_LEVERAGE: Final = 100


def statement(person: Person) -> Statement:
    """Return the statement of an account as it stood when the story ends."""
    chance = Random(person.seed)  # noqa: S311 - a story, no secret
    trips = list(traded(person, chance))
    tale = Tale(
        head=head(person, trips),
        trips=tuple(trips),
        pendings=tuple(waited(person, chance)),
        moves=tuple(moved(transfer) for transfer in person.transfers),
    )
    return tickets.told(tale) if person.platform == "mt4" else deals.told(tale)


def traded(person: Person, chance: Random) -> Iterator[Trip]:
    """Give the trades of an account: now and then one is closed in parts, or two close each other."""
    charged = ROUND_TURN if person.platform == "mt4" else ROUND_TURN / 2
    terms = Terms(currency=person.currency, entering=ROUND_TURN - charged, leaving=charged, until=WRITTEN)
    busy = dict.fromkeys(person.symbols, OPENS)
    at = OPENS + timedelta(days=2)
    for number in count(1):
        at = waking(at + timedelta(minutes=chance.randint(30, person.every * 120)), chance)
        if at >= WRITTEN:
            return
        known, lots = INSTRUMENTS[chance.choice(person.symbols)], CENT * chance.randint(1, person.largest)
        if person.mode == "hedging" and number % 12 == 0:
            yield from hedged(known, terms, at, lots, number)
        elif person.mode != "netting" or busy[known.name] < at:
            made = trip(known, terms, at, lots, chance)
            busy[known.name] = made.exits[-1].at if made.exits else WRITTEN
            yield parted(made, known, terms) if number % 9 == 0 else made


def waited(person: Person, chance: Random) -> Iterator[Pending]:
    """Give the orders that waited for a price: most were given up after a while, the last still wait."""
    for day in range(4, (WRITTEN - OPENS).days + 1, 14):
        at = waking(OPENS + timedelta(days=day), chance)
        if at < WRITTEN:
            yield pending(INSTRUMENTS[chance.choice(person.symbols)], at, WRITTEN, chance)


def waking(at: datetime, chance: Random) -> datetime:
    """Return a moment at which people trade: between eight and eight, on no weekend."""
    if not 8 <= at.hour < 20:  # noqa: PLR2004 - said above
        later = at + timedelta(days=at.hour >= 20)  # noqa: PLR2004 - the same evening
        at = later.replace(hour=8, minute=chance.randint(0, 59), second=chance.randint(0, 59))
    while at.weekday() >= WEEKEND:
        at += timedelta(days=1)
    return at


def moved(transfer: Transfer) -> Moved:
    """Return a transfer as a movement of the account; its ticket is the platform's to give."""
    at = OPENS + timedelta(days=transfer.day, hours=9, minutes=10 + transfer.day % 40, seconds=transfer.day % 60)
    at += timedelta(seconds=90 if transfer.kind == "credit" else 0)
    return Moved(ticket=0, kind=transfer.kind, amount=Decimal(transfer.amount), moved_at=at, comment=transfer.comment)


def head(person: Person, trips: Sequence[Trip]) -> Statement:
    """Return what a statement says of the account before its rows."""
    dollars = total(INSTRUMENTS[trip.symbol].dollars(now.lots, now.price) for trip in trips if (now := trip.current))
    margin = dollars / Decimal(RATES[person.currency]) / (person.leverage or USUAL_LEVERAGE)
    return Statement(
        platform=person.platform,
        kind="history" if person.platform == "mt5" else "statement",
        number=person.number,
        name=person.name,
        company=COMPANY,
        currency=person.currency,
        leverage=person.leverage,
        mode=person.mode,
        written_at=WRITTEN,
        snapshot=Snapshot(balance=Decimal(0), margin=nearest(margin, exponent(person.currency))),
    )
