"""Working out rewards, each with its explanation: exact, in six places that are cut down."""

from opencabinet.partners.plans.working.clients import qualified
from opencabinet.partners.plans.working.trades import worked

__all__ = ["qualified", "worked"]
