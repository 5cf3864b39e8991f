"""The v1 API: OpenAPI 3.1, snake_case, problems per RFC 9457, money as decimal strings."""

from litestar import Router
from litestar.types import Message, Scope

from opencabinet.doors import spending
from opencabinet.doors.caller import CHANNEL
from opencabinet.doors.gate import gate
from opencabinet.doors.stream import conversing
from opencabinet.doors.v1 import partners
from opencabinet.doors.v1.access import compare_policies, preview_policy, set_policy, show_policy, simulate
from opencabinet.doors.v1.accounts import show_account, show_balance, show_summary
from opencabinet.doors.v1.applications import apply, show_application
from opencabinet.doors.v1.authorizations import list_authorizations
from opencabinet.doors.v1.banners import list_banners
from opencabinet.doors.v1.bonuses import show_bonuses
from opencabinet.doors.v1.changes import list_changes
from opencabinet.doors.v1.cursors import Sealer
from opencabinet.doors.v1.deliveries import list_deliveries, replay, test_webhook
from opencabinet.doors.v1.documents import show_asset, show_definition, show_docs, show_problems
from opencabinet.doors.v1.events import create_ticket, follow
from opencabinet.doors.v1.ingest import bring
from opencabinet.doors.v1.keys import create_key, list_keys, revoke_key
from opencabinet.doors.v1.lots import show_closed_lots
from opencabinet.doors.v1.market import list_candles, show_quotes
from opencabinet.doors.v1.metrics import explain_metric, list_metrics, show_breakdown
from opencabinet.doors.v1.movements import list_movements
from opencabinet.doors.v1.news import list_news
from opencabinet.doors.v1.orders import list_orders
from opencabinet.doors.v1.passwords import revoke_everything, set_password
from opencabinet.doors.v1.plain import refuse_plain
from opencabinet.doors.v1.problems import asked, problem
from opencabinet.doors.v1.query import refuse_credentials
from opencabinet.doors.v1.series import show_balance_series
from opencabinet.doors.v1.service import show_caller, show_limits
from opencabinet.doors.v1.statements import negotiated, suffixes
from opencabinet.doors.v1.tickets import create as create_widget_ticket
from opencabinet.doors.v1.tickets import exchange as exchange_ticket
from opencabinet.doors.v1.tokens import bearer, create, list_tokens, revoke_token, revoke_tokens
from opencabinet.doors.v1.trades import list_closed, list_open
from opencabinet.doors.v1.webhooks import change_webhook, create_webhook, drop_webhook, list_webhooks, rotate_secret

__all__ = ["Sealer", "asked", "feeding", "pages", "problem", "router", "tell_budgets"]


async def tell_budgets(message: Message, scope: Scope) -> None:
    """Tell a caller of this door what is left of the budgets that the request spent of."""
    if asked(scope["path"]):
        spending.tell(message, scope)


def router() -> Router:
    """Return the routes of the v1 API."""
    return Router(
        path="/v1",
        route_handlers=[
            create,
            list_tokens,
            revoke_tokens,
            revoke_token,
            list_keys,
            create_key,
            revoke_key,
            set_password,
            revoke_everything,
            create_widget_ticket,
            exchange_ticket,
            show_caller,
            show_limits,
            show_account,
            show_summary,
            show_balance,
            list_open,
            list_closed,
            list_orders,
            show_closed_lots,
            list_movements,
            list_authorizations,
            show_policy,
            set_policy,
            simulate,
            preview_policy,
            compare_policies,
            list_changes,
            create_ticket,
            follow,
            conversing(bearer),
            show_balance_series,
            show_bonuses,
            list_metrics,
            explain_metric,
            show_breakdown,
            list_webhooks,
            create_webhook,
            change_webhook,
            drop_webhook,
            rotate_secret,
            test_webhook,
            list_deliveries,
            replay,
            show_quotes,
            list_candles,
            *partners.handlers,
            apply,
            show_application,
            list_news,
            list_banners,
            negotiated,
            *suffixes,
        ],
        opt={CHANNEL: "v1"},
        guards=[gate(bearer, before=(refuse_plain, refuse_credentials))],
    )


def feeding(largest: int) -> Router:
    """Return the routes that rows come in by, in bodies of so many bytes at most."""
    return Router(
        path="/v1",
        route_handlers=[bring],
        opt={CHANNEL: "v1"},
        guards=[gate(bearer, before=(refuse_plain, refuse_credentials))],
        request_max_body_size=largest,
    )


def pages() -> Router:
    """Return the routes of the definition and of the pages that show it: no secret passes, so they need no https."""
    return Router(path="/", route_handlers=[show_definition, show_docs, show_problems, show_asset])
