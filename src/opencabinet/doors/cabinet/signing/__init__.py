"""Signing in and out, and proving who one is."""

from opencabinet.doors.cabinet.signing.entering import leave, show_sign_in, sign_in
from opencabinet.doors.cabinet.signing.passwords import set_password, show_set_password
from opencabinet.doors.cabinet.signing.second import ask_second, show_second, show_second_factor
from opencabinet.doors.cabinet.signing.stepping import ask_proof, prove, show_prove

handlers = [
    show_sign_in,
    sign_in,
    leave,
    show_second,
    show_second_factor,
    ask_second,
    show_prove,
    prove,
    ask_proof,
    show_set_password,
    set_password,
]
