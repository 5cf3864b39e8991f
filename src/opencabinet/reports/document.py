"""A statement as a document: what a client shows a bank."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Final

from opencabinet.kernel.money import exponent
from opencabinet.ledger import CREDIT
from opencabinet.paper import Document, Fact
from opencabinet.reports.model import NOT_CURRENT, Known
from opencabinet.reports.rows import Source
from opencabinet.reports.tables import padded, tables
from opencabinet.reports.wall import wall

PLATFORMS: Final = {"mt4": "MetaTrader 4", "mt5": "MetaTrader 5"}
KINDS: Final = {
    "balance": "Deposits and withdrawals",
    "credit": "Credit",
    "bonus": "Bonus",
    "charge": "Charges",
    "correction": "Corrections",
    "opening": "Not explained by the rows known",
}


def document(known: Known, source: Source, *, deals: bool = False) -> Document:
    """Return the document; `deals` adds those of MetaTrader 5 and the orders that ended, for who reckons on."""
    head = known.head
    account = f"Account {head.number or head.login}" + (f", {head.name}" if head.name else "")
    made_at = f"{known.made_at.astimezone(UTC):%Y-%m-%d %H:%M}"
    return Document(
        title="Account statement",
        issuer=head.company or head.server or "",
        subject=account,
        head=heading(known),
        blocks=[("Balance", balance(known)), ("Worth", worth(known)), ("Closed trades", results(known))],
        notes=notes(known),
        tables=tables(known, source, deals=deals),
        foot=f"{account} · {spelled(known.since, known.until)} · made {made_at} UTC",
        made_at=known.made_at,
    )


def heading(known: Known) -> list[Fact]:
    """Return whose account it is and what the statement is of."""
    head = known.head
    return [
        Fact("Name", head.name),
        Fact("Account", str(head.number or head.login)),
        Fact("Server", head.server),
        Fact("Platform", PLATFORMS[head.platform] + (f", {head.mode}" if head.mode else "")),
        Fact("Currency", head.currency),
        Fact("Leverage", f"1:{head.leverage}" if head.leverage else None),
        Fact("Period (UTC)", spelled(known.since, known.until)),
        Fact(
            "Times in the tables", f"the server's own clock ({head.clock})" if head.clock else "the server's own clock"
        ),
    ]


def spelled(since: datetime | None, until: datetime | None) -> str:
    """Return a period in words."""
    starts = "the beginning" if since is None else f"{since:%Y-%m-%d %H:%M}"
    return f"{starts} to {'the last report' if until is None else f'{until:%Y-%m-%d %H:%M}'}"


def balance(known: Known) -> list[Fact]:
    """Return how the balance came about."""
    money = partial(amount, known.head.currency)
    receipt = known.receipt
    moved = [total for total in known.moved if total.kind not in CREDIT]
    return [
        Fact("Opening balance", money(receipt.opening_balance), strong=True),
        *(Fact(KINDS.get(total.kind, total.kind.capitalize()), money(total.amount)) for total in moved),
        Fact("Result of closed trades", money(receipt.results)),
        *([Fact("Costs of opening trades", money(receipt.costs))] if receipt.costs else []),
        Fact("Closing balance", money(receipt.closing_balance), strong=True),
    ]


def worth(known: Known) -> list[Fact]:
    """Return what the account was worth when it was last reported."""
    money = partial(amount, known.head.currency)
    return [
        Fact("Balance", money(known.balance)),
        Fact("Credit", money(known.credit)),
        Fact("Floating result", money(known.floating)),
        Fact("Equity", money(known.equity), strong=True),
        Fact("Margin used", money(known.margin)),
        Fact("Free margin", money(known.free_margin)),
    ]


def amount(currency: str, number: Decimal | None) -> Decimal | None:
    """Return an amount with the decimals of its currency, or with more where it has more."""
    return None if number is None else padded(number, exponent(currency))


def results(known: Known) -> list[Fact]:
    """Return what the closed trades add up to."""
    money, closed = partial(amount, known.head.currency), known.sums["closed"]
    return [
        Fact("Number", closed.count),
        Fact("Profit", money(closed.profit)),
        Fact("Swap", money(closed.swap)),
        Fact("Commission", money(closed.commission)),
        Fact("Fee", money(closed.fee)),
        Fact("Result", money(closed.result), strong=True),
    ]


def notes(known: Known) -> list[str]:
    """Return the sentences a reader has to know: how far the figures go, and whether they are whole."""
    head, receipt = known.head, known.receipt
    reported = wall(head.as_of, head.as_of_offset)
    whole = (
        "Complete: the rows of this account explain its balance to the last digit."
        if receipt.complete
        else f"Not complete: {receipt.reason}"
    )
    told = (
        f"As last reported by the trading server at {reported:%Y-%m-%d %H:%M:%S}, {head.as_of:%Y-%m-%d %H:%M:%S} UTC."
    )
    return [told, whole, *([] if known.current else [NOT_CURRENT])]
