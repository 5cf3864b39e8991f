"""The tables, as SQLAlchemy maps them."""

from datetime import date, datetime
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network

from sqlalchemy.dialects.postgresql import ARRAY, CIDR, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What all tables have in common."""

    type_annotation_map = {datetime: TIMESTAMP(timezone=True)}  # noqa: RUF012 - SQLAlchemy's own way


class Token(Base):
    """A token, by what it hashes to."""

    __tablename__ = "tokens"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    login: Mapped[int]
    family: Mapped[str]
    kind: Mapped[str]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AccessRule(Base):
    """A rule of who may read an account."""

    __tablename__ = "access_rules"

    login: Mapped[int] = mapped_column(primary_key=True)
    function: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    networks: Mapped[list[IPv4Network | IPv6Network]] = mapped_column(ARRAY(CIDR))
    expires_at: Mapped[datetime | None]


class Account(Base):
    """A trading account as last reported."""

    __tablename__ = "accounts"

    login: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str]
    leverage: Mapped[int | None]
    balance: Mapped[Decimal]
    credit: Mapped[Decimal]
    equity: Mapped[Decimal | None]
    margin: Mapped[Decimal | None]
    floating: Mapped[Decimal | None]
    as_of: Mapped[datetime]
    as_of_offset: Mapped[int]
    complete: Mapped[bool]


class OpenTrade(Base):
    """A trade that is open."""

    __tablename__ = "open_trades"

    login: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    symbol: Mapped[str]
    side: Mapped[str]
    lots: Mapped[Decimal]
    contract_size: Mapped[Decimal]
    digits: Mapped[int]
    opened_at: Mapped[datetime]
    opened_offset: Mapped[int]
    open_price: Mapped[Decimal]
    current_price: Mapped[Decimal]
    stop_loss: Mapped[Decimal | None]
    take_profit: Mapped[Decimal | None]
    commission: Mapped[Decimal]
    fee: Mapped[Decimal]
    swap: Mapped[Decimal]
    profit: Mapped[Decimal]
    comment: Mapped[str]


class ClosedTrade(Base):
    """A trade that closed; only what is read of it here."""

    __tablename__ = "closed_trades"

    login: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[int] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]


class DailyLots(Base):
    """What closed on a day."""

    __tablename__ = "daily_lots"

    login: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    symbol: Mapped[str] = mapped_column(primary_key=True)
    contract_size: Mapped[Decimal] = mapped_column(primary_key=True)
    trades: Mapped[int]
    lots: Mapped[Decimal]
    profit: Mapped[Decimal]
    swap: Mapped[Decimal]
    commission: Mapped[Decimal]
    fee: Mapped[Decimal]


class Movement(Base):
    """Money in or out."""

    __tablename__ = "movements"

    login: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    amount: Mapped[Decimal]
