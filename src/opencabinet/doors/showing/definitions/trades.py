"""Open and closed trades."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from opencabinet.access import Function
from opencabinet.doors.showing.definitions import asked, cells
from opencabinet.doors.showing.definitions.cells import Given, Told
from opencabinet.doors.showing.model import Answers, Block, Empty, Question, Widget
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words, marked

SYMBOL: Final = Told(member="symbol", label=marked("Symbol"), write=cells.symbol, kind="text")
SIDE: Final = Told(member="side", label=marked("Side"), write=cells.side, kind="text")
LOTS: Final = Told(member="volume.lots", label=marked("Lots"), write=cells.lots)
STANDARD: Final = Told(member="volume.standard_lots", label=marked("Standard lots"), write=cells.lots, usual=False)
OPENED: Final = Told(member="opened_at", label=marked("Opened, UTC"), write=cells.moment, kind="time")
OPEN_PRICE: Final = Told(member="open_price", label=marked("Open price"), write=cells.price)
RESULT: Final = (
    Told(member="net", label=marked("Result"), write=cells.change, counted=True),
    Told(member="net_percent", label=marked("Result, %"), write=cells.share),
)
COMMON: Final = (
    Told(member="stop_loss", label=marked("Stop loss"), write=cells.price, usual=False),
    Told(member="take_profit", label=marked("Take profit"), write=cells.price, usual=False),
    Told(member="pips", label=marked("Pips"), write=cells.number, usual=False),
    Told(member="profit", label=marked("Profit"), write=cells.change, usual=False, counted=True),
    Told(member="swap", label=marked("Swap"), write=cells.change, usual=False, counted=True),
    Told(member="commission", label=marked("Commission"), write=cells.change, usual=False, counted=True),
    Told(member="fee", label=marked("Fee"), write=cells.change, usual=False, counted=True),
    Told(member="comment", label=marked("Comment"), write=cells.text, kind="text", usual=False),
)
OPEN: Final = (
    Told(member="position", label=marked("Position"), write=cells.plain_id, usual=False),
    SYMBOL,
    SIDE,
    LOTS,
    *RESULT,
    STANDARD,
    OPENED,
    OPEN_PRICE,
    Told(member="current_price", label=marked("Price now"), write=cells.price),
    *COMMON,
)
CLOSED: Final = (
    Told(member="ticket", label=marked("Ticket"), write=cells.plain_id, usual=False),
    SYMBOL,
    SIDE,
    LOTS,
    *RESULT,
    STANDARD,
    Told(member="opened_at", label=marked("Opened, UTC"), write=cells.moment, kind="time", usual=False),
    Told(member="open_price", label=marked("Open price"), write=cells.price, usual=False),
    Told(member="closed_at", label=marked("Closed, UTC"), write=cells.moment, kind="time"),
    Told(member="close_price", label=marked("Close price"), write=cells.price),
    *COMMON,
)
PRICES: Final = ("open_price", "current_price", "close_price", "stop_loss", "take_profit")
TAKES: Final = frozenset({"rows", "period", "from", "to", "symbol"})


def opened(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show what is open, newest first."""
    given: dict[str, Any] = answers["open"]
    rows = cells.priced(given["data"], PRICES)
    if not rows:
        return [Empty(text=words.gettext("Nothing is open."), hint=words.gettext("A trade shows here once it opens."))]
    return [
        cells.table(
            words,
            OPEN,
            rows,
            name="open",
            caption=words.gettext("Open trades"),
            key=lambda row: row["position"],
            columns=options.columns,
            totals=None if given["page"]["has_more"] else whole(rows),
            note=asked.more(words, given),
        )
    ]


def whole(rows: Sequence[Given]) -> dict[str, Any] | None:
    """Add up the results of rows that are all there is, None where they are not told."""
    if not all("net" in row for row in rows):
        return None
    return {"net": f"{sum(Decimal(row['net']) for row in rows):f}", "currency": rows[0]["currency"]}


def closed(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show what closed within the period, newest first; the receipt's sum is the total of what is shown."""
    given: dict[str, Any] = answers["closed"]
    rows = cells.priced(given["data"], PRICES)
    if not rows:
        hint = words.gettext("Closed trades show here, newest first.")
        return [Empty(text=words.gettext("Nothing closed within this period."), hint=hint)]
    results = given["receipt"].get("results")
    return [
        cells.table(
            words,
            CLOSED,
            rows,
            name="closed",
            caption=words.gettext("Closed trades"),
            key=lambda row: row["ticket"],
            columns=options.columns,
            totals=None if results is None else {"net": results, "currency": given["receipt"]["currency"]},
            note=asked.more(words, given),
            when="closed_at",
        )
    ]


OPEN_TRADES: Final = Widget(
    name="open-trades",
    title=marked("Open trades"),
    text=marked("What is open now, at the last prices known."),
    needs=Function.OPEN_TRADES,
    of="account",
    questions=(Question(name="open", path="/v1/accounts/{login}/trades/open", query=asked.rows),),
    show=opened,
    columns=cells.names(OPEN),
    takes=TAKES,
    refresh_seconds=5,
)
CLOSED_TRADES: Final = Widget(
    name="closed-trades",
    title=marked("Closed trades"),
    text=marked("What closed within a period, newest first."),
    needs=Function.CLOSED_TRADES,
    of="account",
    questions=(Question(name="closed", path="/v1/accounts/{login}/trades/closed", query=asked.rows),),
    show=closed,
    columns=cells.names(CLOSED),
    takes=TAKES,
    refresh_seconds=30,
    feeds=True,
)
