"""What people prove themselves with: how it is asked for and read, and what a form waits for meanwhile."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import msgspec
from litestar import Response
from msgspec import Struct

from opencabinet.access.people import factors
from opencabinet.access.people.factors import AppCode, PasskeyAnswer, PasswordProof, Proof, RecoveryCode, Site, Ways
from opencabinet.doors import lending
from opencabinet.doors.cabinet.forms import FIELD, Form
from opencabinet.doors.cabinet.seat import secure
from opencabinet.doors.cabinet.visit import Visit, way_back
from opencabinet.kernel.problem import Malformed

SECRET: Final = ("password", "secret", "code", "answer", "token")
"""A field whose name has one of these in it is typed once more, and never shown again."""
LONGEST_KEPT: Final = 16_000
LONGEST_ANSWER: Final = 16 * 1024


class Kept(Struct, frozen=True):
    """A form that waits until whoever sent it has proved who they are."""

    path: str
    fields: list[tuple[str, str]]

    @classmethod
    def of(cls, path: str, form: Form) -> "Kept | None":
        """Return a form without its secrets, or None where it is too long to be kept."""
        pairs = [(name, each) for name, values in form.fields.items() for each in values if safe(name)]
        kept = cls(path, pairs)
        return kept if len(kept.text) <= LONGEST_KEPT else None

    @classmethod
    def read(cls, text: str) -> "Kept | None":
        """Return a form that a page kept, or None where it kept none."""
        try:
            kept = msgspec.json.decode(text, type=cls) if text else None
        except (msgspec.DecodeError, RecursionError):
            return None
        return (
            kept if kept and way_back(kept.path) == kept.path and all(safe(name) for name, _ in kept.fields) else None
        )

    @property
    def text(self) -> str:
        """The form as a page keeps it."""
        return msgspec.json.encode(self).decode()


def safe(name: str) -> bool:
    """Whether a field may be kept on a page."""
    return name != FIELD and not any(each in name.lower() for each in SECRET)


def site(visit: Visit) -> Site:
    """Return the web site that passkeys are bound to: the one that the world reaches this by, or that was asked."""
    told = urlsplit(str(visit.request.app.state.public_url))
    host = told.netloc or visit.request.headers.get("host", "localhost")
    scheme = told.scheme or ("https" if secure(visit.request) else "http")
    domain = urlsplit(f"//{host}").hostname or "localhost"
    return Site(f"{scheme}://{host}", domain, str(visit.request.app.state.brand or "OpenCabinet"))


def proof(visit: Visit, form: Form) -> Proof:
    """Return what somebody shows in a form.

    Raises:
        Malformed: if the form does not say what.
    """
    match form.text("way"):
        case "app":
            return AppCode(form.secret("code", longest=64))
        case "recovery":
            return RecoveryCode(form.secret("code", longest=64))
        case "passkey":
            return PasskeyAnswer(site(visit), form.secret("answer", longest=LONGEST_ANSWER))
        case "password":
            return PasswordProof(form.secret("password"))
    raise Malformed("The form does not say what is shown.")


async def ways(visit: Visit, person: int) -> Ways:
    """Return in which ways a person can prove who they are."""
    async with lending.borrowed(visit.request) as conn:
        return await factors.ways(conn, person)


async def ask(visit: Visit, kept: Kept | None, after: str) -> Response[bytes]:
    """Ask whoever is signed in to prove once more who they are; a form that they sent is kept until then."""
    found = await ways(visit, visit.person.session.person)
    given = {"ways": found, "after": after, "kept": kept.text if kept else "", "wrong": "", "way": ""}
    status = HTTPStatus.FORBIDDEN if visit.request.scope["method"] == "POST" else HTTPStatus.OK
    return visit.page("signing/prove.html", status=status, **given)
