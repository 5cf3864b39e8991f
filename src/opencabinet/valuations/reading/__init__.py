"""What an account is worth, read by one statement: the account, its open trades, and what the market tells of them."""

from opencabinet.valuations.reading.actions import read, read_many
from opencabinet.valuations.reading.model import Read

__all__ = ["Read", "read", "read_many"]
