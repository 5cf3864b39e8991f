"""What is paid once for a client who has done enough."""

from opencabinet.partners.rewards.qualifying.actions import TICKET, qualify

__all__ = ["TICKET", "qualify"]
