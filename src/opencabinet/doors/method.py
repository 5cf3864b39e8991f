"""A method of the old wires: what is served, and what the usage pages say of it, defined once."""

import re
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec
from litestar import HttpMethod, route
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from opencabinet.access import Function, Public
from opencabinet.doors.caller import IN_BODY
from opencabinet.doors.direct import DIRECT
from opencabinet.doors.gate import NEED
from opencabinet.doors.holding import HELD, Lasting
from opencabinet.doors.spending import COST

METHOD: Final = "method"
Verb = Literal["GET", "POST"]


class Parameter(Struct, frozen=True):
    """A parameter as the usage pages show it."""

    name: str
    place: Literal["path", "query", "header", "body"]
    type: str
    text: str


class Method(Struct, frozen=True, kw_only=True):
    """A method as the usage pages show it. Where `in_body`, login and token stand in the body."""

    verb: Verb
    path: str
    aliases: tuple[str, ...]
    need: Function | Public
    in_body: bool
    summary: str
    parameters: tuple[Parameter, ...]
    example: str


LOGIN: Final = Parameter("login", "path", "integer", "The account's login.")
TOKEN: Final = Parameter("passkey", "header", "string", "The token, with or without its quotes.")
PASSKEY: Final = Parameter(
    "passkey", "header", "string", "The token, with or without its quotes; none for open accounts."
)


def method(
    verb: Verb,
    path: str,
    *aliases: str,
    need: Function | Public,
    example: Any,
    parameters: tuple[Parameter, ...] = (LOGIN, PASSKEY),
    in_body: bool = False,
    cost: int = 1,
    held: Lasting | None = None,
    direct: bool = False,
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Serve a function as the method at `path`, and document it by its first sentence and by `example`.

    Its answers may be `held` if it is said for how long. One that is `direct` takes a request and nothing else.
    """

    def serve(function: Callable[..., Any]) -> HTTPRouteHandler:
        shown = Method(
            verb=verb,
            path=path,
            aliases=aliases,
            need=need,
            in_body=in_body,
            summary=(function.__doc__ or "").partition("\n\n")[0],
            parameters=parameters,
            example=msgspec.json.encode(example).decode(),
        )
        paths = [f"/{spelled(each)}" for each in (path, *aliases)]
        opt = {NEED: need, METHOD: shown, IN_BODY: in_body, COST: cost, HELD: held, DIRECT: direct}
        return route(paths, http_method=[HttpMethod(verb)], status_code=200, opt=opt)(function)

    return serve


def spelled(path: str) -> str:
    """Return the one spelling a path is routed by."""
    return re.sub(r"{(\w+)}", r"{\1:str}", path.lower())
