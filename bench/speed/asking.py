"""The questions that are asked, and asking one of them alone."""

import http.client
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from bench.speed import places

READS: Final = {
    "balance, v1": "/v1/accounts/{login}/balance",
    "balance, legacy": "/client/RequestBalanceInformation/{login}",
    "open trades, v1": "/v1/accounts/{login}/trades/open",
    "open trades, legacy": "/client/RequestOpenTrades/{login}",
    "summary, v1": "/v1/accounts/{login}/summary",
    "summary, legacy": "/client/RequestAccountSummary/{login}",
}
"""What is read, by its name: the paths that all peers know."""


class Question(Struct, frozen=True):
    """A path, and what is shown with it."""

    name: str
    path: str
    headers: Mapping[str, str] = {}


class Answer(Struct, frozen=True):
    """What was answered; the names of headers are in lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header, nothing where it is not there."""
        return dict(self.headers).get(name, "")


def shown(path: str, login: int) -> dict[str, str]:
    """Return the token of an account, as the wire of a path has it shown."""
    if path.startswith("/v1/"):
        return {"Authorization": f"Bearer {places.bearer(login)}"}
    return {"passkey": places.passkey(login)}


def hot() -> list[Question]:
    """Return what is asked again and again: each read, of an open account, and of a closed one by its token."""
    found = []
    for name, path in READS.items():
        found.append(Question(f"{name}, open", path.format(login=places.OPEN)))
        closed = path.format(login=places.CLOSED)
        found.append(Question(f"{name}, token", closed, shown(closed, places.CLOSED)))
    return found


def ask(port: int, question: Question) -> Answer:
    """Ask a question once."""
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    conn.request("GET", question.path, headers=dict(question.headers))
    response = conn.getresponse()
    body = response.read()
    conn.close()
    return Answer(response.status, [(name.lower(), value) for name, value in response.getheaders()], body)
