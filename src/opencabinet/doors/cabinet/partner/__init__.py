"""The area of partners: their clients, what they brought, and what leads to more."""

from litestar.handlers import HTTPRouteHandler

from opencabinet.doors.cabinet.partner.clients import claim_client, list_clients
from opencabinet.doors.cabinet.partner.commissions import dispute_reward, explain_reward, list_commissions
from opencabinet.doors.cabinet.partner.links import list_links, make_link, retire_link, show_link
from opencabinet.doors.cabinet.partner.money import list_disputes, list_payouts
from opencabinet.doors.cabinet.partner.overview import show_overview
from opencabinet.doors.cabinet.partner.promotion import list_banners, show_informers
from opencabinet.doors.cabinet.partner.results import show_results
from opencabinet.doors.cabinet.partner.trying import show_trial, try_trade

handlers: list[HTTPRouteHandler] = [
    show_overview,
    list_clients,
    claim_client,
    list_commissions,
    explain_reward,
    dispute_reward,
    list_disputes,
    show_results,
    list_links,
    show_link,
    make_link,
    retire_link,
    list_banners,
    show_informers,
    list_payouts,
    show_trial,
    try_trade,
]
