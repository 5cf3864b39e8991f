"""Tickets of widgets, which are exchanged for a token that opens a few functions on the pages of one origin."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE stream_tickets
  ADD COLUMN functions text[] CHECK (cardinality(functions) > 0),
  ADD COLUMN made bytea CHECK (length(made) = 32),
  ADD CONSTRAINT stream_tickets_of_pages CHECK (functions IS NULL OR origin IS NOT NULL);
CREATE INDEX stream_tickets_by_made ON stream_tickets (made) WHERE made IS NOT NULL;
COMMENT ON TABLE stream_tickets IS
  'good once in the place of a credential, which goes with it: for opening a stream, or for a token of some functions';
COMMENT ON COLUMN stream_tickets.functions IS 'what the token opens that it is exchanged for; NULL means a stream';
COMMENT ON COLUMN stream_tickets.made IS 'the token that it was exchanged for, which ends with the credential';
"""

GRANTS = """
GRANT UPDATE (made) ON stream_tickets TO opencabinet_serve;
"""

DOWN = """
DELETE FROM tokens WHERE hash IN (SELECT made FROM stream_tickets);
DELETE FROM stream_tickets WHERE functions IS NOT NULL;
DROP INDEX stream_tickets_by_made;
REVOKE UPDATE (made) ON stream_tickets FROM opencabinet_serve;
ALTER TABLE stream_tickets DROP COLUMN functions, DROP COLUMN made;
COMMENT ON TABLE stream_tickets IS 'good for opening one stream in the place of a credential, which goes with it';
"""


def upgrade() -> None:
    """Let tickets be exchanged for tokens."""
    for part in (UP, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop such tickets with their tokens, and what was made for them."""
    op.get_bind().exec_driver_sql(DOWN)
