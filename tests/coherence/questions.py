"""What readers ask, through which door, and what they see in the answers."""

import json
from typing import Any, Final

from msgspec import Struct

from tests.coherence.wire import Answered

PATHS: Final = {
    ("v1", "balance"): "/v1/accounts/{}/balance",
    ("v1", "summary"): "/v1/accounts/{}/summary",
    ("v1", "open_trades"): "/v1/accounts/{}/trades/open",
    ("v1", "closed_trades"): "/v1/accounts/{}/trades/closed",
    ("legacy", "balance"): "/client/RequestBalanceInformation/{}",
    ("legacy", "summary"): "/client/RequestAccountSummary/{}",
    ("legacy", "open_trades"): "/client/RequestOpenTrades/{}",
    ("legacy", "closed_trades"): "/client/RequestClosedTrades/{}",
}
FUNCTIONS: Final = ("balance", "summary", "open_trades", "closed_trades")
DOORS: Final = ("v1", "legacy")
REFUSED: Final = frozenset({401, 403, 404})
"""404 is for whoever shows a credential of another account."""
Seen = str | frozenset[int] | None
"""What is seen of an account: its balance as it is written, or the tickets of a list; None where it is left out."""


class Question(Struct, frozen=True):
    """A question: of which account, through which door, with which secret, and from where."""

    login: int
    door: str
    function: str
    address: str
    secret: str | None = None

    @property
    def path(self) -> str:
        """Where it is asked."""
        return PATHS[self.door, self.function].format(self.login)

    @property
    def headers(self) -> dict[str, str]:
        """What is shown with it."""
        where = {"X-Forwarded-For": self.address}
        if self.secret is None:
            return where
        return where | ({"Authorization": f"Bearer {self.secret}"} if self.door == "v1" else {"passkey": self.secret})

    def __repr__(self) -> str:
        shown = "nothing" if self.secret is None else f"…{self.secret[-4:]}"
        return f"{self.path} with {shown} from {self.address}"


class Reading(Struct, frozen=True):
    """What a reader was shown."""

    granted: bool
    seen: Seen = None
    without_money: bool | None = None
    """None where the answer does not tell."""
    public: bool = False


def reading(question: Question, answer: Answered) -> Reading:
    """Return what an answer shows; it must be one, or a refusal."""
    if answer.status in REFUSED:
        assert answer.headers["cache-control"] == "private, no-store", question
        return Reading(granted=False)
    assert answer.status == 200, (question, answer.status, answer.body)
    content = json.loads(answer.body)
    public = "public" in answer.headers["cache-control"]
    if question.function in {"balance", "summary"}:
        seen = balance_in(question, content)
        return Reading(granted=True, seen=seen, without_money=seen is None, public=public)
    rows: list[dict[str, Any]] = content["data"] if question.door == "v1" else content
    return Reading(granted=True, seen=frozenset(map(ticket, rows)), without_money=moneyless(rows), public=public)


def balance_in(question: Question, content: Any) -> str | None:
    """Return the balance an answer tells, if it tells one."""
    if question.door == "v1":
        told = content["balance"] if question.function == "summary" else content
        return plain(told["balance"]) if "balance" in told else None
    return plain(content["Balance"]) if "Balance" in content else None


def plain(figure: Any) -> str:
    """Spell a figure in one way."""
    return f"{float(figure):.2f}"


def ticket(row: dict[str, Any]) -> int:
    """Return the number of a trade in a list."""
    return int(next(row[name] for name in ("ticket", "position", "Ticket") if name in row))


def moneyless(rows: list[dict[str, Any]]) -> bool | None:
    """Whether a list tells no money; None if it tells nothing at all."""
    if not rows:
        return None
    return not any(name in row for row in rows for name in ("profit", "Profit"))
