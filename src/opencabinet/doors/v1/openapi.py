"""The definition of v1 in OpenAPI 3.1, made from the operations that are served."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from importlib.resources import files
from typing import Any, Final

import msgspec
from litestar import Litestar

from opencabinet import __version__
from opencabinet.access import Function
from opencabinet.access.honouring import PARTS, unshowable
from opencabinet.doors.gate import served
from opencabinet.doors.redacting import Tells, absent
from opencabinet.doors.v1.answers import row_of
from opencabinet.doors.v1.asking import SCHEMES, bodied, needed, security
from opencabinet.doors.v1.carried import APPLICATION, HEADERS, HELD, ID, LOGIN, MATCHED, NAME, NAMED
from opencabinet.doors.v1.events import EXAMPLE, FORM
from opencabinet.doors.v1.operation import OPERATION, Operation
from opencabinet.doors.v1.problems import MEDIA_TYPE, TITLES, Detail, detail

REFERENCE: Final = "#/components/schemas/{name}"
PROBLEM: Final = {"$ref": REFERENCE.format(name="Detail")}
JSON: Final = "application/json"
EXAMPLES: Final[dict[str, Any]] = msgspec.json.decode(files(__package__).joinpath("examples.json").read_bytes())
"""An example answer of each operation, as a demonstration account was answered."""

INTRODUCTION: Final = """
The cabinet of a broker's client: accounts, trades, money and statistics.

Figures are decimal numbers as text. Times are UTC (`…_at`), and beside them as the broker's clock shows them
(`…_at_broker`). Periods include `from` and exclude `to`. Lists are read newest first, page by page; each page brings a
receipt that shows that it is whole. New members may appear in answers, and new words where a word is one of some.

An account is open or closed. An open one answers everybody, but for what tells of the person. A closed one answers its
bearer token, and may list the addresses it answers. What goes wrong is said as a problem (RFC 9457) with a stable code.

An open account may leave something out for whoever shows no token: comments, volumes, money (percents of the balance
are told then), what is newer than a delay, open trades, or some symbols. A member that is left out is absent, not null.
"""
FRESH: Final = "The password must have been shown within five minutes: otherwise ask for a new token (`proof_needed`)."
TAGS: Final = {
    "tokens": "Asking for access.",
    "credentials": "Tokens, keys and the API password of the account.",
    "service": "What the service says of itself and of its caller.",
    "accounts": "The account and its money.",
    "trades": "Open and closed trades.",
    "orders": "Orders, waiting and ended.",
    "lots": "Closed lots for any period.",
    "changes": "What changed, asked for or told as it comes.",
    "movements": "Deposits, withdrawals, credit.",
    "bonuses": "Bonuses, and the lots that turn them into money.",
    "authorizations": "Who asked for access, and what was decided.",
    "access": "Who may read the account, and seeing it before saving.",
    "series": "Figures day by day.",
    "statistics": "Metrics, each with its explanation.",
    "market": "Quotes and candles, which belong to no account.",
    "feeds": "Rows of trading servers, brought in.",
    "statements": "Statements to show and to keep.",
    "applications": "Applying for an account.",
    "content": "What the operator tells everybody.",
    "partners": "Partners: whom they refer, by what, and what that brings; and what their clients let them see.",
    "webhooks": "Where the account's events are sent, and what was delivered.",
}
CODES_OF: Final[Mapping[HTTPStatus, tuple[str, ...]]] = {
    HTTPStatus.BAD_REQUEST: ("malformed", "invalid_parameter", "credential_in_query"),
    HTTPStatus.UNAUTHORIZED: ("credential_needed", "invalid_credential", "proof_needed"),
    HTTPStatus.FORBIDDEN: ("refused", "https_required"),
    HTTPStatus.NOT_FOUND: ("not_found",),
    HTTPStatus.NOT_ACCEPTABLE: ("not_acceptable",),
    HTTPStatus.CONFLICT: ("conflict", "locks_out", "sequence_gap", "still_running"),
    HTTPStatus.REQUEST_TIMEOUT: ("too_slow",),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too_large",),
    HTTPStatus.PRECONDITION_FAILED: ("precondition_failed",),
    HTTPStatus.PRECONDITION_REQUIRED: ("precondition_needed",),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("unsupported_media_type",),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("too_much", "empty_period", "no_such_event", "bad_row", "key_reused"),
    HTTPStatus.TOO_MANY_REQUESTS: ("too_many_requests",),
    HTTPStatus.SERVICE_UNAVAILABLE: ("overloaded",),
}
"""Which problems a status is answered with."""
OF_LINES_ALONE: Final = frozenset({"bad_row", "sequence_gap"})
OF_ACCOUNTS_ALONE: Final = frozenset({"locks_out"})
OF_NAMED_ALONE: Final = frozenset({"still_running", "key_reused"})
OF_PARAMETERS: Final = {"empty_period": "from", "no_such_event": "since"}
"""Which problems only those operations have that know a parameter."""
EVERYWHERE: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    | {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
)
OF_ACCOUNTS: Final = EVERYWHERE | {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}
TOLD: Final = {
    Tells.COMMENT: "comments",
    Tells.VOLUME: "volumes",
    Tells.MONEY: "money",
    Tells.OPEN: "open trades",
    Tells.LATEST: "the last report, where there is a delay",
}
"""What members that may be absent tell."""


def definition(app: Litestar) -> dict[str, Any]:
    """Return the definition of every operation that `app` serves."""
    operations = sorted(found(app), key=lambda each: (each.path, each.verb))
    kinds = [Detail, *(kind for each in operations for kind in (each.answer, each.body, each.lines) if kind)]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=REFERENCE)
    by_kind = {str(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    partial = {row_of(each.answer).__name__ for each in operations if each.answer and each.verb == "GET"}
    paths: dict[str, Any] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.verb.lower()] = described(each, by_kind)
    license_ = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    info = {"title": "OpenCabinet", "version": __version__, "description": INTRODUCTION.strip(), "license": license_}
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": "/", "description": "The host that this definition was read from."}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": {name: eased(schema) if name in partial else schema for name, schema in components.items()},
            "securitySchemes": SCHEMES,
        },
    }


def eased(schema: dict[str, Any]) -> dict[str, Any]:
    """Require no member of an answer: `fields` may have asked for some only."""
    return {name: value for name, value in schema.items() if name != "required"}


def found(app: Litestar) -> Iterator[Operation]:
    """Give every operation once."""
    seen = set()
    for _, handler in served(app):
        operation: Operation | None = handler.opt.get(OPERATION)
        if operation and operation.id not in seen:
            seen.add(operation.id)
            yield operation


def described(operation: Operation, by_kind: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of an operation."""
    fresh = FRESH if operation.fresh else ""
    text = (operation.summary, operation.text, needed(operation.need), left_out(operation), fresh)
    said: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary.rstrip("."),
        "description": "\n\n".join(part for part in text if part),
        "parameters": list(parameters(operation)),
        "security": security(operation.need),
        "responses": responses(operation, by_kind),
    }
    if body := bodied(operation, by_kind, EXAMPLES):
        said["requestBody"] = body
    return said


def left_out(operation: Operation) -> str:
    """Say how an operation honours what the owner of an open account hides from strangers."""
    if not isinstance(operation.need, Function) or operation.need.private:
        return ""
    refused = " or ".join(part for part in unshowable(operation.need, PARTS))
    known = {TOLD[tells]: ", ".join(names) for tells, names in absent(operation.answer).items() if tells in TOLD}
    lists = "; ".join(f"{what}: {names}" for what, names in known.items())
    said = f"Members that may be absent while an account is open are those of {lists}." if lists else ""
    return " ".join(
        filter(None, (said, f"An account that is open without {refused} is closed for this." if refused else ""))
    )


def parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    """Give the parameters of an operation."""
    yield from (each for each in (LOGIN, NAME, ID) if f"{{{each['name']}}}" in operation.path)
    for each in operation.parameters:
        said: dict[str, Any] = {"name": each.name, "in": "query", "description": each.text, "schema": dict(each.schema)}
        said |= {"required": True} if each.required else {}
        yield said | ({"example": each.example} if each.example else {})
    if held(operation):
        yield HELD
    if HTTPStatus.PRECONDITION_REQUIRED in operation.refusals:
        yield MATCHED
    if operation.once:
        yield NAMED
    if operation.id == "applications.show_application":
        yield APPLICATION


def responses(operation: Operation, by_kind: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an operation answers: what was asked for, nothing new, or a problem."""
    content: dict[str, Any] = {
        form: {"schema": {"type": "object" if form == JSON else "string"}} for form in operation.forms
    }
    if FORM in content:
        content[FORM]["example"] = EXAMPLE
    if operation.answer:
        content[JSON] = {"schema": by_kind[str(operation.answer)], "example": EXAMPLES[operation.id]}
    of_account = isinstance(operation.need, Function)
    left_out = {*(() if held(operation) else ("ETag",)), *(() if operation.cost else ("RateLimit", "RateLimit-Policy"))}
    left_out |= set() if of_account else {"X-Account-Source", "X-Feed-As-Of", "X-Feed-State"}
    headers = {name: HEADERS[name] for name in HEADERS if name not in left_out}
    answered: dict[str, Any] = {"description": operation.summary, "content": content, "headers": headers}
    said = {str(int(operation.status)): answered | ({"links": found} if (found := links(operation)) else {})}
    if held(operation):
        said["304"] = {"description": "What the caller holds is still good.", "headers": headers}
    for status in sorted((OF_ACCOUNTS if of_account else EVERYWHERE) | set(operation.refusals)):
        said[str(int(status))] = refusal(HTTPStatus(status), unsaid(operation))
    said["default"] = {"description": "Another problem.", "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
    return said


def held(operation: Operation) -> bool:
    """Whether an answer has a tag by which it is asked for again; what is streamed, or made anew, has none."""
    return operation.verb == "GET" and operation.answer is not None


def links(operation: Operation) -> dict[str, Any]:
    """Return where an answer leads: to the next page of a list, or from tokens to the account and to new tokens."""
    if operation.id == "tokens.create_token":
        account = {"operationId": "accounts.show_account", "parameters": {"login": "$response.body#/login"}}
        again = {"operationId": operation.id, "requestBody": {"refresh_token": "$response.body#/refresh_token"}}
        return {"account": account, "refreshed": again}
    if not any(each.name == "cursor" for each in operation.parameters):
        return {}
    login = {"login": "$request.path.login"} if "{login}" in operation.path else {}
    following = {**login, "cursor": "$response.body#/page/next_cursor"}
    text = "The next page, asked for with the same other parameters."
    return {"next": {"operationId": operation.id, "parameters": following, "description": text}}


def unsaid(operation: Operation) -> frozenset[str]:
    """Return the codes that an operation is never answered with, though others of their status are."""
    known = {each.name for each in operation.parameters}
    elsewhere = OF_ACCOUNTS_ALONE if operation.lines else OF_LINES_ALONE
    elsewhere |= {code for code, name in OF_PARAMETERS.items() if name not in known}
    elsewhere |= frozenset() if operation.once else OF_NAMED_ALONE
    return elsewhere if operation.fresh else elsewhere | {"proof_needed"}


def refusal(status: HTTPStatus, unsaid: frozenset[str]) -> dict[str, Any]:
    """Return what is said of the problems of a status, each with an example."""
    codes = [code for code in CODES_OF[status] if code not in unsaid]
    examples = {
        code: {
            "summary": TITLES[code],
            "value": msgspec.to_builtins(detail(status, code, f"{TITLES[code]}.", "5f0c1b2a9d3e4f60")),
        }
        for code in codes
    }
    words = "; or ".join(TITLES[code][0].lower() + TITLES[code][1:] for code in codes)
    said: dict[str, Any] = {
        "description": f"{words[0].upper()}{words[1:]}.",
        "content": {MEDIA_TYPE: {"schema": PROBLEM, "examples": examples}},
    }
    return said
