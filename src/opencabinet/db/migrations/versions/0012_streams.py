"""Tickets that open a stream once, and an end to events that are old."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TICKETS = """
CREATE TABLE stream_tickets (
  hash bytea PRIMARY KEY CHECK (length(hash) = 32),
  token bytea NOT NULL REFERENCES tokens ON DELETE CASCADE,
  origin text CHECK (length(origin) <= 255),
  expires_at timestamptz NOT NULL
);
CREATE INDEX stream_tickets_by_token ON stream_tickets (token);
CREATE INDEX stream_tickets_by_end ON stream_tickets (expires_at);
COMMENT ON TABLE stream_tickets IS 'good for opening one stream in the place of a credential, which goes with it';
COMMENT ON COLUMN stream_tickets.origin IS 'the only pages it is good on; NULL means any';
"""

# Whoever serves can drop what is old, and nothing else. What a follower has not come to stays, unless it stands still
# for as long as events are kept. The oldest come first in the order of all, so only they are looked at.
FORGETTING = """
CREATE FUNCTION forget_events(days integer, most integer) RETURNS bigint LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  WITH oldest AS (
    SELECT login, number, xid, id, at FROM public.events ORDER BY xid, id LIMIT least(most, 10000)
  ), gone AS (
    DELETE FROM public.events
     USING oldest
     WHERE (events.login, events.number) = (oldest.login, oldest.number)
       AND oldest.at < now() - make_interval(days => greatest(days, 1))
       AND NOT EXISTS (
         SELECT FROM public.followers
          WHERE (followers.xid, followers.id) < (oldest.xid, oldest.id)
            AND followers.reached_at > now() - make_interval(days => greatest(days, 1)))
    RETURNING 1
  )
  SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION forget_events(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_events(integer, integer) TO opencabinet_serve;
"""

GRANTS = """
GRANT SELECT, INSERT, DELETE ON stream_tickets TO opencabinet_serve;
"""

DOWN = """
DROP TABLE stream_tickets;
DROP FUNCTION forget_events(integer, integer);
"""


def upgrade() -> None:
    """Make the table of tickets, and the one way to drop events."""
    for part in (TICKETS, FORGETTING, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
