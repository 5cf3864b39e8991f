"""Schemathesis against a live server: what is generated from the definition, and what counts as a failure."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from opencabinet import access
from opencabinet.access import Function, Kind, NewKey, keyfile
from opencabinet.cli.demo import password
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.clients.serving import Server
from tests.demonstration import files, import_sample
from tests.doors.v1.partnering import seeded

LOGIN: Final = next(iter(files()))
LISTS: Final = "/(trades/open|trades/closed|orders|movements|authorizations)$"
ENDING: Final = "/(password|not-me|tokens/[^/]*|access-policy|events)$|/accounts/[^/]*/tokens$|/ingest$"
"""What would take away the token that everything is asked with, or never ends; and lines of JSON, which none makes."""
SEED: Final = "20261122"
SECONDS: Final = 560
# A schema cannot say that a period ends after it begins (422), that a layout is another platform's (409), that a cursor
# belongs to its question, that 1.0 is no login, where a webhook may lead, which members of a rule or a key go together
# (400), or that a change has a name of its own (422). All else that is valid is answered.
CONFIG: Final = f"""
[parameters]
"path.login" = {LOGIN}

[checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 401, 404, 406, 409, 422]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]

[[operations]]
include-path-regex = "{LISTS}"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 400, 422]

[[operations]]
include-path = "/v1/news"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 400, 422]

[[operations]]
include-path = "/v1/candles"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 400, 404, 422]

[[operations]]
include-path-regex = "/(access-policy/[a-z]+|keys)$"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 400, 401, 409, 413, 422]

[[operations]]
include-path-regex = "/accounts/.*/tickets$"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 413, 422, 429]

[[operations]]
include-path-regex = "^/v1/tickets"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404, 413, 422, 429]

[[operations]]
include-path-regex = "/webhooks(/.*)?$"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 400, 401, 404, 409, 413, 422]

[[operations]]
include-path = "/v1/applications"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 400, 409, 422, 429]

[[operations]]
include-path-regex = "/accounts/.*/partner/consent$"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 400, 401, 404, 409, 412, 413, 422, 428]
missing_required_header.expected-statuses = [401, 404, 409, 428]

[[operations]]
include-path = "/v1/tokens"
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 413, 429]
"""


OF_PARTNERS: Final = """
[[operations]]
include-path-regex = "^/v1/partners/"
headers = {{ Authorization = "Bearer {token}" }}
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 400, 401, 404, 409, 413, 422, 429]
"""
"""What partners have is opened by tokens of their family. A cursor belongs to its list, keywords are there once (400),
an id is of something, a code is taken once (409), and few strangers are asked for (429)."""


async def account(conn: Connection, settings: Settings) -> None:
    """Keep the demonstration account, so that examples and reads find rows."""
    pepper = keyfile.load(settings.folder).pepper
    await import_sample(conn, files()[LOGIN], LOGIN)
    await access.set_password(conn, LOGIN, pepper=pepper, password=password(LOGIN))
    await seeded(conn, LOGIN, settings.database_url)
    await access.make_key(
        conn,
        LOGIN,
        NewKey(
            kind=Kind.SERVER,
            name="reporting",
            functions=frozenset({Function.BALANCE}),
            networks=access.networks("203.0.113.0/24"),
        ),
    )


def strict(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the definition without the answer that stands for any other: what is answered must be said."""
    for operation in operations(definition):
        operation["responses"].pop("default")
    return definition


def nameless(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the definition without names of changes: what is made by one is answered again once it is gone."""
    for operation in operations(definition):
        given = operation.get("parameters", [])
        operation["parameters"] = [each for each in given if each.get("name") != "Idempotency-Key"]
    return definition


def guided(definition: dict[str, Any]) -> dict[str, Any]:
    """Return of the definition only tokens, which are always given, and the lists they lead to, of several pages."""
    tokens = definition["paths"]["/v1/tokens"]
    lists = {path: verbs for path, verbs in definition["paths"].items() if re.search(LISTS, path)}
    asked = definition["components"]["schemas"]["TokenRequest"]["properties"]
    asked["login"], asked["password"] = {"const": int(LOGIN)}, {"const": password(LOGIN)}
    links = tokens["post"]["responses"]["201"]["links"]
    del links["account"]
    for operation in (verbs["get"] for verbs in lists.values()):
        by_name = {each["name"]: each for each in operation["parameters"]}
        by_name["limit"] |= {"schema": {"enum": [1, 2]}, "required": True}
        operation["parameters"] = [by_name[name] for name in ("login", "cursor", "limit")]
        name, parameters = operation["operationId"], {"login": "$response.body#/login"}
        links[name] = {"operationId": name, "parameters": parameters}
    return {**definition, "paths": {"/v1/tokens": tokens, **lists}}


def operations(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every operation of a definition."""
    return [each for verbs in definition["paths"].values() for each in verbs.values()]


def harmless(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every operation that does not end what it is asked with."""
    paths = {path: verbs for path, verbs in definition["paths"].items() if not re.search(ENDING, path)}
    return operations({"paths": paths})


def token(server: Server, family: str = "client") -> str:
    """Ask the server for a bearer."""
    shown = {"login": LOGIN, "password": password(LOGIN), "family": family}
    answer = httpx.post(f"{server.url}/v1/tokens", json=shown)
    found: str = answer.json()["access_token"]
    return found


def run(
    server: Server, folder: Path, definition: dict[str, Any], phases: str, examples: int, *, told: bool = False
) -> str:
    """Run phases with every check; return what was said, which ends with a summary. Fails if anything was found.

    What is `told` of each request, for `asked`, takes a tenth of the time.
    A request is sent again where the connection was closed as it came: the server closes idle ones. That no process
    of the server ended is looked at apart.
    """
    processes = server.web_workers()
    (folder / "schemathesis.toml").write_text(CONFIG + OF_PARTNERS.format(token=token(server, "partner")))
    (folder / "openapi.json").write_bytes(msgspec.json.encode(definition))
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", "openapi.json", "--url", server.url),
        *("-H", f"Authorization: Bearer {token(server)}", "--phases", phases, "--checks", "all"),
        *("-n", str(examples), "--seed", SEED, "--no-shrink", "--continue-on-failure", "--warnings", "off"),
        *("--exclude-path-regex", ENDING),
        *("--request-retries", "2", "--suppress-health-check", "all"),
        *(("--report", "ndjson", "--report-ndjson-path", "report.ndjson") if told else ()),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603 - ourselves
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.web_workers() == processes
    return done.stdout


def asked(folder: Path) -> list[str]:
    """Return the addresses that a run asked for, which was to be told."""
    text = (folder / "report.ndjson").read_text("utf-8")
    return [uri for line in text.splitlines() for uri in uris(json.loads(line))]


def uris(given: Any) -> list[str]:
    """Return every member `uri` of an event."""
    if isinstance(given, list):
        return [uri for each in given for uri in uris(each)]
    if isinstance(given, dict):
        own = [value for name, value in given.items() if name == "uri" and isinstance(value, str)]
        return own + [uri for each in given.values() for uri in uris(each)]
    return []
