"""Handmade reports of MetaTrader 5, in labels of no language in particular."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

Fields = Sequence[str]
SETTINGS: Final = (
    "Ekspert: Grid",
    "Symbol: EURUSD",
    "Company: Ada Ltd",
    "Currency: USD",
    "Deposit: 1 000.00",
    "L: 1:50",
)
FIGURES: Final = {
    "balance": "1 058.00",
    "free_margin": "1 145.50",
    "credit": "100.00",
    "margin": "10.00",
    "floating": "-2.00",
    "equity": "1 155.50",
    "net": "64.00",
}

COSTS: Final = (("-3.00", "-1.00", "50.00"), ("0.00", "0.00", "10.00"))
POSITIONS: Final = (
    (
        "2024.01.02 10:00:00",
        "100",
        "EURUSD",
        "buy",
        "0.3",
        "1.10000",
        "1.09000",
        "",
        "2024.01.02 12:00:00",
        "1.10167",
        *COSTS[0],
    ),
    (
        "2024.01.02 10:30:00",
        "101",
        "EURUSD",
        "sell",
        "0.2",
        "1.10400",
        "",
        "1.10200",
        "2024.01.02 12:00:00",
        "1.10350",
        *COSTS[1],
    ),
)
OPENED: Final = (
    ("2024.01.02 10:45:00", "102", "EURUSD", "buy", "0.1", "1.10300", "", "", "1.10280", "-0.50", "-2.00", "grid"),
)
ORDERS: Final = (
    (
        "2024.01.02 09:59:00",
        "100",
        "EURUSD",
        "buy",
        "0.3 / 0.3",
        "Markt",
        "1.09000",
        "",
        "2024.01.02 10:00:00",
        "filled",
        "",
    ),
    (
        "2024.01.02 09:59:00",
        "99",
        "EURUSD",
        "buy stop",
        "0.5 / 0",
        "1.20000",
        "",
        "",
        "2024.01.02 10:01:00",
        "canceled",
        "x",
    ),
)
WORKING: Final = (
    ("2024.01.02 13:30:00", "110", "EURUSD", "sell limit", "0.4 / 0", "1.20000", "", "", "1.10280", "placed", "late"),
)
DEALS: Final = (
    ("2024.01.01 08:00:00", "1", "", "balance", "", "", "", "", "0.00", "0.00", "0.00", "1 000.00", "Deposit"),
    ("2024.01.01 08:00:00", "2", "", "credit", "in", "0", "0", "", "0.00", "0.00", "0.00", "100.00", "Bonus"),
    ("2024.01.02 10:00:00", "3", "EURUSD", "buy", "in", "0.3", "1.10000", "100", "-1.00", "0.00", "0.00", "0.00", ""),
    ("2024.01.02 10:30:00", "4", "EURUSD", "sell", "in", "0.2", "1.10400", "101", "0.00", "0.00", "0.00", "0.00", ""),
    ("2024.01.02 10:45:00", "5", "EURUSD", "buy", "in", "0.3", "1.10300", "102", "0.00", "0.00", "0.00", "0.00", ""),
    (
        "2024.01.02 11:00:00",
        "6",
        "EURUSD",
        "sell",
        "out",
        "0.1",
        "1.10100",
        "103",
        "-1.00",
        "0.00",
        "0.00",
        "10.00",
        "",
    ),
    ("2024.01.02 11:30:00", "7", "EURUSD", "sell", "out", "0.2", "1.10350", "104", "0.00", "0.00", "0.00", "10.00", ""),
    (
        "2024.01.02 12:00:00",
        "8",
        "EURUSD",
        "sell",
        "out",
        "0.2",
        "1.10200",
        "105",
        "-1.00",
        "-2.00",
        "-1.00",
        "40.00",
        "by hand",
    ),
    (
        "2024.01.02 12:00:00",
        "9",
        "EURUSD",
        "buy",
        "out",
        "0.2",
        "1.10350",
        "106",
        "0.00",
        "0.00",
        "0.00",
        "10.00",
        "[tp]",
    ),
    ("2024.01.02 13:00:00", "10", "", "charge", "", "", "", "", "0.00", "0.00", "0.00", "- 6.00", "Inactivity"),
)

NETTING_POSITIONS: Final = (
    (
        "2024.01.02 10:00:00",
        "200",
        "DAX",
        "buy",
        "1.5",
        "100.0",
        "",
        "",
        "2024.01.02 12:00:00",
        "102.0",
        "0",
        "0",
        "3.00",
    ),
    (
        "2024.01.02 12:00:00",
        "203",
        "DAX",
        "sell",
        "1",
        "102.0",
        "",
        "",
        "2024.01.02 13:00:00",
        "101.0",
        "0",
        "0",
        "1.00",
    ),
)
NETTING_DEALS: Final = (
    ("2024.01.01 08:00:00", "1", "", "balance", "", "", "", "", "0", "0", "0", "1 000", ""),
    ("2024.01.02 10:00:00", "2", "DAX", "buy", "in", "1", "100.0", "200", "0", "0", "0", "0", ""),
    ("2024.01.02 10:30:00", "3", "DAX", "buy", "in", "0.5", "100.0", "201", "0", "0", "0", "0", ""),
    ("2024.01.02 11:00:00", "4", "DAX", "sell", "out", "0.5", "102.0", "202", "0", "0", "0", "1.00", ""),
    ("2024.01.02 12:00:00", "5", "DAX", "sell", "in/out", "2", "102.0", "203", "0", "0", "0", "2.00", ""),
    ("2024.01.02 13:00:00", "6", "DAX", "buy", "out", "1", "101.0", "204", "0", "0", "0", "1.00", ""),
)
TEST_DEALS: Final = (
    ("2024.01.01 00:00:00", "1", "", "balance", "", "", "", "", "0", "0", "1 000", ""),
    ("2024.01.02 10:00:00", "2", "EURUSD", "buy", "in", "0.1", "1.10000", "2", "0", "0", "0", ""),
    ("2024.01.02 11:00:00", "3", "EURUSD", "sell", "out", "0.1", "1.10100", "3", "0", "0", "10.00", "tp"),
    ("2024.01.03 10:00:00", "4", "EURUSD", "buy", "in", "0.1", "1.10000", "4", "0", "0", "0", ""),
    ("2024.01.03 10:01:00", "5", "EURUSD", "buy", "in", "0.1", "1.09900", "5", "0", "0", "0", ""),
    ("2024.01.03 11:00:00", "6", "EURUSD", "sell", "out", "0.1", "1.10100", "6", "-1", "0", "20.00", ""),
    ("2024.01.03 12:00:00", "7", "EURUSD", "sell", "out", "0.1", "1.09900", "7", "0", "0", "-10.00", ""),
)


def row(*texts: str, note: str | None = None) -> str:
    """Return a row of cells, with a note in a hidden one."""
    cells = [f"<td>{text}</td>" for text in texts]
    hidden = [] if note is None else [f'<td class="hidden" colspan="8">{note}</td>']
    return f"<tr>{''.join((*cells[:4], *hidden, *cells[4:]))}</tr>\n"


def table(lines: Sequence[Fields], note: str | None = None) -> str:
    """Return a table of a report: title, headings and lines; nothing where there are no lines."""
    if not lines:
        return ""
    headings = row(*(f"Label {place}" for place in range(len(lines[0]))))
    return row("Title") + headings + "".join(row(*line, note=note) for line in lines)


def balanced(deals: Sequence[Fields], costs: int = 4) -> Iterator[Fields]:
    """Give deals with the balance after each: the sum of the `costs` columns before the comment."""
    balance = Decimal(0)
    for deal in deals:
        balance += sum(Decimal(text.replace(" ", "")) for text in deal[-1 - costs : -1])
        yield (*deal[:-1], f"{balance:.2f}", deal[-1])


def block(figures: Mapping[str, str]) -> str:
    """Return the account block and the first row of the results."""
    return (
        row("A:", "", figures["balance"], "", "B:", figures["free_margin"])
        + row("C:", "", figures["credit"], "", "D:", figures["margin"])
        + row("E:", "", figures["floating"], "", "F:", "12.5%")
        + row("G:", figures["equity"])
        + row("Title")
        + row("N:", figures["net"], "P:", "0.00", "L:", "0.00")
    )


def report(
    *,
    positions: Sequence[Fields] = POSITIONS,
    orders: Sequence[Fields] = ORDERS,
    deals: Sequence[Fields] = DEALS,
    opened: Sequence[Fields] = OPENED,
    working: Sequence[Fields] = WORKING,
    figures: Mapping[str, str] | None = None,
    mode: str = "Hedge",
) -> bytes:
    """Return a history report."""
    head = (
        row("Report")
        + row("Name:", "Ada")
        + row("Konto:", f"4711 (USD, Some-Server, real, {mode})")
        + row("Firma:", "Ada Ltd")
        + row("Datum:", "2024.01.02 18:00")
    )
    tables = table(positions, "magic") + table(orders) + table(list(balanced(deals))) + table(opened) + table(working)
    return page(head + tables + block({**FIGURES, **(figures or {})}))


def trial(deals: Sequence[Fields] = TEST_DEALS, settings: Sequence[str] = SETTINGS, net: str = "19.00") -> bytes:
    """Return a report of the strategy tester."""
    head = row("Tester") + "".join(row(*line.split(": ")) for line in settings)
    results = row("Bars:", "1", "Ticks:", "2", "Symbols:", "1") + row("N:", net, "A:", "0.00", "B:", "0.00")
    return page(head + row("Results") + results + table(list(balanced(deals, costs=3))))


def page(body: str) -> bytes:
    """Return a page as the terminal writes it."""
    return f"<!DOCTYPE html>\n<html><body><table>{body}</table></body></html>".encode("utf-16")
