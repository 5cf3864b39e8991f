"""Finding accounts, as those do who work for the operator."""

from opencabinet.accounts.finding.model import Found
from opencabinet.accounts.finding.store import by_name, by_number, unexplained

__all__ = ["Found", "by_name", "by_number", "unexplained"]
