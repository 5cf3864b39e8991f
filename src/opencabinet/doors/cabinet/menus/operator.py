"""The sections of operators, below `/cabinet/operator`: each is shown to whoever has its duty, and to nobody else."""

from typing import Final

from opencabinet.access import Duty
from opencabinet.doors.cabinet.menus.model import Section
from opencabinet.doors.wording import marked

SECTIONS: Final = (
    Section("", marked("Overview"), "home"),
    Section("/search", marked("Search"), "search", Duty.SEARCH),
    Section("/people", marked("People"), "people", Duty.PEOPLE),
    Section("/deletions", marked("Wishes to be deleted"), "trash", Duty.PEOPLE),
    Section("/applications", marked("Applications"), "file", Duty.APPLICATIONS),
    Section("/imports", marked("Imports and feeds"), "download", Duty.IMPORTS),
    Section("/partners", marked("Partners"), "link", Duty.PARTNERS),
    Section("/plans", marked("Plans"), "list", Duty.PARTNERS),
    Section("/rewards", marked("Rewards"), "coins", Duty.REWARDS),
    Section("/news", marked("News"), "news", Duty.CONTENT),
    Section("/banners", marked("Banners"), "upload", Duty.CONTENT),
    Section("/audit", marked("Audit"), "shield", Duty.AUDIT),
    Section("/operators", marked("Operators"), "key", Duty.OPERATORS),
)
