"""Partners from the command line."""

from opencabinet.cli.partners import links, plans, programme, referrals
from opencabinet.cli.partners.shared import commands

__all__ = ["commands", "links", "plans", "programme", "referrals"]
