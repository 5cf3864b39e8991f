"""Closed lots, by symbol, month or day."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from opencabinet.access import Function
from opencabinet.doors.showing.definitions import asked, cells
from opencabinet.doors.showing.definitions.cells import Told
from opencabinet.doors.showing.model import Answers, Block, Empty, Question, Widget
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words, marked

GROUPED: Final = {
    "symbol": Told(member="symbol", label=marked("Symbol"), write=cells.symbol, kind="text"),
    "month": Told(member="month", label=marked("Month"), write=cells.month, kind="time"),
    "day": Told(member="day", label=marked("Day"), write=cells.day, kind="time"),
}
REST: Final = (
    Told(member="trades", label=marked("Trades"), write=cells.number),
    Told(member="volume.lots", label=marked("Lots"), write=cells.lots),
    Told(member="net", label=marked("Result"), write=cells.change, counted=True),
    Told(member="net_percent", label=marked("Result, %"), write=cells.share),
    Told(member="volume.contract_size", label=marked("Contract size"), write=cells.number, usual=False),
    Told(member="volume.standard_lots", label=marked("Standard lots"), write=cells.lots),
    Told(member="profit", label=marked("Profit"), write=cells.change, usual=False, counted=True),
    Told(member="swap", label=marked("Swap"), write=cells.change, usual=False, counted=True),
    Told(member="commission", label=marked("Commission"), write=cells.change, usual=False, counted=True),
    Told(member="fee", label=marked("Fee"), write=cells.change, usual=False, counted=True),
)


def grouped(options: Options) -> Mapping[str, str]:
    """Ask for lots by group."""
    return {**options.span, **asked.one_symbol(options), "group": options.group or "symbol"}


def lots(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show how much closed, by group; a lot of one contract size is never added to one of another."""
    given: dict[str, Any] = answers["lots"]
    rows = given["data"]
    if not rows:
        return [Empty(text=words.gettext("No lots closed within this period."), hint=None)]
    shown = rows[: options.rows] if given["group"] == "symbol" else rows[-options.rows :][::-1]
    first = GROUPED[given["group"]]
    columns = (first.name, *(each for each in options.columns if each not in GROUPED)) if options.columns else ()
    left = len(rows) - len(shown)
    said = words.ngettext("One more group is not shown.", "%(num)d more groups are not shown.", left)
    return [
        cells.table(
            words,
            (first, *REST),
            shown,
            name="lots",
            caption=words.gettext("Closed lots"),
            key=lambda row: f"{row[given['group']]}:{row.get('volume', {}).get('contract_size')}",
            columns=columns,
            totals={**given["total"]},
            note=said % {"num": left} if left else None,
        )
    ]


CLOSED_LOTS: Final = Widget(
    name="closed-lots",
    title=marked("Closed lots"),
    text=marked("The volume that closed within a period, by symbol, month or day."),
    needs=Function.CLOSED_LOTS,
    of="account",
    questions=(Question(name="lots", path="/v1/accounts/{login}/closed-lots", query=grouped),),
    show=lots,
    columns=cells.names(REST),
    takes=frozenset({"rows", "period", "from", "to", "symbol", "group"}),
)
