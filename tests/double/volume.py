"""A large history at once: what a follower reads at its first load, in a minute rather than in an hour."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.double.broker import FILETIME_EPOCH
from tests.double.double import Double
from tests.double.exporter import Exporter

FIRST: Final = datetime(2025, 1, 2, tzinfo=UTC)
SECONDS: Final = 30
"""Between a deal and the next."""
FIRST_NUMBER: Final = 1001
DEALS: Final = """
INSERT INTO `{table}`
  (Deal, Timestamp, Login, `Order`, Action, Entry, Digits, DigitsCurrency, ContractSize, Time, TimeMsc, Symbol, Price,
   VolumeExt, Volume, VolumeClosedExt, VolumeClosed, Profit, Storage, Commission, RateProfit, RateMargin, PositionID,
   PricePosition, Comment, ApiData)
SELECT seq, {stamp} + seq * {seconds} * 10000000, {number} + (seq - 1) DIV 2 % {accounts},
       IF(paid, 0, seq), IF(paid, 2, (seq - 1) % 2), IF(paid, 0, (seq - 1) % 2), IF(paid, 0, 5), 2,
       IF(paid, 0, 100000), wall, wall, IF(paid, '', 'EURUSD'), IF(paid, 0, price), IF(paid, 0, lots * 100000000),
       IF(paid, 0, lots * 10000), IF(paid OR opens, 0, lots * 100000000), IF(paid OR opens, 0, lots * 10000),
       IF(paid, 10000, IF(opens, 0, lots * 10)), IF(paid OR opens, 0, -lots), IF(paid, 0, -3.5 * lots),
       IF(paid OR opens, 0, 1), 1, IF(paid, 0, seq - (seq - 1) % 2), IF(paid OR opens, 0, price - 0.0001),
       IF(paid, 'Deposit', ''), '[]'
  FROM (SELECT seq, seq <= 2 * {accounts} AS paid, seq % 2 = 1 AS opens, (1 + (seq - 1) DIV 2 % 10) / 10 AS lots,
               1.1 + ((seq - 1) DIV 2 % 1000) / 100000 + (seq - 1) % 2 / 10000 AS price,
               '{wall}' + INTERVAL seq * {seconds} SECOND AS wall
          FROM seq_1_to_{deals}) AS made
 WHERE wall >= '{since}' AND wall < '{until}'
"""
MONEY: Final = """
UPDATE {table} AS told JOIN (SELECT Login, ROUND(SUM(Profit + Storage + Commission), 2) AS amount FROM `{deals}`
                              GROUP BY Login) AS summed USING (Login)
   SET told.Balance = told.Balance + summed.amount
"""
EQUITY: Final = "UPDATE mt5_accounts SET Equity = Balance, MarginFree = Balance"
TRADES: Final = """
INSERT INTO `{table}`
  (TICKET, LOGIN, SYMBOL, DIGITS, CMD, VOLUME, OPEN_TIME, OPEN_PRICE, SL, TP, CLOSE_TIME, EXPIRATION, CONV_RATE1,
   CONV_RATE2, COMMISSION, COMMISSION_AGENT, SWAPS, CLOSE_PRICE, PROFIT, TAXES, COMMENT, INTERNAL_ID, MARGIN_RATE,
   TIMESTAMP, MODIFY_TIME)
SELECT seq, {number} + (seq - 1) % {accounts}, IF(paid, '', 'EURUSD'), IF(paid, 0, 5), IF(paid, 6, 0),
       IF(paid, 1, lots * 100), wall, IF(paid, 0, price), 0, 0, IF(paid, wall, wall + INTERVAL 20 SECOND),
       '1970-01-01', 1, 1, IF(paid, 0, -3.5 * lots), 0, IF(paid, 0, -lots), IF(paid, 0, price + 0.0001),
       IF(paid, 10000, lots * 10), 0, IF(paid, 'Deposit', ''), 0, 1, {stamp} + seq * {seconds}, wall
  FROM (SELECT seq, seq <= {accounts} AS paid, (1 + seq % 10) / 10 AS lots, 1.1 + (seq % 1000) / 100000 AS price,
               '{wall}' + INTERVAL seq * {seconds} SECOND AS wall
          FROM seq_1_to_{deals}) AS made
"""
PAID: Final = """
UPDATE `{users}` AS told JOIN (SELECT LOGIN, ROUND(SUM(PROFIT + SWAPS + COMMISSION), 2) AS amount FROM `{trades}`
                               GROUP BY LOGIN) AS summed USING (LOGIN)
   SET told.BALANCE = summed.amount, told.EQUITY = summed.amount
"""


async def fill(double: Double, deals: int = 1_000_000, accounts: int = 1_000) -> None:
    """Give a double that is still empty so many deals, or MetaTrader 4 trades, of so many accounts.

    Its clock must be a fixed offset: the walls of all rows are reckoned from that of the first.
    """
    exporter, broker = double.exporter, double.broker
    broker.now = FIRST
    for number in range(FIRST_NUMBER, FIRST_NUMBER + accounts):
        broker.account("usd", number)
    broker.now, broker.last = FIRST + timedelta(seconds=SECONDS * deals), deals
    broker.open_account_rows()
    await exporter.flush()
    if broker.platform == "mt5":
        await deals_of_mt5(exporter, deals, accounts)
    else:
        await trades_of_mt4(exporter, deals, accounts)
    await exporter.beat()


async def deals_of_mt5(exporter: Exporter, deals: int, accounts: int) -> None:
    """Write deals: a payment and nothing for each account, and then positions opened and closed by turns."""
    wall = exporter.broker.wall(FIRST)
    given: dict[str, Any] = {
        "number": FIRST_NUMBER,
        "accounts": accounts,
        "deals": deals,
        "seconds": SECONDS,
        "wall": wall,
    }
    given["stamp"] = (FIRST - FILETIME_EPOCH) // timedelta(microseconds=1) * 10
    years = range(wall.year, exporter.broker.wall().year + 1)
    for physical, since, until in (
        [(f"mt5_deals_{year}", f"{year}-01-01", f"{year + 1}-01-01") for year in years]
        if exporter.yearly
        else [("mt5_deals", "1971-01-01", "9999-01-01")]
    ):
        await exporter.table(physical, exporter.tables["mt5_deals"])
        await exporter.session.run(DEALS.format(table=physical, since=since, until=until, **given))
        for table in ("mt5_users", "mt5_accounts"):
            await exporter.session.run(MONEY.format(table=table, deals=physical))
    await exporter.session.run(EQUITY)


async def trades_of_mt4(exporter: Exporter, trades: int, accounts: int) -> None:
    """Write a payment for each account, and then closed trades."""
    given: dict[str, Any] = {"number": FIRST_NUMBER, "accounts": accounts, "deals": trades, "seconds": SECONDS}
    given |= {"wall": exporter.broker.wall(FIRST), "stamp": int(FIRST.timestamp())}
    table = exporter.named("mt4_trades")
    await exporter.session.run(TRADES.format(table=table, **given))
    await exporter.session.run(PAID.format(users=exporter.named("mt4_users"), trades=table))
