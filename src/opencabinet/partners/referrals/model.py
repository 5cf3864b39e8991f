"""Whose client an account is: what says so, what of it is good, and what is decided. No I/O: it can be done again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from msgspec import Struct, structs

from opencabinet.kernel.ids import Login
from opencabinet.partners.programme import State

Kind = Literal["operator", "code", "click", "server", "claim"]
Verdict = Literal["attributed", "kept", "refused", "ended"]
Likeness = Literal["login", "person", "email"]
ORDER: Final[tuple[Kind, ...]] = ("operator", "code", "click", "server", "claim")
"""Which word goes first: what was said on purpose before what was left behind."""
OVERRULING: Final = frozenset[Kind]({"operator", "claim"})
"""Who alone changes whose client an account is, once it is somebody's."""
SUCCESS: Final[dict[Kind, str]] = {
    "operator": "operator_said",
    "code": "code_given",
    "click": "last_click",
    "server": "told_by_server",
    "claim": "claim_accepted",
}
NOBODY: Final[dict[Kind, str]] = {
    "operator": "unknown_partner",
    "code": "unknown_code",
    "click": "unknown_click",
    "server": "unknown_agent",
    "claim": "unknown_partner",
}
"""Why a word is no good that names no partner."""
REAL: Final = frozenset({"", "prefetch"})
"""How a click is marked that led somebody on; what a browser looked up before they went is theirs, too."""
TICK: Final = timedelta(microseconds=1)


class Rules(Struct, frozen=True, kw_only=True):
    """By which rules is decided: for how long a click counts, claims and codes reach back, and whether agents count."""

    window: timedelta = timedelta(days=183)
    claims: timedelta = timedelta(days=30)
    agents_count: bool = False


class Lead(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that says whose client an account is: whom it names, and when it was said.

    `text` is how it was said (a code, a click's token, an agent's number, a claim's number); `partner` is None where
    that names nobody. `above` are those above the partner in the tree, and those whose client the partner is; they are
    told where it matters. `mark` is why a click does not count.
    """

    kind: Kind
    at: datetime
    text: str = ""
    partner: Login | None = None
    state: State = "active"
    enrolled_at: datetime | None = None
    above: tuple[Login, ...] = ()
    retired_at: datetime | None = None
    mark: str = ""
    click: int | None = None
    link: int | None = None


class Own(Struct, frozen=True):
    """A partner who is the client: the same account, another of the same person, or one with the same e-mail."""

    login: Login
    by: Likeness


class Referral(Struct, frozen=True, kw_only=True):
    """Whose client an account is from a moment on; nobody's where the partner is None."""

    since: datetime
    partner: Login | None


class Evidence(Struct, frozen=True, kw_only=True):
    """All that is decided on: what says whose client the account is, `at` when it is looked at, and what holds.

    `at` is when the client asked for the account, or when it was opened; `opened_at` is None where nobody told.
    """

    client: Login
    at: datetime
    opened_at: datetime | None
    leads: tuple[Lead, ...]
    own: tuple[Own, ...] = ()
    current: Referral | None = None


class Weighed(Struct, frozen=True):
    """A lead, and what is wrong with it; nothing where it is good."""

    lead: Lead
    fault: str


class Decision(Struct, frozen=True, kw_only=True):
    """Whose client an account is, or why nobody's; `since` when, where that is new."""

    client: Login
    kind: Kind
    verdict: Verdict
    partner: Login | None
    reason: str
    since: datetime | None
    evidence: dict[str, Any]


def decide(evidence: Evidence, rules: Rules) -> Decision:
    """Say whose client an account is.

    The first word that is good counts: the operator's, a code given at registration, the last click within the window,
    the agent told by the server, a claim. What an account is already is kept, unless the operator says otherwise.
    """
    weighed = [Weighed(lead, fault(lead, evidence, rules)) for lead in ordered(evidence)]
    good = next((each.lead for each in weighed if not each.fault), None)
    told = explained(weighed, evidence, rules)
    if good is None:
        first = weighed[0]
        return decision(evidence, first.lead, "refused", first.fault, None, told)
    if keeps(evidence.current, good):
        return decision(evidence, good, "kept", "already_referred", None, told)
    return decision(evidence, good, "attributed", SUCCESS[good.kind], begins(good, evidence, rules), told)


def end(evidence: Evidence, at: datetime) -> Decision:
    """Say that an account is nobody's client from a moment on, as the operator tells."""
    lead = Lead(kind="operator", at=at)
    if evidence.current is None or evidence.current.partner is None:
        return decision(evidence, lead, "kept", "nobodys_already", None, {})
    told = {"current": {"partner": evidence.current.partner, "since": evidence.current.since}}
    return decision(evidence, lead, "ended", "operator_said", after(evidence.current, at), told)


def rejected(evidence: Evidence, lead: Lead) -> Decision:
    """Say that a claim is not accepted."""
    return decision(evidence, lead, "refused", "claim_rejected", None, {"leads": [spoken(Weighed(lead, ""))]})


def decision(
    evidence: Evidence, lead: Lead, verdict: Verdict, reason: str, since: datetime | None, told: dict[str, Any]
) -> Decision:
    """Return what is decided on a lead."""
    return Decision(
        client=evidence.client,
        kind=lead.kind,
        verdict=verdict,
        partner=lead.partner,
        reason=reason,
        since=since,
        evidence=told,
    )


def ordered(evidence: Evidence) -> list[Lead]:
    """Return the leads in the order in which they count: by what they are, and of several the last first."""
    return sorted(evidence.leads, key=lambda lead: (ORDER.index(lead.kind), evidence.at - lead.at))


def fault(lead: Lead, evidence: Evidence, rules: Rules) -> str:
    """Say in a word what is wrong with a lead, nothing if it is good."""
    own = {each.login for each in evidence.own}
    if lead.partner is None:
        return NOBODY[lead.kind]
    if found := stale(lead, evidence, rules):
        return found
    if lead.partner == evidence.client or lead.partner in own:
        return "self_referral"
    if evidence.client in lead.above or own.intersection(lead.above):
        return "loop"
    return "" if lead.state == "active" else "partner_suspended"


def stale(lead: Lead, evidence: Evidence, rules: Rules) -> str:
    """Say in a word why a code or a click does not count when it is looked at."""
    if lead.kind == "code" and lead.retired_at is not None and lead.retired_at <= lead.at:
        return "code_retired"
    if lead.kind != "click":
        return ""
    if lead.mark not in REAL:
        return "click_marked"
    if lead.at > evidence.at:
        return "click_later"
    return "window_over" if evidence.at - lead.at > rules.window else ""


def keeps(current: Referral | None, good: Lead) -> bool:
    """Whether an account stays whose client it is, though a good lead was found."""
    if current is None or current.partner is None:
        return False
    return good.kind not in OVERRULING or current.partner == good.partner


def begins(lead: Lead, evidence: Evidence, rules: Rules) -> datetime:
    """Return from when on the account is the partner's client: never before the partner was one, or what holds.

    It is from the opening on, but not before a click or an agent was there, nor for a code or a claim that came late.
    """
    opened, wanted = evidence.opened_at, lead.at
    if lead.kind in {"click", "server"}:
        wanted = max(lead.at, opened or evidence.at)
    elif lead.kind == "code" or (lead.kind == "claim" and evidence.current is None):
        wanted = opened if opened is not None and lead.at - opened <= rules.claims else lead.at
    return after(evidence.current, max(wanted, lead.enrolled_at or wanted))


def after(current: Referral | None, wanted: datetime) -> datetime:
    """Return a moment that is after what holds: what was is not changed."""
    return wanted if current is None else max(wanted, current.since + TICK)


def explained(weighed: Iterable[Weighed], evidence: Evidence, rules: Rules) -> dict[str, Any]:
    """Return what a decision rests on, as it is kept."""
    current = evidence.current
    return {
        "leads": [spoken(each) for each in weighed],
        "at": evidence.at,
        "window_days": rules.window.days,
        "own": [{"login": each.login, "by": each.by} for each in evidence.own],
        "current": None if current is None else {"partner": current.partner, "since": current.since},
    }


def spoken(weighed: Weighed) -> dict[str, Any]:
    """Return a lead as it is kept, with what was found of it."""
    lead = weighed.lead
    told = {"kind": lead.kind, "at": lead.at, "partner": lead.partner, "text": lead.text, "found": weighed.fault}
    more = {"click": lead.click, "link": lead.link, "mark": lead.mark, "retired_at": lead.retired_at}
    return told | {name: value for name, value in more.items() if value}


class Entry(Struct, frozen=True, kw_only=True):
    """A decision as the log keeps it; `client` may be nobody's number where a partner claimed it."""

    client: Login
    id: int
    at: datetime
    cause: str | None
    kind: Kind
    verdict: Verdict
    partner: Login | None
    reason: str
    since: datetime | None
    evidence: dict[str, Any]

    def seen_by(self, partner: Login) -> "Entry":
        """Return what a partner sees of it: of what was weighed their own, and nothing of others."""
        leads = [each for each in self.evidence.get("leads", ()) if each["partner"] == partner]
        kept = {name: self.evidence[name] for name in ("at", "window_days") if name in self.evidence}
        return structs.replace(self, evidence={**kept, "leads": leads})


def replayed(entries: Iterable[Entry]) -> list[Referral]:
    """Return whose client an account was from when on, as its log alone says it."""
    told = sorted(entries, key=lambda each: each.id)
    return [Referral(since=each.since, partner=each.partner) for each in told if each.since is not None]
