"""The builder: widgets for pages of others are chosen, seen as strangers see them, and copied from here."""

from opencabinet.doors.cabinet.builder.keys import make_key, make_partner_key
from opencabinet.doors.cabinet.builder.seeing import (
    show_own,
    show_partner_own,
    show_partner_stranger,
    show_stranger,
)
from opencabinet.doors.cabinet.builder.shaping import build, build_partner

handlers = [
    build,
    build_partner,
    show_own,
    show_partner_own,
    show_stranger,
    show_partner_stranger,
    make_key,
    make_partner_key,
]
