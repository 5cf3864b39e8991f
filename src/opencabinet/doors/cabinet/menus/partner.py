"""The sections of a partner, below `/cabinet/partners/{login}`."""

from opencabinet.doors.cabinet.menus.model import Section
from opencabinet.doors.wording import marked

SECTIONS: tuple[Section, ...] = (
    Section("", marked("At a glance"), "chart"),
    Section("/clients", marked("Clients"), "people"),
    Section("/commissions", marked("Commissions"), "coins"),
    Section("/statistics", marked("Statistics"), "bars"),
    Section("/links", marked("Links"), "link"),
    Section("/banners", marked("Banners"), "box"),
    Section("/informers", marked("Informers and feeds"), "code"),
    Section("/payouts", marked("Payouts"), "wallet"),
    Section("/disputes", marked("Disputes"), "warning"),
    Section("/try", marked("What would a trade bring?"), "question"),
)
