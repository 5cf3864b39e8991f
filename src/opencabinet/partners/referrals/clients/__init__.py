"""A partner's clients, as far as each lets the partner see."""

from opencabinet.partners.referrals.clients.actions import consent, consenting
from opencabinet.partners.referrals.clients.model import Client, Consent, Level, NobodysClient
from opencabinet.partners.referrals.clients.store import clients, consented, count

__all__ = ["Client", "Consent", "Level", "NobodysClient", "clients", "consent", "consented", "consenting", "count"]
