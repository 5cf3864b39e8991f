"""Fragments for pages of others: informers, calculators, landing pages and the form that opens an account.

They are made to stand in frames. Nothing in them is private, so nobody is asked who they are: no cookie is set or read,
nothing is kept in the browser, and no other host is asked.
"""

from litestar import Router
from litestar.datastructures import Headers
from litestar.di import Provide

from opencabinet.doors.gate import gate
from opencabinet.doors.promo.fragments.assets import show_file
from opencabinet.doors.promo.fragments.gallery import show_gallery
from opencabinet.doors.promo.fragments.informers import show_informer, show_old, show_sheet
from opencabinet.doors.promo.fragments.landings import show_landing
from opencabinet.doors.promo.fragments.moments import SECONDS, Moments
from opencabinet.doors.promo.fragments.opening import apply, show_form, show_old_form, show_thanks
from opencabinet.doors.promo.fragments.pages import Site, problem

__all__ = ["router"]
LISTS_SECONDS = 30.0
"""For so long what can be traded is taken to be the same."""


def router(brand: str, server: str, *, held: bool) -> Router:
    """Return the routes of fragments: of a broker of this name, with the quotes of a server; some things are held."""
    moments, lists = Moments(SECONDS if held else 0), Moments(LISTS_SECONDS if held else 0)
    of = Site(brand=brand, server=server, moments=moments, lists=lists)
    return Router(
        path="/",
        route_handlers=[
            show_gallery,
            show_file,
            show_sheet,
            show_informer,
            show_old,
            show_form,
            show_old_form,
            apply,
            show_thanks,
            show_landing,
        ],
        guards=[gate(nobody)],
        dependencies={"site": Provide(lambda: of, sync_to_thread=False)},
        exception_handlers={Exception: problem},
    )


def nobody(headers: Headers) -> None:
    """Find no credential: none is looked for, so none can be used by a page that frames this one."""
    del headers
