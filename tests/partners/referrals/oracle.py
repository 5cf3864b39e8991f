"""What is to be decided, said once more and plainly: each kind in its turn, its words from the newest on."""

from datetime import datetime, timedelta

from opencabinet.kernel.ids import Login
from opencabinet.partners.referrals import Evidence, Lead, Rules

Expected = tuple[str, str, Login | None, datetime | None]
IN_TURN = {
    "operator": ("unknown_partner", "operator_said"),
    "code": ("unknown_code", "code_given"),
    "click": ("unknown_click", "last_click"),
    "server": ("unknown_agent", "told_by_server"),
    "claim": ("unknown_partner", "claim_accepted"),
}


def expected(evidence: Evidence, rules: Rules) -> Expected:
    """Return verdict, reason, partner and since."""
    refused: Expected | None = None
    for kind, (unknown, good) in IN_TURN.items():
        words = [each for each in evidence.leads if each.kind == kind]
        words.sort(key=lambda each: each.at, reverse=True)
        for word in words:
            wrong = unknown if word.partner is None else wrong_with(word, evidence, rules)
            if wrong is not None:
                refused = refused or ("refused", wrong, word.partner, None)
                continue
            has = evidence.current.partner if evidence.current else None
            if has is not None and (kind in {"code", "click", "server"} or has == word.partner):
                return "kept", "already_referred", word.partner, None
            return "attributed", good, word.partner, since(word, evidence, rules)
    assert refused is not None
    return refused


def wrong_with(word: Lead, evidence: Evidence, rules: Rules) -> str | None:
    """Return the first objection."""
    objections = {
        "code_retired": word.kind == "code" and word.retired_at is not None and not word.at < word.retired_at,
        "click_marked": word.kind == "click" and word.mark in {"bot", "head", "flood"},
        "click_later": word.kind == "click" and evidence.at < word.at,
        "window_over": word.kind == "click" and word.at + rules.window < evidence.at,
        "self_referral": word.partner in [evidence.client, *(each.login for each in evidence.own)],
        "loop": any(each in [evidence.client, *(own.login for own in evidence.own)] for each in word.above),
        "partner_suspended": word.state in {"suspended", "left"},
    }
    return next((name for name, holds in objections.items() if holds), None)


def since(word: Lead, evidence: Evidence, rules: Rules) -> datetime:
    """Return from when on."""
    opened = evidence.opened_at
    match word.kind:
        case "operator":
            moments = [word.at]
        case "claim" if opened is not None and evidence.current is None and word.at <= opened + rules.claims:
            moments = [opened]
        case "code" if opened is not None and word.at <= opened + rules.claims:
            moments = [opened]
        case "claim" | "code":
            moments = [word.at]
        case _:
            moments = [opened or evidence.at, word.at]
    if word.enrolled_at is not None:
        moments.append(word.enrolled_at)
    if evidence.current is not None:
        moments.append(evidence.current.since + timedelta(microseconds=1))
    return max(moments)
