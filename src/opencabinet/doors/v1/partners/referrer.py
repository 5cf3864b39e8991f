"""What a client is told of their partner, and lets them see."""

from typing import Any, Final, Literal, Self

from msgspec import Struct, json

from opencabinet.access import Function
from opencabinet.db import outbox
from opencabinet.doors import caller
from opencabinet.doors.v1 import answers
from opencabinet.doors.v1.operation import Call, read, write
from opencabinet.doors.v1.owned import Id, spelled
from opencabinet.doors.v1.words import Time, time, time_or_none
from opencabinet.partners import referrals

MOST_TOLD: Final = 100


class Decided(Struct, frozen=True, kw_only=True):
    """A decision on whose client the account is, and all it rests on; more kinds and reasons may come.

    `kind` is what said so: `click`, `code`, `server`, `claim` or `operator`; `decision` is `attributed`, `kept`,
    `refused` or `ended`. `evidence` tells what was weighed, and what was `found` wrong with each.
    """

    id: Id
    at: Time
    kind: str
    decision: str
    reason: str
    partner: int | None
    since: Time | None
    evidence: dict[str, Any]

    @classmethod
    def of(cls, entry: referrals.Entry) -> Self:
        """Say a decision."""
        return cls(
            id=spelled("dcn", entry.client, entry.id),
            at=time(entry.at),
            kind=entry.kind,
            decision=entry.verdict,
            reason=entry.reason,
            partner=entry.partner,
            since=time_or_none(entry.since),
            evidence=entry.evidence,
        )


class Consented(Struct, frozen=True, kw_only=True):
    """What the account's partner may see: `masked` unless the client said more, `since` then."""

    partner: int
    level: Literal["masked", "named", "full"]
    since: Time | None

    @classmethod
    def of(cls, consent: referrals.Consent) -> Self:
        """Say a consent."""
        return cls(partner=consent.partner, level=consent.level, since=time_or_none(consent.since))

    @property
    def revision(self) -> str:
        """What another partner, or another word of the client's, makes another."""
        return answers.digest(json.encode((self.partner, self.level, self.since)))


class Referrer(Struct, frozen=True, kw_only=True):
    """Whose client the account is: null if nobody's. `log` holds the last 100 decisions, the newest first."""

    partner: int | None
    since: Time | None
    consent: Consented | None
    log: list[Decided]


class ConsentRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """How much the partner may see: `masked`, `named` (login and short name) or `full` (days and balance, too)."""

    level: Literal["masked", "named", "full"]


@read("/accounts/{login}/partner", tag="partners", need=Function.PERSON, answer=Referrer)
async def show_referrer(call: Call) -> Referrer:
    """Show whose client the account is, what they see of it, and each decision that made it so."""
    async with call.conn.snapshot():
        current = await referrals.current(call.conn, call.login)
        consent = await referrals.consented(call.conn, call.login)
        entries = await referrals.explain(call.conn, call.login, limit=MOST_TOLD)
    theirs = current is not None and current.partner is not None
    return Referrer(
        partner=current.partner if current else None,
        since=time(current.since) if current and theirs else None,
        consent=Consented.of(consent) if consent else None,
        log=list(map(Decided.of, entries)),
    )


@read("/accounts/{login}/partner/consent", tag="partners", need=Function.PERSON, answer=Consented)
async def show_consent(call: Call) -> Consented:
    """Show what the account's partner may see of it. Its `ETag` is what a change must show as `If-Match`."""
    return Consented.of(await referrals.consenting(call.conn, call.login))


@write(
    "PUT",
    "/accounts/{login}/partner/consent",
    tag="partners",
    need=Function.PERSON,
    answer=Consented,
    body=ConsentRequest,
    tagged=True,
    refusals=(412, 428),
)
async def set_consent(call: Call, asked: ConsentRequest) -> Consented:
    """Say what the account's partner may see of it from now on. It is said of this partner: another begins masked.

    `If-Match` shows what was seen before, so that nobody consents to another partner than they think.
    """
    async with call.conn.transaction():
        await outbox.hold(call.conn, call.login)
        answers.match(call.request, Consented.of(await referrals.consenting(call.conn, call.login)))
        return Consented.of(await referrals.consent(call.conn, call.login, asked.level, caller.source(call.request)))


@write(
    "DELETE",
    "/accounts/{login}/partner/consent",
    tag="partners",
    need=Function.PERSON,
    answer=Consented,
    fresh=False,
)
async def withdraw_consent(call: Call) -> Consented:
    """Let the account's partner see no more than of anybody: masked from the next question on."""
    return Consented.of(await referrals.consent(call.conn, call.login, "masked", caller.source(call.request)))
