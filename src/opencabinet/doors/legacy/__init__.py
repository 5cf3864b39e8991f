"""The legacy wire: byte for byte what programs written for the published protocol expect."""

from litestar import Router
from litestar.di import Provide

from opencabinet.access import Kind
from opencabinet.doors.caller import granted
from opencabinet.doors.gate import gate
from opencabinet.doors.legacy.authorizations import list_authorizations
from opencabinet.doors.legacy.balance import read_balance
from opencabinet.doors.legacy.banners import list_banners
from opencabinet.doors.legacy.bonuses import read_bonuses
from opencabinet.doors.legacy.clicks import list_clicks
from opencabinet.doors.legacy.clock import read_time
from opencabinet.doors.legacy.commissions import list_commissions, read_total
from opencabinet.doors.legacy.lots import read_closed_lots
from opencabinet.doors.legacy.operations import list_operations
from opencabinet.doors.legacy.referrals import check_referral, list_referrals
from opencabinet.doors.legacy.summary import read_summary
from opencabinet.doors.legacy.tokens import (
    Issuing,
    request_client_token,
    request_mobile_token,
    request_partner_token,
)
from opencabinet.doors.legacy.trades import list_closed, list_open
from opencabinet.doors.legacy.usage import show_clients_api, show_usage
from opencabinet.doors.legacy.wire import Spelling, passkey, problem, refuse_spilled
from opencabinet.doors.lending import lend
from opencabinet.doors.view import seen

__all__ = ["Issuing", "Spelling", "problem", "router"]


def router(issuing: Issuing) -> Router:
    """Return the routes of the legacy wire."""
    return Router(
        path="/",
        route_handlers=[
            request_client_token,
            request_partner_token,
            request_mobile_token,
            read_balance,
            list_open,
            list_closed,
            read_closed_lots,
            list_operations,
            read_bonuses,
            list_authorizations,
            read_summary,
            read_time,
            list_commissions,
            read_total,
            check_referral,
            list_referrals,
            list_clicks,
            list_banners,
            show_usage,
            show_clients_api,
        ],
        guards=[gate(passkey, Kind.LEGACY, before=(refuse_spilled,))],
        dependencies={
            "conn": Provide(lend),
            "granted": Provide(granted, sync_to_thread=False),
            "view": Provide(seen, sync_to_thread=False),
            "issuing": Provide(lambda: issuing, sync_to_thread=False),
        },
    )
