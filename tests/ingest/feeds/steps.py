"""What a story of accounts is made of: steps, and what must be known after each."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct, field

from opencabinet.ingest.feeds import AccountRow, OpenRow, OrderRow, Row
from tests.ingest.feeds.rows import account, at

OPEN, WORKING, BOTH = frozenset({"open"}), frozenset({"working"}), frozenset({"open", "working"})


class Known(Struct, frozen=True):
    """What must be known, by number of the account where it is an account, else by ticket or position.

    An account is its balance and credit, and whether its rows explain them. A closing is its position, side, lots,
    prices of opening and closing, and net; an open trade its side, lots and price; an order its price and state; a
    movement its kind and amount.
    """

    accounts: Mapping[int, tuple[Decimal | None, Decimal | None, bool]] = field(default_factory=dict)
    closed: Mapping[int, tuple[Any, ...]] = field(default_factory=dict)
    opened: Mapping[int, tuple[Any, ...]] = field(default_factory=dict)
    orders: Mapping[int, tuple[Any, ...]] = field(default_factory=dict)
    movements: Mapping[int, tuple[Any, ...]] = field(default_factory=dict)


class Step(Struct, frozen=True):
    """Something that happens: its rows, what of them is told completely, and what must be known then.

    Of what is `once`, a feed that hears of everything at once hears but the end.
    """

    name: str
    rows: tuple[Row, ...]
    whole: frozenset[Any]
    known: Known
    once: bool


class Told:
    """A story in the making."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.steps: list[Step] = []
        self.known = Known()
        self.accounts: dict[int, dict[str, Any]] = {}
        self.clock = 0

    def account(self, number: int, **said: Any) -> None:
        """Let an account be told of with the next step, and with each that changes it."""
        self.accounts[number] = {"platform": self.platform, "balance": "0", "credit": "0"} | said

    def step(
        self,
        name: str,
        *rows: Row,
        adds: Mapping[int, str] | None = None,
        lends: Mapping[int, str] | None = None,
        whole: frozenset[str] = frozenset(),
        complete: bool = True,
        once: bool = False,
        **changes: Mapping[int, tuple[Any, ...] | None],
    ) -> None:
        """Add a step: what it adds to balances and credits, and what changes of all that is known (None: no more)."""
        self.clock += 1
        known = {part: dict(getattr(self.known, part)) for part in ("closed", "opened", "orders", "movements")}
        for part, change in changes.items():
            known[part] |= change
            known[part] = {key: it for key, it in known[part].items() if it is not None}
        told = [
            self.row(number, (adds or {}).get(number, "0"), (lends or {}).get(number, "0")) for number in self.accounts
        ]
        accounts = {it.number: (it.balance, it.credit, complete) for it in told}
        self.known = Known(accounts=accounts, **known)
        self.steps.append(Step(name, (*rows, *told), whole, self.known, once))

    def row(self, number: int, adds: str, lends: str) -> AccountRow:
        """Return an account as it is now."""
        said = self.accounts[number]
        said["balance"] = str(Decimal(said["balance"]) + Decimal(adds))
        said["credit"] = str(Decimal(said["credit"]) + Decimal(lends))
        return account(number, **said | {"as_of": at(self.clock)})


def figures(*spelt: Any) -> tuple[Any, ...]:
    """Return figures from their spelling; words stay."""
    return tuple(Decimal(it) if isinstance(it, str) and it[-1:].isdigit() else it for it in spelt)


LATER: Final = 10_000


def reuse(it: Told, number: int, first: Row, booked: dict[int, Any]) -> None:
    """Let a server give the number of an account to somebody else; what was stays with who had it."""
    it.accounts[number] |= {"balance": "0", "credit": "0", "name": "Cy Example", "registered_at": at(LATER)}
    it.clock = LATER + 1
    it.step("a number is used again", first, adds={number: "70"}, movements=booked, once=True)


def together(*steps: Step) -> tuple[list[Row], frozenset[Any]]:
    """Return the rows of steps as they are said at once, and what they tell completely, of which the last counts."""
    rows: list[Row] = []
    for step in steps:
        rows = [row for row in rows if not replaced(row, step.whole)] + [*step.rows]
    return rows, frozenset().union(*(step.whole for step in steps))


def replaced(row: Row, whole: frozenset[Any]) -> bool:
    """Whether a row is told anew, or is no more, where something is told completely."""
    if isinstance(row, OpenRow):
        return "open" in whole
    return isinstance(row, OrderRow) and row.state == "working" and "working" in whole
