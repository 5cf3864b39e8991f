"""What problems say to people, marked here so that it is translated: rooms say it in English, and know no languages."""

from typing import Final

from opencabinet.doors.wording import marked

OF_SIGNING_IN: Final = (
    marked("The e-mail address or the password is wrong."),
    marked("This does not prove who you are."),
    marked("The session has ended: sign in again."),
    marked("The code is unknown, used or expired."),
    marked("Too many passwords are being checked: come back in a second."),
    marked("Too many requests came: wait before the next."),
    marked("The server is too busy to answer now."),
    marked("The database cannot be reached."),
    marked("All connections to the database are in use."),
    marked("The question took too long."),
    marked("The form was not sent from a page of this cabinet: open the page again."),
    marked("The form cannot be read."),
    marked("The form does not say what is shown."),
    marked("There is no such account among yours."),
    marked("This is for operators whose role has it."),
    marked("An operator shows a second factor before this: set one up, and sign in with it."),
    marked(
        "Only people with a second factor become operators here: whoever made a code for them may know their password."
    ),
)
OF_SETTINGS: Final = (
    marked("A name has up to 128 letters, and no line breaks."),
    marked("The two passwords are not the same."),
    marked("This password is not fit to be one."),
    marked("The password is too short: 15 characters or more are needed, 8 where a second factor is."),
    marked("The password is longer than 1,024 bytes."),
    marked("The password holds what no keyboard writes."),
    marked("The password is one of those that are tried first: many people have chosen it before."),
    marked(
        "The password is guessed quickly: it repeats itself, runs along the keyboard or the alphabet, or tells of you."
    ),
    marked("The password is the API password of an account, or looks like a secret that we make: choose another."),
    marked("The password is too short to stand alone: set one of 15 characters or more before the last factor goes."),
    marked("There is no such second factor."),
    marked("No authenticator app waits for its first code: begin again."),
    marked("The passkey is registered already, or there are ten of them."),
    marked("A passkey is named by 1 to 64 letters."),
    marked("This names no passkey."),
    marked("It is asked for already."),
    marked("No deletion is asked for."),
    marked("The time to take it back is over: ask the operator."),
    marked("The reason is longer than 1,000 letters."),
    marked("An export is being made: wait for it to end."),
)
