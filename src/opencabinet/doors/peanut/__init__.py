"""Peanut: the mobile cabinet's methods, each a POST with login and token in its body."""

from litestar import Router
from litestar.di import Provide

from opencabinet.doors.caller import CHANNEL
from opencabinet.doors.peanut.account import read_information, read_phone
from opencabinet.doors.peanut.bonuses import read_bonuses
from opencabinet.doors.peanut.operations import list_operations
from opencabinet.doors.peanut.session import begin, given, granted, lend, view
from opencabinet.doors.peanut.stats import read_deposit_link, read_stats
from opencabinet.doors.peanut.trades import list_closed, list_open
from opencabinet.doors.peanut.wire import Dialect, Serving, let_browsers_read, problem, refuse_spilled

__all__ = ["Dialect", "Serving", "let_browsers_read", "router"]


def router(serving: Serving) -> Router:
    """Return the routes of Peanut."""
    return Router(
        path="/",
        route_handlers=[
            begin,
            read_information,
            read_phone,
            list_open,
            list_closed,
            list_operations,
            read_bonuses,
            read_deposit_link,
            read_stats,
        ],
        opt={CHANNEL: "peanut"},
        guards=[refuse_spilled],
        dependencies={
            "given": Provide(given),
            "granted": Provide(granted),
            "view": Provide(view, sync_to_thread=False),
            "conn": Provide(lend),
            "serving": Provide(lambda: serving, sync_to_thread=False),
        },
        exception_handlers={Exception: problem},
    )
