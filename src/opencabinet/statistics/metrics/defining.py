"""How a metric is written down."""

from typing import Final

from opencabinet.statistics.formula import names
from opencabinet.statistics.model import DIALECTS, Metric, Unit
from opencabinet.statistics.rules import RULES

MT: Final = "MetaTrader reports"
TESTER: Final = "MetaTrader 5 Strategy Tester report"
NEWER: Final = "MetaTrader 5 report since 2023"
MYFXBOOK: Final = "Myfxbook account page"
METASTATS: Final = "MetaStats"
TEXTBOOK: Final = "textbooks"


def metric(
    name: str,
    unit: Unit,
    formula: str,
    definition: str,
    *,
    source: str = MT,
    title: str | None = None,
    undefined: str = "There is nothing to divide by.",
    ratio: bool = False,
    least: int = 1,
) -> Metric:
    """Return a metric; a `ratio` needs as many trades as its dialect asks for, any other `least`."""
    return Metric(
        name=name,
        title=title or name.replace("_", " ").capitalize(),
        unit=unit,
        formula=formula,
        definition=definition,
        inputs=names(formula),
        least={dialect: max(least, RULES[dialect].least if ratio else 1) for dialect in DIALECTS},
        undefined=undefined,
        source=source,
    )
