"""Guesses at credentials, counted, and the networks from which each subject proved one."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Rows change all the time and none of what changes is indexed, so that PostgreSQL can rewrite them in place.
THROTTLES = """
CREATE TABLE throttles (
  kind text NOT NULL CHECK (kind IN ('pair', 'subject', 'network', 'subjects', 'all', 'failures')),
  subject text NOT NULL CHECK (length(subject) <= 200),
  network text NOT NULL CHECK (length(network) <= 50),
  used integer NOT NULL,
  most integer NOT NULL,
  names text[] NOT NULL,
  free_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (kind, subject, network)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
COMMENT ON TABLE throttles IS 'slots of guesses at credentials; a bucket that is full takes none until free_at';
COMMENT ON COLUMN throttles.subject IS 'whose credential is guessed at, whether there is such a one or not';
COMMENT ON COLUMN throttles.names IS 'the subjects that a network guessed at, where they are what is counted';
COMMENT ON COLUMN throttles.ends_at IS 'when the bucket is forgotten';

CREATE TABLE known_networks (
  subject text NOT NULL CHECK (length(subject) <= 200),
  network text NOT NULL CHECK (length(network) <= 50),
  succeeded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subject, network)
);
COMMENT ON TABLE known_networks IS 'where each subject proved a credential from: strangers cannot lock it out there';
"""

GRANTS = """
GRANT SELECT ON throttles, known_networks TO opencabinet_read, opencabinet_serve;
GRANT INSERT, UPDATE, DELETE ON throttles, known_networks TO opencabinet_serve;
"""

DOWN = """
DROP TABLE known_networks, throttles;
"""


def upgrade() -> None:
    """Make the tables."""
    for part in (THROTTLES, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
