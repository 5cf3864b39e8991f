"""A partner's clients, and the claims for those who are not yet."""

from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from opencabinet.access import Function
from opencabinet.doors.v1.operation import Call, read, write
from opencabinet.doors.v1.owned import Id, spelled
from opencabinet.doors.v1.partners.listing import Counted, Paged, after, below, info
from opencabinet.doors.v1.query import CURSOR, LIMIT
from opencabinet.doors.v1.words import Currency, Date, Figure, Time, figure_or_none, time, time_or_none
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.partners import referrals
from opencabinet.partners.referrals.claims.model import LONGEST_EVIDENCE

Month = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}$", description="A month in UTC.", examples=["2026-03"])]
Consent = Literal["masked", "named", "full"]


class Client(Struct, frozen=True, kw_only=True):
    """A client, as far as they let their partner see: `consent` says how far, and what is more is null.

    `masked` shows the last digits of the login, the country and months; `named` adds the login, the first name and an
    initial; `full` adds days and the balance.
    """

    id: Id
    consent: Consent
    login_ending: str
    login: int | None
    name: str | None
    country: str | None
    registered_month: Month | None
    registered_on: Date | None
    referred_month: Month
    referred_at: Time | None
    balance: Figure | None
    currency: Currency | None

    @classmethod
    def of(cls, partner: Login, client: referrals.Client) -> Self:
        """Say a client."""
        return cls(
            id=spelled("ref", partner, client.key),
            consent=client.level,
            login_ending=client.ending,
            login=client.login,
            name=client.name,
            country=client.country or None,
            registered_month=client.registered_month,
            registered_on=None if client.registered_on is None else client.registered_on.isoformat(),
            referred_month=client.since_month,
            referred_at=time_or_none(client.since),
            balance=figure_or_none(client.balance),
            currency=client.currency,
        )


@read(
    "/partners/{login}/clients",
    tag="partners",
    need=Function.REFERRALS,
    answer=Counted[Client],
    parameters=(CURSOR, LIMIT),
)
async def list_clients(call: Call) -> Counted[Client]:
    """List a partner's clients in the order in which they became theirs, each as far as they consented.

    Whoever never said anything is masked. A client who is another's now, or nobody's, is not listed.
    """
    limit = call.query["limit"]
    async with call.conn.snapshot():
        found = await referrals.clients(call.conn, call.login, after=after(call), limit=limit + 1)
        total = await referrals.count(call.conn, call.login)
    rows = found[:limit]
    page = info(call, found, rows[-1].key if rows else None)
    return Counted(data=[Client.of(call.login, each) for each in rows], page=page, total=total)


class ClaimRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A client that is the partner's, and what shows it."""

    account: Annotated[int, Meta(ge=1, le=LARGEST, examples=[1001002])]
    evidence: Annotated[
        str,
        Meta(
            min_length=1, max_length=LONGEST_EVIDENCE, examples=["They wrote to us on 2 March before they signed up."]
        ),
    ]


class Claim(Struct, frozen=True, kw_only=True):
    """A claim, and what the operator decided. An account that is not there can be claimed like any other."""

    id: Id
    account: int
    evidence: str
    claimed_at: Time
    state: Literal["open", "accepted", "rejected"]
    decided_at: Time | None
    note: str

    @classmethod
    def of(cls, claim: referrals.Claim) -> Self:
        """Say a claim."""
        return cls(
            id=spelled("clm", claim.partner, claim.id),
            account=claim.client,
            evidence=claim.evidence,
            claimed_at=time(claim.claimed_at),
            state=claim.state,
            decided_at=time_or_none(claim.decided_at),
            note=claim.note,
        )


@read(
    "/partners/{login}/claims",
    tag="partners",
    need=Function.REFERRALS,
    answer=Paged[Claim],
    parameters=(CURSOR, LIMIT),
)
async def list_claims(call: Call) -> Paged[Claim]:
    """List a partner's claims, the newest first, with what was decided."""
    limit = call.query["limit"]
    found = await referrals.claims(call.conn, call.login, below=below(call), limit=limit + 1)
    rows = found[:limit]
    return Paged(data=list(map(Claim.of, rows)), page=info(call, found, rows[-1].id if rows else None))


@write(
    "POST",
    "/partners/{login}/claims",
    tag="partners",
    need=Function.REFERRALS,
    answer=Claim,
    body=ClaimRequest,
    status=201,
    fresh=False,
    refusals=(409,),
    once=True,
)
async def claim_client(call: Call, asked: ClaimRequest) -> Claim:
    """Claim that an account is the partner's client, with what shows it; the operator decides.

    Any number may be claimed, so that nothing is told of it here. At most 20 claims wait at a time.
    """
    return Claim.of(await referrals.claim(call.conn, call.login, Login(asked.account), asked.evidence))
