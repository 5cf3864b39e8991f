"""What settling of feeds needs: where records stand that have another number, and what a batch works with."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

RECORDS = """
ALTER TABLE feed_rows ADD COLUMN record bigint;
COMMENT ON COLUMN feed_rows.record IS 'the number of its record, where that is not its key: the position it belongs to';
CREATE INDEX feed_rows_open ON feed_rows (login) WHERE place = 'open';

ALTER TABLE accounts ADD COLUMN summed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN accounts.summed IS 'whether the balance is the sum of the rows, because its server does not tell it';

ALTER TABLE sources ADD COLUMN gone_at timestamptz;
COMMENT ON COLUMN sources.gone_at IS 'when it was noticed that the server has deleted the account';

CREATE INDEX orders_working ON orders (login, ticket) WHERE state = 'working';
"""

# Each connection of a feed has temporary tables of these names, as of those before.
STAGED = """
CREATE UNLOGGED TABLE staged_keys (
  family text NOT NULL, key bigint NOT NULL, login bigint NOT NULL, place text NOT NULL, record bigint,
  old_login bigint, old_place text, old_record bigint
);
CREATE UNLOGGED TABLE staged_left (
  family text NOT NULL, key bigint NOT NULL, login bigint NOT NULL, place text NOT NULL, record bigint NOT NULL,
  next text NOT NULL
);
COMMENT ON COLUMN staged_left.next IS 'the place it has gone to, or nothing';
CREATE UNLOGGED TABLE staged_logins (login bigint NOT NULL, opened boolean NOT NULL);
CREATE UNLOGGED TABLE staged_positions (login bigint NOT NULL, position bigint NOT NULL);
CREATE UNLOGGED TABLE staged_saved (
  place text NOT NULL, login bigint NOT NULL, key bigint NOT NULL, new boolean NOT NULL, told text NOT NULL
);
COMMENT ON COLUMN staged_saved.told IS 'the kind of event that tells of it, or nothing';
"""

GRANTS = """
GRANT SELECT ON staged_keys, staged_left, staged_logins, staged_positions, staged_saved
  TO opencabinet_read, opencabinet_serve, opencabinet_feed;
"""

DOWN = """
DROP TABLE staged_keys, staged_left, staged_logins, staged_positions, staged_saved;
DROP INDEX orders_working, feed_rows_open;
ALTER TABLE sources DROP COLUMN gone_at;
ALTER TABLE accounts DROP COLUMN summed;
ALTER TABLE feed_rows DROP COLUMN record;
"""


def upgrade() -> None:
    """Make the columns, indexes and tables."""
    for part in (RECORDS, STAGED, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
