"""The account's money: its balance, and its summary."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from opencabinet.access import Function
from opencabinet.doors.showing.definitions import asked, cells
from opencabinet.doors.showing.definitions.cells import Given, Told
from opencabinet.doors.showing.model import Answers, Block, Figures, Question, Widget
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words, marked

REASONS: Final = {
    "No report told it.": marked("No report told it."),
    "No margin is used.": marked("No margin is used."),
}
"""What v1 says of figures that are missing, as far as it is always the same."""
MONEY: Final = (
    Told(member="equity", label=marked("Equity"), write=cells.money),
    Told(member="equity_percent", label=marked("Equity, % of balance"), write=cells.percent),
    Told(member="balance", label=marked("Balance"), write=cells.money),
    Told(member="credit", label=marked("Credit"), write=cells.money),
    Told(member="floating", label=marked("Floating result"), write=cells.result),
    Told(member="margin", label=marked("Margin"), write=cells.money),
    Told(member="free_margin", label=marked("Free margin"), write=cells.money),
    Told(member="margin_level", label=marked("Margin level"), write=cells.percent),
)
GLANCED: Final = ("equity", "equity_percent", "balance", "floating", "free_margin")
"""Of the money, what is part of a summary."""
TRADED: Final = (
    Told(member="open.trades", called="open_trades", label=marked("Open trades"), write=cells.number),
    Told(member="open.lots", called="open_lots", label=marked("Open lots"), write=cells.lots),
    Told(member="open.net", called="open_net", label=marked("Open result"), write=cells.result),
    Told(member="open.net_percent", called="open_net_percent", label=marked("Open result, %"), write=cells.share),
    Told(member="closed.trades", called="closed_trades", label=marked("Closed trades"), write=cells.number),
    Told(member="closed.lots", called="closed_lots", label=marked("Closed lots"), write=cells.lots),
    Told(member="closed.net", called="closed_net", label=marked("Closed result"), write=cells.result),
    Told(member="closed.net_percent", called="closed_net_percent", label=marked("Closed result, %"), write=cells.share),
)


def notes(words: Words, given: Given) -> dict[str, str]:
    """Return why figures are none, or not of now; and of when prices are, where they are not of the report."""
    found = {name: words.gettext(REASONS.get(why, cells.foreign(why))) for name, why in given["reasons"].items()}
    priced = given.get("priced_at")
    if priced and priced != given["as_of"]:
        at = words.time(datetime.fromisoformat(priced))
        found.setdefault("equity", words.gettext("At prices of %(time)s") % {"time": at})
    return found


def balance(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show what the account holds now."""
    given = answers["balance"]
    return [Figures(items=cells.figures(words, asked.picked(MONEY, options), given, notes(words, given)))]


def summary(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show the account at a glance: its money, what is open, and what closed within the period."""
    given: dict[str, Any] = answers["summary"]
    money = given["balance"]
    told = asked.picked((*(each for each in MONEY if each.name in GLANCED), *TRADED), options)
    whole = {**{name: value for name, value in given.items() if name != "balance"}, **money}
    return [Figures(items=cells.figures(words, told, whole, notes(words, money)))]


BALANCE: Final = Widget(
    name="balance",
    title=marked("Balance"),
    text=marked("Balance, equity and margin, at the last prices known."),
    needs=Function.BALANCE,
    of="account",
    questions=(Question(name="balance", path="/v1/accounts/{login}/balance", query=asked.nothing),),
    show=balance,
    columns=cells.names(MONEY),
    refresh_seconds=5,
)
SUMMARY: Final = Widget(
    name="summary",
    title=marked("Account summary"),
    text=marked("The account at a glance: money, open trades, and what closed within a period."),
    needs=Function.SUMMARY,
    of="account",
    questions=(Question(name="summary", path="/v1/accounts/{login}/summary", query=asked.span),),
    show=summary,
    columns=(*GLANCED, *cells.names(TRADED)),
    takes=frozenset({"period", "from", "to"}),
    refresh_seconds=5,
)
