"""Signing in and out, and proving who one is."""

from opencabinet.doors.cabinet.signing.entering import leave, show_sign_in, sign_in

handlers = [show_sign_in, sign_in, leave]
