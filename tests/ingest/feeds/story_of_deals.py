"""What happens to a netting and a hedging account of a server that tells deals."""

from typing import Any

from opencabinet.ingest.feeds import GoneRow
from tests.ingest.feeds.rows import deal, money, opened, order
from tests.ingest.feeds.steps import BOTH, LATER, OPEN, WORKING, Step, Told, figures, reuse


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
