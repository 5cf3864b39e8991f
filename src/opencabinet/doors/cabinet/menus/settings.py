"""The sections of settings, below `/cabinet/settings`."""

from typing import Final

from opencabinet.doors.cabinet.menus.model import Section
from opencabinet.doors.wording import marked

SECTIONS: Final = (Section("", marked("Settings"), "settings"),)
