"""A partner, and the codes that name them."""

from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from opencabinet import accounts
from opencabinet.access import Function
from opencabinet.doors.v1.listing import Newest
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.owned import spelled
from opencabinet.doors.v1.query import LARGEST_LIMIT
from opencabinet.doors.v1.words import Currency, Time, time, time_or_none
from opencabinet.partners import programme
from opencabinet.partners.programme import NoSuchPartner, PartnerCode

CodeText = Annotated[
    str, Meta(description="3 to 16 Latin letters and digits, read in any letter case.", examples=["HARBR"])
]


class Code(Struct, frozen=True, kw_only=True):
    """What names a partner, or a link of theirs; one that is retired names nobody, and is never given again."""

    code: CodeText
    link: str | None
    given_at: Time
    retired_at: Time | None

    @classmethod
    def of(cls, code: PartnerCode) -> Self:
        """Say a code."""
        return cls(
            code=code.code,
            link=None if code.link is None else spelled("lnk", code.login, code.link),
            given_at=time(code.given_at),
            retired_at=time_or_none(code.retired_at),
        )


class Partner(Struct, frozen=True, kw_only=True):
    """A partner. `level` is how many levels down they are (1: below nobody).

    `sub_partners` are directly below; who they are, and who is above, is told to nobody here. `plan` is the one that
    was chosen for this partner, null where the usual one holds.
    """

    login: int
    state: Literal["active", "suspended", "left"]
    currency: Currency
    enrolled_at: Time
    level: int
    sub_partners: int
    plan: str | None
    codes: list[Code]


@read("/partners/{login}", tag="partners", need=Function.PROMOTION, answer=Partner)
async def show_partner(call: Call) -> Partner:
    """Show a partner: since when, in which state, by which codes, and where in the tree."""
    async with call.conn.snapshot():
        found = await programme.partner(call.conn, call.login)
        if found is None:
            raise NoSuchPartner
        account = await accounts.existing(call.conn, call.login)
        standing = await programme.standing(call.conn, call.login, call.now)
        codes = await programme.naming(call.conn, call.login, limit=LARGEST_LIMIT)
    return Partner(
        login=found.login,
        state=found.state,
        currency=account.currency,
        enrolled_at=time(found.enrolled_at),
        level=standing.level,
        sub_partners=standing.sub_partners,
        plan=standing.plan,
        codes=list(map(Code.of, codes)),
    )


@read("/partners/{login}/codes", tag="partners", need=Function.PROMOTION, answer=Newest[Code])
async def list_codes(call: Call) -> Newest[Code]:
    """List the codes of a partner and of their links, retired ones among them, the oldest first."""
    found = await programme.codes(call.conn, call.login, limit=LARGEST_LIMIT + 1)
    return Newest(data=[Code.of(each) for each in found[:LARGEST_LIMIT]], has_more=len(found) > LARGEST_LIMIT)
