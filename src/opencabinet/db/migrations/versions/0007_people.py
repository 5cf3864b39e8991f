"""People, which accounts are theirs, what they prove themselves with, and where they are signed in."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PEOPLE = """
CREATE TABLE people (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
  name text NOT NULL CHECK (length(name) <= 128),
  password text CHECK (length(password) <= 512),
  leans boolean NOT NULL DEFAULT false,
  password_set_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN people.email IS 'in lower case';
COMMENT ON COLUMN people.password IS 'number of the pepper and Argon2id; NULL until one is set';
COMMENT ON COLUMN people.leans IS 'whether the password is so short that it needs a second factor beside it';

CREATE TABLE owners (
  login bigint PRIMARY KEY REFERENCES accounts,
  person bigint NOT NULL REFERENCES people,
  since timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE owners IS 'whose an account is';
CREATE INDEX owners_person ON owners (person);

CREATE TABLE password_codes (
  person bigint PRIMARY KEY REFERENCES people ON DELETE CASCADE,
  hash bytea NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE password_codes IS 'codes that are good for setting a password, once';
"""

FACTORS = """
CREATE TABLE totp_secrets (
  person bigint PRIMARY KEY REFERENCES people ON DELETE CASCADE,
  pending bytea CHECK (length(pending) <= 128),
  secret bytea CHECK (length(secret) <= 128),
  last_step bigint NOT NULL DEFAULT 0,
  confirmed_at timestamptz,
  CHECK (pending IS NOT NULL OR secret IS NOT NULL),
  CHECK ((secret IS NULL) = (confirmed_at IS NULL))
);
COMMENT ON TABLE totp_secrets IS 'sealed with a key of the key file; pending until a code of it was shown';
COMMENT ON COLUMN totp_secrets.last_step IS 'codes of this step of 30 seconds, and before it, are used up';

CREATE TABLE passkeys (
  id bytea PRIMARY KEY CHECK (length(id) BETWEEN 16 AND 1023),
  person bigint NOT NULL REFERENCES people ON DELETE CASCADE,
  public_key bytea NOT NULL CHECK (length(public_key) <= 2048),
  sign_count bigint NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
  transports text[] NOT NULL CHECK (cardinality(transports) <= 8),
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz
);
CREATE INDEX passkeys_person ON passkeys (person);

CREATE VIEW enrolled AS
SELECT person FROM totp_secrets WHERE secret IS NOT NULL UNION ALL SELECT person FROM passkeys;
COMMENT ON VIEW enrolled IS 'who is asked for a second factor';

CREATE TABLE recovery_codes (
  person bigint NOT NULL REFERENCES people ON DELETE CASCADE,
  hash bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (person, hash)
);
COMMENT ON TABLE recovery_codes IS 'each good once, in place of a second factor';
"""

SESSIONS = """
CREATE TABLE sessions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash bytea NOT NULL UNIQUE,
  person bigint NOT NULL REFERENCES people ON DELETE CASCADE,
  level text NOT NULL CHECK (level IN ('password', 'second factor')),
  begun_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  stepped_up_at timestamptz,
  address inet,
  user_agent text NOT NULL CHECK (length(user_agent) <= 256)
);
COMMENT ON TABLE sessions IS 'where people are signed in; no row, no session';
COMMENT ON COLUMN sessions.hash IS 'SHA-256 of what the browser shows; a new one at every change of privilege';
CREATE INDEX sessions_person ON sessions (person, begun_at);

CREATE TABLE challenges (
  session bigint NOT NULL REFERENCES sessions ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('register', 'prove')),
  challenge bytea NOT NULL CHECK (length(challenge) = 64),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (session, purpose)
);
COMMENT ON TABLE challenges IS 'what a passkey must sign, once';
"""

# Serving keeps a new hash of a password, but invents no people and gives nobody an account. Long answers, which the
# reading role writes, need none of this.
GRANTS = """
GRANT SELECT ON people, owners, password_codes, totp_secrets, passkeys, recovery_codes, sessions, challenges,
                enrolled
   TO opencabinet_serve;
GRANT UPDATE (password, leans, password_set_at) ON people TO opencabinet_serve;
GRANT DELETE ON password_codes TO opencabinet_serve;
GRANT INSERT, UPDATE, DELETE ON totp_secrets, passkeys, recovery_codes, sessions, challenges TO opencabinet_serve;
"""

DOWN = """
DROP VIEW enrolled;
DROP TABLE challenges, sessions, recovery_codes, passkeys, totp_secrets, password_codes, owners, people;
"""


def upgrade() -> None:
    """Make the tables."""
    for part in (PEOPLE, FACTORS, SESSIONS, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
