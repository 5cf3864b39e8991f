"""What closed trades cannot tell, and why."""

from typing import Final

from opencabinet.statistics.facts.basis import Basis, Missing, Part

TICKS: Final = Missing("It needs the price at every tick while trades were open, which closed trades do not tell.")
NAMES: Final = (
    *("equity_start", "equity_lowest", "equity_peak", "equity_low", "equity_steepest_peak"),
    *("equity_steepest_low", "lowest_margin_level", "highest_deposit_load"),
    *("profits_mfe_correlation", "profits_mae_correlation", "mfe_mae_correlation"),
)
TESTER: Final = Missing("The tester's formula is not published and was not found out.")
NOTIONAL: Final = Missing("What lots are worth needs contract sizes and rates to the account's currency.")


def unseen(basis: Basis) -> Part:
    """Return why these facts are missing, whatever the history."""
    del basis
    return Part({**dict.fromkeys(NAMES, TICKS), "tester_sharpe": TESTER, "notional": NOTIONAL})
