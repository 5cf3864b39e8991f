"""Partners on v1: whom they refer, by what, and what that brings; and what their clients let them see."""

from typing import Final

from litestar.handlers import HTTPRouteHandler

from opencabinet.doors.v1.partners.checks import check_referral
from opencabinet.doors.v1.partners.clicks import list_clicks, list_each_click, show_results
from opencabinet.doors.v1.partners.clients import claim_client, list_claims, list_clients
from opencabinet.doors.v1.partners.links import list_destinations, list_links, make_link, retire_link
from opencabinet.doors.v1.partners.money import dispute_reward, list_disputes, list_payouts, show_dispute
from opencabinet.doors.v1.partners.partner import list_codes, show_partner
from opencabinet.doors.v1.partners.referrer import set_consent, show_consent, show_referrer, withdraw_consent
from opencabinet.doors.v1.partners.rewards import explain_reward, list_rewards
from opencabinet.doors.v1.partners.simulating import simulate_trade

handlers: Final[list[HTTPRouteHandler]] = [
    show_partner,
    list_codes,
    list_clients,
    list_claims,
    claim_client,
    check_referral,
    list_destinations,
    list_links,
    make_link,
    retire_link,
    list_clicks,
    list_each_click,
    show_results,
    list_rewards,
    explain_reward,
    dispute_reward,
    list_disputes,
    show_dispute,
    list_payouts,
    simulate_trade,
    show_referrer,
    show_consent,
    set_consent,
    withdraw_consent,
]
