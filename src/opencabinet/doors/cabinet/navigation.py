"""What the navigation shows: the areas that are somebody's, and the accounts that they may choose between."""

from collections.abc import Iterable, Sequence
from typing import Final

from opencabinet.access import operators
from opencabinet.access.people import Seated
from opencabinet.doors.cabinet.menus import access, builder, client, operator, partner, settings
from opencabinet.doors.cabinet.menus.model import Area, Choice, Entry, Section
from opencabinet.doors.wording import Words, marked

HOME: Final = Section("/cabinet", marked("All accounts"), "home")
ACCOUNTS: Final = "/cabinet/accounts/"
PARTNERS: Final = "/cabinet/partners/"
OPERATOR: Final = "/cabinet/operator"
MOST_CHOICES: Final = 30


def areas(who: Seated, path: str, login: int | None, words: Words) -> list[Area]:
    """Return the areas that are somebody's, as a page on a path shows them; `login` is the account it is of."""
    account = login if login in who.logins else who.logins[0] if len(who.logins) == 1 else None
    found = [Area(words.gettext("Accounts"), lines([HOME], "", path, words))]
    if account is not None:
        title = words.gettext("Account %(login)s") % {"login": account}
        sections = (*client.SECTIONS, *access.SECTIONS, *builder.SECTIONS)
        found.append(Area(title, lines(sections, f"{ACCOUNTS}{account}", path, words)))
    if who.partners and partner.SECTIONS:
        place = login if login in who.partners else who.partners[0]
        found.append(
            Area(
                words.gettext("Partner"),
                lines((*partner.SECTIONS, *builder.SECTIONS), f"{PARTNERS}{place}", path, words),
            )
        )
    if mine := tuple(each for each in operator.SECTIONS if may(who, each)):
        found.append(Area(words.gettext("Operator"), lines(mine, OPERATOR, path, words)))
    found.append(Area(words.gettext("You"), lines(settings.SECTIONS, "/cabinet/settings", path, words)))
    return [each for each in found if each.entries]


def may(who: Seated, section: Section) -> bool:
    """Whether somebody may be shown a section of operators."""
    return bool(who.roles) and (section.duty is None or operators.operator(who).may(section.duty))


def lines(sections: Sequence[Section], base: str, path: str, words: Words) -> tuple[Entry, ...]:
    """Return sections as lines of the navigation; the one with the longest path that a page is below is current."""
    here = max((base + each.path for each in sections if below(path, base + each.path)), key=len, default=None)
    return tuple(
        Entry(base + each.path, words.gettext(each.text), each.icon, base + each.path == here) for each in sections
    )


def below(path: str, place: str) -> bool:
    """Whether a page is the one at a place, or below it; every page is below the first one, which counts for itself."""
    return path == place or (place != HOME.path and path.startswith(f"{place}/"))


def choices(who: Seated, path: str, login: int | None) -> list[Choice]:
    """Return the accounts to choose between on a page of one: each leads to the same page of another."""
    start, logins = (PARTNERS, who.partners) if path.startswith(PARTNERS) else (ACCOUNTS, who.logins)
    return [Choice(each, same(path, start, each), each == login) for each in first(logins, login) if len(logins) > 1]


def first(logins: Iterable[int], login: int | None) -> list[int]:
    """Return the first accounts, and the one that a page is of."""
    shown = list(logins)[:MOST_CHOICES]
    return shown if login is None or login in shown else [login, *shown]


def same(path: str, start: str, login: int) -> str:
    """Return where the page on a path is for another account: its section, without what only one account has."""
    section = path.removeprefix(start).split("/")[1:2] if path.startswith(start) else []
    return "/".join([f"{start}{login}", *section])
