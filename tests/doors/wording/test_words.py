"""Figures as people read them: the same digits in every language, none lost that matters, times in UTC."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.doors.wording import LANGUAGES, pages, spoken, words
from opencabinet.kernel.money import exponent, nearest

CURRENCIES = ("USD", "JPY", "KWD", "BTC", "USC")
languages = st.sampled_from(sorted(LANGUAGES))
amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=8, allow_nan=False, allow_infinity=False)


@given(languages, amounts, st.sampled_from(CURRENCIES))
def test_money_is_rounded_to_its_currency_and_nothing_else(language: str, amount: Decimal, currency: str) -> None:
    text, _, unit = words(language).money(amount, currency).partition("\u00a0")

    assert unit == currency
    assert Decimal(text.replace(",", "")) == nearest(amount, exponent(currency))
    assert len(text.partition(".")[2]) == exponent(currency)


@given(languages, amounts)
def test_a_number_keeps_every_digit_it_may(language: str, number: Decimal) -> None:
    assert Decimal(words(language).number(number).replace(",", "")) == number


@given(languages, amounts)
def test_nothing_is_minus_nothing(language: str, number: Decimal) -> None:
    text = words(language).number(number, most=2)

    assert text.startswith("-") == (nearest(number, 2) < 0)


def test_times_are_utc_and_say_so() -> None:
    east = datetime(2026, 3, 2, 1, 30, tzinfo=timezone(timedelta(hours=3)))

    assert words("en").time(east) == "1 Mar 2026, 22:30 UTC"
    assert words("ar").time(east) == "1 مارس 2026, 22:30 UTC"
    assert words("en").day(date(2026, 3, 2)) == "2 Mar 2026"
    assert words("en").month(date(2026, 3, 2)) == "Mar 2026"


def test_arabic_runs_from_right_to_left() -> None:
    assert {language: words(language).direction for language in LANGUAGES} == {"en": "ltr", "ar": "rtl"}


def test_there_are_no_words_of_a_language_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        words("../en")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("ar", "ar"),
        ("ar-EG, en;q=0.8", "ar"),
        ("de, ar;q=0.3, en;q=0.2", "ar"),
        ("en;q=0.5, ar;q=0.9", "ar"),
        ("ar;q=0, en", "en"),
        ("*", "en"),
        ("ar;q=nonsense", "en"),
        (",".join(["de"] * 1000 + ["ar"]), "en"),
    ],
)
def test_a_reader_gets_the_language_they_like_best(accepted: str, language: str) -> None:
    assert spoken(accepted) == language


@given(st.text(max_size=200))
def test_whatever_a_browser_accepts_is_answered_in_some_language(accepted: str) -> None:
    assert spoken(accepted) in LANGUAGES


def test_templates_speak_and_escape() -> None:
    environment = pages("opencabinet.doors.cabinet", "ar")
    template = environment.from_string("{{ _('Balance') }}: {{ given }} {{ words.direction }}")

    shown = template.render(given="<script>")

    assert shown == f"{words('ar').gettext('Balance')}: &lt;script&gt; rtl"
    assert "Balance" not in shown


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_is_translated_is_text_and_no_html(language: str) -> None:
    found = pages("opencabinet.doors.cabinet", language)
    hostile = '<b>"&amp;'

    said = found.from_string("{{ _(text) }} {{ ngettext(text, text, 1) }} {{ _('Try again in %(span)s.', span=text) }}")

    assert said.render(text=hostile).count("&lt;b&gt;&#34;&amp;amp;") == 3
    assert "<" not in said.render(text=hostile)
