"""Partners from the command line."""

from opencabinet.cli.partners import lines, links, money, plans, programme, referrals
from opencabinet.cli.partners.shared import commands

__all__ = ["commands", "lines", "links", "money", "plans", "programme", "referrals"]
