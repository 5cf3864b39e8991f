from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencabinet.ingest.feeds.simulator import noise
from opencabinet.ingest.feeds.simulator.calendar import Calendar
from opencabinet.ingest.feeds.simulator.people import CLOCK
from opencabinet.ingest.feeds.simulator.prices import Prices, Shock
from opencabinet.ingest.feeds.simulator.symbols import SYMBOLS
from tests.ingest.feeds.simulator.kept import DAY, HOUR, MONDAY, WEEK

EURUSD, BTCUSD = SYMBOLS["EURUSD"], SYMBOLS["BTCUSD"]
FRIDAY = MONDAY + 5 * DAY
"""When the first Friday ends."""
NEXT_MONDAY = MONDAY + WEEK - HOUR
"""Clocks in New York, and the server's with them, go forward in between."""


def made(seed: int = 7) -> Prices:
    return Prices(seed, Calendar(CLOCK))


def test_a_price_is_the_same_at_every_look_whatever_was_asked_before() -> None:
    chance = Random(1)  # noqa: S311 - moments, no secrets
    asked = [MONDAY + chance.randrange(20 * WEEK) for _ in range(200)]
    one, other = made(), made()

    before = [one.tick(EURUSD, at) for at in asked]

    assert before == [other.tick(EURUSD, at) for at in reversed(asked)][::-1]
    assert before == [one.tick(EURUSD, at) for at in asked]


def test_another_seed_has_other_prices() -> None:
    assert made(7).tick(EURUSD, MONDAY + HOUR) != made(8).tick(EURUSD, MONDAY + HOUR)


def test_one_chance_is_the_chance_of_its_place_in_many() -> None:
    many = noise.chances(noise.key("anything"), 40, 100)

    assert [noise.chance(noise.key("anything"), 40 + place) for place in range(100)] == many.tolist()
    assert np.abs(many).max() <= 1
    assert abs(many.mean()) < 0.2


def test_a_day_ends_where_the_next_begins() -> None:
    waves = tuple(range(noise.WAVES))

    assert noise.wander(waves, 20_500)[-1] == pytest.approx(noise.wander(waves, 20_501)[0], abs=1e-9)


def test_within_a_minute_a_price_bends_by_no_more_than_it_may() -> None:
    prices, most = made(), noise.FINE_HEIGHT * EURUSD.pace * EURUSD.level + 1

    for minute in range(MONDAY + 9 * HOUR, MONDAY + 10 * HOUR, 60):
        first, last = prices.points(EURUSD, minute), prices.points(EURUSD, minute + 60)
        for past in range(60):
            straight = first + (last - first) * past / 60
            assert abs(prices.points(EURUSD, minute + past) - straight) <= most + 1


@pytest.mark.parametrize(
    ("name", "closes", "opens"),
    [
        ("EURUSD", FRIDAY - 300, NEXT_MONDAY + 300),
        ("XAUUSD", MONDAY + DAY - 300, MONDAY + DAY + HOUR),
        ("US500", MONDAY + DAY - 45 * 60, MONDAY + DAY + 65 * 60),
    ],
)
def test_a_market_closes_and_the_last_price_stays_until_it_opens(name: str, closes: int, opens: int) -> None:
    known, prices = SYMBOLS[name], made()

    assert prices.open(known, closes - 1)
    assert not prices.open(known, closes)
    assert not prices.open(known, opens - 1)
    assert prices.open(known, opens)
    last = prices.tick(known, closes - 1)
    assert prices.tick(known, closes) == prices.tick(known, opens - 1) == last
    assert last.at == closes - 1
    assert prices.tick(known, opens).at == opens


def test_over_the_weekend_prices_of_money_jump_and_those_of_coins_go_on() -> None:
    prices, sunday = made(), FRIDAY + DAY

    gaps = [abs(prices.points(one, NEXT_MONDAY + 300) - prices.points(one, FRIDAY - 301)) / one.spread
            for one in SYMBOLS.values() if one.calculation == "forex"]  # fmt: skip

    assert max(gaps) > 2
    assert prices.open(BTCUSD, sunday)
    assert prices.tick(BTCUSD, sunday) != prices.tick(BTCUSD, sunday + 60)


def test_spreads_widen_when_figures_are_published_and_at_midnight() -> None:
    prices = made()
    day = (MONDAY + DAY) // DAY
    published = next(day + more for more in range(5) if prices.news(day + more))
    second = published * DAY + prices.news(published)[0]

    assert prices.spread(EURUSD, second + 30) >= 4 * EURUSD.spread
    assert prices.spread(EURUSD, second - 600) < 2 * EURUSD.spread
    assert prices.spread(EURUSD, MONDAY + 2 * DAY + 60) >= 3 * EURUSD.spread


def test_nothing_is_published_on_weekends() -> None:
    prices, saturday = made(), int(datetime(2026, 3, 7, tzinfo=UTC).timestamp()) // DAY

    assert [prices.news(saturday + day) for day in (0, 1)] == [[], []]
    assert any(prices.news(saturday - day) for day in range(1, 6))


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(10 * HOUR, 4 * DAY),
    length=st.integers(1, 3 * HOUR),
    away=st.integers(-80, 80),
    falling=st.booleans(),
    buyer=st.booleans(),
    shocked=st.booleans(),
)
def test_the_first_second_of_a_price_is_the_one_that_looking_at_each_finds(
    start: int, length: int, away: int, *, falling: bool, buyer: bool, shocked: bool
) -> None:
    prices = made()
    since = MONDAY + start
    until = min(since + length, prices.calendar.tomorrow(since))
    if shocked:
        prices.shock(Shock(since + length // 2, -0.001))
    goal = prices.points(EURUSD, since) + away

    found = prices.first(EURUSD, (since, until), EURUSD.price(goal), falling=falling, buyer=buyer)

    for at in range(since + 1, until):
        if prices.open(EURUSD, at):
            now = prices.points(EURUSD, at) + (prices.spread(EURUSD, at) if buyer else 0)
            if now <= goal if falling else now >= goal:
                assert found == at
                return
    assert found is None


def test_a_shock_fades_and_is_forgotten() -> None:
    prices, at = made(), MONDAY + 10 * HOUR
    calm = made()

    prices.shock(Shock(at, 0.01))

    assert prices.points(EURUSD, at - 1) == calm.points(EURUSD, at - 1)
    assert prices.points(EURUSD, at) - calm.points(EURUSD, at) == pytest.approx(0.01 * EURUSD.level, abs=1)
    assert prices.points(EURUSD, at + 6 * HOUR) == calm.points(EURUSD, at + 6 * HOUR)
    prices.shock(Shock(at + 30 * DAY, 0.01))
    assert len(prices.shocks) == 1


def test_money_is_changed_through_the_pair_its_inverse_or_dollars() -> None:
    prices, at = made(), MONDAY + 10 * HOUR
    tick = {name: prices.tick(symbol, at) for name, symbol in SYMBOLS.items()}

    assert prices.rate("EUR", "USD", at) == tick["EURUSD"].bid
    assert prices.rate("USD", "EUR", at) == 1 / tick["EURUSD"].bid
    assert prices.rate("USD", "EUR", at, "sell") == 1 / tick["EURUSD"].ask
    assert prices.rate("GBP", "JPY", at) == tick["GBPUSD"].bid * tick["USDJPY"].bid
    assert prices.rate("JPY", "JPY", at) == 1
