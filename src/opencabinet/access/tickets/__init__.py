"""Tickets: a page may show one in an address, once and within a minute, where a browser sends no credential."""

from opencabinet.access.tickets.actions import Ticket, make_ticket, permit_ticket

__all__ = ["Ticket", "make_ticket", "permit_ticket"]
