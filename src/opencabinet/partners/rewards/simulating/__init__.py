"""What if other plans had held in a month: what that changes, for whom, and making it so."""

from opencabinet.partners.rewards.simulating.actions import OtherDigest, approve, simulate
from opencabinet.partners.rewards.simulating.model import Difference, Simulation, TooMany

__all__ = ["Difference", "OtherDigest", "Simulation", "TooMany", "approve", "simulate"]
