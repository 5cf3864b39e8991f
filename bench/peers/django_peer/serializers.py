"""What is answered, as serializers."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from bench.peers import words
from bench.peers.django_peer.models import Account, OpenTrade
from bench.peers.words import NO_MARGIN, NO_NEWER

NOTHING = Decimal(0)


class Figure(serializers.Field):
    """A decimal as text."""

    def to_representation(self, value: Decimal) -> str:
        """Write it."""
        return words.figure(value)


class Time(serializers.Field):
    """A moment in UTC."""

    def to_representation(self, value: Any) -> str:
        """Write it."""
        return words.time(value)


class BalanceSerializer(serializers.Serializer):
    """The account's money."""

    login = serializers.IntegerField()
    balance = Figure()
    credit = Figure()
    equity = Figure()
    equity_reported = serializers.BooleanField()
    floating = Figure()
    margin = Figure()
    free_margin = Figure()
    margin_level = Figure()
    reasons = serializers.DictField()
    currency = serializers.CharField()
    complete = serializers.BooleanField()
    priced_at = Time()
    as_of = Time()
    as_of_broker = serializers.CharField()


class SizeSerializer(serializers.Serializer):
    """How much was traded."""

    lots = Figure()
    units = Figure()
    contract_size = Figure()
    standard_lots = Figure()
    reason = serializers.CharField()


class OpenTradeSerializer(serializers.Serializer):
    """A trade that is open."""

    position = serializers.IntegerField()
    symbol = serializers.CharField()
    side = serializers.CharField()
    volume = SizeSerializer()
    opened_at = Time()
    opened_at_broker = serializers.CharField()
    open_price = Figure()
    current_price = Figure()
    priced_at = Time()
    priced_reason = serializers.CharField()
    stop_loss = Figure()
    take_profit = Figure()
    pips = Figure()
    profit = Figure()
    swap = Figure()
    commission = Figure()
    fee = Figure()
    net = Figure()
    margin = Figure()
    currency = serializers.CharField()
    comment = serializers.CharField()


class PageSerializer(serializers.Serializer):
    """Where a page stands."""

    next_cursor = serializers.CharField()
    has_more = serializers.BooleanField()
    limit = serializers.IntegerField()


class IntervalSerializer(serializers.Serializer):
    """The period that was read."""

    to = Time()
    time_field = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, one of which is called by a word of Python's."""
        return {"from": Time(), **super().get_fields()}


class ReceiptSerializer(serializers.Serializer):
    """Shows that the rows are whole."""

    count = serializers.IntegerField()
    first_id = serializers.IntegerField()
    last_id = serializers.IntegerField()
    opening_balance = Figure()
    movements = Figure()
    results = Figure()
    costs = Figure()
    closing_balance = Figure()
    currency = serializers.CharField()
    complete = serializers.BooleanField()
    reason = serializers.CharField()


class OpenTradesSerializer(serializers.Serializer):
    """A page of open trades."""

    data = OpenTradeSerializer(many=True)
    page = PageSerializer()
    period = IntervalSerializer()
    receipt = ReceiptSerializer()
    as_of = Time()


class TradedSerializer(serializers.Serializer):
    """What trades add up to."""

    trades = serializers.IntegerField()
    lots = Figure()
    profit = Figure()
    swap = Figure()
    costs = Figure()
    net = Figure()


class MovedSerializer(serializers.Serializer):
    """What movements of a kind add up to."""

    kind = serializers.CharField()
    movements = serializers.IntegerField()
    amount = Figure()


class SummarySerializer(serializers.Serializer):
    """An account at a glance."""

    login = serializers.IntegerField()
    period = IntervalSerializer()
    balance = BalanceSerializer()
    open = TradedSerializer()
    closed = TradedSerializer()
    moved = MovedSerializer(many=True)
    receipt = ReceiptSerializer()
    as_of = Time()


class LegacyBalanceSerializer(serializers.Serializer):
    """An account's money, on the legacy wire."""

    Login = serializers.IntegerField(source="login")
    Balance = serializers.FloatField(source="balance")
    Equity = serializers.FloatField(source="equity")
    Margin = serializers.FloatField(source="margin")
    FreeMargin = serializers.FloatField(source="free_margin")
    Currency = serializers.CharField(source="currency")


class LegacyOpenTradeSerializer(serializers.Serializer):
    """An open trade, on the legacy wire."""

    Ticket = serializers.IntegerField(source="position")
    Login = serializers.IntegerField(source="login")
    Symbol = serializers.CharField(source="symbol")
    Type = serializers.SerializerMethodField(method_name="type_of")
    Volume = serializers.FloatField(source="lots")
    OpenTime = serializers.SerializerMethodField(method_name="seconds_of")
    OpenPrice = serializers.FloatField(source="open_price")
    CurrentPrice = serializers.FloatField(source="current_price")
    Sl = serializers.SerializerMethodField(method_name="stop_of")
    Tp = serializers.SerializerMethodField(method_name="target_of")
    Swaps = serializers.FloatField(source="swap")
    Profit = serializers.FloatField(source="profit")
    Digits = serializers.IntegerField(source="digits")
    Comment = serializers.SerializerMethodField(method_name="comment_of")

    def type_of(self, trade: OpenTrade) -> int:
        """Return 0 for a trade that bought, 1 for one that sold."""
        return 0 if trade.side == "buy" else 1

    def seconds_of(self, trade: OpenTrade) -> int:
        """Return when it was opened, in Unix seconds."""
        return int(trade.opened_at.timestamp())

    def stop_of(self, trade: OpenTrade) -> float:
        """Return where it stops."""
        return float(trade.stop_loss or NOTHING)

    def target_of(self, trade: OpenTrade) -> float:
        """Return where it takes its profit."""
        return float(trade.take_profit or NOTHING)

    def comment_of(self, trade: OpenTrade) -> str | None:
        """Return its comment, if it has one."""
        return trade.comment or None


class LegacySummarySerializer(serializers.Serializer):
    """An account's money and trades, on the legacy wire."""

    Balance = serializers.FloatField(source="balance")
    Equity = serializers.FloatField(source="equity")
    Margin = serializers.FloatField(source="margin")
    FreeMargin = serializers.FloatField(source="free_margin")
    Profit = serializers.FloatField(source="profit")
    Currency = serializers.CharField(source="currency")
    Leverage = serializers.IntegerField(source="leverage")
    CurrentTradesCount = serializers.IntegerField(source="open_count")
    CurrentTradesVolume = serializers.FloatField(source="open_lots")
    TotalTradesCount = serializers.IntegerField(source="count")
    TotalTradesVolume = serializers.FloatField(source="lots")


def balance_of(account: Account) -> dict[str, Any]:
    """Say an account's money."""
    equity = account.balance + account.credit if account.equity is None else account.equity
    margin = account.margin or NOTHING
    return {
        "login": account.login,
        "balance": account.balance,
        "credit": account.credit,
        "equity": equity,
        "equity_reported": account.equity is not None,
        "floating": account.floating,
        "margin": margin,
        "free_margin": equity - margin,
        "margin_level": words.level(equity, margin),
        "reasons": {} if margin else {"margin_level": NO_MARGIN},
        "currency": account.currency,
        "complete": account.complete,
        "priced_at": account.as_of,
        "as_of": account.as_of,
        "as_of_broker": words.broker_time(account.as_of, account.as_of_offset),
    }


def open_trade_of(trade: OpenTrade, account: Account) -> dict[str, Any]:
    """Say an open trade."""
    units = trade.lots * trade.contract_size
    size = {"lots": trade.lots, "units": units, "contract_size": trade.contract_size}
    names = ("position", "symbol", "side", "opened_at", "open_price", "current_price", "stop_loss", "take_profit")
    return {
        **{name: getattr(trade, name) for name in (*names, "profit", "swap", "commission", "fee", "comment")},
        "volume": {**size, "standard_lots": units / 100_000, "reason": None},
        "opened_at_broker": words.broker_time(trade.opened_at, trade.opened_offset),
        "priced_at": account.as_of,
        "priced_reason": NO_NEWER,
        "pips": None,
        "net": trade.profit + trade.swap + trade.commission + trade.fee,
        "margin": None,
        "currency": account.currency,
    }
