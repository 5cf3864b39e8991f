"""Partners from the command line."""

from opencabinet.cli.partners import links, money, plans, programme, referrals
from opencabinet.cli.partners.shared import commands

__all__ = ["commands", "links", "money", "plans", "programme", "referrals"]
