"""Who works for the operator, and what they may do in the browser."""

from opencabinet.access.operators.actions import act, appoint, dismiss, key_of_look, operator, over, signed, telling
from opencabinet.access.operators.model import (
    DUTIES,
    READING,
    Appointment,
    FactorNeeded,
    LastAdministrator,
    NoFactorYet,
    NoOperator,
    NotAnOperator,
    Operator,
    OverOperators,
    OwnRoles,
    Role,
    duties,
)
from opencabinet.access.operators.store import listed, roles

__all__ = [
    "DUTIES",
    "READING",
    "Appointment",
    "FactorNeeded",
    "LastAdministrator",
    "NoFactorYet",
    "NoOperator",
    "NotAnOperator",
    "Operator",
    "OverOperators",
    "OwnRoles",
    "Role",
    "act",
    "appoint",
    "dismiss",
    "duties",
    "key_of_look",
    "listed",
    "operator",
    "over",
    "roles",
    "signed",
    "telling",
]
