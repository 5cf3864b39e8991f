"""Every figure can be computed again from what explain tells."""

import ast
import math
from decimal import Decimal, localcontext
from typing import Any

import pytest

from opencabinet.statistics import DIALECTS, METRICS, Dialect, NoSuchMetric, explained
from opencabinet.statistics.facts import PARTS, Basis, Facts
from opencabinet.statistics.formula import Undefined, evaluate, names
from opencabinet.statistics.rules import RULES
from tests.statistics.histories import history, move, rich, vector
from tests.statistics.test_figures import UNSEEN

NEVER = {"risk_of_ruin_100", "losses_to_lose_100"}
FUNCTIONS = {
    "abs": abs,
    "max": max,
    "min": min,
    "sqrt": Decimal.sqrt,
    "ln": Decimal.ln,
    "ceil": math.ceil,
    "normal_cdf": lambda z: Decimal(math.erfc(-float(z) / math.sqrt(2))) / 2,
}


class Exact(ast.NodeTransformer):
    """Makes the numbers of a formula decimals."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        text = ast.Constant(str(node.value))
        return ast.Call(ast.Name("Decimal", ast.Load()), [text], [])


def again(formula: str, inputs: dict[str, Any]) -> Any:
    """Compute a formula as a reader might: Python's own rules, in decimals."""
    tree = ast.fix_missing_locations(Exact().visit(ast.parse(formula, mode="eval")))
    with localcontext(prec=50):
        return eval(compile(tree, "formula", "eval"), {"Decimal": Decimal, **FUNCTIONS}, inputs)  # noqa: S307 - ours


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", METRICS)
def test_a_formula_over_its_inputs_gives_the_figure(name: str, dialect: Dialect) -> None:
    told = explained(rich(), name, dialect)

    assert set(METRICS[name].inputs) <= set(told.inputs)
    if name in UNSEEN | NEVER:
        assert told.value is None
        assert told.reason
        return
    found = again(told.formula, dict(told.inputs))
    if isinstance(told.value, str):
        assert found == told.value
    else:
        assert told.value is not None, told.reason
        assert found == pytest.approx(told.value, rel=Decimal("1e-12"), abs=Decimal("1e-14"))


def test_an_explanation_tells_where_its_points_are() -> None:
    told = explained(vector(), "balance_drawdown_maximal", "mt4")

    assert told.inputs["deepest_peak"] == 1060
    assert told.inputs["deepest_low"] == 1010
    assert told.inputs["deepest_peak_at"] == "2026-01-05T11:00:00Z"
    assert told.inputs["deepest_low_at"] == "2026-01-05T13:00:00Z"
    assert "zero trades" in told.conventions


def test_the_stretches_of_a_gain_are_told() -> None:
    told = explained(history([100, 100], [move(-1, 1000), move(1.5, 1000)]), "gain", "myfxbook")
    ends = ("piece_1_from", "piece_1_to", "piece_2_from", "piece_2_to")

    assert [told.inputs[name] for name in ends] == [1000, 1100, 2100, 2200]


def test_what_is_left_out_is_told() -> None:
    rows = history([100, 0, 100], [move(-1, 1000), move(1.5, 1000), move(2.5, 50, "credit")])

    assert [each.rows for each in explained(rows, "profit_trades", "myfxbook").excluded] == [1]
    assert [each.rows for each in explained(rows, "balance_drawdown_maximal", "mt4").excluded] == [2]
    assert [each.rows for each in explained(rows, "deposits", "mt4").excluded] == [1]


@pytest.mark.parametrize("name", ["gain", "starting_balance", "money_weighted_return", "modified_dietz", "drawdown"])
def test_credit_that_is_left_out_is_told(name: str) -> None:
    rows = history([100, 100], [move(-2, 1000), move(-1, 50, "credit")], days=3)

    assert [(each.rows, each.why) for each in explained(rows, name, "myfxbook").excluded] == [
        (1, "They move the credit, not the balance.")
    ]


def test_credit_that_counts_is_not_told_as_left_out() -> None:
    rows = history([100, 100], [move(-2, 1000), move(-1, 50, "credit")])

    assert explained(rows, "gain", "mt5").excluded == ()


@pytest.mark.parametrize("name", ["money_weighted_return", "modified_dietz"])
def test_the_money_that_is_weighed_is_told_with_its_times(name: str) -> None:
    told = explained(history([100, 100], [move(-2, 1000), move(1.5, 500)], carried=7, days=3), name, "mt5").inputs

    assert [told[each] for each in ("period_from", "period_to")] == ["2026-01-05T06:00:00Z", "2026-01-08T08:00:00Z"]
    assert [told[each] for each in ("begin_balance", "end_balance")] == [7, 1707]
    assert [told[each] for each in ("flow_2_at", "flow_2_amount")] == ["2026-01-05T09:30:00Z", 500]


def test_many_movements_are_not_told_one_by_one() -> None:
    rows = history([100], [move(-n, 10, ticket=n) for n in range(1, 20)], days=3)

    assert "flow_1_at" not in explained(rows, "money_weighted_return", "mt5").inputs


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("cagr", {"since", "until"}),
        ("trades_per_week", {"since", "until"}),
        ("calmar_ratio", {"recent_begins_at", "recent_ends_at"}),
        ("balance", {"as_of"}),
    ],
)
def test_the_time_a_figure_is_of_is_told(name: str, facts: set[str]) -> None:
    assert facts <= set(explained(rich(), name, "mt5").inputs)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_there_is_no_fact_that_no_explanation_tells(dialect: Dialect) -> None:
    facts = Facts(Basis(rich(), RULES[dialect]))
    told = {fact for name in METRICS for fact in explained(rich(), name, dialect).inputs}

    assert {name for make in PARTS for name in make(facts.basis).facts} <= told


def test_a_name_that_is_no_metric_is_refused() -> None:
    with pytest.raises(NoSuchMetric, match="luck"):
        explained(vector(), "luck", "mt4")


@pytest.mark.parametrize("formula", ["a / 0", "0 / 0", "sqrt(-a)", "ln(0)", "ln(-a)", "(-a) ** 0.5"])
def test_what_has_no_value_is_undefined(formula: str) -> None:
    with pytest.raises(Undefined):
        evaluate(formula, {"a": Decimal(2)})


def test_a_formula_names_its_inputs_once_in_their_order() -> None:
    assert names("max(b - a, 0) / abs(b) * c") == ("b", "a", "c")
