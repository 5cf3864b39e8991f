"""The look-up page of the v1 API, written from its definition."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from opencabinet.doors.v1.problems import MEDIA_TYPE

DEFINITION: Final = Path(__file__).parent / "golden" / "v1" / "openapi.json"
LONGEST_LIST: Final = 1

HEAD: Final = """
# The v1 API

Everything a client may know of a trading account, as JSON over HTTP. A running server shows the same at `/docs`, where
each operation can be tried, and gives the definition in OpenAPI 3.1 at `/v1/openapi.json`. What goes wrong is explained
at `/docs/problems`.

Programs for the published protocol use [the legacy wire](legacy-wire.md).

## Conventions

- **Https.** Over plain http the API answers on this machine only (127.0.0.1, ::1), unless `OPENCABINET_ALLOW_HTTP`
  says that a proxy in front adds https. Elsewhere every request is refused with `https_required`, whatever it shows.
- **Tokens.** `POST /v1/tokens` exchanges login and API password for an access token of 15 minutes and a refresh token
  of 24 hours. Send the first as `Authorization: Bearer …`. Exchange the second for two new ones before it expires; it
  is good for once, and showing it again ends the session. A new API password or `opencabinet access revoke` ends both
  at once. Tokens of the legacy wire open nothing here, and these open nothing there. Tokens are listed by their `name`,
  revoked one by one or all, and `bind_network` binds them to the network they are asked from.
- **Keys** are shown as tokens are. A server key (`ccs_…`) opens the functions it names, from the addresses it lists;
  one that lists none lapses in 90 days. A publishable key (`cck_…`) may stand in a page: it is good on pages of its
  origins, and opens only what the account's rules open to everybody. With `frames` it may name what is closed: it opens
  nothing of that, but [widgets in frames](../do/embed.md) on its pages may ask for the API password. No key changes who
  may read the account.
- **Tickets of widgets** (`cct_…`): `POST /v1/tickets` makes one for a site's server, `POST /v1/tickets/exchange` gives
  the frame of its visitor a token of fifteen minutes for it, which opens the functions named on pages of the origin
  named.
- **Feed keys** (`ocf_…`) are the operator's (`opencabinet feeds keys make`): they bring in rows of trading servers, and
  open no account. No account's key brings rows in.
- **A password shown just now.** What gives access (keys, passwords, rules) needs a token whose password was shown
  within five minutes. Otherwise 401 `proof_needed` is answered, with `WWW-Authenticate: Bearer
  error="insufficient_user_authentication", max_age=300` (RFC 9470): ask for a token with the password again. Taking
  access away needs none. `POST …/not-me` takes every credential away at once, and ends the owner's sessions;
  the API password goes only if it was shown just now.
- **Pages of other sites** may ask. Answers of open accounts they may read; with a publishable key they read as its
  origins; with other credentials they read nothing.
- **Open accounts** need no token, but for what tells of the person. A token that is shown must be good all the same.
- **Credentials** go into headers and bodies. One in an address is refused: addresses are logged.
- **Figures** are decimal numbers as text (`"-12.5"`), money with its `currency` beside it. JSON numbers are counts
  and ids.
- **Sizes** of trades are given as `lots`, the `contract_size` (units of one lot), `units`, and `standard_lots` of
  100,000 units. Where a size is not known, they are null.
- **Times** are UTC with milliseconds (`closed_at`), and beside them as the broker's clock showed them
  (`closed_at_broker`).
- **Periods** include `from` and exclude `to`; the answer repeats both, null where they are open. Give a time with its
  zone (`2026-03-02T09:30:00Z`; `+` in a zone is `%2B` in an address) or a date, which means its midnight in UTC.
- **Lists** come newest first, 100 rows unless `limit` says otherwise, 500 at most; more is refused, not cut. Go on
  with `cursor`, the `next_cursor` of the page before, and the same other parameters. Rows that come, change or go in
  between neither shift nor repeat the others.
- **Receipts** show that rows are whole: opening balance + movements + results + costs = closing balance, page by
  page. `complete` tells whether the rows known explain the account's balance, `reason` why not.
- **What cannot be computed** is null and says why, never 0.
- **Fields**: `fields=ticket,net` gives these members only.
- **Unknown** and doubled parameters are refused. New members may appear in answers, and new words where a word is one
  of some: pass over those you do not know.
- **Keeping answers.** Send the `ETag` back in `If-None-Match`; 304 says that what you have is still good. Answers of
  open accounts may be kept (`public, no-cache`) and read by pages of any site; all others are `private, no-store`.
- **How far the feed is.** Answers about an account whose server has a feed carry `X-Feed-As-Of`: up to when all is
  known of that server. While the feed is not live, `X-Feed-State` says `loading`, `stale` or `failing`. Neither stands
  in an answer that an open account tells late on purpose, nor changes its body or `ETag`.
- **Whether the money is real.** `X-Account-Source` says `demo` where the server's feed is simulated or its name says
  so, `live` where its name does; where neither is known, it is not there.
- **Request ids.** Send `X-Request-Id` (at most 64 letters, digits, `_`, `.` and `-`) or take the one in the answer;
  it stands in every problem and in the server's log.
- **Problems** have the form of RFC 9457, with a `code` that does not change.

## Problems
"""


def page() -> str:
    """Return the page."""
    definition = json.loads(DEFINITION.read_text("utf-8"))
    operations = [
        (path, verb.upper(), each) for path, verbs in definition["paths"].items() for verb, each in verbs.items()
    ]
    lines = [HEAD, *problems(operations), "", "## Operations", ""]
    lines += ["| | |", "|---|---|"]
    lines += [f"| [{verb} {path}](#{anchor(verb, path)}) | {each['summary']} |" for path, verb, each in operations]
    for path, verb, each in operations:
        lines += ["", f"### {verb} {path}", "", *section(each)]
    return "\n".join(lines) + "\n"


def anchor(verb: str, path: str) -> str:
    """Return what an operation's heading is linked by."""
    kept = "".join(letter for letter in f"{verb} {path}".lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def problems(operations: list[tuple[str, str, Any]]) -> Iterator[str]:
    """Give the table of problems, with the statuses they are answered with."""
    found: dict[str, tuple[str, str]] = {}
    for _, _, each in operations:
        for status, answer in each["responses"].items():
            for code, example in answer.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {}).items():
                found[code] = (status, example["summary"])
    yield from ("| Code | Status | |", "|---|---|---|")
    yield from (f"| `{code}` | {status} | {title}. |" for code, (status, title) in sorted(found.items()))
    yield ""
    yield "Beside these, any path may be answered with 404, 405 (`method_not_allowed`), 413 and 431 (`too_large`)."
    yield "A failure of the server is `failed` (500)."


def section(operation: Any) -> Iterator[str]:
    """Give what is to be said of an operation."""
    yield operation["description"]
    yield ""
    yield f"Known to programs as `{operation['operationId']}`."
    if operation["parameters"]:
        yield from ("", "| Parameter | | |", "|---|---|---|", *map(parameter, operation["parameters"]))
    if body := operation.get("requestBody"):
        yield from ("", "Asked:", "", *example(next(iter(body["content"].values()))["example"]))
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        shown = content.get("application/json", {}).get("example")
        if shown is not None:
            yield from ("", f"Answered ({status}):", "", *example(shortened(shown)))
        elif status == "200":
            yield from ("", f"Answered as {', '.join(f'`{form}`' for form in content)}.")
    codes = [f"`{code}`" for answer in operation["responses"].values() for code in codes_of(answer)]
    yield from ("", f"Problems: {', '.join(codes)}.")


def parameter(given: Any) -> str:
    """Return a parameter's line of the table."""
    schema, where = given["schema"], {"header": "header, ", "path": "path, "}.get(given["in"], "")
    words = f"`{given['name']}` | {where}{taken(given['name'], schema)} | {given['description']}"
    return f"| {words} |"


def taken(name: str, schema: Any) -> str:
    """Return in words what a parameter takes."""
    if name == "fields":
        return "names"
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if schema["type"] == "integer":
        return f"{schema['minimum']} to {schema['maximum']}"
    return {"date-time": "time", "date": "day"}.get(schema.get("format", ""), "text")


def codes_of(answer: Any) -> list[str]:
    """Return the codes of an answer that is a problem."""
    return list(answer.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {}))


def shortened(given: Any) -> Any:
    """Return an example with no more than the first row of each list."""
    if isinstance(given, dict):
        return {name: shortened(value) for name, value in given.items()}
    return [shortened(each) for each in given[:LONGEST_LIST]] if isinstance(given, list) else given


def example(given: Any) -> list[str]:
    """Return an example as a block."""
    return ["```json", json.dumps(given, indent=1, ensure_ascii=False), "```"]
