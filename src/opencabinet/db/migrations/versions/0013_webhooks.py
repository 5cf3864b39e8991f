"""Webhooks: who listens to an account, what was delivered, and which margin levels are watched."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ENDPOINTS = """
CREATE TABLE webhook_endpoints (
  login bigint NOT NULL REFERENCES accounts,
  id bigint GENERATED ALWAYS AS IDENTITY,
  url text NOT NULL CHECK (length(url) BETWEEN 9 AND 2048),
  name text NOT NULL CHECK (length(name) <= 64),
  payload text NOT NULL CHECK (payload IN ('fat', 'thin')),
  types text[] NOT NULL CHECK (cardinality(types) <= 50),
  symbols text[] NOT NULL CHECK (cardinality(symbols) <= 50),
  net_over numeric(24,8),
  lots_over numeric(24,8),
  margin_level_under numeric(24,8) CHECK (margin_level_under > 0),
  secret bytea NOT NULL CHECK (length(secret) <= 128),
  previous_secret bytea CHECK (length(previous_secret) <= 128),
  previous_until timestamptz,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused')),
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
  begins_after bigint NOT NULL,
  failing_since timestamptz,
  due_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (login, id),
  CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);
COMMENT ON TABLE webhook_endpoints IS 'where events are sent; the secrets are sealed with a key of the key file';
COMMENT ON COLUMN webhook_endpoints.begins_after IS 'number of the last event before it was made, or resumed';
COMMENT ON COLUMN webhook_endpoints.failing_since IS 'the first failure after the last success';
COMMENT ON COLUMN webhook_endpoints.due_at IS 'when the next of its deliveries is due; NULL if none waits';
CREATE INDEX webhook_endpoints_due ON webhook_endpoints (due_at) WHERE due_at IS NOT NULL AND state = 'active';
"""

DELIVERIES = """
CREATE TABLE webhook_deliveries (
  login bigint NOT NULL,
  endpoint bigint NOT NULL,
  event bigint NOT NULL,
  kind text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'held', 'sending', 'delivered', 'failed')),
  tries integer NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  queued_at timestamptz NOT NULL DEFAULT now(),
  next_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (login, endpoint, event),
  FOREIGN KEY (login, endpoint) REFERENCES webhook_endpoints ON DELETE CASCADE,
  CHECK ((next_at IS NOT NULL) = (state = 'waiting')),
  CHECK ((ended_at IS NOT NULL) = (state IN ('delivered', 'failed')))
);
COMMENT ON COLUMN webhook_deliveries.state IS 'held while its endpoint is paused';
COMMENT ON COLUMN webhook_deliveries.tries IS 'since it was queued, or replayed; attempts counts all';
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (login, endpoint, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_sending ON webhook_deliveries (login, endpoint) WHERE state = 'sending';
CREATE INDEX webhook_deliveries_queued ON webhook_deliveries (queued_at);

CREATE TABLE webhook_attempts (
  login bigint NOT NULL,
  endpoint bigint NOT NULL,
  event bigint NOT NULL,
  attempt integer NOT NULL,
  at timestamptz NOT NULL,
  milliseconds integer NOT NULL,
  status integer,
  outcome text NOT NULL CHECK (length(outcome) <= 200),
  body text NOT NULL CHECK (length(body) <= 1024),
  PRIMARY KEY (login, endpoint, event, attempt),
  FOREIGN KEY (login, endpoint, event) REFERENCES webhook_deliveries ON DELETE CASCADE
);
COMMENT ON COLUMN webhook_attempts.body IS 'how the answer began';
"""

MARGINS = """
CREATE TABLE webhook_margins (
  login bigint NOT NULL REFERENCES accounts,
  threshold numeric(24,8) NOT NULL,
  low boolean NOT NULL,
  PRIMARY KEY (login, threshold)
);
COMMENT ON TABLE webhook_margins IS 'which watched margin levels an account is under, as was told';
"""

# Serving keeps them for the accounts' owners, and sends. Long answers need none of this.
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints, webhook_deliveries, webhook_attempts, webhook_margins
   TO opencabinet_serve;
"""

DOWN = """
DROP TABLE webhook_margins, webhook_attempts, webhook_deliveries, webhook_endpoints;
"""


def upgrade() -> None:
    """Make the tables."""
    for part in (ENDPOINTS, DELIVERIES, MARGINS, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
