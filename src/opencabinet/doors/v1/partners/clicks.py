"""Clicks on a partner's links, and what came of them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final, Generic, Self, TypeVar

from msgspec import Struct

from opencabinet import accounts
from opencabinet.access import Function
from opencabinet.doors.v1.listing import Interval, PageInfo
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.owned import spelled
from opencabinet.doors.v1.partners.listing import Paged
from opencabinet.doors.v1.problems import TooMuch
from opencabinet.doors.v1.query import CURSOR, FROM, LIMIT, TO, one_of
from opencabinet.doors.v1.words import Currency, Figure, Time, figure, figure_or_none, time
from opencabinet.kernel.ids import Login
from opencabinet.kernel.money import nearest
from opencabinet.kernel.page import Key
from opencabinet.kernel.period import EVER, Period
from opencabinet.partners import clicks, results
from opencabinet.partners.clicks import Counted
from opencabinet.partners.results import Result

T = TypeVar("T")
GROUPS: Final = ("day", "country", "link", "banner", "landing", "keyword")
GROUP: Final = one_of("group", GROUPS, "What clicks are put together by; days are of UTC.", "day")
MOST_DAYS: Final = 400
USUAL_DAYS: Final = 30
DAY: Final = timedelta(days=1)
PREFIXES: Final = {"link": "lnk", "banner": "bnr"}
NOT_CLICKED: Final = "Nothing was clicked."


class ClickRow(Struct, frozen=True, kw_only=True):
    """Clicks of a day, or of whatever they are put together by: null where it is not known, or there was none.

    `unique_clicks` counts a visitor once a day; `marked` were bots or floods, and are in no other figure.
    """

    group: str | None
    clicks: int
    unique_clicks: int
    marked: int

    @classmethod
    def of(cls, row: Counted, by: str, login: Login) -> Self:
        """Say a row."""
        return cls(
            group=said(row.value, by, login),
            clicks=row.clicks,
            unique_clicks=row.unique_clicks,
            marked=row.marked,
        )


class ClickTotal(Struct, frozen=True, kw_only=True):
    """All clicks of the period."""

    clicks: int
    unique_clicks: int
    marked: int


class ClickTable(Struct, Generic[T], frozen=True, kw_only=True):
    """Clicks put together; `has_more` tells that there are more rows than were asked for: ask for a shorter period."""

    data: list[T]
    has_more: bool
    total: ClickTotal
    period: Interval


class ResultRow(Struct, frozen=True, kw_only=True):
    """What came of a day, or of what clicks are put together by: null where that is not known.

    `registrations` became clients then, `first_deposits` paid in for the first time, `active_clients` closed trades
    that were paid for. `conversion` is how many registrations came of 100 unique clicks, `per_click` what a click
    brought; both are null without clicks, and `reason` says so.
    """

    group: str | None
    clicks: int
    unique_clicks: int
    registrations: int
    first_deposits: int
    active_clients: int
    trades: int
    lots: Figure
    rewards: Figure
    currency: Currency
    conversion: Figure | None
    per_click: Figure | None
    reason: str | None

    @classmethod
    def of(cls, row: Result, currency: str, group: str | None) -> Self:
        """Say a row."""
        return cls(
            group=group,
            clicks=row.clicks,
            unique_clicks=row.unique_clicks,
            registrations=row.registrations,
            first_deposits=row.first_deposits,
            active_clients=row.active_clients,
            trades=row.trades,
            lots=figure(row.lots),
            rewards=figure(row.rewards),
            currency=currency,
            conversion=figure_or_none(rounded(row.conversion, 2)),
            per_click=figure_or_none(rounded(row.per_click, 6)),
            reason=None if row.clicks else NOT_CLICKED,
        )


class ResultTable(Struct, Generic[T], frozen=True, kw_only=True):
    """What came of a partner's promotion; `has_more` tells that there are more rows than were asked for."""

    data: list[T]
    has_more: bool
    total: ResultRow
    period: Interval
    as_of: Time


@read(
    "/partners/{login}/clicks",
    tag="partners",
    need=Function.CLICKS,
    answer=ClickTable[ClickRow],
    parameters=(FROM, TO, GROUP, LIMIT),
)
async def list_clicks(call: Call) -> ClickTable[ClickRow]:
    """List clicks on a partner's links day by day, or by country, link, banner, landing page or keyword.

    Of the last 30 days unless told, and of 400 at most. Days come in their order, all else with the most clicks first.
    """
    since, until = days_of(call)
    by, limit = call.query["group"], call.query["limit"]
    async with call.conn.snapshot():
        found = await clicks.days(call.conn, call.login, since, until, by, limit=limit + 1)
        total = await clicks.totals(call.conn, call.login, since, until)
    return ClickTable(
        data=[ClickRow.of(each, by, call.login) for each in found[:limit]],
        has_more=len(found) > limit,
        total=ClickTotal(clicks=total.clicks, unique_clicks=total.unique_clicks, marked=total.marked),
        period=Interval.of(Period(midnight(since), midnight(until)), "clicked"),
    )


@read(
    "/partners/{login}/statistics",
    tag="partners",
    need=Function.REFERRALS,
    answer=ResultTable[ResultRow],
    parameters=(FROM, TO, GROUP, LIMIT),
    long=True,
)
async def show_results(call: Call) -> ResultTable[ResultRow]:
    """Show what came of a partner's promotion: clicks, registrations, first deposits, active clients, lots, rewards.

    Day by day, or by where clients came from, as the decision tells by which each became one. Of the last 30 days
    unless told, and of 400 at most.
    """
    since, until = days_of(call)
    by, limit = call.query["group"], call.query["limit"]
    async with call.conn.snapshot():
        account = await accounts.existing(call.conn, call.login)
        found = await results.results(call.conn, call.login, account.currency, since, until, by, limit=limit)
    return ResultTable(
        data=[ResultRow.of(each, account.currency, said(each.value, by, call.login)) for each in found.rows],
        has_more=found.more,
        total=ResultRow.of(found.whole, account.currency, None),
        period=Interval.of(Period(midnight(since), midnight(until)), "happened"),
        as_of=time(account.as_of),
    )


class Click(Struct, frozen=True, kw_only=True):
    """A click, with what your link told of it: `keyword`, and sub-ids in the order of `s1` to `s5`.

    `token` is what the destination was told if it takes it. `marked` says why it does not count: `bot`, `head`,
    `prefetch` or `flood`; it is null until then, and where it counts.
    """

    token: str
    clicked_at: Time
    link: str | None
    banner: str | None
    landing: str | None
    destination: str
    keyword: str | None
    subs: list[str]
    country: str | None
    marked: str | None

    @classmethod
    def of(cls, click: clicks.Click) -> Self:
        """Say a click."""
        return cls(
            token=click.name,
            clicked_at=time(click.at),
            link=None if click.link is None else spelled("lnk", click.login, click.link),
            banner=None if click.banner is None else f"bnr_{click.banner}",
            landing=click.landing,
            destination=click.destination,
            keyword=click.keyword or None,
            subs=click.subs or [],
            country=click.country or None,
            marked=click.mark or None,
        )


@read(
    "/partners/{login}/clicks/each",
    tag="partners",
    need=Function.PROMOTION,
    answer=Paged[Click],
    parameters=(CURSOR, LIMIT),
)
async def list_each_click(call: Call) -> Paged[Click]:
    """List clicks one by one, the newest first, with your sub-ids; they are kept for 13 months.

    Nobody is told who clicked: neither an address nor a program is kept.
    """
    limit = call.query["limit"]
    found = await clicks.listed(call.conn, call.login, call.below, limit + 1)
    rows = found[:limit]
    following = Key(rows[-1].at, rows[-1].id) if len(found) > limit else None
    page = PageInfo(call.seal(following), following is not None, limit)
    return Paged(data=list(map(Click.of, rows)), page=page)


def days_of(call: Call) -> tuple[date, date]:
    """Return from which day on and before which one a caller asks, as far as they see; whole days of UTC.

    Raises:
        TooMuch: if these are too many.
    """
    asked = call.query.period
    until = (
        call.now.date() + DAY if asked.until == EVER.until else (asked.until + DAY - timedelta(microseconds=1)).date()
    )
    since = until - USUAL_DAYS * DAY if asked.since == EVER.since else asked.since.date()
    if until - since > MOST_DAYS * DAY:
        raise TooMuch("from", f"At most {MOST_DAYS} days are given at once.")
    return since, max(since, call.view.days(until, 0))


def rounded(found: Decimal | None, places: int) -> Decimal | None:
    """Return a figure with so many decimals, or None where there is none."""
    return None if found is None else nearest(found, places)


def midnight(day: date) -> datetime:
    """Return the moment a day begins in UTC."""
    return datetime.combine(day, datetime.min.time(), UTC)


def said(value: str, by: str, login: Login) -> str | None:
    """Say what a row is of: the id of a link or a banner, or what it is called."""
    if by not in PREFIXES:
        return value or None
    if value == "0":
        return None
    return spelled("lnk", login, int(value)) if by == "link" else f"{PREFIXES[by]}_{value}"
