"""Partners from the command line."""

from opencabinet.cli.partners import programme
from opencabinet.cli.partners.shared import commands

__all__ = ["commands", "programme"]
