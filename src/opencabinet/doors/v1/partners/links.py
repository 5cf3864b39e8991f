"""A partner's links, and where they may lead."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from opencabinet.access import Function
from opencabinet.doors.here import here
from opencabinet.doors.v1.listing import Newest
from opencabinet.doors.v1.operation import Call, read, write
from opencabinet.doors.v1.owned import Id, owned, spelled
from opencabinet.doors.v1.partners.listing import Paged, after, info
from opencabinet.doors.v1.query import CURSOR, LIMIT, SPOKEN
from opencabinet.doors.v1.words import Time, time, time_or_none
from opencabinet.partners import links
from opencabinet.partners.links.model import LONGEST_WORD, MOST_KEYWORDS

Word = Annotated[str, Meta(max_length=LONGEST_WORD, pattern=SPOKEN)]
Keyword = Annotated[str, Meta(min_length=1, max_length=LONGEST_WORD, pattern=SPOKEN)]


class Destination(Struct, frozen=True, kw_only=True):
    """A page that links may lead to; `carries` says that it is told the click's token."""

    id: str
    url: str
    title: str
    language: str
    carries: bool

    @classmethod
    def of(cls, each: links.Destination) -> Self:
        """Say a destination."""
        return cls(id=each.id, url=each.url, title=each.title, language=each.language, carries=each.carries)


class LinkRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link: where it leads, what it is for, and up to five keywords that its clicks may name.

    Its code is made by chance unless one is asked for: 3 to 16 Latin letters and digits, the first a letter.
    """

    destination: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40, examples=["open-account"])]
    campaign: Word = ""
    keywords: Annotated[list[Keyword], Meta(max_length=MOST_KEYWORDS)] = []
    code: Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9]{2,15}$")] | None = None


class Link(Struct, frozen=True, kw_only=True):
    """A link. `url` is what is clicked: it may name one of the keywords (`k`), and sub-ids of yours (`s1` to `s5`)."""

    id: Id
    code: str
    url: Annotated[str, Meta(examples=["https://cabinet.example.com/go/HARBR"])]
    destination: str
    campaign: str
    keywords: list[str]
    created_at: Time
    retired_at: Time | None

    @classmethod
    def of(cls, link: links.Link, base: str) -> Self:
        """Say a link."""
        return cls(
            id=spelled("lnk", link.login, link.id),
            code=link.code,
            url=f"{base}/go/{link.code}",
            destination=link.destination,
            campaign=link.campaign,
            keywords=link.keywords,
            created_at=time(link.created_at),
            retired_at=time_or_none(link.retired_at),
        )


@read("/partners/{login}/destinations", tag="partners", need=Function.PROMOTION, answer=Newest[Destination])
async def list_destinations(call: Call) -> Newest[Destination]:
    """List where links may lead; where nothing else is said, they lead to the first."""
    found = await links.destinations(call.conn)
    return Newest(data=list(map(Destination.of, found)), has_more=False)


@read(
    "/partners/{login}/links",
    tag="partners",
    need=Function.PROMOTION,
    answer=Paged[Link],
    parameters=(CURSOR, LIMIT),
)
async def list_links(call: Call) -> Paged[Link]:
    """List a partner's links in the order in which they were made, retired ones among them."""
    limit = call.query["limit"]
    found = await links.listed(call.conn, call.login, after=after(call), limit=limit + 1)
    rows = found[:limit]
    return Paged(
        data=[Link.of(each, here(call.request)) for each in rows], page=info(call, found, rows[-1].id if rows else None)
    )


@write(
    "POST",
    "/partners/{login}/links",
    tag="partners",
    need=Function.PROMOTION,
    answer=Link,
    body=LinkRequest,
    status=201,
    fresh=False,
    refusals=(409,),
    once=True,
)
async def make_link(call: Call, asked: LinkRequest) -> Link:
    """Make a link that leads to one of the destinations, by a code of its own.

    A partner has 100 links at a time, and makes 1,000 in all.
    """
    wanted = links.Wanted(
        destination=asked.destination, campaign=asked.campaign, keywords=tuple(asked.keywords), code=asked.code
    )
    return Link.of(await links.make(call.conn, call.login, wanted), here(call.request))


@write(
    "DELETE",
    "/partners/{login}/links/{id}",
    tag="partners",
    need=Function.PROMOTION,
    answer=Link,
    fresh=False,
)
async def retire_link(call: Call) -> Link:
    """Let a link lead nowhere any more. Its code is given to nobody else, and its clicks stay counted."""
    return Link.of(await links.retire(call.conn, call.login, owned(call, "lnk")), here(call.request))
