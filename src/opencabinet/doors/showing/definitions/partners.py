"""What a partner earns, and who clicked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from opencabinet.access import Function
from opencabinet.doors.showing.definitions import asked, cells
from opencabinet.doors.showing.definitions.cells import Given, Told
from opencabinet.doors.showing.model import Answers, Block, Cell, Chart, Empty, Figures, Point, Question, Series, Widget
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words, marked

KINDS: Final[Mapping[str, str]] = {
    "commission": marked("Commission"),
    "rebate": marked("Rebate"),
    "qualified": marked("For a new client"),
    "adjustment": marked("Adjustment"),
}
STATES: Final[Mapping[str, str]] = {
    "accrued": marked("Accrued"),
    "held": marked("Held"),
    "approved": marked("Approved"),
    "payable": marked("Payable"),
    "paid": marked("Paid"),
    "reversed": marked("Reversed"),
    "disputed": marked("Disputed"),
}


def translated(known: Mapping[str, str]) -> cells.Write:
    """Return how one of some words is written; one that came later is written as it is."""

    def write(words: Words, value: Any, _given: Given) -> Cell:
        return Cell(text=words.gettext(known[value]) if value in known else cells.foreign(value))

    return write


REWARDS: Final = (
    Told(member="closed_at", label=marked("Trade closed, UTC"), write=cells.moment, kind="time"),
    Told(member="kind", label=marked("Kind"), write=translated(KINDS), kind="text"),
    Told(member="amount", label=marked("Amount"), write=cells.change, counted=True),
    Told(member="state", label=marked("State"), write=translated(STATES), kind="text"),
    Told(member="ticket", label=marked("Ticket"), write=cells.plain_id),
    Told(member="client", label=marked("Client"), write=cells.plain_id, usual=False),
    Told(member="level", label=marked("Level"), write=cells.number, usual=False),
)
SUMS: Final = (Told(member="closing_total", label=marked("Earned in this period"), write=cells.money),)
CLICKS: Final = (
    Told(member="group", label=marked("Day"), write=cells.day, kind="time"),
    Told(member="clicks", label=marked("Clicks"), write=cells.number),
    Told(member="unique_clicks", label=marked("Unique visitors"), write=cells.number),
    Told(member="marked", label=marked("Not counted (bots)"), write=cells.number, usual=False),
)


def commissions(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show what was earned: the sum of the period, and the newest lines."""
    given: dict[str, Any] = answers["rewards"]
    if not given["data"]:
        hint = words.gettext("Commissions show here when trades of your clients close.")
        return [Empty(text=words.gettext("Nothing was earned within this period."), hint=hint)]
    table = cells.table(
        words,
        REWARDS,
        given["data"],
        name="rewards",
        caption=words.gettext("Commissions"),
        key=lambda row: row["id"],
        columns=options.columns,
        note=asked.more(words, given),
    )
    sums = cells.figures(words, SUMS, given["receipt"])
    return [*([Figures(items=sums)] if sums else []), table]


def lines(options: Options) -> Mapping[str, str]:
    """Ask for the newest lines of the period."""
    return {**options.span, "limit": str(options.rows)}


def by_day(options: Options) -> Mapping[str, str]:
    """Ask for clicks by day, of the last 30 days unless told."""
    return {**options.span, "group": "day", "limit": "400"}


def clicks(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show how many clicked, day by day."""
    given: dict[str, Any] = answers["clicks"]
    rows = given["data"]
    total = Figures(items=cells.figures(words, [each for each in CLICKS[1:] if each.usual], given["total"]))
    if not rows:
        return [Empty(text=words.gettext("Nobody clicked within this period."))]
    newest = rows[::-1][: options.rows]
    name, caption = "days", words.gettext("Clicks by day")
    table = cells.table(words, CLICKS, newest, name=name, caption=caption, key=day_of, columns=options.columns)
    points = tuple(Point(at=day_of(row), value=str(row["clicks"]), text=str(row["clicks"])) for row in rows)
    series = Series(name="clicks", label=words.gettext("Clicks"), points=points)
    return [total, Chart(name="clicks", title=caption, series=(series,), kind="bars", unit="", table=table)]


def day_of(row: Given) -> str:
    """Return the day of a row."""
    return str(row["group"])


COMMISSIONS: Final = Widget(
    name="commissions",
    title=marked("Partner's commissions"),
    text=marked("What a partner earned within a period, line by line."),
    needs=Function.COMMISSIONS,
    of="partner",
    questions=(Question(name="rewards", path="/v1/partners/{login}/rewards", query=lines),),
    show=commissions,
    columns=cells.names(REWARDS),
    takes=frozenset({"rows", "period", "from", "to"}),
)
CLICKED: Final = Widget(
    name="clicks",
    title=marked("Partner's clicks"),
    text=marked("How many clicked on a partner's links, day by day."),
    needs=Function.CLICKS,
    of="partner",
    questions=(Question(name="clicks", path="/v1/partners/{login}/clicks", query=by_day),),
    show=clicks,
    columns=cells.names(CLICKS),
    takes=frozenset({"rows", "period", "from", "to"}),
)
