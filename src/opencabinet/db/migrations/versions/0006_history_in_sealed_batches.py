"""The history of authorizations tells of every use, refusal and change, in batches that are sealed."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Rows that are there already get the number of this transaction, and are sealed first.
WIDER = """
ALTER TABLE authorizations
  DROP CONSTRAINT authorizations_channel_check,
  DROP CONSTRAINT authorizations_action_check,
  ADD COLUMN function text NOT NULL DEFAULT '',
  ADD COLUMN detail jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN first bytea,
  ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE authorizations
  ADD CONSTRAINT authorizations_channel_check
    CHECK (channel IN ('legacy', 'peanut', 'v1', 'cabinet', 'cli', 'server')),
  ADD CONSTRAINT authorizations_action_check CHECK (action ~ '^[a-z0-9_]{1,30}(\\.[a-z0-9_]{1,30}){0,2}$'),
  ADD CONSTRAINT authorizations_bounded_check CHECK (
    length(family) <= 30 AND length(function) <= 60 AND length(derived_from) <= 60 AND length(user_agent) <= 256
    AND length(request_id) <= 64 AND length(rule) <= 400 AND octet_length(detail::text) <= 8192
    AND octet_length(first) = 32);
CREATE INDEX authorizations_by_order ON authorizations (granted, xid, id);
CREATE UNIQUE INDEX authorizations_first ON authorizations (login, first) WHERE first IS NOT NULL;
COMMENT ON TABLE authorizations IS
  'first uses, refusals, changes, and requests for tokens; equal refusals of a minute are one row with a count';
COMMENT ON COLUMN authorizations.login IS
  'below zero: the account asked for does not exist; -1025: refusals that were too many to tell apart';
COMMENT ON COLUMN authorizations.function IS 'what was asked of the account; of equal refusals, the last';
COMMENT ON COLUMN authorizations.detail IS 'of a change, what was before and what is now; never a secret';
COMMENT ON COLUMN authorizations.first IS 'what of a first use there is only one row';
COMMENT ON COLUMN authorizations.xid IS 'rows are sealed in the order (xid, id)';
"""

SEALS = """
CREATE TABLE seals (
  number bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  rows integer NOT NULL CHECK (rows BETWEEN 0 AND 10000),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  previous bytea NOT NULL CHECK (octet_length(previous) = 32),
  granted_xid bigint NOT NULL,
  granted_id bigint NOT NULL,
  refused_xid bigint NOT NULL,
  refused_id bigint NOT NULL,
  floor bigint NOT NULL,
  whole_at timestamptz,
  until date NOT NULL,
  key bytea NOT NULL CHECK (octet_length(key) = 32),
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  leaves bytea NOT NULL
);
COMMENT ON TABLE seals IS 'batches of the history of authorizations, each signed and chained to the one before';
COMMENT ON COLUMN seals.floor IS 'rows with an id up to this were sealed before the database was restored';
COMMENT ON COLUMN seals.whole_at IS 'all that was final then is sealed; empty until that was so for the first time';
COMMENT ON COLUMN seals.until IS 'the day from which on none of the rows need be there any more';
COMMENT ON COLUMN seals.leaves IS 'for each row its login, id, last day and SHA-256; empty once all may be gone';
ALTER TABLE seals ALTER COLUMN leaves SET STORAGE EXTERNAL; -- hashes cannot be compressed
"""

# Whoever serves can drop what is past its days, and nothing else.
FORGETTING = """
CREATE FUNCTION forget_authorizations() RETURNS bigint LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  WITH gone AS (
    DELETE FROM public.authorizations
     WHERE at < now() - CASE WHEN granted THEN interval '400 days' ELSE interval '90 days' END
    RETURNING 1
  )
  SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION forget_authorizations() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_authorizations() TO opencabinet_serve;
"""

# Numbers are for the worker, which serves too: it gives new ones to what is not sealed when a backup was restored.
GRANTS = """
REVOKE UPDATE, DELETE ON authorizations FROM opencabinet_serve;
GRANT UPDATE (times, last_at, address, user_agent, function, xid, id) ON authorizations TO opencabinet_serve;
GRANT SELECT ON seals TO opencabinet_read, opencabinet_serve;
GRANT INSERT, UPDATE (leaves) ON seals TO opencabinet_serve;
"""

DOWN = """
DROP TABLE seals;
DROP FUNCTION forget_authorizations();
REVOKE UPDATE (times, last_at, address, user_agent, function, xid, id) ON authorizations FROM opencabinet_serve;
GRANT UPDATE, DELETE ON authorizations TO opencabinet_serve;
DELETE FROM authorizations
 WHERE channel NOT IN ('legacy', 'peanut', 'v1') OR action NOT IN ('token.request', 'token.refresh');
DROP INDEX authorizations_by_order, authorizations_first;
ALTER TABLE authorizations
  DROP CONSTRAINT authorizations_bounded_check,
  DROP CONSTRAINT authorizations_channel_check,
  DROP CONSTRAINT authorizations_action_check,
  DROP COLUMN function,
  DROP COLUMN detail,
  DROP COLUMN first,
  DROP COLUMN xid;
ALTER TABLE authorizations
  ADD CONSTRAINT authorizations_channel_check CHECK (channel IN ('legacy', 'peanut', 'v1')),
  ADD CONSTRAINT authorizations_action_check CHECK (action IN ('token.request', 'token.refresh'));
COMMENT ON TABLE authorizations IS 'every request for a token; equal refusals of a minute are one row with a count';
COMMENT ON COLUMN authorizations.login IS 'below zero: the account asked for does not exist';
"""


def upgrade() -> None:
    """Widen the history, and make the seals."""
    for part in (WIDER, SEALS, FORGETTING, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop the seals, and what the narrower history has no place for."""
    op.get_bind().exec_driver_sql(DOWN)
