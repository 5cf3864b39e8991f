from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.kernel.receipt import Receipt

amounts = st.decimals(-(10**12), 10**12, places=8)


def receipt(**given: Any) -> Receipt:
    """Make a receipt."""
    return Receipt(**{"count": 0, "first_id": None, "last_id": None, "complete": True} | given)


@given(amounts, amounts, amounts, amounts, amounts)
def test_a_receipt_is_balanced_when_its_parts_add_up_to_the_last_digit(
    opening: Decimal, movements: Decimal, results: Decimal, costs: Decimal, wrong: Decimal
) -> None:
    parts = {"opening_balance": opening, "movements": movements, "results": results, "costs": costs}
    closing = opening + movements + results + costs

    assert receipt(**parts, closing_balance=closing).balanced
    assert receipt(**parts, closing_balance=closing + wrong).balanced is (wrong == 0)


@pytest.mark.parametrize("reason", [None, "A filter leaves rows out."])
def test_a_receipt_without_sums_has_nothing_to_balance(reason: str | None) -> None:
    assert receipt(reason=reason).balanced
