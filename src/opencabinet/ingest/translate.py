"""From a statement's rows to the rooms' nouns: wall time becomes UTC, and every row gets its login."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from opencabinet.accounts import Account
from opencabinet.ingest import model
from opencabinet.kernel.clock import Clock
from opencabinet.kernel.ids import Login
from opencabinet.ledger import Movement
from opencabinet.trades import ClosedTrade, Deal, OpenTrade, Order


class Translator(Struct, frozen=True):
    """Translates the rows of one account."""

    login: Login
    clock: Clock

    def timed(self, name: str, wall: datetime | None) -> dict[str, Any]:
        """Return `name`_at and `name`_offset for a wall time."""
        if wall is None:
            return {f"{name}_at": None, f"{name}_offset": None}
        moment = self.clock.moment(wall)
        return {f"{name}_at": moment.at, f"{name}_offset": moment.offset}

    def closed(self, row: model.Closing) -> ClosedTrade:
        """Translate a closing; statements do not tell the contract size."""
        times = self.timed("opened", row.opened_at) | self.timed("closed", row.closed_at)
        places = digits(row.open_price, row.close_price, row.stop_loss, row.take_profit)
        return ClosedTrade(**asdict(row) | times, login=self.login, contract_size=None, digits=places)

    def opened(self, row: model.Opened) -> OpenTrade:
        """Translate an open trade."""
        times = self.timed("opened", row.opened_at)
        places = digits(row.open_price, row.current_price, row.stop_loss, row.take_profit)
        return OpenTrade(**asdict(row) | times, login=self.login, contract_size=None, digits=places)

    def order(self, row: model.Ordered) -> Order:
        """Translate an order."""
        given = asdict(row)
        given["ticket"] = given.pop("order")
        times = self.timed("placed", row.placed_at) | self.timed("done", row.done_at)
        return Order(**given | times, login=self.login, contract_size=None)

    def deal(self, row: model.Deal) -> Deal:
        """Translate a deal."""
        given = asdict(row)
        given["order_ticket"] = given.pop("order")
        return Deal(**given | self.timed("dealt", row.dealt_at), login=self.login, contract_size=None)

    def movement(self, row: model.Moved) -> Movement:
        """Translate a movement of money."""
        return Movement(**asdict(row) | self.timed("moved", row.moved_at), login=self.login)

    def account(self, statement: model.Statement) -> Account:
        """Translate the account as the statement reports it."""
        as_of = self.clock.moment(statement.as_of())
        return Account(
            login=self.login,
            name=statement.name,
            company=statement.company,
            currency=statement.currency,
            leverage=statement.leverage,
            platform=statement.platform,
            mode=statement.mode,
            complete=False,
            **asdict(statement.snapshot),
            as_of=as_of.at,
            as_of_offset=as_of.offset,
        )


def digits(*prices: Decimal | None) -> int:
    """Return how many decimal places the symbol's prices are written with."""
    return max(-int(price.as_tuple().exponent) for price in prices if price is not None)
