"""The sections of settings, below `/cabinet/settings`."""

from typing import Final

from opencabinet.doors.cabinet.menus.model import Section
from opencabinet.doors.wording import marked

SECTIONS: Final = (
    Section("", marked("Personal settings"), "settings"),
    Section("/security", marked("Security"), "shield"),
    Section("/sessions", marked("Sessions"), "clock"),
    Section("/data", marked("Your data"), "box"),
)
