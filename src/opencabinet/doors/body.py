"""Bodies as real programs send them: JSON of any media type, names in any case, the login as number or string."""

from typing import Any, Final

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException

from opencabinet.kernel.problem import Malformed

LONGEST_LOGIN: Final = 19


async def whole(request: Request[Any, Any, Any]) -> bytes:
    """Return the body of a request.

    Raises:
        Malformed: if it breaks off, which the framework takes for a fault of its own.
    """
    try:
        return await request.body()
    except InternalServerException as broken:
        raise Malformed("The body broke off.") from broken


def members(body: bytes) -> dict[str, Any]:
    """Return the members of a JSON object, their names in lower case; of several with one name, the last.

    Raises:
        Malformed: if the body is anything else.
    """
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Malformed("The body is not JSON.") from wrong
    if not isinstance(decoded, dict):
        raise Malformed("The body is not a JSON object.")
    return {name.lower(): value for name, value in decoded.items()}


def login_in(given: dict[str, Any]) -> int:
    """Return the login among the members of a body.

    Raises:
        Malformed: if there is none.
    """
    login = given.get("login")
    if isinstance(login, str) and login.isascii() and login.isdigit() and len(login) <= LONGEST_LOGIN:
        return int(login)
    if isinstance(login, bool) or not isinstance(login, int):
        raise Malformed("A login is needed.")
    return login


def password_in(given: dict[str, Any]) -> str:
    """Return the password among the members of a body.

    Raises:
        Malformed: if there is none.
    """
    password = given.get("password")
    if not isinstance(password, str):
        raise Malformed("A password is needed.")
    return password
