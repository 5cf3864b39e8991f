"""The sections of the operator's area: each is shown to whoever has its duty, and to nobody else."""

from typing import Final

from msgspec import Struct

from opencabinet.access import Duty
from opencabinet.access.operators import Operator
from opencabinet.doors.wording import marked


class Section(Struct, frozen=True):
    """A section: its title, what it is for, where it is, and the duty that opens it."""

    title: str
    purpose: str
    path: str
    duty: Duty


HOME: Final = "/cabinet/operator"
SECTIONS: Final = (
    Section(marked("Search"), marked("Find accounts, people and partners."), f"{HOME}/search", Duty.SEARCH),
    Section(marked("People"), marked("Who signs in, and whose accounts are theirs."), f"{HOME}/people", Duty.PEOPLE),
    Section(
        marked("Applications"),
        marked("Who asks for an account, and what became of it."),
        f"{HOME}/applications",
        Duty.APPLICATIONS,
    ),
    Section(
        marked("Imports and feeds"),
        marked("How feeds stand, and what does not add up."),
        f"{HOME}/imports",
        Duty.IMPORTS,
    ),
    Section(
        marked("Partners"), marked("Who refers clients, by which codes and plans."), f"{HOME}/partners", Duty.PARTNERS
    ),
    Section(
        marked("Plans"), marked("The rules of rewards, and what others would come to."), f"{HOME}/plans", Duty.PARTNERS
    ),
    Section(marked("Rewards"), marked("Hold, release, approve; answer disputes."), f"{HOME}/rewards", Duty.REWARDS),
    Section(marked("News"), marked("Write, publish and withdraw news."), f"{HOME}/news", Duty.CONTENT),
    Section(marked("Banners"), marked("Pictures that partners show."), f"{HOME}/banners", Duty.CONTENT),
    Section(
        marked("Audit"),
        marked("Who asked, who changed what, and whether the history is whole."),
        f"{HOME}/audit",
        Duty.AUDIT,
    ),
    Section(marked("Operators"), marked("Who works here, and what they may do."), f"{HOME}/operators", Duty.OPERATORS),
)


def sections(by: Operator) -> list[Section]:
    """Return the sections that an operator may open now."""
    return [each for each in SECTIONS if by.may(each.duty)]
