"""Write the list of metrics in docs/understand/statistics.md anew: `python -m tests.statistics.published`."""

from pathlib import Path
from typing import Final

from opencabinet.statistics import METRICS, Metric

PAGE: Final = Path(__file__).parents[2] / "docs" / "understand" / "statistics.md"
HEADING: Final = "\n## The metrics\n"
MADE: Final = "<!-- Written by `python -m tests.statistics.published`; change the code, not this list. -->"


def page() -> str:
    """Return the page with the list that the code gives."""
    told, _, _ = PAGE.read_text("utf-8").partition(HEADING)
    head = [MADE, "", "| Metric | Unit | Formula | |", "|---|---|---|---|"]
    return told + HEADING + "\n" + "\n".join([*head, *map(line, METRICS.values())]) + "\n"


def line(metric: Metric) -> str:
    """Return what is said of a metric."""
    return f"| `{metric.name}` | {metric.unit} | `{metric.formula}` | {metric.definition} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
