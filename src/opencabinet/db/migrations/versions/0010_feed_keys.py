"""Feed keys: what a program shows that brings in rows of trading servers; no account's credential does."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEYS = """
CREATE TABLE feed_keys (
  hash bytea PRIMARY KEY,
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
  name text NOT NULL,
  servers text[] NOT NULL CHECK (cardinality(servers) > 0),
  networks cidr[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  last_used_at timestamptz
);
COMMENT ON COLUMN feed_keys.hash IS 'SHA-256 of the key, which was shown once';
COMMENT ON COLUMN feed_keys.servers IS 'whose rows it brings in, and no other''s';
"""

# A feed sees whether its key still stands while it writes, and learns no hash.
GRANTS = """
GRANT SELECT, UPDATE (last_used_at) ON feed_keys TO opencabinet_serve;
GRANT SELECT (id, expires_at, revoked_at) ON feed_keys TO opencabinet_feed;
"""


def upgrade() -> None:
    """Make the table of feed keys."""
    for part in (KEYS, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop it."""
    op.get_bind().exec_driver_sql("DROP TABLE feed_keys")
