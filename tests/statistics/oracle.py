"""The rules once more, as plainly as they can be said: one trade after the other, in decimals."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate, groupby
from types import SimpleNamespace
from typing import Any

from opencabinet.statistics.model import Dialect

CREDIT = {"credit", "bonus"}
ZERO = Decimal(0)
Chain = Sequence[tuple[Decimal, Decimal]]


def result(trade: Any) -> Decimal:
    brought: Decimal = trade.profit + trade.swap + trade.commission + trade.fee
    return brought


def oracle(
    dialect: Dialect, trades: Sequence[SimpleNamespace], moves: Sequence[SimpleNamespace], first_deal: Any
) -> dict[str, Decimal | None]:
    """Return what `trades` come to; nothing was there before, and there is at least one of them."""
    trades = sorted(trades, key=lambda one: (one.closed_at, one.ticket))
    moves = sorted(moves, key=lambda one: (one.moved_at, one.ticket))
    results = [result(one) for one in trades]
    wins = [one for one in results if one > 0 or (one == 0 and dialect != "myfxbook")]
    losses = [one for one in results if one < 0]
    start, curve, chain, actual = balances(dialect, trades, moves, first_deal)
    money, percent = falls([start, *curve])
    found: dict[str, Decimal | None] = {
        "gross_profit": sum(wins, ZERO),
        "gross_loss": sum(losses, ZERO),
        "total_net_profit": sum(results, ZERO),
        "profit_factor": sum(wins, ZERO) / -sum(losses, ZERO) if losses else None,
        "expected_payoff": sum(results, ZERO) / len(results),
        "profit_trades": Decimal(len(wins)),
        "loss_trades": Decimal(len(losses)),
        "largest_profit_trade": max(wins, default=None),
        "largest_loss_trade": min(losses, default=None),
        "starting_balance": start,
        "balance_drawdown_absolute": -min(accumulate(results, initial=ZERO)),
        "balance_drawdown_maximal": money,
        "balance_drawdown_relative": percent,
    }
    return found | streaks(dialect, results) | spread(chain) | growth(actual)


def balances(
    dialect: Dialect, trades: Sequence[Any], moves: Sequence[Any], first_deal: Any
) -> tuple[Decimal, list[Decimal], Chain, Chain]:
    """Return the start, the points of the curve, and the balances that returns and growth are of."""
    first = trades[0]
    limit = {"mt4": (first.closed_at, 10**9), "mt5": first_deal, "myfxbook": (first.closed_at, first.ticket)}[dialect]

    def early(one: Any) -> bool:
        return bool((one.moved_at, one.ticket) < limit)

    counted = [one for one in moves if dialect != "myfxbook" or one.kind not in CREDIT]
    start = sum((one.amount for one in counted if early(one)), ZERO)
    rest = [one for one in counted if not early(one)]
    steps = sorted(
        [(one.closed_at, one.ticket, one) for one in trades] + [(one.moved_at, one.ticket, one) for one in rest],
        key=lambda step: step[:2],
    )
    curve, chain, actual, shown, held, true = [], [], [], start, start, start
    for _, _, one in steps:
        if hasattr(one, "profit"):
            chain.append((held, result(one)))
            actual.append((true, result(one)))
            shown, held, true = shown + result(one), held + result(one), true + result(one)
            curve.append(shown)
            continue
        true += one.amount
        if dialect == "mt5" and one.kind in CREDIT:
            shown, held = shown + one.amount, held + one.amount
            curve.append(shown)
        elif dialect == "myfxbook":
            held += one.amount
    return start, curve, chain, actual


def falls(points: Sequence[Decimal]) -> tuple[Decimal, Decimal | None]:
    peaks = list(accumulate(points, max))
    pairs = list(zip(peaks, points, strict=True))
    shares = [(peak - point) / peak * 100 for peak, point in pairs if peak > 0]
    return max(peak - point for peak, point in pairs), max(shares, default=None)


def streaks(dialect: Dialect, results: Sequence[Decimal]) -> dict[str, Decimal | None]:
    decided = [one for one in results if one or dialect != "myfxbook"]
    runs = [(won, list(run)) for won, run in groupby(decided, key=lambda one: one >= 0)]
    found: dict[str, Decimal | None] = {}
    for won, longest, richest in (
        (True, "maximum_consecutive_wins", "maximal_consecutive_profit"),
        (False, "maximum_consecutive_losses", "maximal_consecutive_loss"),
    ):
        ours = [run for kind, run in runs if kind is won]
        best, most = None, ZERO
        for run in ours:
            money = abs(sum(run, ZERO))
            rival = most if dialect == "mt4" else abs(sum(best or [], ZERO))
            if best is None or len(run) > len(best) or (len(run) == len(best) and money > rival):
                best = run
            most = max(most, money)
        found[longest] = Decimal(len(best)) if best else None
        found[f"{longest}_money"] = sum(best, ZERO) if best else None
        found[richest] = max((sum(run, ZERO) for run in ours), key=abs) if ours else None
    return found


def unbroken(chain: Chain) -> list[Decimal]:
    """Return the returns, until a trade begins with no balance."""
    returns = []
    for before, brought in chain:
        if before <= 0:
            break
        returns.append(brought / before)
    return returns


def growth(chain: Chain) -> dict[str, Decimal | None]:
    if not (returns := unbroken(chain)):
        return {"gain": None, "drawdown": None}
    grown = list(accumulate((1 + one for one in returns), lambda left, right: left * right, initial=Decimal(1)))
    return {"gain": (grown[-1] - 1) * 100, "drawdown": falls(grown)[1]}


def spread(chain: Chain) -> dict[str, Decimal | None]:
    if not (returns := unbroken(chain)):
        return {"average_holding_period_return": None, "sharpe_ratio": None}
    mean = sum(returns, ZERO) / len(returns)
    deviation = (sum(((one - mean) ** 2 for one in returns), ZERO) / len(returns)).sqrt()
    sharpe = mean / deviation if deviation > Decimal("1e-9") else None
    return {"average_holding_period_return": mean * 100, "sharpe_ratio": sharpe}
