"""Charts are trees that any style reaches, and tell what they are given."""

import sys
import time

import pytest

from opencabinet.doors.showing import charts
from opencabinet.doors.showing.model import Chart, Shown
from opencabinet.doors.showing.samples import samples
from opencabinet.doors.wording import words
from tests.doors.drawn.seeing import ISOLATES, bars, chart, corners, line, named, nodes

TAGS = {"svg", "title", "desc", "g", "path", "rect", "circle", "text"}
ATTRIBUTES = {
    "svg": {"class", "viewBox", "role", "aria-label", "direction"},
    "g": {"class", "transform"},
    "path": {"class", "d", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-linejoin", "stroke-opacity",
             "vector-effect"},
    "rect": {"class", "x", "y", "rx", "ry", "width", "height", "fill"},
    "circle": {"class", "cx", "cy", "r", "fill"},
    "text": {"class", "x", "y", "fill", "font-size", "text-anchor"},
}  # fmt: skip
WIDE, HIGH = 800, 320


def drawn(shown: Chart, language: str = "en", width: int = WIDE) -> charts.Tree:
    return charts.drawing(shown, words(language), width, HIGH)


def said(tree: charts.Tree) -> list[str]:
    return [each[2][0].translate(ISOLATES) for each in named(tree, "oc-tick")]


def of_samples(language: str) -> list[Chart]:
    shown = [each.shown for each in samples(language) if isinstance(each.shown, Shown)]
    return [block for each in shown for block in each.blocks if isinstance(block, Chart)]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_of_pygals_own_is_left(language: str) -> None:
    found = of_samples(language)

    assert len(found) >= 4
    for each in found:
        for tag, attributes, children in nodes(drawn(each, language)):
            assert tag in TAGS
            assert attributes.keys() <= ATTRIBUTES.get(tag, set())
            assert {attributes.get("fill", "none"), attributes.get("stroke", "none")} <= {"none", "currentColor"}
            assert all(isinstance(child, str) for child in children) or tag not in {"text", "title", "desc"}


def test_a_drawing_says_what_it_is_to_who_cannot_see_it() -> None:
    tree = charts.figure(line(1, 2, 3), words("en"), ["table", {}, []])

    for _, attributes, [title, description, *_] in named(tree, "oc-drawing"):
        assert (attributes["role"], attributes["aria-label"]) == ("img", "Chart")
        assert (title, description) == (["title", {}, ["Chart"]], ["desc", {}, ["Series: 3 USD"]])
    [data] = named(tree, "oc-data")
    assert data[0] == "details"
    assert data[2][1] == ["table", {}, []]


def test_ten_thousand_points_are_drawn_quickly_as_few_and_with_their_outliers() -> None:
    values = [place % 50 for place in range(10_000)]
    values[4_321], values[7_654] = 9_000, -9_000

    began = time.perf_counter()
    tree = drawn(line(*values, hours=1))
    took = time.perf_counter() - began

    points = [point for path in named(tree, "oc-path") for point in corners(path[1]["d"])]
    heights = sorted(y for _, y in points)
    assert len(points) < 4 * WIDE
    assert heights[0] < 20
    assert heights[-1] > HIGH - 60
    assert took < 5


def test_the_day_of_an_outlier_is_where_it_was() -> None:
    tree = drawn(line(*[1] * 20, 50, *[1] * 19))

    [path] = named(tree, "oc-path")
    at = min(corners(path[1]["d"]), key=lambda point: point[1])[0]
    assert 0.48 < at / 735 < 0.56


def test_a_gap_is_left_where_nobody_told_a_value() -> None:
    assert len(named(drawn(line(1, 2, None, 3, 4)), "oc-path")) == 2
    assert len(named(drawn(line(1, 2, 3, 4)), "oc-path")) == 1


def test_a_step_line_has_corners() -> None:
    [path] = named(drawn(line(1, 5, kind="step")), "oc-path")

    first, corner, last = corners(path[1]["d"])
    assert corner == (last[0], first[1])


@pytest.mark.parametrize(
    "values", [(), (None,), (None, None), (7,), (7, 7, 7), (0, 0), (-0.00000001, 0.00000001), (1e12, 2e12)]
)
@pytest.mark.parametrize("kind", ["line", "step", "bars"])
def test_strange_values_are_drawn_too(values: tuple[object, ...], kind: str) -> None:
    tree = drawn(line(*values, kind=kind))

    known = [each for each in values if each is not None]
    seen = [*named(tree, "oc-path"), *named(tree, "oc-dot"), *named(tree, "oc-column")]
    assert bool(seen) == bool(known)
    assert bool(known) or said(tree) == ["No data"]


def test_bars_have_their_names_and_losses_are_marked() -> None:
    tree = drawn(bars(EURUSD=10, GBPUSD=-5, XAUUSD=3))

    assert {"EURUSD", "GBPUSD", "XAUUSD"} <= set(said(tree))
    assert len(named(tree, "oc-column")) == 3
    [loss] = [each for each in nodes(tree) if each[0] == "g" and named(each, "oc-loss") and not each[1]]
    assert ["title", {}, ["GBPUSD: -5 USD"]] in loss[2]


def test_bars_lie_where_their_names_have_no_room_below_them_and_the_first_is_on_top() -> None:
    names = {f"SYMBOL{place}": 10 for place in range(9)}
    tree = drawn(bars(**names), width=320)

    rows = {each[2][0]: float(each[1]["y"]) for each in named(tree, "oc-tick") if each[2][0] in names}
    assert sorted(rows, key=rows.__getitem__) == list(names)


def test_bars_that_are_not_drawn_are_told() -> None:
    shown = bars(**{f"S{place}": 1 for place in range(40)})

    [note] = named(charts.figure(shown, words("en")), "oc-note")
    assert note[2] == ["The first 24 of 40 are drawn; the table has all."]
    assert not named(charts.figure(bars(A=1), words("en")), "oc-note")


def test_more_days_than_there_is_room_for_become_a_line() -> None:
    days = [f"2025-{1 + place // 28:02}-{1 + place % 28:02}" for place in range(300)]
    shown = chart(days, tuple(range(300)), "bars", "")

    assert len(named(drawn(shown), "oc-path")) == 1
    assert not named(drawn(shown), "oc-column")
    assert len(named(drawn(chart(days[:20], tuple(range(20)), "bars", "")), "oc-column")) == 20


def test_bars_run_from_right_to_left_where_people_read_so() -> None:
    def left(language: str) -> str:
        ticks = [
            each
            for each in named(drawn(bars(A=1, B=2, C=3), language), "oc-tick")
            if each[1]["text-anchor"] == "middle"
        ]
        return str(min(ticks, key=lambda each: float(each[1]["x"]))[2][0]).translate(ISOLATES)

    assert (left("en"), left("ar")) == ("A", "C")


@pytest.mark.parametrize(
    ("hours", "count", "told"), [(1, 24, "06:00"), (24, 12, "3 Jan"), (24, 700, "Jan 2027"), (24, 7_000, "2036")]
)
def test_time_is_told_in_steps_that_people_count_in(hours: int, count: int, told: str) -> None:
    assert told in said(drawn(line(*range(count), hours=hours)))


def test_large_figures_are_shortened_at_the_axis() -> None:
    assert "1.4M" in said(drawn(line(1_000_000, 2_000_000)))
    assert "40%" in said(drawn(line(0, 100, unit="%")))


def test_names_of_others_are_text_and_turn_nothing_around() -> None:
    tree = charts.figure(bars(**{"<script>\u202ex\x00": 1, "b": 2}), words("en"))

    everything = repr(tree)
    assert "<script> x" in everything
    assert "\\u202e" not in everything
    assert "\\x00" not in everything


def test_pygal_does_not_look_into_later_imports() -> None:
    assert not [each for each in sys.meta_path if type(each).__module__.startswith("pygal")]
