"""Trading accounts: where they come from, and what their server last reported."""

from opencabinet.accounts.actions import existing, know_server, resolve
from opencabinet.accounts.model import Account, NoSuchAccount, Origin, OtherAccount, Server
from opencabinet.accounts.store import account, add_origin, lock, mark, origins, save

__all__ = [
    "Account",
    "NoSuchAccount",
    "Origin",
    "OtherAccount",
    "Server",
    "account",
    "add_origin",
    "existing",
    "know_server",
    "lock",
    "mark",
    "origins",
    "resolve",
    "save",
]
