"""What happens to two accounts of a server that tells trades."""

from typing import Any

from opencabinet.ingest.feeds import GoneRow
from tests.ingest.feeds.rows import closed, movement, opened, order
from tests.ingest.feeds.steps import BOTH, LATER, OPEN, WORKING, Step, Told, figures, reuse


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
