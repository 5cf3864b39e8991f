"""Plans, trades and chains with what a test cares about said and the rest filled in; and such as come by chance."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
from msgspec import structs

from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners.plans import Line, Plan, Rate, Rates, Referred, Rung, Traded
from opencabinet.partners.plans.parts import Cpa, CpaRate

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
CLIENT = Login(7_000_001)
CURRENCIES = ("USD", "EUR", "JPY")
SYMBOLS = ("EURUSD", "USDJPY", "EURGBP", "XAUUSD", "JP225")


def plan(**given: Any) -> Plan:
    """Make a plan in USD, of what a file would say of it."""
    return msgspec.convert({"name": "standard", "currency": "USD"} | given, Plan)


def per_lot(rate: object, **given: Any) -> Plan:
    """Make a plan that pays so much for a lot."""
    return plan(**{"parts": [{"kind": "per_lot", "rates": [{"rate": rate}]}]} | given)


def traded(**given: Any) -> Traded:
    """Make a closing of one lot of 100,000 EURUSD."""
    usual: dict[str, Any] = {
        "login": CLIENT,
        "ticket": Ticket(900_001),
        "symbol": "EURUSD",
        "side": "buy",
        "lots": Decimal(1),
        "contract_size": Decimal(100_000),
        "digits": 5,
        "opened_at": AT - timedelta(hours=5),
        "closed_at": AT,
        "open_price": Decimal("1.10210"),
        "close_price": Decimal("1.10340"),
        "profit": Decimal("130.00"),
        "commission": Decimal(0),
        "swap": Decimal(0),
        "fee": Decimal(0),
        "currency": "USD",
        "group": "real\\standard",
    }
    return Traded(**usual | given)


def rung(plan: Plan, login: int = 1001, **given: Any) -> Rung:
    """Make a partner of a plan who was given nothing yet this month."""
    usual: dict[str, Any] = {"currency": "USD", "version": 1, "month_lots": Decimal(0)}
    before = {"month_amount": Decimal(0), "day_amount": Decimal(0)}
    return Rung(login=Login(login), plan=plan, **usual | before | given)


def chain(*plans: Plan) -> list[Rung]:
    """Make a chain of partners, the direct one first."""
    return [rung(each, 1001 + level) for level, each in enumerate(plans)]


def referred(**given: Any) -> Referred:
    """Make a client who deposited 500 USD and traded much."""
    usual: dict[str, Any] = {
        "login": CLIENT,
        "currency": "USD",
        "group": "real\\standard",
        "country": "DE",
        "first_deposit_at": AT - timedelta(days=20),
        "deposited": Decimal(500),
        "lots": Decimal(50),
        "commission": Decimal(200),
        "at": AT,
    }
    return Referred(**usual | given)


def told(*rates: tuple[str, str, str]) -> Rates:
    """Make what tells these exchange rates, either way round, and no others."""
    known = {(base, quote): Rate(base, quote, Decimal(rate), "feed", AT) for base, quote, rate in rates}
    return lambda base, quote: known.get((base, quote)) or known.get((quote, base))


NO_RATES = told()


def amounts(lines: Sequence[Line]) -> list[str]:
    """Return the amounts of lines."""
    return [format(line.amount, "f") for line in lines]


class Chance:
    """Plans, trades, chains and rates by chance."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def figure(self, most: int, places: int = 2, least: int = 0) -> Decimal:
        """Return a figure up to so much, with at most so many places."""
        return Decimal(self.random.randint(least, most * 10**places)).scaleb(-places)

    def either(self, *each: Any) -> Any:
        """Return one of these."""
        return self.random.choice(each)

    def percents(self, together: int) -> list[Decimal]:
        """Return one to five percents that together are not more."""
        left, found = Decimal(together), []
        for _ in range(self.random.randint(1, 5)):
            found.append(self.figure(int(left), 3))
            left -= found[-1]
        return found

    def chosen(self) -> dict[str, Any]:
        """Return for which symbols and groups something holds."""
        symbols = self.either([], [], ["*USD*"], ["eur*", "JP*"], ["XAU*"])
        return {"symbols": symbols, "groups": self.either([], [], [], ["*standard"])}

    def part(self) -> dict[str, Any]:
        """Return a part of a plan; what it hands out of any revenue is at most a quarter."""
        kind = self.either("per_lot", "pips", "spread_share", "commission_share", "markup", "revenue_share")
        found: dict[str, Any] = {"kind": kind, "share": self.either(100, 50, self.figure(100, 4))}
        shared = {"percent": self.figure(25, 3)}
        spread = {**self.chosen(), "points": self.figure(40, 1)}
        units = {"lot_units": self.either(None, 10_000, 100_000, self.figure(90_000, 2, 1))}
        match kind:
            case "per_lot":
                return found | units | {"rates": [self.lot_rate(), self.lot_rate()]}
            case "pips":
                return found | {"rates": [{**self.chosen(), "pips": self.figure(20, 2)} for _ in range(2)]}
            case "spread_share":
                return found | shared | {"spreads": [spread]}
            case "commission_share":
                return found | shared
            case "markup":
                rate = {**self.chosen(), self.either("points", "rate"): self.figure(30, 3)}
                return found | shared | units | {"rates": [rate], "most": self.either(None, self.figure(10, 2))}
        of = self.either("revenue", "net_loss")
        spreads = self.either([], [spread]) if of == "revenue" else []
        return found | shared | {"of": of, "spreads": spreads, "negative": self.either("carried", "nothing")}

    def lot_rate(self) -> dict[str, Any]:
        """Return a rate of a lot, with some steps."""
        lots = sorted({self.figure(300, 1, 1) for _ in range(self.random.randint(0, 3))})
        return {
            **self.chosen(),
            "rate": self.figure(12, 3),
            "steps": [{"lots": each, "rate": self.figure(15, 3)} for each in lots],
        }

    def levels(self) -> dict[str, Any]:
        """Return a way of sharing."""
        family = self.either("difference", "cascade", "pot", "percent", "added")
        found: dict[str, Any] = {"family": family, "depth": self.random.randint(1, 10)}
        divided = {"percents": self.percents(100), "unspent": self.either("house", "up")}
        match family:
            case "cascade":
                return found | {"shares": [self.figure(100, 3) for _ in range(self.random.randint(1, 4))]}
            case "pot":
                units = self.either(None, 10_000, self.figure(200_000, 2, 1))
                return found | divided | {"amount": self.figure(20, 3), "lot_units": units}
            case "percent":
                return found | divided
            case "added":
                added = {"amounts": [self.figure(3, 2) for _ in range(3)], "percents": self.percents(40)}
                return found | added | {"most": self.figure(30, 2)}
        return found

    def plan(self) -> Plan:
        """Return a plan."""
        levels = self.levels()
        parts = [] if levels["family"] == "pot" else [self.part() for _ in range(self.random.randint(1, 3))]
        caps = {name: self.either(None, None, None, self.figure(50, 2)) for name in ("trade", "day", "month")}
        filters = {
            "least_seconds": self.either(0, 0, 0, 0, 120),
            "least_pips": self.either(0, 0, 0, 0, 5),
            "symbols_left_out": self.either([], [], [], [], [], ["jp*"]),
            "groups_left_out": self.either([], [], [], [], [], ["*cent"]),
        }
        contract = {"symbols": ["JP*"], "contract_size": 1, "currency": "JPY", "pip": self.either(None, 10)}
        return plan(
            name=self.either("gold", "silver", "bronze"),
            currency=self.either(*CURRENCIES),
            parts=parts,
            levels=levels,
            rank=self.either(None, None, self.random.randint(0, 9)),
            rebate=self.either(0, 0, 100, self.figure(100, 3)),
            filters=filters,
            caps=caps,
            contracts=self.either([], [contract]),
        )

    def rung(self, login: int) -> Rung:
        """Return a partner of a plan, who was given something before."""
        return rung(
            self.plan(),
            login,
            currency=self.either(*CURRENCIES),
            version=self.random.randint(1, 9),
            month_lots=self.figure(400, 2),
            month_amount=self.figure(40, 6) - 10,
            day_amount=self.figure(40, 6) - 10,
            is_client=self.random.random() < 0.05,
        )

    def chain(self) -> list[Rung]:
        """Return one to ten partners."""
        return [self.rung(1001 + level) for level in range(self.random.randint(1, 10))]

    def paid_once(self, rung: Rung) -> Rung:
        """Return a partner who is paid for clients, and for no trade."""
        deposits = (self.figure(500), self.figure(500))
        rates = tuple(CpaRate(amount=self.figure(300, 3), least_deposit=each) for each in deposits)
        part = Cpa(rates=rates, share=self.either(Decimal(100), self.figure(100, 3)))
        return structs.replace(rung, plan=structs.replace(rung.plan, parts=(part,)))

    def traded(self) -> Traded:
        """Return a closing."""
        symbol = self.either(*SYMBOLS)
        return traded(
            ticket=Ticket(self.random.randint(1, 10**9)),
            symbol=symbol,
            lots=self.either(self.figure(10), self.figure(500, 8)),
            contract_size=self.either(*map(Decimal, (100_000, 10_000, 100, 1)), None, self.figure(10**6, 8, 1)),
            digits={"USDJPY": 3, "XAUUSD": 2, "JP225": 0}.get(symbol, 5),
            opened_at=self.either(None, AT - timedelta(seconds=self.random.randint(1, 999))),
            open_price=self.either(None, Decimal("1.10210")),
            profit=self.figure(500) - 250,
            commission=self.either(Decimal(0), -self.figure(30)),
            swap=self.figure(6) - 3,
            fee=self.either(Decimal(0), -self.figure(2)),
            currency=self.either(*CURRENCIES),
            group=self.either("real\\standard", "real\\cent", ""),
            bonus=self.either(Decimal(0), self.figure(5)),
            closed_by=self.either(None, None, None, Ticket(10**9 + 1), Ticket(0)),
        )

    def rates(self, unknown: float = 0) -> Rates:
        """Return what tells exchange rates, each quoted one way round; this part of them is not known."""
        known = [
            (base, quote, str(self.figure(200, 7, 1)))
            for base, quote in (("EUR", "USD"), ("USD", "JPY"), ("EUR", "JPY"), ("GBP", "USD"), ("EUR", "GBP"))
            if self.random.random() >= unknown
        ]
        return told(*known, ("GBP", "JPY", "191.25"))
