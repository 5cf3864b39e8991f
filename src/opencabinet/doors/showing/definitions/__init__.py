"""One definition of each widget: what it asks of v1, and how the answer is shown."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from opencabinet.doors.showing.definitions.bonuses import METER
from opencabinet.doors.showing.definitions.lots import CLOSED_LOTS
from opencabinet.doors.showing.definitions.market import LIVE_QUOTES
from opencabinet.doors.showing.definitions.money import BALANCE, SUMMARY
from opencabinet.doors.showing.definitions.news import NEWS
from opencabinet.doors.showing.definitions.partners import CLICKED, COMMISSIONS
from opencabinet.doors.showing.definitions.series import BALANCE_CHART, MONTHLY
from opencabinet.doors.showing.definitions.statistics import STATISTICS
from opencabinet.doors.showing.definitions.trades import CLOSED_TRADES, OPEN_TRADES
from opencabinet.doors.showing.model import Widget
from opencabinet.doors.wording import Words

EACH: Final = (
    BALANCE,
    SUMMARY,
    OPEN_TRADES,
    CLOSED_TRADES,
    CLOSED_LOTS,
    BALANCE_CHART,
    STATISTICS,
    MONTHLY,
    METER,
    COMMISSIONS,
    CLICKED,
    LIVE_QUOTES,
    NEWS,
)
WIDGETS: Final[Mapping[str, Widget]] = MappingProxyType({each.name: each for each in EACH})
"""Every widget by its name, in the order that a gallery shows them."""


def named(widget: str, login: str, words: Words) -> str:
    """Say whose a widget is."""
    if WIDGETS[widget].of == "partner":
        return words.gettext("Partner %(login)s") % {"login": login}
    return words.gettext("Account %(login)s") % {"login": login}


__all__ = ["WIDGETS", "named"]
