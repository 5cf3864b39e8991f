"""Working out rewards anew from their explanations, by rules of its own."""

from opencabinet.partners.plans.replaying.lines import replay

__all__ = ["replay"]
