"""The sections of settings, below `/cabinet/settings`."""

from typing import Final

from opencabinet.doors.cabinet.menus.model import Section
from opencabinet.doors.wording import marked

SECTIONS: Final = (
    Section("", marked("Personal settings"), "settings"),
    Section("/security", marked("Password and factors"), "shield"),
    Section("/sessions", marked("Where you are signed in"), "clock"),
    Section("/data", marked("Your data"), "box"),
)
