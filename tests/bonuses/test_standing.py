from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from opencabinet.bonuses import Closed, Programme, Standing
from opencabinet.bonuses.history import History
from opencabinet.bonuses.standing import REASONS, Short, standing, weighed
from opencabinet.ledger import Movement
from opencabinet.trades.lots import Lots
from tests.bonuses.rules import LARGE, SMALL, START, day, money, moved, programme


def lots(symbol: str, amount: str, size: str | None = "10000", trades: int = 1) -> Lots:
    """Make what closed of a symbol."""
    nothing = dict.fromkeys(("profit", "swap", "commission", "fee"), Decimal(0))
    units = size and Decimal(size)
    return Lots(day=None, symbol=symbol, contract_size=units or None, trades=trades, lots=Decimal(amount), **nothing)


def stand(
    rule: Programme, *movements: Movement, closed: tuple[Closed, ...] | list[Closed] = (), currency: str = "USD"
) -> Standing:
    """Tell movements, and how far the account is."""
    history = History([SMALL, LARGE, programme()], currency)
    history.tell(movements)
    return standing(rule, list(history.grants.values()), currency, START, closed)


def counting(amount: str) -> list[Closed]:
    """Make closed trades that count so many lots."""
    return list(weighed(LARGE, [], [lots("EURUSD", amount)], [], {}))


def test_the_rules_own_example_55_percent_on_a_thousand_dollars_are_3300_lots() -> None:
    found = stand(LARGE, money(1, 0, "1000"), moved(2, 0, "550"))

    assert (found.bonuses, found.required, found.left) == (Decimal(550), Decimal(3300), Decimal(3300))
    assert found.state == "owed"
    assert found.arithmetic == "550 × 6 × 1 = 3300"


def test_30_percent_need_half_the_lots_of_the_same_bonus() -> None:
    assert stand(SMALL, moved(1, 0, "550", "30%")).required == 1650


def test_cancelled_bonuses_of_every_programme_are_added_up() -> None:
    found = stand(
        LARGE, moved(1, 0, "100", "30%"), moved(2, 1, "-100", "30%"), moved(3, 2, "550"), moved(4, 3, "7", "x")
    )

    assert found.bonuses == 657
    assert found.arithmetic == "657 × 6 × 1 = 3942"
    assert (found.received, found.cancelled, found.remaining) == (Decimal(550), Decimal(0), Decimal(550))


def test_a_programme_may_add_up_only_its_own() -> None:
    own = programme(base="own")

    assert stand(own, moved(1, 0, "100", "30%"), moved(2, 1, "40", "Gift")).bonuses == 40


@pytest.mark.parametrize(
    ("currency", "required", "arithmetic"),
    [
        ("EUR", "3630", "550 × 6 × 1.1 = 3630"),
        ("RUB", "66", "550 × 6 × 0.02 = 66"),
        ("RUR", "66", "550 × 6 × 0.02 = 66"),
        ("USD", "3300", "550 × 6 × 1 = 3300"),
    ],
)
def test_each_currency_has_its_factor(currency: str, required: str, arithmetic: str) -> None:
    found = stand(LARGE, moved(1, 0, "550"), currency=currency)

    assert (found.required, found.arithmetic) == (Decimal(required), arithmetic)


def test_a_currency_without_a_factor_has_no_rule() -> None:
    found = stand(LARGE, moved(1, 0, "550"), currency="JPY")

    assert (found.required, found.left, found.state) == (None, None, "owed")
    assert found.arithmetic == "The programme has no rule for accounts in JPY."


def test_a_bonus_is_owed_until_the_last_lot_has_closed() -> None:
    almost = stand(LARGE, moved(1, 0, "550"), closed=counting("3299.99"))
    done = stand(LARGE, moved(1, 0, "550"), closed=counting("3300"))

    assert (almost.state, almost.left) == ("owed", Decimal("0.01"))
    assert (done.state, done.left) == ("ready", Decimal(0))


def test_what_is_no_more_on_the_account_owes_nothing() -> None:
    gone = stand(LARGE, moved(1, 0, "550"), moved(2, 1, "-550"))
    paid = stand(LARGE, moved(1, 0, "550"), moved(2, 1, "-550"), money(3, 1, "550"))

    assert (gone.state, gone.left, gone.required) == ("cancelled", Decimal(0), Decimal(3300))
    assert (paid.state, paid.left, paid.required) == ("released", Decimal(0), Decimal(3300))


def test_accounts_of_ten_and_of_a_hundred_thousand_units_agree() -> None:
    [small] = weighed(LARGE, [], [lots("EURUSD", "12.5", "10000")], [], {})
    [large] = weighed(LARGE, [], [lots("EURUSD", "1.25", "100000")], [], {})

    assert small.programme_lots == large.programme_lots == Decimal("12.5")


def test_what_does_not_count_is_told_by_its_reason_and_symbol() -> None:
    rule = structs.replace(LARGE, symbols_left_out=("XAU*",), least_seconds=60)
    closed = list(
        weighed(
            rule,
            [lots("EURUSD", "5"), lots("JP225", "1", None)],
            [
                lots("EURUSD", "7", trades=3),
                lots("xauusd.m", "2", "100"),
                lots("JP225", "3", None),
                lots("GER40", "4", None),
            ],
            [Short("EURUSD", Decimal(10_000), 1, Decimal(2)), Short("xauusd.m", Decimal(100), 1, Decimal(1))],
            {"GER40": Decimal(1)},
        )
    )
    found = stand(rule, moved(1, 0, "550"), closed=closed)

    assert found.counted == 5 + Decimal("0.0004")
    assert [(each.symbol, each.trades) for each in closed if not each.reason] == [("EURUSD", 2), ("GER40", 1)]
    told = {each.reason: [(row.symbol, row.lots) for row in each.closed] for each in found.not_counted()}
    assert told == {
        "before_bonus": [("EURUSD", Decimal(5)), ("JP225", Decimal(1))],
        "held_too_short": [("EURUSD", Decimal(2))],
        "symbol_left_out": [("xauusd.m", Decimal(2))],
        "unknown_contract_size": [("JP225", Decimal(3))],
    }
    assert all(each.text == REASONS[each.reason] for each in found.not_counted())


def test_the_forecast_goes_on_as_it_went() -> None:
    found = stand(LARGE, moved(1, 0, "550"), closed=counting("1100"))

    assert found.forecast(day(10)) == day(30)
    assert found.forecast(START) is None
    assert stand(LARGE, moved(1, 0, "550")).forecast(day(10)) is None
    assert stand(LARGE, moved(1, 0, "550"), closed=counting("0.01")).forecast(day(10)) is None
    assert stand(LARGE, moved(1, 0, "550"), closed=counting("9999")).forecast(day(10)) is None


amounts = st.lists(st.integers(1, 500), min_size=1, max_size=5)


@given(given_=amounts, taken=st.integers(1, 700), done=st.integers(0, 5000))
def test_cancelling_never_makes_less_required_and_never_makes_ready_owed(
    given_: list[int], taken: int, done: int
) -> None:
    bonuses = [moved(ticket, ticket, str(amount)) for ticket, amount in enumerate(given_, 1)]
    closed = counting(str(done))
    before = stand(LARGE, *bonuses, closed=closed)
    after = stand(LARGE, *bonuses, moved(99, 50, str(-taken)), closed=closed)

    assert after.required == before.required
    assert after.counted == before.counted
    for each in (before, after):
        assert each.remaining == each.received - each.cancelled - each.released
        assert each.left == 0 or each.state == "owed"
        assert each.state != "ready" or each.counted >= (each.required or 0)


row = st.builds(
    lots,
    st.sampled_from(["EURUSD", "GBPUSD", "XAUUSD", "JP225"]),
    st.integers(1, 999).map(lambda hundredths: str(Decimal(hundredths) / 100)),
    st.sampled_from(["100", "10000", "100000", None]),
    st.integers(2, 9),
)
unique = st.lists(row, max_size=6, unique_by=lambda each: (each.symbol, each.contract_size))


@given(before=unique, after=unique, short=st.lists(st.integers(0, 5), max_size=4, unique=True))
def test_what_counts_and_what_does_not_are_all_that_closed(
    before: list[Lots], after: list[Lots], short: list[int]
) -> None:
    rule = structs.replace(LARGE, symbols_left_out=("XAU*",), least_seconds=1)
    briefly = [
        Short(str(after[place].symbol), after[place].contract_size, 1, after[place].lots / 2)
        for place in short
        if place < len(after)
    ]
    found = list(weighed(rule, before, after, briefly, {"JP225": Decimal(1)}))

    assert sum(each.trades for each in found) == sum(each.trades for each in (*before, *after))
    for symbol in ("EURUSD", "GBPUSD", "XAUUSD", "JP225"):
        assert sum(each.lots for each in found if each.symbol == symbol) == sum(
            each.lots for each in (*before, *after) if each.symbol == symbol
        )
    assert all(each.reason or each.programme_lots is not None for each in found)
    assert not any(each.symbol == "XAUUSD" and not each.reason for each in found)
