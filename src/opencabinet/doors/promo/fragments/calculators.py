"""Calculators of a pip and of margin: forms that are sent by GET, so that they work without a script."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from litestar import Response
from msgspec import Struct

from opencabinet import valuations
from opencabinet.doors import lending, turn
from opencabinet.doors.promo.fragments import symbols
from opencabinet.doors.promo.fragments.forms import CURRENCIES, Form, read
from opencabinet.doors.promo.fragments.pages import Visit, page
from opencabinet.doors.promo.fragments.symbols import price
from opencabinet.kernel.money import plain
from opencabinet.kernel.problem import Conflict
from opencabinet.valuations import Prices
from opencabinet.valuations.estimates import Uncountable, needed, pip_value
from opencabinet.valuations.model import money

SHOWN_PLACES: Final = 6
LARGE: Final = Decimal(100_000)
"""A rate of so much needs no more than two places."""


class Uncounted(Conflict):
    """This cannot be counted; `text` names the one that says why."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Line(Struct, frozen=True):
    """A figure of a result; the last is what was asked for. `label` names a text, `of` what stands in it."""

    label: str
    figure: str
    unit: str = ""
    of: str = ""
    main: bool = False


Count = Callable[[Visit, Form, Prices], list[Line]]


async def show_pip(who: Visit) -> Response[Any]:
    """Show what one pip is worth."""
    return await calculated(who, "pip", pips)


async def show_margin(who: Visit) -> Response[Any]:
    """Show what a position takes as margin."""
    return await calculated(who, "margin", margins)


def pips(who: Visit, form: Form, known: Prices) -> list[Line]:
    """Return what one pip is worth, and by which figures."""
    del who
    found = pip_value(form.sketch, form.currency, known, datetime.now(UTC))
    return [
        Line("one_pip", plain(found.pip)),
        *converted(found.worth, found.worth_currency, found.rate, form.currency),
        Line("pip_value", amount(found.value, form.currency), form.currency, main=True),
    ]


def margins(who: Visit, form: Form, known: Prices) -> list[Line]:
    """Return what a position takes as margin, and by which figures."""
    found = needed(form.sketch, form.currency, form.leverage, known, datetime.now(UTC))
    units = [] if found.units is None else [Line("position", f"{found.units:,.0f}", who.texts["units"])]
    return [
        *units,
        Line("price", price(found.price, known.instruments.get(form.symbol))),
        *converted(found.taken, found.taken_currency, found.rate, form.currency),
        Line("needed_margin", amount(found.value, form.currency), form.currency, main=True),
    ]


def converted(value: Decimal, source: str, rate: Decimal, target: str) -> list[Line]:
    """Return an amount and the rate that converts it, where it is in another currency."""
    if source == target:
        return []
    shown = plain(rate.quantize(Decimal(1).scaleb(-SHOWN_PLACES))) if rate < LARGE else f"{rate:,.2f}"
    return [
        Line("in_currency", amount(value, source), source, of=source),
        Line("rate", shown),
    ]


def amount(value: Decimal, currency: str) -> str:
    """Write an amount in the places of its currency, thousands parted; what rounds to nothing shows more of itself."""
    rounded = money(value, currency)
    return f"{rounded:,}" if rounded or not value else plain(value.quantize(Decimal(1).scaleb(-SHOWN_PLACES)))


async def calculated(who: Visit, name: str, count: Count, *also: str) -> Response[Any]:
    """Show a calculator with what it counts; it may need rates into other currencies, too."""
    instruments = await symbols.tradable(who)
    form, lines = read(who.asked, instruments), list[Line]()
    if not form.wrong:
        known = await prices(who, form.symbol, frozenset({form.currency, *also}))
        try:
            lines = count(who, form, known)
        except Uncountable as raised:
            form.wrong["symbol"] = f"missing_{raised.missing}", ""
        except Uncounted as raised:
            form.wrong["symbol"] = raised.text, ""
    listed = who.asked.text("symbols")
    given: dict[str, Any] = {"symbols": list(instruments), "currencies": CURRENCIES, "listed": listed}
    return page(who, "calculator.html", name=name, form=form, lines=lines, **given)


async def prices(who: Visit, symbol: str, currencies: frozenset[str]) -> Prices:
    """Return what the market tells of a symbol, and of what converts into currencies, read once a moment for all."""

    async def read() -> Prices:
        async with lending.borrowed(who.request) as conn:
            where = await symbols.server(conn, who.site.server)
            return Prices() if where is None else await valuations.of_server(conn, where, ({symbol}, {*currencies}))

    await turn.give_way(who.request)
    return await who.site.moments.answer(("prices", symbol, currencies), read)
