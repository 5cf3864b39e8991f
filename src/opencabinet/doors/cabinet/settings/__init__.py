"""What somebody sets for themselves: how pages look, how they sign in, and what is kept of them."""

from opencabinet.doors.cabinet.settings.looks import choose_look

handlers = [choose_look]
