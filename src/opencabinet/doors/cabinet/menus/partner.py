"""The sections of a partner, below `/cabinet/partners/{login}`."""

from opencabinet.doors.cabinet.menus.model import Section

SECTIONS: tuple[Section, ...] = ()
