"""Trading accounts: where they come from, what their server last reported, and what is told of the person behind."""

from opencabinet.accounts.actions import existing, know_server, resolve
from opencabinet.accounts.finding import Found, by_name, by_number, unexplained
from opencabinet.accounts.model import Account, Home, NoSuchAccount, Origin, OtherAccount, Server
from opencabinet.accounts.profiles import AccountType, BadProfile, Profile, describe, profile
from opencabinet.accounts.store import account, add_origin, home, lock, lock_origins, mark, origins, save

__all__ = [
    "Account",
    "AccountType",
    "BadProfile",
    "Found",
    "Home",
    "NoSuchAccount",
    "Origin",
    "OtherAccount",
    "Profile",
    "Server",
    "account",
    "add_origin",
    "by_name",
    "by_number",
    "describe",
    "existing",
    "home",
    "know_server",
    "lock",
    "lock_origins",
    "mark",
    "origins",
    "profile",
    "resolve",
    "save",
    "unexplained",
]
