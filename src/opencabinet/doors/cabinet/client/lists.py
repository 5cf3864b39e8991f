"""The lists of an account: what is open, what closed, orders, lots, and money in and out."""

from typing import Final

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.client import columns
from opencabinet.doors.cabinet.client.asked import Field
from opencabinet.doors.cabinet.client.columns import KINDS, STATES
from opencabinet.doors.cabinet.client.listing import Listing, listed
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.wording import marked

PAYING: Final = "paying"
"""Where handlers find the pages on which money is paid in, and out."""
PAY: Final = (marked("Pay in"), marked("Pay out"))
SYMBOL: Final = Field(name="symbol", label=marked("Symbol"))
ANY: Final = ("", marked("Any"))
SIDE: Final = Field(
    name="side", label=marked("Side"), kind="choice", choices=(ANY, ("buy", marked("Buy")), ("sell", marked("Sell")))
)
COMMENT: Final = Field(name="comment", label=marked("Text in the comment"))
BY_TIME: Final = Field(
    name="time_field",
    label=marked("Sort and period by"),
    kind="choice",
    choices=(("", marked("Time of closing")), ("open", marked("Time of opening"))),
)
STATE: Final = Field(name="state", label=marked("State"), kind="choice", choices=(ANY, *STATES.items()))
KIND: Final = Field(name="kind", label=marked("Kind"), kind="choice", choices=(ANY, *KINDS.items()))
GROUP: Final = Field(
    name="group",
    label=marked("Added up by"),
    kind="choice",
    choices=(
        ("symbol", marked("Symbol")),
        ("day", marked("Day")),
        ("month", marked("Month")),
        ("total", marked("All")),
    ),
    usual="symbol",
)
OPEN: Final = Listing(
    path="/open",
    title=marked("Open trades"),
    ask="trades/open",
    columns=columns.OPEN_TRADES,
    key="position",
    empty=marked("Nothing is open."),
    hint=marked("A trade shows here once it opens."),
    filters=(SYMBOL,),
    dated=False,
    refresh_seconds=5,
)
CLOSED: Final = Listing(
    path="/closed",
    title=marked("Closed trades"),
    ask="trades/closed",
    columns=columns.CLOSED_TRADES,
    key="ticket",
    empty=marked("No closed trade is as asked for."),
    hint=marked("Choose a longer period, or fewer filters."),
    filters=(SYMBOL, SIDE, COMMENT, BY_TIME),
    sums=("symbol",),
)
ORDERS: Final = Listing(
    path="/orders",
    title=marked("Orders"),
    ask="orders",
    columns=columns.ORDERS,
    key="ticket",
    empty=marked("No order is as asked for."),
    hint=marked("Working orders and those that ended show here."),
    filters=(SYMBOL, STATE),
)
MOVEMENTS: Final = Listing(
    path="/movements",
    title=marked("Money in and out"),
    ask="movements",
    columns=columns.MOVEMENTS,
    key="ticket",
    empty=marked("No money moved as asked for."),
    hint=marked("Deposits, withdrawals, credit and charges show here."),
    filters=(KIND,),
    template="client/movements.html",
)
LOTS: Final = Listing(
    path="/lots",
    title=marked("Closed lots"),
    ask="closed-lots",
    columns=columns.LOTS,
    key="symbol",
    empty=marked("No lots closed within this period."),
    hint=marked("Choose a longer period."),
    filters=(GROUP, SYMBOL),
    paged=False,
)


@page("/accounts/{login}/open", need=Signed.IN)
async def list_open(visit: Visit) -> Response[bytes]:
    """List the trades that are open; their prices follow the market."""
    return await listed(visit, OPEN)


@page("/accounts/{login}/closed", need=Signed.IN)
async def list_closed(visit: Visit) -> Response[bytes]:
    """List the trades that closed, filtered as the address says."""
    return await listed(visit, CLOSED)


@page("/accounts/{login}/orders", need=Signed.IN)
async def list_orders(visit: Visit) -> Response[bytes]:
    """List orders, working and ended ones."""
    return await listed(visit, ORDERS)


@page("/accounts/{login}/movements", need=Signed.IN)
async def list_movements(visit: Visit) -> Response[bytes]:
    """List deposits, withdrawals and other movements of money, and the ways to pay in and out."""
    return await listed(visit, MOVEMENTS, links=links(visit))


@page("/accounts/{login}/lots", need=Signed.IN)
async def show_lots(visit: Visit) -> Response[bytes]:
    """Show the lots that closed within a period."""
    return await listed(visit, LOTS)


def links(visit: Visit) -> list[tuple[str, str]]:
    """Return the pages on which money is paid in and out, where the broker has any."""
    urls, login = visit.request.route_handler.opt[PAYING], str(visit.login())
    named = zip(PAY, urls, strict=True)
    return [(visit.words.gettext(name), url.replace("{login}", login)) for name, url in named if url]
