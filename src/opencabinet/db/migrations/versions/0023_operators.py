"""Operators in the browser: their roles, what they act as, and how they find things."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Operators in the browser write what serving may not. Roles belong to the whole server: another database may have made
# it already, or be making it right now.
ROLE = """
DO $$
BEGIN
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'opencabinet_operate') THEN
      CREATE ROLE opencabinet_operate NOLOGIN;
    END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
  END;
  BEGIN
    GRANT opencabinet_operate TO CURRENT_USER;
  EXCEPTION WHEN insufficient_privilege THEN
    NULL;
  END;
END $$;
"""

OPERATORS = """
CREATE TABLE operators (
  person bigint NOT NULL REFERENCES people ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('reader', 'support', 'partners', 'content', 'administrator')),
  since timestamptz NOT NULL DEFAULT now(),
  given_by bigint REFERENCES people ON DELETE SET NULL,
  PRIMARY KEY (person, role)
);
COMMENT ON TABLE operators IS 'who works for the operator, and what they may do in the browser';
COMMENT ON COLUMN operators.given_by IS 'NULL for a role that was given on the command line';
"""

# What is typed into the search is the beginning of a word of a name, of an e-mail address, or a whole number.
SEARCH = """
CREATE INDEX accounts_by_name ON accounts USING gin (to_tsvector('simple', name));
CREATE INDEX people_by_name ON people USING gin (to_tsvector('simple', name));
CREATE INDEX people_by_email ON people (email text_pattern_ops);
CREATE INDEX sources_by_number ON sources (number);
CREATE INDEX accounts_unexplained ON accounts (login) WHERE NOT complete;
CREATE INDEX authorizations_by_operators ON authorizations (at, id) WHERE detail ? 'operator';
"""

GRANTS = """
GRANT SELECT ON operators TO opencabinet_serve;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO opencabinet_operate;
REVOKE SELECT ON alembic_version, tokens, api_passwords, stream_tickets, feed_keys, challenges, replays, click_visitors,
                 webhook_endpoints, webhook_deliveries, webhook_attempts, webhook_margins
  FROM opencabinet_operate;
GRANT INSERT, DELETE ON operators TO opencabinet_operate;
GRANT INSERT ON people TO opencabinet_operate;
GRANT UPDATE (password, leans, password_set_at) ON people TO opencabinet_operate;
GRANT INSERT, UPDATE, DELETE ON owners, password_codes TO opencabinet_operate;
GRANT DELETE ON totp_secrets, passkeys, sessions TO opencabinet_operate;
GRANT INSERT, DELETE ON recovery_codes TO opencabinet_operate;
GRANT INSERT, UPDATE, DELETE ON throttles, known_networks TO opencabinet_operate;
GRANT INSERT ON authorizations, events TO opencabinet_operate;
GRANT INSERT, UPDATE ON event_numbers, news, banners TO opencabinet_operate;
GRANT INSERT ON plans, reward_bases, reward_workings, recalculations, reversals TO opencabinet_operate;
GRANT INSERT, UPDATE ON rewards, reward_months, reward_days TO opencabinet_operate;
GRANT UPDATE ON disputes, applications TO opencabinet_operate;
"""

DOWN = """
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM opencabinet_operate;
REVOKE ALL (password, leans, password_set_at) ON people FROM opencabinet_operate;
DROP INDEX accounts_by_name, people_by_name, people_by_email, sources_by_number, accounts_unexplained,
           authorizations_by_operators;
DROP TABLE operators;
"""


def upgrade() -> None:
    """Make the role, the table and the indexes."""
    for part in (ROLE, OPERATORS, SEARCH, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made; the role stays, as another database may use it."""
    op.get_bind().exec_driver_sql(DOWN)
