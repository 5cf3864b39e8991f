"""People: whose an account is, how they sign in at the cabinet, and how they prove that it is them."""

from opencabinet.access.people.actions import (
    add,
    change_password,
    end_owners_sessions,
    existing,
    is_api_password,
    is_owners_password,
    link,
    password_code,
    set_password,
    set_password_by_code,
    unlink,
)
from opencabinet.access.people.factors import reset_factors
from opencabinet.access.people.means import Means, Tell, Throttle, Told
from opencabinet.access.people.model import (
    BadEmail,
    CodeRefused,
    EmailTaken,
    NoSuchPerson,
    OtherOwner,
    PasswordLeans,
    PasswordUsedElsewhere,
    Person,
    ProofRefused,
    SessionEnded,
    SignInRefused,
    StepUpNeeded,
)
from opencabinet.access.people.sessions import end_session, end_sessions, places, sign_out, unproved, who
from opencabinet.access.people.signing_in import sign_in
from opencabinet.access.people.store import logins, owner, people
from opencabinet.access.people.telling import in_history

__all__ = [
    "BadEmail",
    "CodeRefused",
    "EmailTaken",
    "Means",
    "NoSuchPerson",
    "OtherOwner",
    "PasswordLeans",
    "PasswordUsedElsewhere",
    "Person",
    "ProofRefused",
    "SessionEnded",
    "SignInRefused",
    "StepUpNeeded",
    "Tell",
    "Throttle",
    "Told",
    "add",
    "change_password",
    "end_owners_sessions",
    "end_session",
    "end_sessions",
    "existing",
    "in_history",
    "is_api_password",
    "is_owners_password",
    "link",
    "logins",
    "owner",
    "password_code",
    "people",
    "places",
    "reset_factors",
    "set_password",
    "set_password_by_code",
    "sign_in",
    "sign_out",
    "unlink",
    "unproved",
    "who",
]
