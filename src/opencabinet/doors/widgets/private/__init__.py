"""Private widgets: a closed account in a frame on somebody else's page, for whoever knows its API password or a ticket.

The page is the same for every login, known or not: it asks v1 nothing until its visitor shows something, and keeps what
it was given in the memory of its script alone.
"""

from opencabinet.doors.widgets.private.showing import show_private_widget

__all__ = ["show_private_widget"]
