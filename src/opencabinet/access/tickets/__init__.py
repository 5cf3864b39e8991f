"""Tickets: a page may show one in an address, once and within a minute, where a browser sends no credential."""

from opencabinet.access.tickets.actions import Ticket, make_ticket, permit_ticket
from opencabinet.access.tickets.exchanging import (
    BadTicket,
    Opened,
    exchange_ticket,
    make_widget_ticket,
    refuse_unfit,
)

__all__ = [
    "BadTicket",
    "Opened",
    "Ticket",
    "exchange_ticket",
    "make_ticket",
    "make_widget_ticket",
    "permit_ticket",
    "refuse_unfit",
]
