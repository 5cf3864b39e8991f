"""Rules of access for each function, credentials with names and bounds, and API passwords that owners choose."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The row `default` holds for every function without a row of its own.
RULES = """
ALTER TABLE policies DROP CONSTRAINT policies_level_check;

CREATE TABLE access_rules (
  login bigint NOT NULL REFERENCES policies,
  function text NOT NULL CHECK (function ~ '^[a-z_]{1,40}$'),
  level text NOT NULL CHECK (level IN ('open', 'password', 'address', 'both', 'off')),
  networks cidr[] NOT NULL,
  expires_at timestamptz,
  note text NOT NULL CHECK (length(note) <= 200),
  hide text[] NOT NULL CHECK (hide <@ ARRAY['comments', 'volumes', 'money']),
  delay_minutes integer NOT NULL CHECK (delay_minutes BETWEEN 0 AND 43200),
  closed_only boolean NOT NULL,
  without_symbols text[] NOT NULL,
  CHECK (level NOT IN ('address', 'both') OR cardinality(networks) > 0),
  PRIMARY KEY (login, function)
);
COMMENT ON TABLE access_rules IS 'the matrix of an account; without a row default, it is closed by password';

INSERT INTO access_rules
SELECT login, 'default',
       CASE WHEN level = 'open' THEN 'open' WHEN cardinality(listed) > 0 THEN 'both' ELSE 'password' END,
       listed, NULL, '', '{}', 0, false, '{}'
  FROM policies, LATERAL (
    SELECT ARRAY(SELECT network FROM masks WHERE masks.login = policies.login ORDER BY network) AS listed) AS masked;

DROP TABLE masks;
ALTER TABLE policies DROP COLUMN level, ALTER COLUMN changed_at DROP NOT NULL, ALTER COLUMN changed_at DROP DEFAULT;
COMMENT ON COLUMN policies.changed_at IS 'NULL while it is being set for the first time';
COMMENT ON TABLE policies IS 'one row for each account that has rules: what changes them locks it';
"""

CREDENTIALS = """
ALTER TABLE tokens
  ADD COLUMN id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN name text NOT NULL DEFAULT '' CHECK (length(name) <= 64),
  ADD COLUMN networks cidr[] NOT NULL DEFAULT '{}',
  ADD COLUMN functions text[],
  ADD COLUMN origins text[] NOT NULL DEFAULT '{}',
  ADD COLUMN reads_per_minute integer CHECK (reads_per_minute > 0),
  ADD COLUMN proved_at timestamptz,
  ADD COLUMN last_used_at timestamptz,
  DROP CONSTRAINT tokens_kind_check,
  ADD CONSTRAINT tokens_kind_check CHECK (kind IN ('legacy', 'bearer', 'refresh', 'server', 'publishable'));
CREATE UNIQUE INDEX tokens_by_id ON tokens (login, id);
COMMENT ON COLUMN tokens.networks IS 'where it is good from; from anywhere if empty';
COMMENT ON COLUMN tokens.functions IS 'what a key opens; all of its family if NULL';
COMMENT ON COLUMN tokens.proved_at IS 'when an API password was last shown for it';
COMMENT ON COLUMN tokens.last_used_at IS 'to the minute';

ALTER TABLE api_passwords
  ADD COLUMN chosen text,
  ADD COLUMN expires_at timestamptz;
CREATE UNIQUE INDEX api_passwords_chosen ON api_passwords (login) WHERE chosen IS NOT NULL;
COMMENT ON COLUMN api_passwords.hash IS 'HMAC-SHA-256 of a generated one; SHA-256 of what is kept of a chosen one';
COMMENT ON COLUMN api_passwords.chosen IS 'Argon2id of one that the owner chose';
COMMENT ON COLUMN api_passwords.expires_at IS 'when one that was replaced is good no longer';
"""

# Owners change their own rules and credentials through the server, and every change is told.
GRANTS = """
GRANT SELECT ON access_rules TO opencabinet_read, opencabinet_serve;
GRANT INSERT, UPDATE, DELETE ON policies, access_rules, api_passwords TO opencabinet_serve;
GRANT INSERT, UPDATE ON event_numbers TO opencabinet_serve;
GRANT INSERT ON events TO opencabinet_serve;
"""

# Whoever reads lists credentials, and needs no hash of any.
READING = """
REVOKE SELECT ON tokens, api_passwords FROM opencabinet_read;
GRANT SELECT (login, id, family, kind, session, name, networks, functions, origins, reads_per_minute, created_at,
              expires_at, proved_at, last_used_at, used_at, revoked_at) ON tokens TO opencabinet_read;
GRANT SELECT (login, created_at, expires_at) ON api_passwords TO opencabinet_read;
"""

# The older rules know neither `off` nor addresses of a single function: where there are such, whoever holds a
# credential could read more than before.
LOOSER = """
CREATE TEMPORARY TABLE looser ON COMMIT DROP AS
SELECT DISTINCT login FROM access_rules
 WHERE level = 'off' OR function <> 'default' AND level IN ('address', 'both');
DELETE FROM tokens USING looser WHERE tokens.login = looser.login;
DELETE FROM api_passwords USING looser WHERE api_passwords.login = looser.login;
"""

DOWN = """
REVOKE SELECT ON tokens, api_passwords FROM opencabinet_read;
GRANT SELECT ON tokens, api_passwords TO opencabinet_read;
REVOKE INSERT ON events FROM opencabinet_serve;
REVOKE INSERT, UPDATE ON event_numbers FROM opencabinet_serve;
REVOKE INSERT, UPDATE, DELETE ON policies, api_passwords FROM opencabinet_serve;
GRANT UPDATE (created_at) ON api_passwords TO opencabinet_serve;
DELETE FROM api_passwords WHERE chosen IS NOT NULL OR expires_at IS NOT NULL;
ALTER TABLE api_passwords DROP COLUMN chosen, DROP COLUMN expires_at;
COMMENT ON COLUMN api_passwords.hash IS NULL;
DELETE FROM tokens WHERE kind IN ('server', 'publishable') OR cardinality(networks) > 0;
ALTER TABLE tokens
  DROP COLUMN id, DROP COLUMN name, DROP COLUMN networks, DROP COLUMN functions, DROP COLUMN origins,
  DROP COLUMN reads_per_minute, DROP COLUMN proved_at, DROP COLUMN last_used_at,
  DROP CONSTRAINT tokens_kind_check,
  ADD CONSTRAINT tokens_kind_check CHECK (kind IN ('legacy', 'bearer', 'refresh'));

CREATE TABLE masks (
  login bigint NOT NULL REFERENCES policies,
  network cidr NOT NULL CHECK (masklen(network) > 0),
  PRIMARY KEY (login, network)
);
GRANT SELECT ON masks TO opencabinet_read, opencabinet_serve;
UPDATE policies SET changed_at = now() WHERE changed_at IS NULL;
ALTER TABLE policies ADD COLUMN level text, ALTER COLUMN changed_at SET NOT NULL,
  ALTER COLUMN changed_at SET DEFAULT now();
COMMENT ON COLUMN policies.changed_at IS NULL;
UPDATE policies SET level = CASE WHEN EXISTS (
  SELECT FROM access_rules AS rule WHERE rule.login = policies.login AND rule.function = 'default'
     AND rule.level = 'open' AND rule.expires_at IS NULL AND rule.hide = '{}' AND rule.delay_minutes = 0
     AND NOT rule.closed_only AND rule.without_symbols = '{}'
) AND NOT EXISTS (
  SELECT FROM access_rules AS rule WHERE rule.login = policies.login AND rule.function <> 'default'
) THEN 'open' ELSE 'closed' END;
ALTER TABLE policies ALTER COLUMN level SET NOT NULL,
  ADD CONSTRAINT policies_level_check CHECK (level IN ('open', 'closed'));
INSERT INTO masks
SELECT DISTINCT login, unnest(networks) FROM access_rules WHERE function = 'default' AND level IN ('address', 'both');
DROP TABLE access_rules;
COMMENT ON TABLE policies IS 'an account without a row is closed';
"""


def upgrade() -> None:
    """Turn levels and masks into the default rows of the matrix, and let credentials carry names and bounds."""
    for part in (RULES, CREDENTIALS, GRANTS, READING):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Keep what the older rules can say: accounts with finer ones are closed, with stricter ones left to nobody."""
    for part in (LOOSER, DOWN):
        op.get_bind().exec_driver_sql(part)
