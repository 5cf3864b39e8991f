"""Applications: what an applicant may say, how it is read, and what became of it."""

import re
import secrets as chance
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from ipaddress import IPv4Network, IPv6Network
from typing import Final, Literal, Self

import msgspec
from msgspec import Struct, structs

from opencabinet.access import secrets
from opencabinet.access.people.model import BadEmail, BadName, fit_name, folded
from opencabinet.accounts import BadProfile, Profile
from opencabinet.kernel.ids import Login
from opencabinet.kernel.page import Key
from opencabinet.kernel.problem import Conflict, Malformed, Unknown

State = Literal["received", "opened", "refused", "spam"]
Platform = Literal["mt4", "mt5"]
TOKEN: Final = "oca_"  # noqa: S105 - how tokens of applications begin
IDS: Final = 10**18
"""Ids are made by chance below this."""
LONGEST: Final = 64
LONGEST_TYPE: Final = 40
LONGEST_PHONE: Final = 40
LONGEST_TRAP: Final = 200
LONGEST_NOTE: Final = 500
MOST_SUBS: Final = 5
HIGHEST_LEVERAGE: Final = 5_000
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", re.ASCII)


class BadApplication(Malformed):
    """Something that was said in an application cannot be right."""

    def __init__(self, member: str, detail: str) -> None:
        super().__init__(f"`{member}`: {detail}")
        self.member = member


class NoSuchApplication(Unknown):
    """There is no such application, or the token is not its own."""


class ApplicationDecided(Conflict):
    """The application was opened or refused already."""


class CameFromAnother(Conflict):
    """The account came from another application."""


class Rules(Struct, frozen=True, kw_only=True):
    """In which currencies accounts are opened, and how many applications are taken within an hour."""

    currencies: tuple[str, ...] = ("USD", "EUR")
    of_network: int = 20
    of_email: int = 5
    of_all: int = 2_000

    def times(self, factor: int) -> Self:
        """Return rules by which so many times more come from a network, and in all."""
        return structs.replace(self, of_network=self.of_network * factor, of_all=self.of_all * factor)


class Wanted(Struct, frozen=True, kw_only=True):
    """What an applicant says; empty where nothing was. `trap` is a field that people do not see.

    `code` and `click` tell who referred them: whatever stands there is kept as it is, for nobody is turned away for it.
    """

    name: str
    email: str
    country: str
    phone: str = ""
    platform: Platform = "mt5"
    currency: str = "USD"
    leverage: int | None = None
    language: str = "en"
    account_type: str = ""
    code: str = ""
    click: str = ""
    keyword: str = ""
    subs: tuple[str, ...] = ()
    trap: str = ""

    def __repr__(self) -> str:
        return "Wanted(***)"

    @property
    def digest(self) -> bytes:
        """What tells it from another."""
        return sha256(msgspec.json.encode(self)).digest()

    def read(self, rules: Rules) -> Self:
        """Return it as it is kept.

        Raises:
            BadApplication: for the first member that cannot be right.
        """
        kept = structs.replace(
            self,
            name=read_name(self.name),
            email=read_email(self.email),
            country=read_country(self.country),
            phone=read_phone(self.phone),
            currency=self.currency.upper(),
            account_type=read_text("account_type", self.account_type, LONGEST_TYPE),
            **{name: read_text(name, getattr(self, name), LONGEST) for name in ("code", "click", "keyword")},
            subs=tuple(read_text("subs", each, LONGEST) for each in self.subs),
        )
        if kept.currency not in rules.currencies:
            raise BadApplication("currency", f"Accounts are opened in {', '.join(rules.currencies)}.")
        if not LANGUAGE.fullmatch(kept.language):
            raise BadApplication("language", "Give a language as en, or pt-BR.")
        if kept.leverage is not None and not 1 <= kept.leverage <= HIGHEST_LEVERAGE:
            raise BadApplication("leverage", f"Give 1 to {HIGHEST_LEVERAGE}.")
        if len(kept.subs) > MOST_SUBS:
            raise BadApplication("subs", f"Give {MOST_SUBS} at most.")
        return kept


class Applied(Struct, frozen=True, kw_only=True):
    """An application that was taken; its token is shown this once."""

    id: int
    token: str
    received_at: datetime

    def __repr__(self) -> str:
        return f"Applied({self.id})"


class Seen(Struct, frozen=True, kw_only=True):
    """An application as its applicant sees it; one that was taken for spam looks like one that waits."""

    id: int
    state: Literal["received", "opened", "refused"]
    received_at: datetime
    login: Login | None


class Application(Struct, frozen=True, kw_only=True):
    """An application as the operator sees it. `earlier` is another with the same e-mail address, just before."""

    id: int
    state: State
    received_at: datetime
    decided_at: datetime | None
    name: str
    email: str
    country: str
    phone: str
    platform: Platform
    currency: str
    leverage: int | None
    language: str
    account_type: str
    code: str
    click: str
    keyword: str
    subs: list[str]
    network: IPv4Network | IPv6Network | None
    user_agent: str
    earlier: int | None
    login: Login | None
    note: str

    def __repr__(self) -> str:
        return f"Application({self.id}, ***)"

    def key(self) -> Key:
        """Return its place among others."""
        return Key(self.received_at, self.id)


def make_token() -> str:
    """Return a new token of 256 random bits: `oca_`, 43 base-62 letters, and 6 that check them."""
    return secrets.checked(TOKEN + "".join(chance.choice(secrets.ALPHABET) for _ in range(secrets.TOKEN_LETTERS)))


def make_id() -> int:
    """Return a new id."""
    return 1 + chance.randbelow(IDS - 1)


@cache
def countries() -> frozenset[str]:
    """Return the codes of all countries (ISO 3166-1), two letters each."""
    lines = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8").splitlines()
    return frozenset(line[:2] for line in lines if line and not line.startswith("#"))


def read_name(text: str) -> str:
    """Return a name as it is kept."""
    try:
        kept = fit_name(text)
    except BadName as wrong:
        raise BadApplication("name", wrong.detail) from None
    if not kept:
        raise BadApplication("name", "Give your name.")
    return kept


def read_email(text: str) -> str:
    """Return an e-mail address as it is kept and compared."""
    try:
        return folded(text)
    except BadEmail as wrong:
        raise BadApplication("email", wrong.detail) from None


def read_country(text: str) -> str:
    """Return the code of a country."""
    if (kept := text.upper()) not in countries():
        raise BadApplication("country", "Give the two letters of a country (ISO 3166-1).")
    return kept


def read_phone(text: str) -> str:
    """Return a phone number as it is kept."""
    kept = text.strip()
    try:
        Profile(login=Login(0), phone=kept[: LONGEST_PHONE + 1]).check()
    except BadProfile as wrong:
        raise BadApplication("phone", wrong.detail) from None
    if len(kept) > LONGEST_PHONE:
        raise BadApplication("phone", f"Give {LONGEST_PHONE} letters at most.")
    return kept


def read_text(member: str, text: str, longest: int) -> str:
    """Return a word as it is kept."""
    kept = text.strip()
    if len(kept) > longest or not kept.isprintable():
        raise BadApplication(member, f"Give {longest} letters at most, on one line.")
    return kept
