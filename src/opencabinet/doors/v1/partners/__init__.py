"""Partners on v1: whom they refer, by what, and what that brings."""

from typing import Final

from litestar.handlers import HTTPRouteHandler

from opencabinet.doors.v1.partners.checks import check_referral
from opencabinet.doors.v1.partners.partner import list_codes, show_partner

handlers: Final[list[HTTPRouteHandler]] = [
    show_partner,
    list_codes,
    check_referral,
]
