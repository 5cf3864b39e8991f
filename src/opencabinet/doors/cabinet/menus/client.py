"""The sections of one account, below `/cabinet/accounts/{login}`."""

from opencabinet.doors.cabinet.menus.model import Section

SECTIONS: tuple[Section, ...] = ()
