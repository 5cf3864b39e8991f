"""Answers that are kept for a day, for whoever does not know whether a change was made and asks for it again."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

REPLAYS = """
CREATE TABLE replays (
  login bigint NOT NULL REFERENCES accounts,
  key bytea NOT NULL CHECK (length(key) = 32),
  question bytea NOT NULL CHECK (length(question) = 32),
  status smallint NOT NULL,
  answer bytea NOT NULL,
  kept_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (login, key)
);
COMMENT ON COLUMN replays.key IS 'what the caller calls the change by, hashed with who calls';
COMMENT ON COLUMN replays.answer IS 'sealed: it may show a secret';
CREATE INDEX replays_by_age ON replays (kept_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON replays TO opencabinet_serve;
"""

DOWN = """
DROP TABLE replays;
"""


def upgrade() -> None:
    """Make the table."""
    op.get_bind().exec_driver_sql(REPLAYS)


def downgrade() -> None:
    """Drop it."""
    op.get_bind().exec_driver_sql(DOWN)
