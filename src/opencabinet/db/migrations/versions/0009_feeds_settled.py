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

ALTER TABLE feeds ADD COLUMN first_load jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN feeds.first_load IS 'during a first load: ranges of the deals added, and of the accounts closed';

ALTER TABLE accounts ADD COLUMN summed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN accounts.summed IS 'whether the balance is the sum of the rows, because its server does not tell it';

ALTER TABLE sources ADD COLUMN gone_at timestamptz;
COMMENT ON COLUMN sources.gone_at IS 'when it was noticed that the server has deleted the account';

CREATE INDEX orders_working ON orders (login, ticket) WHERE state = 'working';
"""

# A foreign key looks each row up by itself, which took longer than to write it; accounts are looked up for all rows of
# a statement at once instead. No account is ever deleted.
OWNERS = """
ALTER TABLE feed_rows DROP CONSTRAINT feed_rows_server_fkey, DROP CONSTRAINT feed_rows_login_fkey;
ALTER TABLE deals DROP CONSTRAINT deals_login_fkey;
ALTER TABLE closed_trades DROP CONSTRAINT closed_trades_login_fkey;
ALTER TABLE daily_lots DROP CONSTRAINT daily_lots_login_fkey; -- what is rolled up has an account
ALTER TABLE daily_costs DROP CONSTRAINT daily_costs_login_fkey;

CREATE FUNCTION need_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE missing bigint;
BEGIN
  SELECT login INTO missing FROM (SELECT DISTINCT login FROM told) AS told
   WHERE NOT EXISTS (SELECT FROM accounts WHERE accounts.login = told.login) LIMIT 1;
  IF FOUND THEN
    RAISE foreign_key_violation USING MESSAGE = 'There is no account ' || missing || '.', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER deals_of_accounts AFTER INSERT ON deals
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION need_accounts();
CREATE TRIGGER deals_still_of_accounts AFTER UPDATE ON deals
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION need_accounts();
CREATE TRIGGER closed_trades_of_accounts AFTER INSERT ON closed_trades
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION need_accounts();
CREATE TRIGGER closed_trades_still_of_accounts AFTER UPDATE ON closed_trades
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION need_accounts();
CREATE TRIGGER feed_rows_of_accounts AFTER INSERT ON feed_rows
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION need_accounts();
CREATE TRIGGER feed_rows_still_of_accounts AFTER UPDATE ON feed_rows
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION need_accounts();
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
DROP TRIGGER deals_of_accounts ON deals;
DROP TRIGGER deals_still_of_accounts ON deals;
DROP TRIGGER closed_trades_of_accounts ON closed_trades;
DROP TRIGGER closed_trades_still_of_accounts ON closed_trades;
DROP TRIGGER feed_rows_of_accounts ON feed_rows;
DROP TRIGGER feed_rows_still_of_accounts ON feed_rows;
DROP FUNCTION need_accounts;
ALTER TABLE daily_costs ADD CONSTRAINT daily_costs_login_fkey FOREIGN KEY (login) REFERENCES accounts;
ALTER TABLE daily_lots ADD CONSTRAINT daily_lots_login_fkey FOREIGN KEY (login) REFERENCES accounts;
ALTER TABLE closed_trades ADD CONSTRAINT closed_trades_login_fkey FOREIGN KEY (login) REFERENCES accounts;
ALTER TABLE deals ADD CONSTRAINT deals_login_fkey FOREIGN KEY (login) REFERENCES accounts;
ALTER TABLE feed_rows ADD CONSTRAINT feed_rows_server_fkey FOREIGN KEY (server) REFERENCES servers,
  ADD CONSTRAINT feed_rows_login_fkey FOREIGN KEY (login) REFERENCES accounts;
DROP TABLE staged_keys, staged_left, staged_logins, staged_positions, staged_saved;
DROP INDEX orders_working, feed_rows_open;
ALTER TABLE sources DROP COLUMN gone_at;
ALTER TABLE accounts DROP COLUMN summed;
ALTER TABLE feed_rows DROP COLUMN record;
ALTER TABLE feeds DROP COLUMN first_load;
"""


def upgrade() -> None:
    """Make the columns, indexes and tables."""
    for part in (RECORDS, OWNERS, STAGED, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
