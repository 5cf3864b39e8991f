"""Closed lots and costs rolled up by day, the history of authorizations, tokens of the v1 API, people's particulars."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXES = """
CREATE INDEX closed_trades_by_symbol ON closed_trades (login, lower(symbol), closed_at, ticket);
CREATE INDEX closed_trades_by_opening ON closed_trades (login, opened_at, ticket);
CREATE INDEX open_trades_by_time ON open_trades (login, opened_at, position);
CREATE INDEX orders_by_time ON orders (login, placed_at, ticket);
CREATE INDEX movements_by_time ON movements (login, moved_at, ticket);
CREATE INDEX deals_with_costs ON deals (login, dealt_at) WHERE direction = 'in' AND type IN ('buy', 'sell');
"""

# Writers hold the account's lock, so the roll-ups of an account change one after the other.
# A day is the trading server's own: each row says how far ahead of UTC its clock was. The first and last moment tell
# whether a period holds the whole of a row; they may be wider than its trades, then some are read for nothing.
ROLL_UPS = """
CREATE TABLE daily_lots (
  login bigint NOT NULL REFERENCES accounts,
  day date NOT NULL,
  symbol text NOT NULL,
  contract_size numeric(24,8) NOT NULL,
  trades bigint NOT NULL,
  lots numeric(24,8) NOT NULL,
  profit numeric(24,8) NOT NULL,
  swap numeric(24,8) NOT NULL,
  commission numeric(24,8) NOT NULL,
  fee numeric(24,8) NOT NULL,
  gross_profit numeric(24,8) NOT NULL,
  gross_loss numeric(24,8) NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (login, day, symbol, contract_size)
);
COMMENT ON TABLE daily_lots IS 'closed_trades by the server''s day, kept by a trigger in the same transaction';
COMMENT ON COLUMN daily_lots.contract_size IS '0 where the trades do not tell it';

CREATE TABLE daily_costs (
  login bigint NOT NULL REFERENCES accounts,
  day date NOT NULL,
  deals bigint NOT NULL,
  amount numeric(24,8) NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (login, day)
);
COMMENT ON TABLE daily_costs IS 'what opening deals of MetaTrader 5 added to the balance, kept as daily_lots is';

CREATE FUNCTION server_day(at timestamptz, minutes_ahead smallint) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (at AT TIME ZONE 'UTC' + make_interval(mins => minutes_ahead))::date;

CREATE FUNCTION roll_up_closed_trades() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE daily_lots AS kept
       SET (trades, lots, profit, swap, commission, fee, gross_profit, gross_loss)
         = (kept.trades - less.trades, kept.lots - less.lots, kept.profit - less.profit, kept.swap - less.swap,
            kept.commission - less.commission, kept.fee - less.fee, kept.gross_profit - less.gross_profit,
            kept.gross_loss - less.gross_loss)
      FROM (SELECT login, server_day(closed_at, closed_offset) AS day, symbol,
                   coalesce(contract_size, 0) AS contract_size, count(*) AS trades, sum(lots) AS lots,
                   sum(profit) AS profit, sum(swap) AS swap, sum(commission) AS commission, sum(fee) AS fee,
                   sum(greatest(profit + swap + commission + fee, 0)) AS gross_profit,
                   sum(least(profit + swap + commission + fee, 0)) AS gross_loss
              FROM gone GROUP BY 1, 2, 3, 4) AS less
     WHERE (kept.login, kept.day, kept.symbol, kept.contract_size)
         = (less.login, less.day, less.symbol, less.contract_size);
    DELETE FROM daily_lots
     WHERE trades = 0
       AND (login, day, symbol, contract_size) IN (
             SELECT login, server_day(closed_at, closed_offset), symbol, coalesce(contract_size, 0) FROM gone);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO daily_lots AS kept
    SELECT login, server_day(closed_at, closed_offset), symbol, coalesce(contract_size, 0), count(*), sum(lots),
           sum(profit), sum(swap), sum(commission), sum(fee), sum(greatest(profit + swap + commission + fee, 0)),
           sum(least(profit + swap + commission + fee, 0)), min(closed_at), max(closed_at)
      FROM told GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (login, day, symbol, contract_size) DO UPDATE
       SET (trades, lots, profit, swap, commission, fee, gross_profit, gross_loss, first_at, last_at)
         = (kept.trades + excluded.trades, kept.lots + excluded.lots, kept.profit + excluded.profit,
            kept.swap + excluded.swap, kept.commission + excluded.commission, kept.fee + excluded.fee,
            kept.gross_profit + excluded.gross_profit, kept.gross_loss + excluded.gross_loss,
            least(kept.first_at, excluded.first_at), greatest(kept.last_at, excluded.last_at));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION roll_up_deals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE daily_costs AS kept
       SET (deals, amount) = (kept.deals - less.deals, kept.amount - less.amount)
      FROM (SELECT login, server_day(dealt_at, dealt_offset) AS day, count(*) AS deals,
                   sum(profit + swap + commission + fee) AS amount
              FROM gone WHERE direction = 'in' AND type IN ('buy', 'sell') GROUP BY 1, 2) AS less
     WHERE (kept.login, kept.day) = (less.login, less.day);
    DELETE FROM daily_costs
     WHERE deals = 0 AND (login, day) IN (SELECT login, server_day(dealt_at, dealt_offset) FROM gone);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO daily_costs AS kept
    SELECT login, server_day(dealt_at, dealt_offset), count(*), sum(profit + swap + commission + fee), min(dealt_at),
           max(dealt_at)
      FROM told WHERE direction = 'in' AND type IN ('buy', 'sell') GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (login, day) DO UPDATE
       SET (deals, amount, first_at, last_at)
         = (kept.deals + excluded.deals, kept.amount + excluded.amount, least(kept.first_at, excluded.first_at),
            greatest(kept.last_at, excluded.last_at));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER closed_trades_inserted AFTER INSERT ON closed_trades
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION roll_up_closed_trades();
CREATE TRIGGER closed_trades_updated AFTER UPDATE ON closed_trades
  REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION roll_up_closed_trades();
CREATE TRIGGER closed_trades_deleted AFTER DELETE ON closed_trades
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION roll_up_closed_trades();
CREATE TRIGGER deals_inserted AFTER INSERT ON deals
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION roll_up_deals();
CREATE TRIGGER deals_updated AFTER UPDATE ON deals
  REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION roll_up_deals();
CREATE TRIGGER deals_deleted AFTER DELETE ON deals
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION roll_up_deals();

INSERT INTO daily_lots
SELECT login, server_day(closed_at, closed_offset), symbol, coalesce(contract_size, 0), count(*), sum(lots),
       sum(profit), sum(swap), sum(commission), sum(fee), sum(greatest(profit + swap + commission + fee, 0)),
       sum(least(profit + swap + commission + fee, 0)), min(closed_at), max(closed_at)
  FROM closed_trades GROUP BY 1, 2, 3, 4;
INSERT INTO daily_costs
SELECT login, server_day(dealt_at, dealt_offset), count(*), sum(profit + swap + commission + fee), min(dealt_at),
       max(dealt_at)
  FROM deals WHERE direction = 'in' AND type IN ('buy', 'sell') GROUP BY 1, 2;
"""

# Of equal refusals within a minute one row is kept, with a count, and requests for accounts that are not there share a
# thousand numbers below zero: guesses at logins fill no table.
ACCESS = """
ALTER TABLE tokens
  ADD COLUMN kind text NOT NULL DEFAULT 'legacy' CHECK (kind IN ('legacy', 'bearer', 'refresh')),
  ADD COLUMN session uuid,
  ADD COLUMN used_at timestamptz;
COMMENT ON COLUMN tokens.session IS 'what the tokens refreshed from one another have in common';
COMMENT ON COLUMN tokens.used_at IS 'when a refresh token was exchanged: it is good for once';
CREATE INDEX tokens_by_session ON tokens (session) WHERE session IS NOT NULL;

CREATE TABLE authorizations (
  login bigint NOT NULL,
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT now(),
  channel text NOT NULL CHECK (channel IN ('legacy', 'peanut', 'v1')),
  action text NOT NULL CHECK (action IN ('token.request', 'token.refresh')),
  family text NOT NULL,
  address inet,
  network cidr GENERATED ALWAYS AS (
    network(set_masklen(address, CASE family(address) WHEN 4 THEN 24 ELSE 48 END))) STORED,
  derived_from text NOT NULL,
  user_agent text NOT NULL,
  granted boolean NOT NULL,
  rule text NOT NULL,
  request_id text NOT NULL,
  times integer NOT NULL DEFAULT 1,
  last_at timestamptz NOT NULL DEFAULT now(),
  minute timestamptz NOT NULL DEFAULT date_trunc('minute', now(), 'UTC'),
  PRIMARY KEY (login, id)
);
CREATE INDEX authorizations_by_time ON authorizations (login, at, id);
CREATE UNIQUE INDEX authorizations_refused
  ON authorizations (login, minute, channel, action, family, network, rule) NULLS NOT DISTINCT
  WHERE NOT granted;
CREATE INDEX authorizations_by_age ON authorizations (at);
COMMENT ON TABLE authorizations IS 'every request for a token; equal refusals of a minute are one row with a count';
COMMENT ON COLUMN authorizations.login IS 'below zero: the account asked for does not exist';
COMMENT ON COLUMN authorizations.derived_from IS 'where the address is known from';
"""

PEOPLE = """
CREATE TABLE profiles (
  login bigint PRIMARY KEY REFERENCES accounts,
  phone text NOT NULL,
  country text NOT NULL,
  city text NOT NULL,
  address text NOT NULL,
  zip_code text NOT NULL,
  account_type text NOT NULL
    CHECK (account_type IN ('Standard', 'Eurica', 'StandardEUR', 'StandardRUR', 'EuricaEUR', 'EuricaRUR')),
  swap_free boolean NOT NULL,
  verification_level smallint NOT NULL CHECK (verification_level BETWEEN 0 AND 9)
);
COMMENT ON TABLE profiles IS 'what the operator tells of the person behind an account';
"""

GRANTS = """
GRANT SELECT ON daily_lots, daily_costs, authorizations, profiles TO opencabinet_read, opencabinet_serve;
GRANT INSERT, UPDATE, DELETE ON authorizations TO opencabinet_serve;
GRANT UPDATE (created_at) ON api_passwords TO opencabinet_serve; -- only to lock the row while a token is given
"""

DOWN = """
REVOKE UPDATE (created_at) ON api_passwords FROM opencabinet_serve;
DROP TABLE profiles, authorizations;
DELETE FROM tokens WHERE kind <> 'legacy';
ALTER TABLE tokens DROP COLUMN kind, DROP COLUMN session, DROP COLUMN used_at;
DROP TRIGGER closed_trades_inserted ON closed_trades;
DROP TRIGGER closed_trades_updated ON closed_trades;
DROP TRIGGER closed_trades_deleted ON closed_trades;
DROP TRIGGER deals_inserted ON deals;
DROP TRIGGER deals_updated ON deals;
DROP TRIGGER deals_deleted ON deals;
DROP FUNCTION roll_up_closed_trades, roll_up_deals;
DROP TABLE daily_lots, daily_costs;
DROP FUNCTION server_day;
DROP INDEX closed_trades_by_symbol, closed_trades_by_opening,
  open_trades_by_time, orders_by_time, movements_by_time, deals_with_costs;
"""


def upgrade() -> None:
    """Make the tables, fill the roll-ups from what is there, and keep them from now on."""
    for part in (INDEXES, ROLL_UPS, ACCESS, PEOPLE, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
