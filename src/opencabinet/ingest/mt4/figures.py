"""The figures a statement prints, and the same figures counted from its rows."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import Closing, Contradiction, Moved, Opened, Snapshot, UnreadableRow
from opencabinet.ingest.mt4.sections import Sections
from opencabinet.ingest.words import amount

Figures = Mapping[str, Decimal]

KINDS: Final = ("balance", "credit")
TOTALS: Final = ("commission", "taxes", "swap", "profit")
SUMMARY: Final = (
    ("deposit_withdrawal", "credit_facility"),
    ("closed_trade_pl", "floating_pl", "margin"),
    ("balance", "equity", "free_margin"),
)
"""The summary's figures by their places: each stands behind a label."""


def printed(sections: Sections) -> Figures:
    """Return every figure the sections print."""
    return {
        **named([f"closed_{name}" for name in TOTALS], sections.closed_totals, sections.closed_totals.texts()[1:]),
        **named(["closed_pl"], sections.closed_sum, sections.closed_sum.texts()[-1:]),
        **named([f"open_{name}" for name in TOTALS], sections.open_totals, sections.open_totals.texts()[1:]),
        **named(["open_pl"], sections.open_sum, sections.open_sum.texts()[-1:]),
        **{
            name: figure
            for names, row in zip(SUMMARY, sections.summary, strict=True)
            for name, figure in named(names, row, row.texts()[1::2]).items()
        },
    }


def named(names: Sequence[str], row: Row, texts: Sequence[str]) -> Figures:
    """Return the amounts `texts` of a row under their names."""
    if len(texts) < len(names):
        raise UnreadableRow(row.number, "It lacks a figure.")
    return {name: amount(text, row) for name, text in zip(names, texts, strict=False)}


def snapshot(figures: Figures) -> Snapshot:
    """Return the account as the summary shows it."""
    return Snapshot(
        balance=figures["balance"],
        credit=figures["credit_facility"],
        equity=figures["equity"],
        margin=figures["margin"],
        floating=figures["floating_pl"],
    )


def counted(figures: Figures, closings: Sequence[Closing], opened: Sequence[Opened], moves: Sequence[Moved]) -> Figures:
    """Return the figures that the rows give, and those that the printed ones give each other.

    The balance and the credit are counted only if the rows begin with the account's first deposit: a history that
    begins later does not hold what was there before.
    """
    closed_pl = sum((row.result for row in closings), Decimal(0))
    open_pl = sum((row.result for row in opened), Decimal(0))
    deposits, credit = (sum((row.amount for row in moves if row.kind == kind), Decimal(0)) for kind in KINDS)
    whole = {"balance": deposits + closed_pl, "credit_facility": credit} if complete(closings, opened, moves) else {}
    return {
        **totals("closed", closings),
        **totals("open", opened),
        **dict.fromkeys(("closed_pl", "closed_trade_pl"), closed_pl),
        **dict.fromkeys(("open_pl", "floating_pl"), open_pl),
        "deposit_withdrawal": deposits,
        "equity": figures["balance"] + figures["credit_facility"] + figures["floating_pl"],
        "free_margin": figures["equity"] - figures["margin"],
        **whole,
    }


def totals(section: str, rows: Sequence[Closing] | Sequence[Opened]) -> Figures:
    """Return the four totals of a section."""
    costs = [(row.commission, row.fee, row.swap, row.profit) for row in rows]
    return {f"{section}_{name}": sum((cost[place] for cost in costs), Decimal(0)) for place, name in enumerate(TOTALS)}


def complete(closings: Sequence[Closing], opened: Sequence[Opened], moves: Sequence[Moved]) -> bool:
    """Whether the first thing that happened was money coming in."""
    starts = [*(row.opened_at for row in closings), *(row.opened_at for row in opened)]
    first = min(moves, key=lambda row: row.moved_at, default=None)
    return first is not None and first.amount > 0 and all(start is None or first.moved_at <= start for start in starts)


def contradictions(printed: Figures, counted: Figures) -> tuple[Contradiction, ...]:
    """Return the figures that are printed and counted differently."""
    return tuple(
        Contradiction(figure=figure, printed=printed[figure], counted=count)
        for figure, count in counted.items()
        if printed[figure] != count
    )
