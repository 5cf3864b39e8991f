"""Disputes: lines that a partner doubts are not settled until somebody has looked."""

from opencabinet.partners.rewards.disputes.actions import DAYS, BadText, NoSuchDispute, dispute, end, lapse
from opencabinet.partners.rewards.disputes.model import Dispute
from opencabinet.partners.rewards.disputes.store import disputes, waiting

__all__ = ["DAYS", "BadText", "Dispute", "NoSuchDispute", "dispute", "disputes", "end", "lapse", "waiting"]
