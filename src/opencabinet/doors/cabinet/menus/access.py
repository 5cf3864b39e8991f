"""The sections of one account that say who may ask what, below `/cabinet/accounts/{login}`."""

from opencabinet.doors.cabinet.menus.model import Section

SECTIONS: tuple[Section, ...] = ()
