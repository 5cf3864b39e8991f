"""The tables, as Django's models of what it does not manage."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Money(models.DecimalField):
    """A figure as the tables keep it."""

    def __init__(self, **given: object) -> None:
        super().__init__(**{"max_digits": 24, "decimal_places": 8, **given})


class Token(models.Model):
    """A token, by what it hashes to."""

    hash = models.BinaryField(primary_key=True)
    login = models.BigIntegerField()
    family = models.TextField()
    kind = models.TextField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "tokens"
        app_label = "cabinet"


class AccessRule(models.Model):
    """A rule of who may read an account."""

    pk = models.CompositePrimaryKey("login", "function")
    login = models.BigIntegerField()
    function = models.TextField()
    level = models.TextField()
    networks = ArrayField(models.TextField())
    expires_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "access_rules"
        app_label = "cabinet"


class Account(models.Model):
    """A trading account as last reported."""

    login = models.BigIntegerField(primary_key=True)
    currency = models.TextField()
    leverage = models.IntegerField(null=True)
    balance = Money()
    credit = Money()
    equity = Money(null=True)
    margin = Money(null=True)
    floating = Money(null=True)
    as_of = models.DateTimeField()
    as_of_offset = models.SmallIntegerField()
    complete = models.BooleanField()

    class Meta:
        managed = False
        db_table = "accounts"
        app_label = "cabinet"


class OpenTrade(models.Model):
    """A trade that is open."""

    pk = models.CompositePrimaryKey("login", "position")
    login = models.BigIntegerField()
    position = models.BigIntegerField()
    symbol = models.TextField()
    side = models.TextField()
    lots = Money()
    contract_size = Money(null=True)
    digits = models.SmallIntegerField()
    opened_at = models.DateTimeField()
    opened_offset = models.SmallIntegerField()
    open_price = Money()
    current_price = Money()
    stop_loss = Money(null=True)
    take_profit = Money(null=True)
    commission = Money()
    fee = Money()
    swap = Money()
    profit = Money()
    comment = models.TextField()

    class Meta:
        managed = False
        db_table = "open_trades"
        app_label = "cabinet"


class ClosedTrade(models.Model):
    """A trade that closed; only what is read of it here."""

    pk = models.CompositePrimaryKey("login", "ticket")
    login = models.BigIntegerField()
    ticket = models.BigIntegerField()
    closed_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "closed_trades"
        app_label = "cabinet"


class DailyLots(models.Model):
    """What closed on a day."""

    pk = models.CompositePrimaryKey("login", "day", "symbol", "contract_size")
    login = models.BigIntegerField()
    day = models.DateField()
    symbol = models.TextField()
    contract_size = Money()
    trades = models.BigIntegerField()
    lots = Money()
    profit = Money()
    swap = Money()
    commission = Money()
    fee = Money()

    class Meta:
        managed = False
        db_table = "daily_lots"
        app_label = "cabinet"


class Movement(models.Model):
    """Money in or out."""

    pk = models.CompositePrimaryKey("login", "ticket")
    login = models.BigIntegerField()
    ticket = models.BigIntegerField()
    kind = models.TextField()
    amount = Money()

    class Meta:
        managed = False
        db_table = "movements"
        app_label = "cabinet"
