"""Partners: who is one, by which codes, below whom and since when, and whose client an account is, with the reasons."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PROGRAMME = """
CREATE TABLE partners (
  login bigint PRIMARY KEY REFERENCES accounts,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'left')),
  enrolled_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE partners IS 'accounts that refer others; they are paid in their account''s currency';

CREATE TABLE partner_codes (
  code text PRIMARY KEY CHECK (code ~ '^[A-Z][A-Z0-9]{2,15}$'),
  login bigint NOT NULL REFERENCES partners,
  link bigint,
  given_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);
COMMENT ON TABLE partner_codes IS 'what names a partner, or a link of theirs; a code is never given to another';
CREATE INDEX partner_codes_by_login ON partner_codes (login);

CREATE TABLE partner_parents (
  login bigint NOT NULL REFERENCES partners,
  since timestamptz NOT NULL,
  parent bigint REFERENCES partners,
  PRIMARY KEY (login, since),
  CHECK (parent <> login)
);
COMMENT ON TABLE partner_parents IS 'below whom a partner is, from when on; below nobody where no row says so';
CREATE INDEX partner_parents_by_parent ON partner_parents (parent) WHERE parent IS NOT NULL;

CREATE TABLE partner_plans (
  login bigint NOT NULL REFERENCES partners,
  since timestamptz NOT NULL,
  plan text NOT NULL CHECK (length(plan) BETWEEN 1 AND 40),
  PRIMARY KEY (login, since)
);
COMMENT ON TABLE partner_plans IS 'by which plan a partner is paid, from when on';
"""

# A decision is taken back by another one, never by an edit. Clients of a claim may be nobody.
REFERRALS = """
CREATE TABLE referral_log (
  login bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  cause text CHECK (length(cause) BETWEEN 1 AND 64),
  kind text NOT NULL CHECK (kind IN ('click', 'code', 'claim', 'server', 'operator')),
  decision text NOT NULL CHECK (decision IN ('attributed', 'kept', 'refused', 'ended')),
  partner bigint,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 40),
  since timestamptz,
  evidence jsonb NOT NULL CHECK (length(evidence::text) <= 8192),
  PRIMARY KEY (login, id),
  UNIQUE (login, cause),
  CHECK ((since IS NOT NULL) = (decision IN ('attributed', 'ended')))
);
COMMENT ON TABLE referral_log IS 'every decision on whose client an account is, with what it rests on; append only';
COMMENT ON COLUMN referral_log.cause IS 'what was decided on, once; NULL where the operator said so';

CREATE TABLE referrals (
  login bigint NOT NULL REFERENCES accounts,
  since timestamptz NOT NULL,
  partner bigint REFERENCES partners,
  entry bigint NOT NULL,
  PRIMARY KEY (login, since),
  FOREIGN KEY (login, entry) REFERENCES referral_log
);
COMMENT ON TABLE referrals IS 'whose client an account is, from when on; nobody''s where partner is NULL';
CREATE INDEX referrals_by_partner ON referrals (partner, entry) WHERE partner IS NOT NULL;

CREATE TABLE referral_claims (
  login bigint NOT NULL REFERENCES partners,
  id bigint GENERATED ALWAYS AS IDENTITY,
  client bigint NOT NULL,
  evidence text NOT NULL CHECK (length(evidence) BETWEEN 1 AND 2000),
  claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected')),
  decided_at timestamptz,
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
  PRIMARY KEY (login, id),
  CHECK ((decided_at IS NULL) = (state = 'open'))
);
COMMENT ON TABLE referral_claims IS 'clients that a partner says are theirs; whom they mean may be nobody';

CREATE INDEX referral_claims_open ON referral_claims (id) WHERE state = 'open';

CREATE TABLE partner_consents (
  login bigint NOT NULL REFERENCES accounts,
  partner bigint NOT NULL REFERENCES partners,
  since timestamptz NOT NULL,
  level text NOT NULL CHECK (level IN ('masked', 'named', 'full')),
  PRIMARY KEY (login, partner, since)
);
COMMENT ON TABLE partner_consents IS 'what a client lets this partner see, from when on; masked unless told';
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE ON partners, partner_codes, referral_claims TO opencabinet_serve;
GRANT SELECT, INSERT ON partner_parents, partner_plans, referral_log, referrals, partner_consents TO opencabinet_serve;
GRANT SELECT ON partners, partner_codes, partner_parents, partner_plans, referral_log, referrals, referral_claims,
                partner_consents TO opencabinet_read;
"""

DOWN = """
DROP TABLE partner_consents, referral_claims, referrals, referral_log, partner_plans, partner_parents, partner_codes,
           partners;
"""


def upgrade() -> None:
    """Make the tables."""
    for part in (PROGRAMME, REFERRALS, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
