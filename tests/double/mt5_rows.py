"""The rows of a MetaTrader 5 server, as its export writes them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from tests.double.books import NOTHING, Account, Order, Position, Symbol, rounded
from tests.double.broker import OPPOSITE, UNSET, Broker, Row

EXT, OLD = 8, 4
"""A lot is 10^8 of the wide volumes and 10^4 of the old ones, which are cut off."""
TYPES: Final = {
    name: number
    for number, name in enumerate(
        (
            "buy",
            "sell",
            "buy limit",
            "sell limit",
            "buy stop",
            "sell stop",
            "buy stop limit",
            "sell stop limit",
            "close by",
        ),
    )
}
HUGE: Final = 10**19


def volumes(name: str, lots: Decimal, wide: str = "Ext") -> Row:
    """Return a volume in both measures."""
    return {f"{name}{wide}": int(lots.scaleb(EXT)), name: int(lots.scaleb(OLD))}


class Mt5Rows(Broker):
    """What a server writes of each thing."""

    row_numbers = 0

    def begin(self) -> None:
        """Write what is there before the first account."""
        for number, group in enumerate(self.groups.values(), 1):
            self.write(
                "mt5_groups",
                number,
                {
                    "Group_ID": number,
                    "Group": group.name,
                    "Timestamp": self.filetime(),
                    "Company": "The House",
                    "Currency": group.currency,
                    "CurrencyDigits": group.digits,
                    "MarginMode": 0 if group.netting else 2,
                    "MarginCall": Decimal(100),
                    "MarginStopOut": Decimal(50),
                },
            )
        for symbol in self.symbols.values():
            self.told_symbol(symbol)
        self.told_zone()

    def ticket_of_row(self) -> int:
        """Return the next number of a row, which means nothing."""
        self.row_numbers += 1
        return self.row_numbers

    def told_symbol(self, symbol: Symbol) -> None:
        """Write a symbol and its newest price, each under numbers of their own."""
        self.symbols[symbol.name] = symbol
        self.prices.setdefault(symbol.name, symbol.price)
        number = list(self.symbols).index(symbol.name) + 1
        row: Row = {
            "Symbol_ID": number + 1000,
            "Symbol": symbol.name,
            "Timestamp": self.filetime(),
            "Digits": symbol.digits,
        }
        row |= {"Path": f"Forex\\{symbol.name}", "CurrencyBase": symbol.base, "CurrencyProfit": symbol.profit}
        row |= {"CurrencyMargin": symbol.base, "CurrencyProfitDigits": 2, "Point": Decimal(1).scaleb(-symbol.digits)}
        row |= {"ContractSize": symbol.contract, "CalcMode": symbol.mode, "TradeMode": 4, "SwapMode": 1}
        row |= {
            "SwapLong": Decimal("-3.7"),
            "SwapShort": Decimal("1.2"),
            "Swap3Day": 3,
            "SwapRateWednesday": Decimal(3),
        }
        row |= {"VolumeMinExt": 10**6, "VolumeMaxExt": HUGE, "VolumeStepExt": 10**6, "SwapYearDay": 360}
        self.write("mt5_symbols", symbol.name, row)
        self.told_price(symbol)

    def told_price(self, symbol: Symbol) -> None:
        """Write the newest price of a symbol; one that was never quoted has zeros and no time."""
        bid, ask = self.quote(symbol) if self.prices[symbol.name] else (NOTHING, NOTHING)
        number = list(self.symbols).index(symbol.name) + 1
        row: Row = {"Price_ID": number, "Symbol": symbol.name, "Digits": symbol.digits, "BidLast": bid, "AskLast": ask}
        row |= {"Time": self.seconds() if bid else UNSET, "BidHigh": bid, "BidLow": bid, "AskHigh": ask, "AskLow": ask}
        self.write("mt5_prices", symbol.name, row)

    def told_zone(self) -> None:
        """Write the server's zone: minutes east of UTC in winter, and whether it is summer."""
        winter, now = self.ahead(self.now.replace(month=1)), self.ahead(self.now)
        zone = int(min(winter, now) / timedelta(minutes=1))
        summer = {"Daylight": int(self.rule[0] not in "+-"), "DaylightState": int(now > winter)}
        self.write("mt5_time", 0, {"TimeZone": zone, "Timestamp": self.filetime(), "TimeServer": ""} | summer)

    def told_account(self, account: Account) -> None:
        """Write who has an account, and how it stands."""
        if account.deleted or self.accounts.get(account.number) is not account:
            return
        books = account.books
        times = {name: self.seconds(account.registered_at) for name in ("Registration", "LastAccess", "LastPassChange")}
        row: Row = {
            "Login": account.number,
            "Timestamp": self.filetime(),
            "Group": account.group.name,
            "Name": account.name,
        }
        row |= {"Company": "The House", "Leverage": account.leverage, "Agent": account.agent, "Rights": 0x1}
        row |= {"PhonePassword": "never-read-me", "ApiData": "never-read-me", "Email": "never@read.me"}
        row |= {"Balance": books.balance, "Credit": books.credit, "TimestampTrade": self.filetime()}
        self.write("mt5_users", account.number, row | times)
        floating = self.floating(account) + sum((each.swap for each in account.positions()), NOTHING)
        equity = books.balance + books.credit + floating
        row = {"Login": account.number, "CurrencyDigits": account.group.digits, "Balance": books.balance}
        row |= {"Credit": books.credit, "MarginLeverage": account.leverage, "Floating": floating, "Equity": equity}
        row |= {"Margin": NOTHING, "MarginFree": equity, "MarginLevel": NOTHING, "Profit": floating}
        self.write("mt5_accounts", account.number, row)

    def told_position(self, account: Account, position: Position) -> None:
        """Write an open position."""
        symbol = position.symbol
        row: Row = {"Position_ID": position.row, "Position": position.ticket, "Login": account.number}
        row |= {"Timestamp": self.filetime(), "Symbol": symbol.name, "Action": int(position.side == "sell")}
        row |= {"Digits": symbol.digits, "DigitsCurrency": account.group.digits, "ContractSize": symbol.contract}
        row |= self.times("TimeCreate", position.opened_at) | self.times("TimeUpdate", self.now)
        row |= {"PriceOpen": position.price, "PriceCurrent": self.price(symbol, OPPOSITE[position.side])}
        row |= {"PriceSL": position.stop_loss, "PriceTP": position.take_profit, "Storage": position.swap}
        row |= {"Profit": self.standing(account, position), "Comment": position.comment, "ExpertID": HUGE}
        row |= {"RateProfit": self.rate(symbol.profit, account), "RateMargin": Decimal(1)}
        self.write("mt5_positions", position.row, row | volumes("Volume", position.lots))

    def told_order(self, account: Account, order: Order, state: int) -> None:
        """Write an order where it belongs: among those that work or in the history."""
        row: Row = {"Order": order.ticket, "Timestamp": self.filetime(), "Login": account.number, "State": state}
        row |= {"Symbol": order.symbol.name, "Digits": order.symbol.digits, "ContractSize": order.symbol.contract}
        row |= {"DigitsCurrency": account.group.digits, "Type": TYPES[order.type], "PriceOrder": order.price}
        row |= {"PositionID": order.position, "PositionByID": order.by, "TimeExpiration": UNSET}
        row |= self.times("TimeSetup", order.placed_at) | self.times("TimeDone", order.done_at)
        row |= volumes("VolumeInitial", order.lots) | volumes("VolumeCurrent", order.lots - order.filled)
        self.write("mt5_orders" if order.done_at is None else "mt5_orders_history", order.ticket, row)

    def deal_row(self, account: Account, deal: int, **told: Any) -> Row:
        """Return a deal; what is not told of it is zero."""
        symbol: Symbol | None = told.pop("Symbol", None)
        row: Row = {"Deal": deal, "Timestamp": self.filetime(), "Login": account.number, "Entry": 0, "Reason": 0}
        row |= self.times("Time", self.now)
        row |= {"Digits": symbol.digits if symbol else 0, "Symbol": symbol.name if symbol else ""}
        row |= {"ContractSize": symbol.contract if symbol else NOTHING, "DigitsCurrency": account.group.digits}
        row |= volumes("Volume", told.pop("lots", NOTHING)) | volumes("VolumeClosed", told.pop("closed", NOTHING))
        money = dict.fromkeys(("Profit", "Storage", "Commission", "Fee", "RateProfit", "PricePosition"), NOTHING)
        return row | money | {"RateMargin": Decimal(1), "ExpertID": HUGE, "ApiData": "[]"} | told

    def times(self, name: str, at: datetime | None) -> Row:
        """Return a moment by the server's clock, in seconds and in milliseconds."""
        if at is None:
            return {name: UNSET, f"{name}Msc": UNSET}
        wall = self.wall(at)
        return {name: wall.replace(microsecond=0), f"{name}Msc": wall}

    def seconds(self, at: datetime | None = None) -> datetime:
        """Return a moment by the server's clock, in whole seconds."""
        return self.wall(at).replace(microsecond=0)


__all__ = ["Mt5Rows", "rounded", "volumes"]
