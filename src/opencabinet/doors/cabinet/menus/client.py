"""The sections of one account, below `/cabinet/accounts/{login}`."""

from opencabinet.doors.cabinet.menus.model import Section
from opencabinet.doors.wording import marked

SECTIONS: tuple[Section, ...] = (
    Section("", marked("At a glance"), "wallet"),
    Section("/open", marked("Open trades"), "trades"),
    Section("/closed", marked("Closed trades"), "list"),
    Section("/orders", marked("Orders"), "clock"),
    Section("/lots", marked("Closed lots"), "box"),
    Section("/movements", marked("Money in and out"), "coins"),
    Section("/charts", marked("Charts"), "chart"),
    Section("/statistics", marked("Statistics"), "bars"),
    Section("/statements", marked("Statements"), "file"),
    Section("/bonuses", marked("Bonuses"), "gift"),
    Section("/history", marked("Authorization history"), "shield"),
)
