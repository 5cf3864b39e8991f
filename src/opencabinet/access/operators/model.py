"""What operators may do: roles are sets of duties, and each has no more than its work needs."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from opencabinet.access.model import Duty
from opencabinet.kernel.problem import Conflict, Refused, Unknown


class Role(StrEnum):
    """What somebody is trusted with who works for the operator."""

    READER = "reader"
    SUPPORT = "support"
    PARTNERS = "partners"
    CONTENT = "content"
    ADMINISTRATOR = "administrator"

    @property
    def duties(self) -> frozenset[Duty]:
        """Return what it may do."""
        return DUTIES[self]


READING: Final = frozenset({Duty.SEARCH, Duty.ACCOUNTS, Duty.POLICIES, Duty.IMPORTS})
"""What changes nothing, and tells of accounts alone: what an operator may do without a second factor."""
DUTIES: Final[Mapping[Role, frozenset[Duty]]] = {
    Role.READER: READING,
    Role.SUPPORT: READING | {Duty.PEOPLE, Duty.APPLICATIONS, Duty.AUDIT},
    Role.PARTNERS: frozenset({Duty.SEARCH, Duty.PARTNERS, Duty.PLANS, Duty.REWARDS}),
    Role.CONTENT: frozenset({Duty.CONTENT}),
    Role.ADMINISTRATOR: frozenset(Duty),
}


class NoOperator(Refused):
    """This is for operators whose role has it."""


class FactorNeeded(Refused):
    """An operator shows a second factor before this: set one up, and sign in with it."""


class NotAnOperator(Unknown):
    """This person has no such role."""


class OwnRoles(Conflict):
    """Nobody changes their own roles, or gives themselves an account: another operator does."""


class OverOperators(Refused):
    """This person is an operator: only who may say who operators are may do this."""


class NoFactorYet(Conflict):
    """Only people with a second factor become operators here: whoever made a code for them may know their password."""


class LastAdministrator(Conflict):
    """This is the last administrator: make another one first."""


class Operator(Struct, frozen=True, kw_only=True):
    """Somebody who works for the operator, and what they may do in this session."""

    person: int
    email: str
    roles: list[Role]
    proved: bool
    """Whether a second factor was shown."""

    @property
    def duties(self) -> frozenset[Duty]:
        """Return what they may do now: without a second factor, only what reads."""
        return duties(self.roles, proved=self.proved)

    def may(self, duty: Duty) -> bool:
        """Whether they may do this now."""
        return duty in self.duties

    def needs(self, duty: Duty) -> None:
        """See that they may do this now.

        Raises:
            NoOperator: if no role of theirs has it.
            FactorNeeded: if one has, but no second factor was shown.
        """
        if duty not in duties(self.roles, proved=True):
            raise NoOperator
        if not self.may(duty):
            raise FactorNeeded


class Appointment(Struct, frozen=True, kw_only=True):
    """A role that somebody has, since when, and who gave it; None where it was given on the command line."""

    person: int
    email: str
    name: str
    role: Role
    since: datetime
    by: str | None
    has_factor: bool


def duties(roles: Iterable[Role], *, proved: bool) -> frozenset[Duty]:
    """Return what roles allow together; where no second factor was shown, only what reads."""
    held = frozenset(duty for role in roles for duty in DUTIES[role])
    return held if proved else held & READING
