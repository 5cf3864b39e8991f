"""What somebody sets for themselves: how pages look, how they sign in, and what is kept of them."""

from opencabinet.doors.cabinet.settings.data import export, request_deletion, show_data, withdraw
from opencabinet.doors.cabinet.settings.factors import (
    ask_new_passkey,
    begin_app,
    confirm_app,
    keep_passkey,
    new_codes,
    remove_app,
    remove_passkey,
    show_app,
    show_new_passkey,
)
from opencabinet.doors.cabinet.settings.looks import choose_look
from opencabinet.doors.cabinet.settings.passwords import change_password, show_change_password
from opencabinet.doors.cabinet.settings.personal import rename, show_settings
from opencabinet.doors.cabinet.settings.security import show_security
from opencabinet.doors.cabinet.settings.sessions import end_others, end_session, show_sessions

handlers = [
    choose_look,
    show_settings,
    rename,
    show_security,
    show_change_password,
    change_password,
    show_app,
    begin_app,
    confirm_app,
    remove_app,
    show_new_passkey,
    ask_new_passkey,
    keep_passkey,
    remove_passkey,
    new_codes,
    show_sessions,
    end_session,
    end_others,
    show_data,
    export,
    request_deletion,
    withdraw,
]
