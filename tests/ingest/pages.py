"""Handmade statements of MetaTrader 4, as its templates print them."""

from collections.abc import Mapping, Sequence
from typing import Final

HEAD: Final = ("Account: 4711", "Name: Ada Trader", "Currency: USD", "Leverage: 1:200", "2024 January 31, 18:05")
DEPOSIT: Final = ("1", "2024.01.02 08:00:00", "balance", "Deposit", "1 000.00")
SUMMARY: Final = {
    "Deposit/Withdrawal": "1 000.00",
    "Credit Facility": "0.00",
    "Closed Trade P/L": "15.00",
    "Floating P/L": "-2.50",
    "Margin": "11.00",
    "Balance": "1 015.00",
    "Equity": "1 012.50",
    "Free Margin": "1 001.50",
}


def cell(text: str, span: int = 1, title: str = "") -> str:
    """Return a cell."""
    return f"<td{f' title={chr(34)}{title}{chr(34)}' if title else ''} colspan={span}>{text or '&nbsp;'}</td>"


def row(*cells: str) -> str:
    """Return a row of cells."""
    return f"<tr>{''.join(cells)}</tr>\n"


def entry(*texts: str, title: str = "", wide: int = 0) -> str:
    """Return an entry, whose text at place `wide` spans what is left of its fourteen columns."""
    span = 15 - len(texts)
    return row(*(cell(text, span if place == wide else 1, "" if place else title) for place, text in enumerate(texts)))


def money(*texts: str, title: str = "") -> str:
    """Return a balance or credit row."""
    return entry(*texts, title=title, wide=3)


def pending(*texts: str, title: str = "") -> str:
    """Return a pending order, which ends in words."""
    return entry(*texts, title=title, wide=len(texts) - 1)


def trade(
    ticket: str = "2",
    *,
    opened: str = "2024.01.03 09:00:00",
    closed: str = "2024.01.03 10:00:00",
    side: str = "buy",
    costs: tuple[str, str, str] = ("-2.00", "-1.00", "-2.00"),
    profit: str = "20.00",
    title: str = "",
) -> str:
    """Return a trade, open where it has no time of closing."""
    prices = ("1.10000", "0.00000", "1.10200", closed, "1.10200")
    return entry(ticket, opened, side, "0.10", "eurusd", *prices, *costs, profit, title=title)


def note(magic: str, comment: str) -> str:
    """Return the row with magic number and comment that may follow an entry."""
    return row(cell("", 9), cell(magic), cell(comment, 3))


OPEN: Final = trade("9", opened="2024.01.30 11:00:00", closed="", costs=("0.00", "0.00", "-0.50"), profit="-2.00")


def statement(
    *,
    head: Sequence[str] = HEAD,
    closed: Sequence[str] = (money(*DEPOSIT), trade()),
    closed_totals: Sequence[str] = ("-2.00", "-1.00", "-2.00", "20.00", "15.00"),
    opened: Sequence[str] = (OPEN,),
    open_totals: Sequence[str] = ("0.00", "0.00", "-0.50", "-2.00", "-2.50"),
    working: Sequence[str] = (),
    summary: Mapping[str, str] = SUMMARY,
) -> bytes:
    """Return a statement whose rows, if nothing else is given, add up to its figures."""
    titles = row(*map(cell, ("Ticket", *["Heading"] * 13)))
    pairs = [cell(label + ":", 2) + cell(figure, 2) for label, figure in summary.items()]
    return "".join(
        (
            "<html><head><title>Statement</title></head><body><div><b>A Broker</b></div><table>\n",
            row(*map(cell, head)),
            row(cell("Closed Transactions:", 13)),
            *(titles, *closed),
            row(cell("", 10), *map(cell, closed_totals[:4])),
            row(cell("Closed P/L:", 12), cell(closed_totals[4], 2)),
            *(row(cell("Open Trades:", 14)), titles, *opened),
            row(cell("", 10), *map(cell, open_totals[:4])),
            row(cell("", 10), cell("Floating P/L:", 2), cell(open_totals[4], 2)),
            *(row(cell("Working Orders:", 14)), *(working or [row(cell("No transactions", 13))])),
            row(cell("Summary:", 14)),
            row(*pairs[:2], cell("", 5)),
            row(*pairs[2:5]),
            row(*pairs[5:]),
            "</table></body></html>\n",
        )
    ).encode()
