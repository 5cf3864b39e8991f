"""Banners, each with the code that a partner puts on a page."""

from typing import Final, Literal

from msgspec import Struct

from opencabinet import content
from opencabinet.access import Function
from opencabinet.content import SIZES, SPELLED, Banner, snippet
from opencabinet.doors.here import here
from opencabinet.doors.v1.listing import PageInfo
from opencabinet.doors.v1.news import SPOKEN_IN
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.problems import Invalid
from opencabinet.doors.v1.query import CURSOR, LIMIT, Parameter, named, one_of
from opencabinet.kernel.page import Key
from opencabinet.partners import programme
from opencabinet.partners.programme import BadCode, NoSuchCode, NoSuchPartner, read_code

OF_SIZE: Final = dict(zip(SPELLED, SIZES, strict=True))
SIZE: Final = one_of("size", SPELLED, "Only banners of this width and height.")
THEME: Final = one_of("theme", ("light", "dark"), "Only banners for such pages.")
CODE: Final = Parameter(
    name="code",
    read=named("code"),
    text="The code that the banners name, one of the partner's or of a link; the partner's first unless told.",
    schema={"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9]{2,15}$"},
    example="KLMNP",
)


class BannerShown(Struct, frozen=True, kw_only=True):
    """A banner: the picture's address and link with the partner's code, and what shows it in three languages of pages.

    `impressions` is how often it was asked for with any of the partner's codes, in all.
    """

    id: str
    title: str
    size: str
    width: int
    height: int
    theme: Literal["light", "dark"]
    language: str
    format: Literal["png", "jpeg", "gif", "webp", "svg"]
    image_url: str
    link_url: str
    html: str
    markdown: str
    bbcode: str
    impressions: int

    @classmethod
    def of(cls, banner: Banner, base: str, code: str, impressions: int) -> "BannerShown":
        """Say a banner."""
        found = snippet(banner, base, code)
        return cls(
            id=f"bnr_{banner.id}",
            title=banner.title,
            size=banner.size,
            width=banner.width,
            height=banner.height,
            theme=banner.theme,
            language=banner.language,
            format=banner.kind,
            image_url=found.image_url,
            link_url=found.link_url,
            html=found.html,
            markdown=found.markdown,
            bbcode=found.bbcode,
            impressions=impressions,
        )


class Banners(Struct, frozen=True, kw_only=True):
    """A page of banners, in the order they came; `code` is the one they name."""

    code: str
    data: list[BannerShown]
    page: PageInfo


@read(
    "/partners/{login}/banners",
    tag="partners",
    need=Function.PROMOTION,
    answer=Banners,
    parameters=(CODE, SIZE, THEME, SPOKEN_IN, CURSOR, LIMIT),
    refusals=(404,),
)
async def list_banners(call: Call) -> Banners:
    """List the banners that there are, each with the code to put on a page.

    Nothing else is needed there: no script, and no cookie. The picture is counted when it is shown, and the click when
    it is followed.
    """
    asked, limit = call.query, call.query["limit"]
    async with call.conn.snapshot():
        code = await chosen(call)
        found = await content.banners(
            call.conn,
            size=OF_SIZE.get(asked["size"]),
            language=asked["language"],
            theme=asked["theme"],
            after=max(0, call.below.id),
            limit=limit + 1,
        )
        rows = found[:limit]
        times = await content.times(call.conn, call.login, [each.id for each in rows])
    next_cursor = call.seal(Key(rows[-1].added_at, rows[-1].id)) if len(found) > limit else None
    return Banners(
        code=code,
        data=[BannerShown.of(each, here(call.request), code, times.get(each.id, 0)) for each in rows],
        page=PageInfo(next_cursor, next_cursor is not None, limit),
    )


async def chosen(call: Call) -> str:
    """Return the code that is asked for if it is the partner's, or the first that they have.

    Raises:
        NoSuchPartner, NoSuchCode: if there is none.
    """
    if await programme.partner(call.conn, call.login) is None:
        raise NoSuchPartner
    if call.query["code"] is not None:
        try:
            found = await programme.find(call.conn, read_code(call.query["code"]))
        except BadCode as wrong:
            raise Invalid("code", wrong.detail) from wrong
        if found is None or found.login != call.login:
            raise NoSuchCode
        return found.code
    own = await programme.naming(call.conn, call.login)
    if not own:
        raise NoSuchCode("The partner has no code.")
    return own[0].code
