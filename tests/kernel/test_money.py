from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.kernel.money import exponent, figure, plain
from opencabinet.kernel.problem import Malformed

LARGEST = Decimal("999999999999.99999999")
amounts = st.decimals(-LARGEST, LARGEST, places=8)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("-0.5", "-0.5"),
        ("+12.30", "12.30"),
        ("007", "7"),
        ("999999999999.99999999", "999999999999.99999999"),
        ("-999999999999.99999999", "-999999999999.99999999"),
    ],
)
def test_a_figure_is_plain_digits(text: str, value: str) -> None:
    assert figure(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "+",
            "-",
            ".",
            "1.",
            ".5",
            "--1",
            "+-1",
            "1 000",
            "1,000",
            "1,5",
            "1_000",
            "0x10",
            " 1",
            "1 ",
            "1\n",
        ),
        *("NaN", "Infinity", "-inf", "sNaN", "1e2", "1E+2", "1e1000000", "1e-1000000"),
        *("١٢٣", "१२", "１２", "1٫5", "−1", "1\u00a0000"),
        *("1" * 17, "0." + "1" * 9, "0" * 17, "9" * 1_000_000),
    ],
)
def test_anything_else_is_no_figure(text: str) -> None:
    with pytest.raises(Malformed, match="is not a figure") as refused:
        figure(text)
    assert len(refused.value.detail) < 250


@given(st.text(max_size=30))
def test_any_text_is_a_bounded_figure_or_refused(text: str) -> None:
    with suppress(Malformed):
        assert abs(figure(text)) <= LARGEST


@given(amounts)
def test_a_figure_written_plainly_reads_as_the_same(amount: Decimal) -> None:
    assert figure(plain(amount)) == amount


@given(amounts)
def test_plain_has_no_exponent_and_nothing_to_take_away(amount: Decimal) -> None:
    text = plain(amount)

    assert text.isascii()
    assert not set(text) - set("-.0123456789")
    assert text != "-0"
    assert "." not in text or text[-1] not in "0."


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E+3", "1000"), ("1.2300", "1.23"), ("100", "100"), ("0E-8", "0"), ("-0.00", "0"), ("1E-8", "0.00000001")],
)
def test_plain_takes_away_zeros_after_the_point_only(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


def test_a_currency_has_two_decimals_unless_it_has_others() -> None:
    asked = ("USD", "EUR", "JPY", "ISK", "KWD", "OMR", "BTC", "???", "")
    assert [exponent(currency) for currency in asked] == [2, 2, 0, 0, 3, 3, 8, 2, 2]
