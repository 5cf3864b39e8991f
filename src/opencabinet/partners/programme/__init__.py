"""Who is a partner, by which codes, below whom, and by which plan each is paid, from when on."""

from opencabinet.partners.programme.actions import enrol, follow_plan, give_code, place, retire_code, set_state
from opencabinet.partners.programme.model import (
    BadCode,
    CodeTaken,
    Dated,
    NoSuchCode,
    NoSuchPartner,
    OtherPartner,
    Partner,
    PartnerCode,
    State,
    TooDeep,
    TooEarly,
    TreeLoop,
    read_code,
)
from opencabinet.partners.programme.store import codes, find, partner, partners, plan, plans, tree
from opencabinet.partners.programme.tree import DEEPEST, Tree

__all__ = [
    "DEEPEST",
    "BadCode",
    "CodeTaken",
    "Dated",
    "NoSuchCode",
    "NoSuchPartner",
    "OtherPartner",
    "Partner",
    "PartnerCode",
    "State",
    "TooDeep",
    "TooEarly",
    "Tree",
    "TreeLoop",
    "codes",
    "enrol",
    "find",
    "follow_plan",
    "give_code",
    "partner",
    "partners",
    "place",
    "plan",
    "plans",
    "read_code",
    "retire_code",
    "set_state",
    "tree",
]
