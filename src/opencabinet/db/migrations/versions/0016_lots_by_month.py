"""Closed lots rolled up by month: what closed in years costs the same of a thousand trades and of a million."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Months follow days, whoever writes those. A difference is added; what comes to nothing is removed with its last day.
ROLL_UPS = """
CREATE TABLE monthly_lots (
  login bigint NOT NULL,
  month date NOT NULL,
  symbol text NOT NULL,
  contract_size numeric(24,8) NOT NULL,
  trades bigint NOT NULL,
  lots numeric(28,8) NOT NULL,
  profit numeric(28,8) NOT NULL,
  swap numeric(28,8) NOT NULL,
  commission numeric(28,8) NOT NULL,
  fee numeric(28,8) NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (login, month, symbol, contract_size)
);
COMMENT ON TABLE monthly_lots IS 'daily_lots by month, kept by a trigger in the same transaction';
COMMENT ON COLUMN monthly_lots.lots IS 'wider than a day''s, as all sums here: a month holds whatever its days hold';

CREATE FUNCTION roll_up_daily_lots() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO monthly_lots AS kept
    SELECT login, date_trunc('month', day)::date, symbol, contract_size, sum(trades), sum(lots), sum(profit), sum(swap),
           sum(commission), sum(fee), min(first_at), max(last_at)
      FROM told GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (login, month, symbol, contract_size) DO UPDATE
       SET (trades, lots, profit, swap, commission, fee, first_at, last_at)
         = (kept.trades + excluded.trades, kept.lots + excluded.lots, kept.profit + excluded.profit,
            kept.swap + excluded.swap, kept.commission + excluded.commission, kept.fee + excluded.fee,
            least(kept.first_at, excluded.first_at), greatest(kept.last_at, excluded.last_at));
  ELSIF TG_OP = 'UPDATE' THEN
    UPDATE monthly_lots AS kept
       SET (trades, lots, profit, swap, commission, fee, first_at, last_at)
         = (kept.trades + more.trades, kept.lots + more.lots, kept.profit + more.profit, kept.swap + more.swap,
            kept.commission + more.commission, kept.fee + more.fee, least(kept.first_at, more.first_at),
            greatest(kept.last_at, more.last_at))
      FROM (SELECT login, date_trunc('month', day)::date AS month, symbol, contract_size,
                   sum(told.trades - gone.trades) AS trades, sum(told.lots - gone.lots) AS lots,
                   sum(told.profit - gone.profit) AS profit, sum(told.swap - gone.swap) AS swap,
                   sum(told.commission - gone.commission) AS commission, sum(told.fee - gone.fee) AS fee,
                   min(told.first_at) AS first_at, max(told.last_at) AS last_at
              FROM told JOIN gone USING (login, day, symbol, contract_size) GROUP BY 1, 2, 3, 4) AS more
     WHERE (kept.login, kept.month, kept.symbol, kept.contract_size)
         = (more.login, more.month, more.symbol, more.contract_size);
  ELSE
    UPDATE monthly_lots AS kept
       SET (trades, lots, profit, swap, commission, fee)
         = (kept.trades - less.trades, kept.lots - less.lots, kept.profit - less.profit, kept.swap - less.swap,
            kept.commission - less.commission, kept.fee - less.fee)
      FROM (SELECT login, date_trunc('month', day)::date AS month, symbol, contract_size, sum(trades) AS trades,
                   sum(lots) AS lots, sum(profit) AS profit, sum(swap) AS swap, sum(commission) AS commission,
                   sum(fee) AS fee
              FROM gone GROUP BY 1, 2, 3, 4) AS less
     WHERE (kept.login, kept.month, kept.symbol, kept.contract_size)
         = (less.login, less.month, less.symbol, less.contract_size);
    DELETE FROM monthly_lots
     WHERE trades = 0
       AND (login, month, symbol, contract_size) IN (
             SELECT login, date_trunc('month', day)::date, symbol, contract_size FROM gone);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER daily_lots_inserted AFTER INSERT ON daily_lots
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION roll_up_daily_lots();
CREATE TRIGGER daily_lots_updated AFTER UPDATE ON daily_lots
  REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION roll_up_daily_lots();
CREATE TRIGGER daily_lots_deleted AFTER DELETE ON daily_lots
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION roll_up_daily_lots();

INSERT INTO monthly_lots
SELECT login, date_trunc('month', day)::date, symbol, contract_size, sum(trades), sum(lots), sum(profit), sum(swap),
       sum(commission), sum(fee), min(first_at), max(last_at)
  FROM daily_lots GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
"""

# Sums of numeric are large, and most groups of a load hold few rows: to sort them takes a quarter of the time that a
# hash of all of them takes.
SORTED = """
ALTER FUNCTION roll_up_closed_trades() SET enable_hashagg = off;
ALTER FUNCTION roll_up_deals() SET enable_hashagg = off;
ALTER FUNCTION roll_up_daily_lots() SET enable_hashagg = off;
"""

GRANTS = """
GRANT SELECT ON monthly_lots TO opencabinet_read, opencabinet_serve;
GRANT SELECT, INSERT, UPDATE, DELETE ON monthly_lots TO opencabinet_feed;
"""

DOWN = """
DROP TRIGGER daily_lots_inserted ON daily_lots;
DROP TRIGGER daily_lots_updated ON daily_lots;
DROP TRIGGER daily_lots_deleted ON daily_lots;
DROP FUNCTION roll_up_daily_lots;
ALTER FUNCTION roll_up_closed_trades() RESET enable_hashagg;
ALTER FUNCTION roll_up_deals() RESET enable_hashagg;
DROP TABLE monthly_lots;
"""


def upgrade() -> None:
    """Make the table, fill it from the days that are there, and keep it from now on."""
    for part in (ROLL_UPS, SORTED, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
