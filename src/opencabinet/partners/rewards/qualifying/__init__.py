"""What is paid once for a client who has done enough."""

from opencabinet.partners.rewards.qualifying.actions import qualify, ticket_of

__all__ = ["qualify", "ticket_of"]
