"""From facts to figures: each metric's formula over its inputs."""

from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final

from opencabinet.kernel.money import plain
from opencabinet.statistics.facts import Basis, Fact, Facts, Missing, Part
from opencabinet.statistics.facts.basis import NO_TRADES, TOO_LARGE
from opencabinet.statistics.formula import Undefined, evaluate
from opencabinet.statistics.history import History, moment
from opencabinet.statistics.metrics import METRICS
from opencabinet.statistics.model import Dialect, Explanation, Measure, Measures, Metric, NoSuchMetric
from opencabinet.statistics.rules import RULES

DECIMALS: Final = Decimal(1).scaleb(-15)
LARGEST: Final = Decimal(10) ** 18
"""Beyond this a compounded figure means nothing."""
TIME: Final = ("since", "until")
WEIGHED: Final = ("period_from", "period_to", "begin_balance", "end_balance", "flow_")
BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("span_seconds", "days", "whole_days"), TIME),
    **dict.fromkeys(("rate", "weighted_flows"), WEIGHED),
    **dict.fromkeys(("balance", "credit", "equity", "margin"), ("as_of",)),
    "growth": ("piece_",),
}
"""Facts that are told with an input, by how their names begin."""
REPORTED: Final = frozenset({"balance", "equity", "margin"})
"""Facts that need no trade."""


class Figures:
    """The metrics of a history in a dialect, each worked out when asked for."""

    def __init__(self, history: History, dialect: Dialect) -> None:
        self.history = history
        self.dialect = dialect
        self.facts = Facts(Basis(history, RULES[dialect]))
        self._known: dict[str, Measure] = {}

    def __getitem__(self, name: str) -> Measure:
        """Return a figure, or why there is none."""
        if name not in self._known:
            self._known[name] = self._work_out(METRICS[name])
        return self._known[name]

    def inputs(self, metric: Metric) -> Mapping[str, Fact]:
        """Return what a formula is made of: facts, and other metrics."""
        return {name: self._input(metric, name) for name in metric.inputs}

    def _input(self, metric: Metric, name: str) -> Fact:
        if not self._is_metric(metric, name):
            return self.facts[name]
        made = self[name]
        return Missing(made.reason or "") if made.value is None else made.value

    def _is_metric(self, metric: Metric, name: str) -> bool:
        """Whether a name in a metric's formula is another metric's, and not a fact's."""
        return name in METRICS and name != metric.name and name not in self.facts

    def _work_out(self, metric: Metric) -> Measure:
        trades, least = len(self.history), metric.least[self.dialect]
        if trades and trades < least:
            return Measure(None, f"It takes {least} trades, and there are {trades}.")
        inputs = self.inputs(metric)
        if missing := next((fact for fact in inputs.values() if isinstance(fact, Missing)), None):
            return Measure(None, missing.reason)
        try:
            value = evaluate(
                metric.formula, {name: fact for name, fact in inputs.items() if not isinstance(fact, Missing)}
            )
        except Undefined:
            return Measure(None, metric.undefined if trades or REPORTED & set(metric.inputs) else NO_TRADES.reason)
        return self._settled(metric, value)

    def _settled(self, metric: Metric, value: Decimal | str) -> Measure:
        if isinstance(value, Decimal):
            if not value.is_finite() or abs(value) > LARGEST:
                return Measure(None, TOO_LARGE.reason)
            value = settled(value)
        return Measure(value, next((part.note for part in self.parts(metric) if part.note), None))

    def parts(self, metric: Metric) -> list[Part]:
        """Return the parts that a metric's facts come from, those of other metrics in its formula among them."""
        found: list[Part] = []
        for name in metric.inputs:
            more = self.parts(METRICS[name]) if self._is_metric(metric, name) else [self.facts.part(name)]
            found += [part for part in more if part not in found]
        return found


def settled(value: Decimal) -> Decimal:
    """Return a figure without exponent, with at most 15 decimals."""
    with localcontext(prec=60):
        return Decimal(plain(value.quantize(DECIMALS, ROUND_HALF_EVEN)))


def measured(history: History, dialect: Dialect) -> Measures:
    """Return every metric of a history."""
    figures = Figures(history, dialect)
    closed_at = history.columns["closed_at"]
    return Measures(
        dialect=dialect,
        currency=history.standing.currency,
        trades=len(history),
        first_trade_at=moment(closed_at[0]) if len(history) else None,
        last_trade_at=moment(closed_at[-1]) if len(history) else None,
        values={name: figures[name] for name in METRICS},
    )


def explained(history: History, name: str, dialect: Dialect) -> Explanation:
    """Return a figure with everything it takes to compute it again.

    Raises:
        NoSuchMetric: if there is none of this name.
    """
    if (metric := METRICS.get(name)) is None:
        raise NoSuchMetric(f"There is no metric {name[:60]!r}.")
    figures = Figures(history, dialect)
    measure, parts = figures[name], figures.parts(metric)
    return Explanation(
        name=name,
        title=metric.title,
        unit=metric.unit,
        formula=metric.formula,
        definition=metric.definition,
        version=metric.version,
        source=metric.source,
        dialect=dialect,
        currency=history.standing.currency,
        value=measure.value,
        reason=measure.reason,
        inputs=shown(figures.inputs(metric)) | details(figures, metric),
        conventions={**RULES[dialect].conventions, **precision(history)},
        excluded=tuple(dict.fromkeys(each for part in parts for each in part.excluded)),
    )


def shown(facts: Mapping[str, Fact]) -> dict[str, Decimal | str | None]:
    """Return facts as they are told; one that is missing is None."""
    return {name: None if isinstance(fact, Missing) else fact for name, fact in facts.items()}


def beside(name: str, shown_with: Collection[str]) -> bool:
    """Whether a fact is told with one that is an input."""
    return any(name.startswith(shown) for user, begun in BESIDE.items() if user in shown_with for shown in begun)


def details(figures: Figures, metric: Metric) -> dict[str, Decimal | str | None]:
    """Return the facts that say where a metric's inputs are found: times, tickets, the ends of stretches."""
    used = set(metric.inputs)
    stems = {name.rsplit("_", 1)[0] for name in used}
    told = {f"{stem}_{word}" for stem in stems | used for word in ("ticket", "at", "begins_at", "ends_at")}
    more = {
        name: fact
        for part in figures.parts(metric)
        for name, fact in part.facts.items()
        if name in told or beside(name, used)
    }
    return shown({name: fact for name, fact in more.items() if name not in metric.inputs})


def precision(history: History) -> dict[str, str]:
    """Say to how many decimals amounts were read."""
    return {"precision": f"Amounts are added up exactly, to {history.places} decimals."}
