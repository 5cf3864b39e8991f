"""What functions, levels and other words of access are called where people choose them."""

from collections.abc import Mapping
from typing import Final

from opencabinet.access import Function, Level
from opencabinet.doors.wording import Words, marked

FUNCTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "default": (marked("Everything else"), marked("What holds where a function has no rule of its own.")),
    "summary": (marked("Summary"), marked("The account at a glance: money, open and closed trades.")),
    "balance": (marked("Balance"), marked("Balance, equity and margin.")),
    "open_trades": (marked("Open trades"), marked("What is open now.")),
    "closed_trades": (marked("Closed trades"), marked("Every trade that closed.")),
    "orders": (marked("Orders"), marked("Orders that wait, and those that were filled or cancelled.")),
    "closed_lots": (marked("Closed lots"), marked("How much was traded, by day and symbol.")),
    "movements": (marked("Money in and out"), marked("Deposits, withdrawals and credit.")),
    "bonuses": (marked("Bonuses"), marked("Bonuses, and the lots that turn them into money.")),
    "statistics": (marked("Statistics"), marked("Gain, drawdown, profit factor and all other metrics.")),
    "statement": (marked("Statements"), marked("Everything of a period, as a file.")),
    "authorizations": (marked("Authorization history"), marked("Who asked for the account, and from where.")),
    "person": (marked("Whose client it is"), marked("The account's partner, and what they may see.")),
    "access": (marked("Access"), marked("These rules, and keys and tokens.")),
    "changes": (marked("Changes as they happen"), marked("The stream of all events of the account.")),
    "webhooks": (marked("Webhooks"), marked("Where events are sent.")),
    "commissions": (marked("Commissions"), marked("What the partner earned, line by line.")),
    "referrals": (marked("Clients"), marked("The partner's clients, as far as they consented.")),
    "clicks": (marked("Clicks"), marked("How many clicked on the partner's links.")),
    "promotion": (marked("Links and banners"), marked("The partner's links, codes and banners.")),
    "payouts": (marked("Payouts"), marked("What was settled and paid to the partner.")),
}
"""What each row of the matrix is called, and what it lets somebody read."""

LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "open": (marked("Open"), marked("Anybody may read it, without a password.")),
    "password": (marked("Password"), marked("Only with the API password, a token or a key.")),
    "address": (marked("Address"), marked("Without a password, from the listed addresses only.")),
    "both": (marked("Password and address"), marked("With the password, and from the listed addresses only.")),
    "off": (marked("Off"), marked("Nobody but you, here.")),
}
EFFECTS: Final[Mapping[str, tuple[str, str]]] = {
    "wider": (marked("Some gain it"), "warn"),
    "narrower": (marked("Some lose it"), "info"),
    "other": (marked("Some gain it, others lose it"), "warn"),
    "view": (marked("The same readers see more or less of it"), "info"),
    "words": (marked("Only words change"), ""),
}
"""What a change does to the readers of a function, and how that is meant."""

HIDDEN: Final[Mapping[str, str]] = {
    "comments": marked("Comments"),
    "volumes": marked("Volumes"),
    "money": marked("Money (percents are shown)"),
}
CREDENTIALS: Final[Mapping[str, str]] = {
    "none": marked("Nothing"),
    "password": marked("A token or a server key"),
    "publishable_key": marked("A publishable key"),
}
OF_ACCOUNT: Final = tuple(each for each in Function if each.family == "client" and not each.private)
OF_PERSON: Final = tuple(each for each in Function if each.family == "client" and each.private)
OF_PARTNER: Final = tuple(each for each in Function if each.family == "partner")


def title(words: Words, row: str) -> str:
    """Return what a row of the matrix is called."""
    return words.gettext(FUNCTIONS[row][0]) if row in FUNCTIONS else row


def level(words: Words, name: str) -> str:
    """Return what a level is called."""
    return words.gettext(LEVELS[name][0]) if name in LEVELS else name


def levels(row: str) -> tuple[str, ...]:
    """Return the levels that a row may have: what tells of the person is never without a credential."""
    private = row != "default" and Function(row).private
    return tuple(each for each in Level if not (private and each in {Level.OPEN, Level.ADDRESS}))


def credential(words: Words, name: str) -> str:
    """Return what is shown, as it is called."""
    return words.gettext(CREDENTIALS[name]) if name in CREDENTIALS else name


def choices(words: Words) -> list[tuple[str, str]]:
    """Return the functions that may be open, as they are called."""
    every = (*OF_ACCOUNT, *(each for each in OF_PARTNER if not each.private))
    return [(str(each), title(words, each)) for each in every]
