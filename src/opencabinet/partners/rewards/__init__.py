"""What partners are given: lines worked out from trades, what becomes of each, and how they are settled."""

from opencabinet.partners.rewards.actions import approve_lines, approve_until, hold, mature, release, reverse
from opencabinet.partners.rewards.disputes import Dispute, dispute, disputes, lapse
from opencabinet.partners.rewards.disputes import end as end_dispute
from opencabinet.partners.rewards.disputes import waiting as open_disputes
from opencabinet.partners.rewards.model import NEXT, By, Explained, NoSuchReward, NotNow, Reward, State, Total
from opencabinet.partners.rewards.settling import (
    AlreadyPaid,
    Entry,
    NoSuchSettlement,
    Settlement,
    due,
    entries,
    pay,
    settle,
    settlements,
)
from opencabinet.partners.rewards.simulating import Difference, OtherDigest, Simulation, TooMany, approve, simulate
from opencabinet.partners.rewards.store import explained, listed, totals
from opencabinet.partners.rewards.waiting import count as waiting
from opencabinet.partners.rewards.waiting import rework, rework_all

__all__ = [
    "NEXT",
    "AlreadyPaid",
    "By",
    "Difference",
    "Dispute",
    "Entry",
    "Explained",
    "NoSuchReward",
    "NoSuchSettlement",
    "NotNow",
    "OtherDigest",
    "Reward",
    "Settlement",
    "Simulation",
    "State",
    "TooMany",
    "Total",
    "approve",
    "approve_lines",
    "approve_until",
    "dispute",
    "disputes",
    "due",
    "end_dispute",
    "entries",
    "explained",
    "hold",
    "lapse",
    "listed",
    "mature",
    "open_disputes",
    "pay",
    "release",
    "reverse",
    "rework",
    "rework_all",
    "settle",
    "settlements",
    "simulate",
    "totals",
    "waiting",
]
