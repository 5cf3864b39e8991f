"""Applications for accounts: what an applicant said, and what became of it."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# What a stranger sends is bounded here as well as where it is read.
APPLICATIONS = """
CREATE TABLE applications (
  id bigint PRIMARY KEY CHECK (id > 0),
  token bytea NOT NULL CHECK (length(token) = 32),
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'opened', 'refused', 'spam')),
  name text NOT NULL CHECK (length(name) <= 128),
  email text NOT NULL CHECK (length(email) <= 254),
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  phone text NOT NULL CHECK (length(phone) <= 40),
  platform text NOT NULL CHECK (platform IN ('mt4', 'mt5')),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  leverage integer CHECK (leverage BETWEEN 1 AND 5000),
  language text NOT NULL CHECK (length(language) <= 12),
  account_type text NOT NULL CHECK (length(account_type) <= 40),
  code text NOT NULL CHECK (length(code) <= 64),
  click text NOT NULL CHECK (length(click) <= 64),
  keyword text NOT NULL CHECK (length(keyword) <= 64),
  subs text[] NOT NULL CHECK (cardinality(subs) <= 5),
  network cidr,
  user_agent text NOT NULL CHECK (length(user_agent) <= 200),
  said bytea NOT NULL CHECK (length(said) = 32),
  earlier bigint,
  login bigint UNIQUE REFERENCES accounts,
  decided_at timestamptz,
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
  CHECK ((login IS NOT NULL) = (state = 'opened')),
  CHECK ((decided_at IS NULL) = (state = 'received') OR state = 'spam')
);
COMMENT ON COLUMN applications.id IS 'by chance, so that it does not tell how many there are';
COMMENT ON COLUMN applications.token IS 'the hash of what the applicant looks at it with';
COMMENT ON COLUMN applications.said IS 'the digest of all that was asked: the same again, soon after, is no other';
COMMENT ON COLUMN applications.earlier IS 'another one with the same e-mail address within the hour before';
CREATE INDEX applications_by_state ON applications (state, received_at, id);
CREATE INDEX applications_by_email ON applications (email, received_at) WHERE email <> '';
GRANT SELECT, INSERT, UPDATE, DELETE ON applications TO opencabinet_serve;
"""

# What anybody may ask for is kept as nobody's.
REPLAYS = """
ALTER TABLE replays DROP CONSTRAINT replays_login_fkey;
COMMENT ON COLUMN replays.login IS '0 where no account was asked';
"""

DOWN = """
DELETE FROM replays WHERE login = 0;
ALTER TABLE replays ADD CONSTRAINT replays_login_fkey FOREIGN KEY (login) REFERENCES accounts;
COMMENT ON COLUMN replays.login IS NULL;
DROP TABLE applications;
"""


def upgrade() -> None:
    """Make the table, and let answers be kept that are no account's."""
    for part in (APPLICATIONS, REPLAYS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
