"""Keys: for programs of the owner's own, and for pages that everybody sees."""

from collections.abc import Mapping
from http import HTTPStatus
from secrets import token_hex
from typing import Any, Final

from litestar import Response
from msgspec import Struct

from opencabinet.access import Function, Signed
from opencabinet.doors.cabinet.access import masks, naming, refusing
from opencabinet.doors.cabinet.access.drafts import LONGEST_LIST, NO_TIME, listed, moment
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.wording import marked
from opencabinet.kernel.ids import Login

PAGE: Final = "access/keys.html"
REVOKED: Final = marked("The key is revoked. The next request with it is refused.")
KINDS: Final = (
    ("server", marked("For a program of mine"), marked("It stays on your server, and opens what you choose.")),
    (
        "publishable",
        marked("For pages that everybody sees"),
        marked("It may stand in a page, and opens only what your rules open to everybody."),
    ),
)


class Wanted(Struct, frozen=True, kw_only=True):
    """A key as it is asked for; `once` names this one making of it, however often the form is sent."""

    kind: str = "server"
    name: str = ""
    functions: tuple[str, ...] = ()
    networks: str = ""
    origins: str = ""
    reads_per_minute: str = ""
    expires_at: str = ""
    once: str = ""

    @classmethod
    def typed(cls, form: Form) -> "Wanted":
        """Return a key as somebody filled it in."""
        return cls(
            kind=form.text("kind", longest=32),
            name=form.text("name", longest=200),
            functions=tuple(form.all("functions")),
            networks=form.text("key.networks", longest=LONGEST_LIST).replace("\r\n", "\n"),
            origins=form.text("origins", longest=LONGEST_LIST).replace("\r\n", "\n"),
            reads_per_minute=form.text("reads_per_minute", longest=16),
            expires_at=form.text("expires_at", longest=40),
            once=form.text("once", longest=64),
        )

    @property
    def wrong(self) -> dict[str, str]:
        """What cannot be read, by field."""
        found = {}
        if self.expires_at and moment(self.expires_at) is None:
            found["expires_at"] = NO_TIME
        if self.reads_per_minute and not (self.reads_per_minute.isascii() and self.reads_per_minute.isdigit()):
            found["reads_per_minute"] = marked("Give a whole number.")
        return found

    @property
    def document(self) -> dict[str, Any]:
        """The key as v1 is asked for it: what its kind does not go by is left out."""
        server, until = self.kind == "server", moment(self.expires_at) if self.expires_at else None
        return {
            "kind": self.kind,
            "name": self.name,
            "functions": list(self.functions),
            "networks": listed(self.networks) if server else [],
            "origins": [] if server else listed(self.origins),
            "reads_per_minute": int(self.reads_per_minute) if self.reads_per_minute and not server else None,
            "expires_at": until.isoformat() if until else None,
        }


def opens() -> tuple[tuple[str, tuple[Function, ...]], ...]:
    """Return what keys may open, in groups: nothing that changes who may read."""
    person = tuple(each for each in naming.OF_PERSON if each is not Function.ACCESS)
    return (
        (marked("The account"), naming.OF_ACCOUNT),
        (marked("What tells of you"), person),
        (marked("As a partner"), naming.OF_PARTNER),
    )


@page("/accounts/{login}/access/keys", need=Signed.IN)
async def list_keys(visit: Visit) -> Response[bytes]:
    """List the keys of the account that live, and offer to make one."""
    return await shown(visit, visit.login(), Wanted())


@act("/accounts/{login}/access/keys", need=Signed.IN)
async def make_key(visit: Visit, form: Form) -> Response[bytes]:
    """Make a key, and show its secret this once."""
    login, wanted = visit.login(), Wanted.typed(form)
    if wanted.wrong:
        return await shown(visit, login, wanted, status=HTTPStatus.BAD_REQUEST)
    once = refusing.once(wanted.once)
    answer = await visit.ask(f"/v1/accounts/{login}/keys", method="POST", body=wanted.document, headers=once)
    if not answer.good:
        return await shown(visit, login, wanted, failed=refusing.wrong(visit, answer), status=answer.status)
    return await shown(visit, login, Wanted(), made=answer.json)


@act("/accounts/{login}/access/keys/{id}/revoke", need=Signed.IN)
async def revoke_key(visit: Visit, form: Form) -> Response[bytes]:
    """Revoke a key."""
    del form
    login = visit.login()
    answer = await visit.ask(f"/v1/accounts/{login}/keys/{refusing.piece(visit)}", method="DELETE")
    if not answer.good:
        return await shown(visit, login, Wanted(), failed=refusing.wrong(visit, answer), status=answer.status)
    return visit.go(f"/cabinet/accounts/{login}/access/keys", told=visit.words.gettext(REVOKED))


async def shown(
    visit: Visit, login: Login, wanted: Wanted, *, status: int = HTTPStatus.OK, **more: Any
) -> Response[bytes]:
    """Show the keys there are, and the form as it is filled in."""
    answer = await visit.ask(f"/v1/accounts/{login}/keys")
    keys: list[Mapping[str, Any]] = answer.json["data"] if answer.good else []
    unread = None if answer.good else refusing.wrong(visit, answer)
    given: dict[str, Any] = {
        "login": login,
        "keys": keys,
        "unread": unread,
        "wanted": wanted,
        "once": wanted.once or token_hex(16),
        "masks": masks.seen(visit, listed(wanted.networks)),
        "naming": naming,
        "kinds": KINDS,
        "groups": opens(),
        "failed": None,
        "made": None,
    }
    return visit.page(PAGE, status=status, **(given | more))
