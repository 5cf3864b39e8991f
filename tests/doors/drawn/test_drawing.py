"""An image says what its widget shows: no more, no less without a word, and it can do nothing."""

import re
import time
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from msgspec import structs

from opencabinet.doors import showing
from opencabinet.doors.showing import drawing
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.drawing.palette import DARK, LIGHT, Theme
from opencabinet.doors.showing.model import Chart, Refused, Shown, Table
from opencabinet.doors.showing.samples import Sample, State, sample, samples
from tests.doors.drawn.seeing import elements, texts

BASE: Final = "https://widgets.example"
HARMLESS: Final = {"svg", "title", "desc", "style", "g", "path", "rect", "circle", "line", "text"}
STYLED: Final = re.compile(r"(?:fill|stroke|color)\Z")
COLOUR: Final = re.compile(r"#[0-9a-f]{6}\Z")
ROLES: Final = {"back": "card", "ink": "ink", "quiet": "quiet", "line": "rule", "good": "good", "bad": "bad"}
ROLES_OF_CSS: Final = {**ROLES, "accent": "accent"}
THEMES: Final[tuple[Theme, ...]] = ("light", "dark", "auto", "host")
EVERY: Final = [*samples("en"), *samples("ar")]
SHOWN: Final = [each for each in EVERY if each.shown is not None]


def of(name: str, state: State = "full", language: str = "en") -> Shown:
    found = sample(WIDGETS[name], state, language).shown
    assert isinstance(found, Shown)
    return found


def named(given: Sample) -> str:
    return f"{given.widget.name}-{given.state}-{given.shown.language if given.shown else ''}"


@pytest.mark.parametrize("given", SHOWN, ids=named)
def test_an_image_can_do_nothing_and_asks_for_nothing(given: Sample) -> None:
    assert given.shown
    for tag, attributes, text in elements(drawing.picture(given.shown, theme="auto", base=BASE)):
        assert tag in HARMLESS
        assert not [name for name in attributes if name.startswith("on") or name in {"href", "style", "id"}]
        assert not [value for value in attributes.values() if "url(" in value or "javascript" in value]
        assert tag != "style" or text == drawing.FOLLOWING
        painted = {value for name, value in attributes.items() if STYLED.match(name)}
        assert all(COLOUR.match(value) or value in {"none", "currentColor"} for value in painted)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", list(WIDGETS))
def test_every_figure_is_in_a_wide_image_as_it_is_written(name: str, language: str) -> None:
    shown = of(name, "full", language)

    said = texts(drawing.picture(shown, width=1600, base=BASE))

    assert {cell.text.replace("\u00a0", " ") for _, cell in shown.cells if cell.text} <= set(said)
    charts = [block for block in shown.blocks if isinstance(block, Chart)]
    assert {series.label for each in charts if len(each.series) > 1 for series in each.series} <= set(said)


@pytest.mark.parametrize("width", [200, 330, 480, 1600])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_honesty_line_is_whole_at_every_width(language: str, width: int) -> None:
    for shown in (each.shown for each in samples(language) if isinstance(each.shown, Shown)):
        said = "".join(texts(drawing.picture(shown, width=width, base=BASE))).replace(" ", "")

        for part in (shown.honesty.as_of_text, *shown.honesty.parts):
            assert part.replace("\u00a0", " ").replace(" ", "") in said
        assert (shown.honesty.link or "") in said
        assert ("widgets.example" in said) == (shown.honesty.link is not None)


def test_a_reason_why_figures_are_not_whole_is_said() -> None:
    shown = of("balance")
    reason = "The statement begins in March."
    doubted = structs.replace(shown, honesty=structs.replace(shown.honesty, complete=False, reason=reason))

    assert reason in " ".join(texts(drawing.picture(doubted)))
    assert reason not in " ".join(texts(drawing.picture(shown)))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("closed-trades", "The picture shows 20 of 100 rows."),
        ("commissions", "The picture shows 20 of 100 rows."),
        ("news", "The picture shows 6 of 50 articles."),
    ],
)
def test_what_is_too_long_is_cut_and_said_to_be(name: str, told: str) -> None:
    assert told in texts(drawing.picture(of(name, "long")))
    assert told not in texts(drawing.picture(of(name)))


@pytest.mark.parametrize("width", [200, 320, 480, 640])
def test_columns_without_room_are_left_out_and_said_to_be_but_results_stay(width: int) -> None:
    shown = of("open-trades")
    [table] = [block for block in shown.blocks if isinstance(block, Table)]

    said = texts(drawing.picture(shown, width=width))

    seen = [each for each in table.rows[0].cells if each.text in said]
    told = f"The picture shows {len(seen)} of {len(table.columns)} columns."
    assert (told in " ".join(said)) == (len(seen) < len(table.columns))
    assert [each for each in seen if each.tone in {"good", "bad"}]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_figure_and_no_time_is_cut_in_an_image_of_the_usual_width(language: str) -> None:
    for shown in (each.shown for each in samples(language) if isinstance(each.shown, Shown)):
        exact = [cell.text.replace("\u00a0", " ") for _, cell in shown.cells if cell.value is not None]

        for text in texts(drawing.picture(shown, width=480)):
            if text.endswith("…") and len(text) > 1:
                assert not [each for each in exact if each.startswith(text[:-1]) and each != text]


def test_months_become_rows_where_there_is_no_room_for_them_as_columns() -> None:
    shown = of("monthly")

    said = texts(drawing.picture(shown, width=480))

    assert {"Jan", "Jul", "Dec", "2024", "2025", "2026"} <= set(said)
    assert not [each for each in said if "columns" in each]
    assert {cell.text for _, cell in shown.cells} <= set(said)


def test_money_that_is_hidden_is_in_no_image() -> None:
    for name in ("balance", "summary", "closed-trades", "balance-chart", "statistics"):
        whole = {cell.text for _, cell in of(name).cells if "USD" in cell.text or name == "closed-trades"}
        shown = of(name, "redacted")
        left = {cell.text for _, cell in shown.cells}
        said = set(texts(drawing.picture(shown, width=1600)))
        assert not (whole - left) & said
        assert not [each for each in said if each.endswith(" USD")]


def test_text_of_others_is_text_and_turns_nothing_around() -> None:
    shown = of("news", "long")

    svg = drawing.picture(shown)

    assert "<script" not in svg
    assert "\u202e" not in svg
    assert [each for each in texts(svg) if "<script>alert(1)</script>&amp;" in each]


def test_what_is_no_letter_is_left_out() -> None:
    shown = structs.replace(of("balance"), title="A\x00B\x1b[31m\ud800C\uffffD")

    assert "A B [31m C D" in texts(drawing.picture(shown, width=800))


def test_an_image_from_right_to_left_begins_on_the_right() -> None:
    def bar(language: str) -> float:
        return float(
            next(
                each[1]["x"]
                for each in elements(drawing.picture(of("balance", "full", language)))
                if each[0] == "rect" and each[1].get("width") == "4"
            )
        )

    assert (bar("en"), bar("ar")) == (20, 480 - 20 - 4)


def test_an_image_is_light_or_dark_or_follows_its_reader() -> None:
    light, dark, auto, host = (drawing.picture(of("balance"), theme=each) for each in THEMES)

    assert LIGHT["card"] in light
    assert DARK["card"] not in light
    assert DARK["card"] in dark
    assert auto == host
    assert drawing.FOLLOWING in auto
    assert "<style" not in light + dark


def test_a_policy_can_name_the_style_by_its_hash() -> None:
    [style] = [text for tag, _, text in elements(drawing.picture(of("balance"), theme="auto")) if tag == "style"]

    told = b64encode(sha256(style.encode()).digest()).decode()
    assert f"'sha256-{told}'" == drawing.SOURCE


def test_a_colour_of_the_owners_own_stays_the_same_for_every_reader() -> None:
    for each in elements(drawing.picture(of("balance-chart"), theme="auto", accent="ff8800")):
        assert each[1].get("class", "") not in {"ocf-accent", "occ-series-0", "ocf-series-0"}
    assert "#ff8800" in drawing.picture(of("balance"), accent="ff8800")


def test_the_colours_are_those_of_pages() -> None:
    css = (Path(showing.__file__).parent / "static" / "widget.css").read_text()
    told = dict(re.findall(r"--oc-(\w+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", css))

    assert {name: f"{LIGHT[role]}, {DARK[role]}" for name, role in ROLES_OF_CSS.items()} == {
        name: told[name] for name in ROLES_OF_CSS
    }


def test_every_text_can_be_read_on_its_ground() -> None:
    def brightness(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for palette in (LIGHT, DARK):
        for role in palette.keys() - {"card", "rule"}:
            high, low = sorted((brightness(palette[role]), brightness(palette["card"])), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, role


@pytest.mark.parametrize("state", ["refused", "failed"])
def test_what_is_refused_is_said_with_what_helps_to_ask(state: State) -> None:
    refused = sample(WIDGETS["balance"], state).shown
    assert isinstance(refused, Refused)

    said = " ".join(texts(drawing.picture(refused)))

    assert refused.heading in said
    assert refused.text in said
    assert str(refused.request_id) in said


@pytest.mark.parametrize("width", [200, 1600])
@pytest.mark.parametrize("name", list(WIDGETS))
def test_an_image_is_drawn_quickly_and_stays_within_bounds(name: str, width: int) -> None:
    shown = of(name, "long")

    began = time.perf_counter()
    svg = drawing.picture(shown, width=width)
    took = time.perf_counter() - began

    root = elements(svg)[0][1]
    assert int(root["width"]) == width
    assert int(root["height"]) < 1_500
    assert len(svg) < 200_000
    assert took < 5
