"""A stand-in."""

from opencabinet.doors.showing.model import Chart
from opencabinet.doors.wording import Words


def figure(chart: Chart, words: Words, data: list) -> list:  # type: ignore[type-arg]
    return [
        "figure",
        {"class": "oc-chart"},
        [["figcaption", {}, [chart.title]], ["details", {}, [["summary", {}, [words.gettext("As a table")]], data]]],
    ]
