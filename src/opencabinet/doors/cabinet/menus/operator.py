"""The sections of operators, below `/cabinet/operator`."""

from opencabinet.doors.cabinet.menus.model import Section

SECTIONS: tuple[Section, ...] = ()
