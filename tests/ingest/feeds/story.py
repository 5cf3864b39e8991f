"""An invented story of two accounts on each platform, step by step, and what must be known after each step.

What happens is told in rows of the contract; what must come out of it is written down by itself, figure by figure.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct, field

from opencabinet.ingest.feeds import AccountRow, GoneRow, OpenRow, OrderRow, Row
from tests.ingest.feeds.rows import account, at, closed, deal, money, movement, opened, order

OPEN, WORKING, BOTH = frozenset({"open"}), frozenset({"working"}), frozenset({"open", "working"})


class Known(Struct, frozen=True):
    """What must be known, by number of the account where it is an account, else by ticket or position.

    An account is its balance and credit, and whether its rows explain them. A closing is its position, side, lots,
    prices of opening and closing, and net; an open trade its side, lots and price; an order its price and state; a
    movement its kind and amount.
    """

    accounts: Mapping[int, tuple[Decimal, Decimal, bool]] = field(default_factory=dict)
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


def deals() -> list[Step]:
    """Tell of a netting and a hedging account of a server that tells deals."""
    it = Told("mt5")
    it.step("a deposit comes before its account", money(1, "10000", number=2001))
    it.account(2001, mode="netting", group="real\\standard", name="Åsa Example")
    it.step("the account", adds={2001: "10000"}, movements={1: figures("balance", "10000")})
    one: dict[str, Any] = {"number": 2001, "position": 100}
    it.step(
        "a trade opens",
        deal(2, **one, direction="in", lots="1", price="1.1", commission="-3.5"),
        opened(100, number=2001, open_price="1.1"),
        adds={2001: "-3.5"},
        whole=OPEN,
        opened={100: figures("buy", "1", "1.1")},
    )
    it.step(
        "it is added to",
        deal(3, **one, direction="in", lots="1", price="1.102", commission="-3.5"),
        opened(100, number=2001, lots="2", open_price="1.101"),
        adds={2001: "-3.5"},
        whole=OPEN,
        opened={100: figures("buy", "2", "1.101")},
    )
    it.step(
        "a part of it closes",
        deal(4, **one, type="sell", direction="out", lots="0.5", price="1.103", profit="100", commission="-1.75"),
        opened(100, number=2001, lots="1.5", open_price="1.101"),
        adds={2001: "98.25"},
        whole=OPEN,
        closed={4: figures(100, "buy", "0.5", "1.101", "1.103", "98.25")},
        opened={100: figures("buy", "1.5", "1.101")},
    )
    it.step(
        "it is reversed",
        deal(
            5,
            **one,
            type="sell",
            direction="in/out",
            lots="2",
            lots_closed="1.5",
            price="1.1",
            profit="-150",
            commission="-7",
        ),
        opened(100, number=2001, side="sell", lots="0.5", open_price="1.1", opened_at=5),
        adds={2001: "-157"},
        whole=OPEN,
        closed={5: figures(100, "buy", "1.5", "1.101", "1.1", "-157")},
        opened={100: figures("sell", "0.5", "1.1")},
    )
    it.step(
        "it closes",
        deal(6, **one, direction="out", lots="0.5", price="1.099", profit="50", swap="-0.4", commission="-1.75"),
        adds={2001: "47.85"},
        whole=OPEN,
        closed={6: figures(100, "sell", "0.5", "1.1", "1.099", "47.85")},
        opened={100: None},
    )
    it.step(
        "credit is given",
        money(7, "500", "credit", number=2001),
        lends={2001: "500"},
        movements={7: figures("credit", "500")},
    )
    it.step(
        "a part of the credit is taken back",
        money(8, "-200", "credit", number=2001),
        lends={2001: "-200"},
        movements={8: figures("credit", "-200")},
    )
    pending: dict[str, Any] = {"number": 2001, "placed_at": 9}
    it.step("an order is placed", order(200, **pending), whole=WORKING, orders={200: figures("1.09", "working")})
    it.step(
        "it is changed",
        order(200, **pending, price="1.095"),
        whole=WORKING,
        orders={200: figures("1.095", "working")},
    )
    it.step(
        "it is filled",
        order(200, **pending, price="1.095", state="filled", filled_lots="1", done_at=12),
        deal(9, number=2001, position=200, direction="in", lots="1", price="1.095", commission="-3.5"),
        opened(200, number=2001, open_price="1.095"),
        adds={2001: "-3.5"},
        whole=BOTH,
        orders={200: figures("1.095", "filled")},
        opened={200: figures("buy", "1", "1.095")},
    )
    sold = {"number": 2001, "type": "sell stop", "price": "1.05", "placed_at": 13}
    it.step(
        "another is placed",
        order(201, **sold),
        whole=WORKING,
        orders={201: figures("1.05", "working")},
    )
    it.step(
        "it is cancelled",
        order(201, **sold, state="cancelled", done_at=14),
        whole=WORKING,
        orders={201: figures("1.05", "cancelled")},
    )
    stopped: dict[str, Any] = {"number": 2001, "position": 200, "type": "sell", "direction": "out", "lots": "1"}
    it.step(
        "a stop closes the trade",
        deal(10, **stopped, price="1.094", profit="-100", reason="stop loss"),
        adds={2001: "-100"},
        whole=OPEN,
        closed={10: figures(200, "buy", "1", "1.095", "1.094", "-100")},
        opened={200: None},
    )
    it.step(
        "the broker corrects its price",
        deal(10, **stopped, price="1.0945", profit="-50", reason="stop loss"),
        adds={2001: "50"},
        closed={10: figures(200, "buy", "1", "1.095", "1.0945", "-50")},
    )
    it.step(
        "the broker deletes what took credit",
        GoneRow(family="deal", key=8),
        lends={2001: "200"},
        movements={8: None},
    )
    hedge(it)
    it.accounts[2001]["group"] = "real\\vip"
    it.step("an account moves to another group")
    reuse(it, 2002, money(30, "70", number=2002, dealt_at=LATER), {30: figures("balance", "70")})
    return it.steps


def hedge(it: Told) -> None:
    """Tell of two positions that close each other."""
    it.account(2002, mode="hedging", group="real\\hedged", name="Bo Example", registered_at=0)
    it.step(
        "another account has two positions",
        money(20, "1000", number=2002),
        deal(21, number=2002, position=300, direction="in", lots="1", price="1.2"),
        deal(22, number=2002, position=301, type="sell", direction="in", lots="0.6", price="1.201"),
        opened(300, number=2002, open_price="1.2"),
        opened(301, number=2002, side="sell", lots="0.6", open_price="1.201"),
        adds={2002: "1000"},
        whole=OPEN,
        movements={20: figures("balance", "1000")},
        opened={300: figures("buy", "1", "1.2"), 301: figures("sell", "0.6", "1.201")},
    )
    by: dict[str, Any] = {"number": 2002, "direction": "out by", "lots": "0.6"}
    it.step(
        "they close each other",
        deal(23, **by, position=300, type="sell", price="1.201", profit="60"),
        deal(24, **by, position=301, position_price="1.201"),
        opened(300, number=2002, lots="0.4", open_price="1.2"),
        adds={2002: "60"},
        whole=OPEN,
        closed={
            23: figures(300, "buy", "0.6", "1.2", "1.201", "60"),
            24: figures(301, "sell", "0.6", "1.201", "1.201", "0"),
        },
        opened={300: figures("buy", "0.4", "1.2"), 301: None},
    )
    it.step(
        "the rest closes",
        deal(25, number=2002, position=300, type="sell", direction="out", lots="0.4", price="1.21", profit="400"),
        adds={2002: "400"},
        whole=OPEN,
        closed={25: figures(300, "buy", "0.4", "1.2", "1.21", "400")},
        opened={300: None},
    )


LATER: Final = 10_000


def reuse(it: Told, number: int, first: Row, booked: dict[int, Any]) -> None:
    """Let a server give the number of an account to somebody else; what was stays with who had it."""
    it.accounts[number] |= {"balance": "0", "credit": "0", "name": "Cy Example", "registered_at": at(LATER)}
    it.clock = LATER + 1
    it.step("a number is used again", first, adds={number: "70"}, movements=booked, once=True)


def tickets() -> list[Step]:
    """Tell of two accounts of a server that tells trades."""
    it = Told("mt4")
    mine: dict[str, Any] = {"number": 3001}
    it.step("a deposit comes before its account", movement(1, "5000", **mine))
    it.account(3001, group="standard", name="Dana Example")
    it.step("the account", adds={3001: "5000"}, movements={1: figures("balance", "5000")})
    it.step(
        "a trade opens",
        opened(2, **mine, open_price="1.1"),
        whole=OPEN,
        opened={2: figures("buy", "1", "1.1")},
    )
    it.step(
        "a part of it closes, and the rest has another ticket",
        closed(2, **mine, lots="0.4", profit="40", commission="-1", comment="to #3"),
        opened(3, **mine, position=2, lots="0.6", comment="from #2"),
        adds={3001: "39"},
        whole=OPEN,
        closed={2: figures(2, "buy", "0.4", "1.1", "1.101", "39")},
        opened={2: figures("buy", "0.6", "1.1")},
    )
    it.step(
        "the rest closes",
        closed(3, **mine, position=2, lots="0.6", close_price="1.099", profit="-60", swap="-0.5", comment="from #2"),
        adds={3001: "-60.5"},
        whole=OPEN,
        closed={3: figures(2, "buy", "0.6", "1.1", "1.099", "-60.5")},
        opened={2: None},
    )
    it.step("an order is placed", order(4, **mine), whole=WORKING, orders={4: figures("1.09", "working")})
    it.step(
        "it is changed",
        order(4, **mine, price="1.095"),
        whole=WORKING,
        orders={4: figures("1.095", "working")},
    )
    it.step(
        "it becomes a trade of the same ticket",
        opened(4, **mine, open_price="1.095"),
        whole=BOTH,
        orders={4: None},
        opened={4: figures("buy", "1", "1.095")},
    )
    ended: dict[str, Any] = {"number": 3001, "open_price": "1.095", "close_price": "1.096"}
    it.step(
        "which closes",
        closed(4, **ended, profit="100"),
        adds={3001: "100"},
        whole=BOTH,
        closed={4: figures(4, "buy", "1", "1.095", "1.096", "100")},
        opened={4: None},
    )
    it.step("another is placed", order(5, **mine), whole=WORKING, orders={5: figures("1.09", "working")})
    it.step(
        "it is cancelled",
        order(5, **mine, state="cancelled", reason="cancelled", done_at=9),
        whole=WORKING,
        orders={5: figures("1.09", "cancelled")},
    )
    it.step(
        "the broker corrects a closed trade",
        closed(4, **ended, profit="90"),
        adds={3001: "-10"},
        closed={4: figures(4, "buy", "1", "1.095", "1.096", "90")},
    )
    it.step(
        "credit is given",
        movement(8, "100", **mine, kind="credit"),
        lends={3001: "100"},
        movements={8: figures("credit", "100")},
    )
    it.step(
        "and taken back",
        movement(9, "-100", **mine, kind="credit"),
        lends={3001: "-100"},
        movements={9: figures("credit", "-100")},
    )
    it.step(
        "the broker deletes both",
        GoneRow(family="trade", key=8),
        GoneRow(family="trade", key=9),
        movements={8: None, 9: None},
    )
    close_by(it)
    it.accounts[3001]["group"] = "vip"
    it.step("an account moves to another group")
    reuse(it, 3002, movement(30, "70", number=3002, moved_at=LATER), {30: figures("balance", "70")})
    return it.steps


def close_by(it: Told) -> None:
    """Tell of two trades that close each other: the second keeps no volume."""
    it.account(3002, group="standard", name="Eli Example", registered_at=0)
    theirs: dict[str, Any] = {"number": 3002}
    it.step(
        "another account has two trades",
        movement(20, "1000", **theirs),
        opened(21, **theirs),
        opened(22, **theirs, side="sell", open_price="1.102"),
        adds={3002: "1000"},
        whole=OPEN,
        movements={20: figures("balance", "1000")},
        opened={21: figures("buy", "1", "1.1"), 22: figures("sell", "1", "1.102")},
    )
    it.step(
        "they close each other",
        closed(21, **theirs, close_price="1.102", profit="200"),
        closed(22, **theirs, side="sell", lots="0", open_price="1.102", close_price="1.102", profit="0"),
        adds={3002: "200"},
        whole=OPEN,
        closed={
            21: figures(21, "buy", "1", "1.1", "1.102", "200"),
            22: figures(22, "sell", "0", "1.102", "1.102", "0"),
        },
        opened={21: None, 22: None},
    )


STORIES: Final = {"mt5": deals(), "mt4": tickets()}
"""What happens on a server of each platform."""


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
