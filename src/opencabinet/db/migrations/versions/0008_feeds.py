"""Feeds of trading servers: how far each has come, rows that wait for their account, and what is read into first."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Roles belong to the whole server, so another database may have made it already, or be making it right now.
ROLE = """
DO $$
BEGIN
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'opencabinet_feed') THEN
      CREATE ROLE opencabinet_feed NOLOGIN;
    END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
  END;
  BEGIN
    GRANT opencabinet_feed TO CURRENT_USER;
  EXCEPTION WHEN insufficient_privilege THEN
    NULL;
  END;
END $$;
"""

FEEDS = """
CREATE TABLE feeds (
  server text PRIMARY KEY REFERENCES servers,
  kind text NOT NULL CHECK (kind IN ('mt4', 'mt5', 'push', 'simulator')),
  cursor jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL CHECK (state IN ('loading', 'live', 'stale', 'failing')),
  as_of timestamptz,
  heard_at timestamptz NOT NULL DEFAULT now(),
  rows bigint NOT NULL DEFAULT 0,
  problem text,
  swept_at timestamptz
);
COMMENT ON COLUMN feeds.cursor IS 'how far the feed has come, in its own words; written with the rows it stands for';
COMMENT ON COLUMN feeds.as_of IS 'up to when all is known, by the clock of the trading server, in UTC';
COMMENT ON COLUMN feeds.heard_at IS 'when the feed last brought anything, or said that there is nothing new';

CREATE TABLE feed_rows (
  server text NOT NULL REFERENCES servers,
  family text NOT NULL CHECK (family IN ('deal', 'trade', 'position', 'order')),
  key bigint NOT NULL,
  login bigint NOT NULL REFERENCES accounts,
  place text NOT NULL CHECK (place IN ('deal', 'closed', 'open', 'order', 'movement')),
  PRIMARY KEY (server, family, key)
);
COMMENT ON TABLE feed_rows IS 'where a row of a server is kept: it may move to another account, close, or be deleted';
COMMENT ON COLUMN feed_rows.family IS 'what numbers its keys: a ticket is an order, a trade or a movement by turns';

CREATE TABLE feed_buckets (
  server text NOT NULL REFERENCES servers,
  source text NOT NULL,
  bucket bigint NOT NULL,
  rows bigint NOT NULL,
  print bigint NOT NULL,
  PRIMARY KEY (server, source, bucket)
);
COMMENT ON TABLE feed_buckets IS 'fingerprints of ranges of keys: they tell what a cursor does not';

CREATE TABLE parked_rows (
  server text NOT NULL REFERENCES servers,
  number bigint NOT NULL,
  place text NOT NULL CHECK (place IN ('deal', 'closed', 'open', 'order', 'movement')),
  key bigint NOT NULL,
  body jsonb NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (server, number, place, key)
);
COMMENT ON TABLE parked_rows IS 'rows of accounts that are not known yet, or of an earlier owner of the number';

CREATE SEQUENCE given_logins START 1000000000000;
COMMENT ON SEQUENCE given_logins IS 'logins of accounts whose number on their server is another account''s login';
"""

RECORDS = """
ALTER TABLE sources ADD COLUMN registered_at timestamptz;
COMMENT ON COLUMN sources.registered_at IS 'when the server made the account: a later moment is another account';

CREATE TABLE memberships (
  login bigint NOT NULL REFERENCES accounts,
  since timestamptz NOT NULL,
  "group" text NOT NULL,
  agent bigint,
  PRIMARY KEY (login, since)
);
COMMENT ON TABLE memberships IS 'the group an account was in, and the server''s number of its agent, from when on';

DROP INDEX deals_with_costs;
ALTER TABLE deals
  ADD COLUMN digits smallint,
  ADD COLUMN lots_closed numeric(24,8) CHECK (lots_closed >= 0),
  ADD COLUMN position_price numeric(24,8),
  ADD COLUMN stop_loss numeric(24,8),
  ADD COLUMN take_profit numeric(24,8),
  ADD COLUMN reason text NOT NULL DEFAULT '',
  ADD COLUMN cost boolean NOT NULL GENERATED ALWAYS AS (
    type IN ('buy', 'sell')
    AND (direction = 'in'
         OR reason IN ('rollover', 'variation margin', 'settlement', 'transfer', 'sync', 'split'))) STORED;
COMMENT ON COLUMN deals.position_price IS 'what its position had been opened at, on average';
COMMENT ON COLUMN deals.cost IS 'whether it adds to the balance without closing a trade';
CREATE INDEX deals_with_costs ON deals (login, dealt_at) WHERE cost;
CREATE INDEX deals_by_position ON deals (login, position) WHERE position IS NOT NULL;

-- A first load rolls up by itself what it has kept.
CREATE OR REPLACE TRIGGER closed_trades_inserted AFTER INSERT ON closed_trades
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT
  WHEN (current_setting('opencabinet.first_load', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION roll_up_closed_trades();
CREATE OR REPLACE TRIGGER deals_inserted AFTER INSERT ON deals
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT
  WHEN (current_setting('opencabinet.first_load', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION roll_up_deals();

CREATE OR REPLACE FUNCTION roll_up_deals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE daily_costs AS kept
       SET (deals, amount) = (kept.deals - less.deals, kept.amount - less.amount)
      FROM (SELECT login, server_day(dealt_at, dealt_offset) AS day, count(*) AS deals,
                   sum(profit + swap + commission + fee) AS amount
              FROM gone WHERE cost GROUP BY 1, 2) AS less
     WHERE (kept.login, kept.day) = (less.login, less.day);
    DELETE FROM daily_costs
     WHERE deals = 0 AND (login, day) IN (SELECT login, server_day(dealt_at, dealt_offset) FROM gone);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO daily_costs AS kept
    SELECT login, server_day(dealt_at, dealt_offset), count(*), sum(profit + swap + commission + fee), min(dealt_at),
           max(dealt_at)
      FROM told WHERE cost GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (login, day) DO UPDATE
       SET (deals, amount, first_at, last_at)
         = (kept.deals + excluded.deals, kept.amount + excluded.amount, least(kept.first_at, excluded.first_at),
            greatest(kept.last_at, excluded.last_at));
  END IF;
  RETURN NULL;
END $$;
"""

# What a feed brings is read into these first, each connection into temporary tables of the same names and columns
# (they are found before these); the statements that take it from there are prepared against these.
STAGED = """
CREATE UNLOGGED TABLE staged_accounts (
  number bigint NOT NULL, login bigint, platform text NOT NULL, name text NOT NULL, company text NOT NULL,
  currency text NOT NULL, leverage integer, mode text, "group" text NOT NULL, agent bigint, balance numeric,
  credit numeric, equity numeric, margin numeric, floating numeric, registered_at timestamptz,
  as_of timestamptz NOT NULL, as_of_offset smallint NOT NULL
);
CREATE UNLOGGED TABLE staged_deals (
  number bigint NOT NULL, login bigint, deal bigint NOT NULL, order_ticket bigint, position bigint,
  symbol text NOT NULL, type text NOT NULL, direction text NOT NULL, lots numeric NOT NULL, lots_closed numeric,
  contract_size numeric, digits smallint, price numeric, position_price numeric, stop_loss numeric,
  take_profit numeric, dealt_at timestamptz NOT NULL, dealt_offset smallint NOT NULL, commission numeric NOT NULL,
  fee numeric NOT NULL, swap numeric NOT NULL, profit numeric NOT NULL, comment text NOT NULL, reason text NOT NULL
);
CREATE UNLOGGED TABLE staged_closed (
  number bigint NOT NULL, login bigint, ticket bigint NOT NULL, position bigint NOT NULL, symbol text NOT NULL,
  side text NOT NULL, lots numeric NOT NULL, contract_size numeric, digits smallint NOT NULL, opened_at timestamptz,
  opened_offset smallint, open_price numeric, closed_at timestamptz NOT NULL, closed_offset smallint NOT NULL,
  close_price numeric NOT NULL, stop_loss numeric, take_profit numeric, commission numeric NOT NULL,
  fee numeric NOT NULL, swap numeric NOT NULL, profit numeric NOT NULL, comment text NOT NULL
);
CREATE UNLOGGED TABLE staged_open (
  number bigint NOT NULL, login bigint, ticket bigint NOT NULL, position bigint NOT NULL, symbol text NOT NULL,
  side text NOT NULL, lots numeric NOT NULL, contract_size numeric, digits smallint NOT NULL,
  opened_at timestamptz NOT NULL, opened_offset smallint NOT NULL, open_price numeric NOT NULL,
  current_price numeric NOT NULL, stop_loss numeric, take_profit numeric, commission numeric NOT NULL,
  fee numeric NOT NULL, swap numeric NOT NULL, profit numeric NOT NULL, comment text NOT NULL
);
CREATE UNLOGGED TABLE staged_orders (
  number bigint NOT NULL, login bigint, ticket bigint NOT NULL, symbol text NOT NULL, type text NOT NULL,
  lots numeric NOT NULL, filled_lots numeric NOT NULL, contract_size numeric, price numeric, stop_loss numeric,
  take_profit numeric, state text NOT NULL, reason text NOT NULL, placed_at timestamptz NOT NULL,
  placed_offset smallint NOT NULL, done_at timestamptz, done_offset smallint, comment text NOT NULL
);
CREATE UNLOGGED TABLE staged_movements (
  number bigint NOT NULL, login bigint, ticket bigint NOT NULL, kind text NOT NULL, amount numeric NOT NULL,
  moved_at timestamptz NOT NULL, moved_offset smallint NOT NULL, comment text NOT NULL
);
CREATE UNLOGGED TABLE staged_gone (family text NOT NULL, key bigint NOT NULL);
"""

# A feed writes records and their events, and reads nothing of people.
GRANTS = """
GRANT SELECT ON feeds, feed_rows, feed_buckets, parked_rows, memberships, staged_accounts, staged_deals, staged_closed,
  staged_open, staged_orders, staged_movements, staged_gone TO opencabinet_read, opencabinet_serve;
GRANT SELECT ON servers, accounts, sources, memberships, closed_trades, open_trades, orders, deals, movements,
  daily_lots, daily_costs, event_numbers, events, feeds, feed_rows, feed_buckets, parked_rows, instruments, quotes,
  staged_accounts, staged_deals, staged_closed, staged_open, staged_orders, staged_movements, staged_gone, followers
  TO opencabinet_feed;
GRANT INSERT, UPDATE, DELETE ON accounts, sources, memberships, closed_trades, open_trades, orders, deals, movements,
  daily_lots, daily_costs, event_numbers, feeds, feed_rows, feed_buckets, parked_rows, instruments, quotes
  TO opencabinet_feed;
GRANT INSERT ON servers, events TO opencabinet_feed;
GRANT USAGE ON SEQUENCE given_logins TO opencabinet_feed;
"""

DOWN = """
DROP TABLE staged_accounts, staged_deals, staged_closed, staged_open, staged_orders, staged_movements, staged_gone,
  parked_rows, feed_buckets, feed_rows, feeds, memberships;
DROP SEQUENCE given_logins;
ALTER TABLE sources DROP COLUMN registered_at;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM opencabinet_feed;
DROP INDEX deals_with_costs, deals_by_position;
CREATE OR REPLACE TRIGGER closed_trades_inserted AFTER INSERT ON closed_trades
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION roll_up_closed_trades();
CREATE OR REPLACE TRIGGER deals_inserted AFTER INSERT ON deals
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION roll_up_deals();

CREATE OR REPLACE FUNCTION roll_up_deals() RETURNS trigger LANGUAGE plpgsql AS $$
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

ALTER TABLE deals DROP COLUMN digits, DROP COLUMN lots_closed, DROP COLUMN position_price, DROP COLUMN stop_loss,
  DROP COLUMN take_profit, DROP COLUMN cost, DROP COLUMN reason;
CREATE INDEX deals_with_costs ON deals (login, dealt_at) WHERE direction = 'in' AND type IN ('buy', 'sell');
"""


def upgrade() -> None:
    """Make the tables of feeds, and let records keep what feeds tell."""
    for part in (ROLE, FEEDS, RECORDS, STAGED, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made; the role stays, other databases may use it."""
    op.get_bind().exec_driver_sql(DOWN)
