"""The area of clients: their accounts, and all that is known of each."""

from opencabinet.doors.cabinet.client.accounts import show_accounts

handlers = [show_accounts]
