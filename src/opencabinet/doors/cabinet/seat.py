"""Who sits at the cabinet: found by the cookie of their session, by one statement for each request."""

import hashlib
import hmac
from typing import Any, Final

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from opencabinet.access import Duty, Kind, Need, Public, operators, people
from opencabinet.access.operators import Operator
from opencabinet.access.people import Seated, SessionEnded
from opencabinet.doors import lending, spending, turn
from opencabinet.doors.caller import network_of, source
from opencabinet.doors.gate import need
from opencabinet.doors.telling import history
from opencabinet.kernel.problem import Refused

COOKIE: Final = "cabinet"
SEATED: Final = "opencabinet.seated"
SAFE: Final = frozenset({"GET", "HEAD"})
OWN: Final = frozenset({"same-origin", "none"})
LONGEST_COOKIE: Final = 128


class ForeignForm(Refused):
    """The form was not sent from a page of this cabinet: open the page again."""


def seat() -> Guard:
    """Return the guard that finds who is signed in before any page is made, and refuses what other sites send."""

    async def sit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        token = token_of(connection)
        spending.spend(connection, token, network_of(connection), Kind.SESSION)
        refuse_foreign(connection)
        if token is not None:
            await turn.give_way(connection)
            async with lending.borrowed(connection) as conn:
                found = await people.seated(conn, token)
            connection.scope[SEATED] = found  # type: ignore[typeddict-unknown-key]  # a scope may be extended
            spending.recognise_person(connection, token, found.session.person if found else None)
        admit(connection, need(handler))

    return sit


def admit(connection: ASGIConnection[Any, Any, Any, Any], needed: Need) -> None:
    """Let whoever is signed in have what they need; a duty is an operator's, one of whose roles has it.

    Raises:
        SessionEnded: if nobody is signed in where somebody must be.
        NoOperator, FactorNeeded: if a duty is not theirs; the history is told.
    """
    found = seated(connection)
    if isinstance(needed, Public):
        return
    if found is None:
        raise SessionEnded
    if isinstance(needed, Duty):
        try:
            operator(connection).needs(needed)
        except Refused as refused:
            rule = f"person {found.session.person} has no duty {needed} now: {refused.detail}"
            history(connection).refused(None, source(connection), action="operator", rule=rule)
            raise


def operator(connection: ASGIConnection[Any, Any, Any, Any]) -> Operator:
    """Return what whoever is signed in may do as an operator.

    Raises:
        SessionEnded: if nobody is signed in.
    """
    found = seated(connection)
    if found is None:
        raise SessionEnded
    return operators.operator(found)


def seated(connection: ASGIConnection[Any, Any, Any, Any]) -> Seated | None:
    """Return who is signed in, if anybody is."""
    found: Seated | None = connection.scope.get(SEATED)  # type: ignore[assignment]  # put there by the guard
    return found


def refuse_foreign(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse a change that another site has a browser ask for.

    Raises:
        ForeignForm: unless the browser says that a page of this very origin sent it.
    """
    if connection.scope.get("method") in SAFE:
        return
    site, host = connection.headers.get("sec-fetch-site"), connection.headers.get("host", "")
    own = connection.headers.get("origin") in {f"https://{host}", f"http://{host}"}
    if not own or (site is not None and site not in OWN):
        raise ForeignForm


def secure(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the browser came over https, here or to the proxy in front."""
    return connection.scope["scheme"] == "https" or str(connection.app.state.public_url).startswith("https:")


def cookie_name(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the name of the cookie; a browser keeps one that begins with `__Host-` for this host alone."""
    return f"__Host-{COOKIE}" if secure(connection) else COOKIE


def token_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """Return the token of the session that a browser shows."""
    token = connection.cookies.get(cookie_name(connection))
    return token if token and len(token) <= LONGEST_COOKIE else None


def keep(request: Request[Any, Any, Any], response: Response[Any], token: str) -> None:
    """Have the browser show a session from now on, until it is closed."""
    response.set_cookie(cookie_name(request), token, path="/", httponly=True, secure=secure(request), samesite="lax")


def forget(request: Request[Any, Any, Any], response: Response[Any]) -> None:
    """Have the browser forget the session, and all it holds of this origin."""
    response.delete_cookie(cookie_name(request), path="/")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'


def form_token(token: str | None) -> str:
    """Return what every form of a session carries: nobody can tell it who does not know the session."""
    return hashlib.sha256(b"form " + (token or "").encode()).hexdigest()


def same_form(request: Request[Any, Any, Any], given: str) -> bool:
    """Whether a form is of the session that the browser shows."""
    return hmac.compare_digest(form_token(token_of(request)).encode(), given.encode())
