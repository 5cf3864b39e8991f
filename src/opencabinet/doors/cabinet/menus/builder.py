"""The section of an account, and of a partner, that puts widgets on pages of others."""

from opencabinet.doors.cabinet.menus.model import Section
from opencabinet.doors.wording import marked

SECTIONS: tuple[Section, ...] = (Section("/widgets", marked("Widgets"), "code"),)
