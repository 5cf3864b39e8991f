"""What pages of the area say once something is done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from opencabinet.doors.wording import marked

DONE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "linked": marked("The account is theirs."),
        "unlinked": marked("The account is theirs no longer."),
        "ended": marked("Every session of theirs has ended."),
        "reset": marked("Every second factor is removed, and every session has ended."),
        "held": marked("The rewards are held."),
        "released": marked("The rewards are released."),
        "approved": marked("The rewards are approved."),
        "answered": marked("The dispute has ended."),
        "recalculated": marked("All of it was given and taken."),
        "written": marked("The news is kept."),
        "withdrawn": marked("It is withdrawn, and shown no more."),
        "uploaded": marked("The banner is there."),
        "opened": marked("The application is tied to the account."),
        "refused": marked("The application is turned down."),
        "appointed": marked("They have the role."),
        "dismissed": marked("They have the role no longer."),
    }
)

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # roles
        "reader": marked("reader"),
        "support": marked("support"),
        "administrator": marked("administrator"),
        # duties, and what is called the same
        "search": marked("search"),
        "accounts": marked("accounts"),
        "policies": marked("policies"),
        "imports": marked("imports"),
        "people": marked("people"),
        "applications": marked("applications"),
        "partners": marked("partners"),
        "plans": marked("plans"),
        "rewards": marked("rewards"),
        "content": marked("content"),
        "audit": marked("audit"),
        "operators": marked("operators"),
        # rewards and disputes
        "accrued": marked("accrued"),
        "held": marked("held"),
        "approved": marked("approved"),
        "payable": marked("payable"),
        "paid": marked("paid"),
        "reversed": marked("reversed"),
        "disputed": marked("disputed"),
        "open": marked("open"),
        "upheld": marked("upheld"),
        "rejected": marked("rejected"),
        "lapsed": marked("lapsed"),
        "commission": marked("commission"),
        "rebate": marked("rebate"),
        "qualified": marked("qualified"),
        "adjustment": marked("adjustment"),
        # partners
        "active": marked("active"),
        "suspended": marked("suspended"),
        "left": marked("left"),
        # feeds
        "loading": marked("loading"),
        "live": marked("live"),
        "stale": marked("stale"),
        "failing": marked("failing"),
        # applications
        "received": marked("received"),
        "opened": marked("opened"),
        "refused": marked("refused"),
        "spam": marked("spam"),
        # news
        "news": marked("news"),
        "analytics": marked("analytics"),
        "company": marked("company"),
        "published": marked("published"),
        "waiting": marked("waiting"),
        "withdrawn": marked("withdrawn"),
        "light": marked("light"),
        "dark": marked("dark"),
        # the history
        "granted": marked("granted"),
        "sealed": marked("sealed"),
        "broken": marked("broken"),
        # access
        "password": marked("password"),
        "second factor": marked("second factor"),
        "address": marked("address"),
        "both": marked("both"),
        "off": marked("off"),
        # trades
        "buy": marked("buy"),
        "sell": marked("sell"),
    }
)
"""What states, roles, duties and kinds are called."""

GOOD: Final = ("approved", "paid", "upheld", "active", "live", "opened", "published", "granted", "sealed")
BAD: Final = ("reversed", "failing", "refused", "broken", "off", "left")
TO_SEE: Final = ("held", "disputed", "open", "suspended", "stale", "loading", "waiting", "received")
TONES: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(GOOD, "good") | dict.fromkeys(BAD, "bad") | dict.fromkeys(TO_SEE, "warn")
)
"""How states look."""
