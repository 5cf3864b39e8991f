"""The buckets that a guess takes a slot of, and what a reservation holds."""

from typing import Final, Literal, Protocol

from msgspec import Struct

from opencabinet.access.model import Network

Kind = Literal["pair", "subject", "network", "subjects", "all", "failures"]
Lane = Literal["any", "known", "strange"]
UNKNOWN: Final = "unknown"
"""The network of callers whose address is not known: they share one."""
FIVE_MINUTES: Final = 300
TEN_MINUTES: Final = 600
AN_HOUR: Final = 3_600
HALF_A_DAY: Final = 43_200
ENDLESS: Final = 2**31 - 1
MOST_CHOSEN: Final = 5
"""So many times an hour an account's password may be chosen."""
MOST_CHECKED: Final = 100
"""So many different accounts an hour a partner may ask of whether they are their clients."""


class Limits(Struct, frozen=True, kw_only=True):
    """How many guesses are taken: in five minutes, but where it says otherwise."""

    pair: int = 10
    """At one subject from one network."""
    subject: int = 20
    """At one subject from everywhere; then one at a time, after delays that double up to 15 minutes."""
    network: int = 60
    """From one network."""
    subjects: int = 20
    """How many subjects a network may guess at, within ten minutes."""
    everything: int = 1_000
    """From everywhere at everything; then each network gets a fifth of its slots, but for what it is known for."""
    failures: int = 100
    """In a row at one subject's chosen password, however slowly; then it is off for strangers until it is set anew."""
    beside: int = 2
    """In flight at a time in one process, and one from each network, without a slot."""

    def times(self, factor: int) -> "Limits":
        """Return limits so many times as wide, but for failures in a row and what is in flight."""
        return Limits(
            pair=self.pair * factor,
            subject=self.subject * factor,
            network=self.network * factor,
            subjects=self.subjects * factor,
            everything=self.everything * factor,
            failures=self.failures,
            beside=self.beside,
        )


class Bucket(Struct, frozen=True, kw_only=True):
    """Slots for guesses of a kind.

    `lane` says from where a guess takes one: from networks that are known for the subject, from strange ones, or any.
    """

    kind: Kind
    subject: str = ""
    network: str = ""
    name: str = ""
    most: int
    seconds: int = FIVE_MINUTES
    lane: Lane = "any"
    slows: bool = False


class Reservation(Struct, frozen=True, kw_only=True):
    """Slots taken for a guess.

    `retry_after` is None unless there was no slot, or for strangers there was none, and the guess may be made all the
    same: a right one is let in, and a wrong one is told to wait so many seconds, so that it does not tell which
    networks are known.
    """

    subject: str
    network: str
    taken: tuple[Bucket, ...] = ()
    known: bool = False
    """Whether the network is known for the subject, so that the guess took slots that no stranger takes."""
    retry_after: int | None = None

    @property
    def aside(self) -> bool:
        """Whether the guess is made without a slot."""
        return self.retry_after is not None and not self.taken


class Placed(Protocol):
    """A guess, and where it is made."""

    @property
    def known(self) -> bool:
        """Whether the subject is known there."""

    @property
    def subject(self) -> str:
        """Whose secret it is at."""

    @property
    def network(self) -> str:
        """From where it is made."""


def of_login(login: int) -> str:
    """Return the subject that guesses at an account's API password are counted for."""
    return f"login {login}"


def choosing(login: int) -> Bucket:
    """Return the bucket of choosing an account's password, which tells whether it is another one of its owner's."""
    return Bucket(kind="pair", subject=f"choosing for {login}", most=MOST_CHOSEN, seconds=AN_HOUR)


def checking(login: int, account: int) -> Bucket:
    """Return the bucket of a partner's questions whether accounts are their clients; to ask again of one is free."""
    subject, seconds = f"checks by {login}", AN_HOUR
    return Bucket(kind="subjects", subject=subject, name=str(account), most=MOST_CHECKED, seconds=seconds)


def spelled(network: Network | None) -> str:
    """Return a network as the buckets know it."""
    return UNKNOWN if network is None else str(network)


def buckets(subject: str, network: str, limits: Limits, *, generated: bool) -> list[Bucket]:
    """Return the buckets that a guess takes a slot of; a subject that is not known has them, too."""
    found = [
        Bucket(kind="all", most=ENDLESS),
        Bucket(kind="network", network=network, most=limits.network, lane="strange", slows=True),
    ]
    if not subject:
        return found
    found += [
        Bucket(kind="pair", subject=subject, network=network, most=limits.pair, slows=True),
        Bucket(kind="subject", subject=subject, most=limits.subject, lane="strange"),
        Bucket(
            kind="subjects",
            network=network,
            name=subject,
            most=limits.subjects,
            seconds=TEN_MINUTES,
            lane="strange",
            slows=True,
        ),
    ]
    if generated:
        return found
    failures = {"kind": "failures", "subject": subject, "most": limits.failures, "seconds": HALF_A_DAY}
    return [
        *found,
        Bucket(**failures, lane="strange"),  # type: ignore[arg-type]  # each of its own type
        Bucket(**failures, network=network, lane="known"),  # type: ignore[arg-type]  # the same
    ]
