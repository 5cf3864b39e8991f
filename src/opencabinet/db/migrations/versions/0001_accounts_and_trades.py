"""Accounts and where they come from, what they traded, what they moved, who may read it, and the outbox."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Roles belong to the whole server, so another database may have made them already, or be making them right now.
ROLES = """
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['opencabinet_serve', 'opencabinet_read'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
        EXECUTE 'CREATE ROLE ' || quote_ident(role) || ' NOLOGIN';
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
    BEGIN
      EXECUTE 'GRANT ' || quote_ident(role) || ' TO CURRENT_USER';
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
  END LOOP;
END $$;
"""

RECORDS = """
CREATE TABLE servers (
  name text PRIMARY KEY CHECK (name ~ '^[^[:cntrl:]]{1,64}$'),
  clock text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE accounts (
  login bigint PRIMARY KEY CHECK (login > 0),
  name text NOT NULL,
  company text NOT NULL,
  currency text NOT NULL,
  leverage integer,
  platform text NOT NULL CHECK (platform IN ('mt4', 'mt5')),
  mode text CHECK (mode IN ('hedging', 'netting')),
  balance numeric(24,8) NOT NULL,
  credit numeric(24,8) NOT NULL,
  equity numeric(24,8),
  margin numeric(24,8),
  floating numeric(24,8),
  as_of timestamptz NOT NULL,
  as_of_offset smallint NOT NULL,
  complete boolean NOT NULL
);
COMMENT ON COLUMN accounts.balance IS 'as the server last reported it, at as_of';
COMMENT ON COLUMN accounts.complete IS 'whether the rows we hold explain the balance to the last digit';

CREATE TABLE sources (
  server text NOT NULL REFERENCES servers,
  number bigint NOT NULL,
  since timestamptz NOT NULL,
  login bigint NOT NULL UNIQUE REFERENCES accounts,
  PRIMARY KEY (server, number, since)
);
COMMENT ON TABLE sources IS 'which account a server''s number means, from when on';

CREATE TABLE closed_trades (
  login bigint NOT NULL REFERENCES accounts,
  ticket bigint NOT NULL,
  position bigint NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  lots numeric(24,8) NOT NULL CHECK (lots >= 0),
  contract_size numeric(24,8),
  digits smallint NOT NULL,
  opened_at timestamptz,
  opened_offset smallint,
  open_price numeric(24,8),
  closed_at timestamptz NOT NULL,
  closed_offset smallint NOT NULL,
  close_price numeric(24,8) NOT NULL,
  stop_loss numeric(24,8),
  take_profit numeric(24,8),
  commission numeric(24,8) NOT NULL,
  fee numeric(24,8) NOT NULL,
  swap numeric(24,8) NOT NULL,
  profit numeric(24,8) NOT NULL,
  comment text NOT NULL,
  PRIMARY KEY (login, ticket)
);
CREATE INDEX closed_trades_by_time ON closed_trades (login, closed_at, ticket);

CREATE TABLE open_trades (
  login bigint NOT NULL REFERENCES accounts,
  position bigint NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  lots numeric(24,8) NOT NULL CHECK (lots >= 0),
  contract_size numeric(24,8),
  digits smallint NOT NULL,
  opened_at timestamptz NOT NULL,
  opened_offset smallint NOT NULL,
  open_price numeric(24,8) NOT NULL,
  current_price numeric(24,8) NOT NULL,
  stop_loss numeric(24,8),
  take_profit numeric(24,8),
  commission numeric(24,8) NOT NULL,
  fee numeric(24,8) NOT NULL,
  swap numeric(24,8) NOT NULL,
  profit numeric(24,8) NOT NULL,
  comment text NOT NULL,
  PRIMARY KEY (login, position)
);

CREATE TABLE orders (
  login bigint NOT NULL REFERENCES accounts,
  ticket bigint NOT NULL,
  symbol text NOT NULL,
  type text NOT NULL,
  lots numeric(24,8) NOT NULL CHECK (lots >= 0),
  filled_lots numeric(24,8) NOT NULL CHECK (filled_lots >= 0),
  contract_size numeric(24,8),
  price numeric(24,8),
  stop_loss numeric(24,8),
  take_profit numeric(24,8),
  state text NOT NULL,
  reason text NOT NULL,
  placed_at timestamptz NOT NULL,
  placed_offset smallint NOT NULL,
  done_at timestamptz,
  done_offset smallint,
  comment text NOT NULL,
  PRIMARY KEY (login, ticket)
);

CREATE TABLE deals (
  login bigint NOT NULL REFERENCES accounts,
  deal bigint NOT NULL,
  order_ticket bigint,
  position bigint,
  symbol text NOT NULL,
  type text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('in', 'out', 'in/out', 'out by', '')),
  lots numeric(24,8) NOT NULL CHECK (lots >= 0),
  contract_size numeric(24,8),
  price numeric(24,8),
  dealt_at timestamptz NOT NULL,
  dealt_offset smallint NOT NULL,
  commission numeric(24,8) NOT NULL,
  fee numeric(24,8) NOT NULL,
  swap numeric(24,8) NOT NULL,
  profit numeric(24,8) NOT NULL,
  balance numeric(24,8),
  comment text NOT NULL,
  PRIMARY KEY (login, deal)
);

CREATE TABLE movements (
  login bigint NOT NULL REFERENCES accounts,
  ticket bigint NOT NULL,
  kind text NOT NULL,
  amount numeric(24,8) NOT NULL,
  moved_at timestamptz NOT NULL,
  moved_offset smallint NOT NULL,
  comment text NOT NULL,
  PRIMARY KEY (login, ticket)
);
COMMENT ON COLUMN closed_trades.digits IS 'decimal places of the symbol''s prices';
COMMENT ON TABLE movements IS 'money in and out as the server reported it; ticket -1 is the opening entry';
"""

ACCESS = """
CREATE TABLE policies (
  login bigint PRIMARY KEY REFERENCES accounts,
  level text NOT NULL CHECK (level IN ('open', 'closed')),
  changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE policies IS 'an account without a row is closed';

CREATE TABLE masks (
  login bigint NOT NULL REFERENCES policies,
  network cidr NOT NULL CHECK (masklen(network) > 0),
  PRIMARY KEY (login, network)
);

CREATE TABLE api_passwords (
  login bigint NOT NULL REFERENCES accounts,
  hash bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (login, hash)
);

CREATE TABLE tokens (
  hash bytea PRIMARY KEY,
  login bigint NOT NULL REFERENCES accounts,
  family text NOT NULL CHECK (family IN ('client', 'partner', 'mobile')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX tokens_by_login ON tokens (login, expires_at);
CREATE INDEX tokens_by_expiry ON tokens (expires_at);
"""

OUTBOX = """
CREATE TABLE event_numbers (
  login bigint PRIMARY KEY REFERENCES accounts,
  last bigint NOT NULL
);

CREATE TABLE events (
  login bigint NOT NULL REFERENCES accounts,
  number bigint NOT NULL,
  kind text NOT NULL,
  body jsonb NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (login, number)
);
CREATE INDEX events_in_order ON events (xid, id);

CREATE TABLE followers (
  name text PRIMARY KEY,
  xid xid8 NOT NULL,
  id bigint NOT NULL,
  reached_at timestamptz NOT NULL DEFAULT now()
);
"""

# Serving reads everything and writes tokens, the follower's place, and the order of events that came from an older
# server; records change only through imports.
GRANTS = """
GRANT SELECT ON ALL TABLES IN SCHEMA public TO opencabinet_read, opencabinet_serve;
GRANT INSERT, UPDATE, DELETE ON tokens TO opencabinet_serve;
GRANT INSERT, UPDATE ON followers TO opencabinet_serve;
GRANT UPDATE (xid) ON events TO opencabinet_serve;
"""

DOWN = """
DROP TABLE followers, events, event_numbers, tokens, api_passwords, masks, policies, movements, deals, orders,
  open_trades, closed_trades, sources, accounts, servers;
"""


def upgrade() -> None:
    """Make the tables and say who may touch them."""
    for part in (ROLES, RECORDS, ACCESS, OUTBOX, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop the tables; the roles stay, other databases may use them."""
    op.get_bind().exec_driver_sql(DOWN)
