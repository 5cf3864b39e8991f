"""The figures of a report counted from its rows, and which of the printed ones they contradict."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice, pairwise
from typing import Final

from opencabinet.ingest.model import Closing, Contradiction, Deal, Opened
from opencabinet.ingest.mt5.figures import Figures
from opencabinet.kernel.money import CREDIT

MOST_BALANCES: Final = 100
"""So many deals are named whose balance is another than their results make it."""


def account(printed: Figures, deals: Sequence[Deal], closings: Sequence[Closing], opened: Sequence[Opened]) -> Figures:
    """Return the figures that an account's rows give, and those that the printed ones give each other."""
    floating, swaps = total(row.profit for row in opened), total(row.swap for row in opened)
    return {
        **money(printed, deals),
        "total_net_profit": net_profit(printed, deals, closings),
        "floating_pl": floating,
        "equity": printed["balance"] + printed["credit_facility"] + printed["floating_pl"] + swaps,
        "free_margin": printed["equity"] - printed["margin"],
    }


def test(printed: Figures, deals: Sequence[Deal], closings: Sequence[Closing]) -> Figures:
    """Return the figures that a test's rows give; its first deal is the deposit."""
    return {
        "initial_deposit": total(deal.result for deal in deals[:1]),
        "total_net_profit": net_profit(printed, deals, closings),
    }


def money(printed: Figures, deals: Sequence[Deal]) -> Figures:
    """Return the balance and the credit that the deals end with.

    A history that does not begin with nothing does not hold the credit that was given before.
    """
    if not deals or deals[0].balance is None:
        return {}
    before = deals[0].balance - deals[0].result
    credit = printed["credit_facility"] if before else total(deal.result for deal in deals if deal.type in CREDIT)
    return {"balance": before + total(deal.result for deal in deals) - credit, "credit_facility": credit}


def net_profit(printed: Figures, deals: Sequence[Deal], closings: Sequence[Closing]) -> Decimal:
    """Return what the closings brought; or, if that is what the report prints, all deals of trades.

    Whether MetaTrader counts the commission of an opening deal has not been seen in a report.
    """
    trades = total(deal.result for deal in deals if deal.direction and deal.symbol)
    return trades if printed.get("total_net_profit") == trades else total(closing.result for closing in closings)


def contradictions(printed: Figures, counted: Figures, deals: Sequence[Deal]) -> tuple[Contradiction, ...]:
    """Return the figures that are printed and counted differently, then the deals whose balance is not their sum."""
    figures = (
        Contradiction(figure=figure, printed=printed[figure], counted=count)
        for figure, count in counted.items()
        if figure in printed and printed[figure] != count
    )
    return (*figures, *islice(unbalanced(deals), MOST_BALANCES))


def unbalanced(deals: Sequence[Deal]) -> Iterator[Contradiction]:
    """Give the deals whose balance is not the one before and their result."""
    for before, deal in pairwise(deals):
        if before.balance is not None and deal.balance is not None:
            balance = before.balance + deal.result
            if deal.balance != balance:
                yield Contradiction(figure=f"balance_after_deal_{deal.deal}", printed=deal.balance, counted=balance)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of `amounts`."""
    return sum(amounts, Decimal(0))
