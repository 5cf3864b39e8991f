"""What partners are paid: plans in versions, each trade's working, the lines it comes to, and what becomes of them."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

PLANS = """
CREATE TABLE plans (
  name text NOT NULL CHECK (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(name) <= 40),
  version integer NOT NULL CHECK (version > 0),
  since timestamptz NOT NULL,
  body jsonb NOT NULL CHECK (length(body::text) <= 65536),
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (name, version)
);
COMMENT ON TABLE plans IS 'rules of rewards; a version never changes, and pays what closes since then';
"""

# The working of a trade is kept once, whatever its levels: a line finds it by its client, ticket and revision. As text,
# for it is read as it was written, and to take JSON apart would cost more than all else. What thousands of workings say
# word by word alike is kept apart, once. Lines come by the ten thousand a second: they refer to no other table by a
# constraint, which would look at, and lock, an account for each of them.
REWARDS = """
CREATE TABLE reward_bases (
  key uuid PRIMARY KEY,
  basis text NOT NULL CHECK (octet_length(basis) <= 65536)
);
COMMENT ON TABLE reward_bases IS 'what workings have in common: plans, parts, levels, filters, contract; never changed';
COMMENT ON COLUMN reward_bases.key IS 'a hash of the basis';

CREATE TABLE reward_workings (
  login bigint NOT NULL,
  ticket bigint NOT NULL,
  figures bigint NOT NULL,
  closed_at timestamptz NOT NULL,
  worked_at timestamptz NOT NULL DEFAULT now(),
  revision integer NOT NULL CHECK (revision > 0),
  why text NOT NULL CHECK (why IN ('closed', 'corrected', 'removed', 'reworked', 'recalculated', 'qualified')),
  basis uuid,
  explanation text NOT NULL CHECK (octet_length(explanation) <= 65536),
  PRIMARY KEY (login, ticket, revision)
);
COMMENT ON TABLE reward_workings IS 'how rewards of a trade were worked out; a correction is a revision more';
COMMENT ON COLUMN reward_workings.ticket IS 'the closing; below 0 what is paid for the client and no trade';
COMMENT ON COLUMN reward_workings.explanation IS 'what is told of this trade beside the basis; together they are whole';
COMMENT ON COLUMN reward_workings.figures IS 'a hash of the trade that was worked with: one that has the same is known';

CREATE TABLE rewards (
  login bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  client bigint NOT NULL,
  ticket bigint NOT NULL,
  closed_at timestamptz NOT NULL,
  revision integer NOT NULL,
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 10),
  kind text NOT NULL CHECK (kind IN ('commission', 'rebate', 'qualified', 'adjustment')),
  amount numeric(24,6) NOT NULL CHECK (amount <> 0),
  currency text NOT NULL,
  state text NOT NULL CHECK (state IN ('accrued', 'held', 'approved', 'payable', 'paid', 'reversed', 'disputed')),
  held_until timestamptz,
  before text CHECK (before IN ('accrued', 'held', 'approved', 'payable')),
  settlement bigint,
  PRIMARY KEY (login, id),
  CHECK ((before IS NOT NULL) = (state = 'disputed')),
  CHECK ((settlement IS NOT NULL) = (state IN ('payable', 'paid') OR coalesce(before, '') = 'payable'))
);
COMMENT ON TABLE rewards IS 'what each level was given for a trade, with six decimals; a correction is another line';
COMMENT ON COLUMN rewards.before IS 'the state to which a dispute that ends returns';
COMMENT ON COLUMN rewards.held_until IS 'when a line that its plan holds is approved; NULL where the operator decides';
CREATE INDEX rewards_by_time ON rewards (login, closed_at, id);
CREATE INDEX rewards_held ON rewards (held_until) WHERE state = 'held' AND held_until IS NOT NULL;
CREATE INDEX rewards_approved ON rewards (login, currency, closed_at) WHERE state = 'approved';
CREATE INDEX rewards_settled ON rewards (login, settlement) WHERE settlement IS NOT NULL;

CREATE TABLE reward_months (
  login bigint NOT NULL,
  month date NOT NULL,
  currency text NOT NULL,
  trades bigint NOT NULL,
  lots numeric(28,8) NOT NULL,
  amount numeric(28,6) NOT NULL,
  PRIMARY KEY (login, month, currency)
);
COMMENT ON TABLE reward_months IS 'what closed below a partner and what it brought them, for tiers and caps';

CREATE TABLE reward_days (
  login bigint NOT NULL,
  day date NOT NULL,
  client bigint NOT NULL,
  level smallint NOT NULL,
  currency text NOT NULL,
  trades bigint NOT NULL,
  lots numeric(28,8) NOT NULL,
  amount numeric(28,6) NOT NULL,
  PRIMARY KEY (login, day, client, level, currency)
);
COMMENT ON TABLE reward_days IS 'rewards by day and client, written with the lines';

CREATE TABLE reward_waiting (
  login bigint NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  since timestamptz NOT NULL DEFAULT '1900-01-01 00:00+00',
  why text NOT NULL CHECK (why IN ('rate', 'rework', 'failed')),
  asked_at timestamptz NOT NULL DEFAULT now(),
  tried_at timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (login, first, last, why),
  CHECK (first <= last)
);
COMMENT ON TABLE reward_waiting IS 'trades of a client that are to be worked out, once a rate is known, or anew';
COMMENT ON COLUMN reward_waiting.since IS 'of the tickets from first to last those that closed then or later';
CREATE INDEX reward_waiting_by_turn ON reward_waiting (tried_at, login);

CREATE TABLE recalculations (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  month date NOT NULL,
  partner bigint,
  plans jsonb NOT NULL CHECK (length(plans::text) <= 262144),
  digest text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE recalculations IS 'months that were paid anew by other plans; their workings name version -id';

CREATE TABLE disputes (
  login bigint NOT NULL REFERENCES accounts,
  id bigint GENERATED ALWAYS AS IDENTITY,
  reward bigint NOT NULL,
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
  explanation text NOT NULL CHECK (length(explanation) <= 16384),
  opened_at timestamptz NOT NULL DEFAULT now(),
  deadline timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'upheld', 'rejected', 'withdrawn', 'lapsed')),
  ended_at timestamptz,
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
  PRIMARY KEY (login, id),
  FOREIGN KEY (login, reward) REFERENCES rewards,
  CHECK ((ended_at IS NULL) = (state = 'open'))
);
COMMENT ON TABLE disputes IS 'lines that a partner doubts, each with its explanation as it was then';
CREATE UNIQUE INDEX disputes_open ON disputes (login, reward) WHERE state = 'open';
CREATE INDEX disputes_by_deadline ON disputes (deadline) WHERE state = 'open';
"""

# Money of the cabinet's own: every entry sums to zero in each currency, which is looked at when it commits.
SETTLEMENTS = """
CREATE TABLE settlements (
  login bigint NOT NULL REFERENCES accounts,
  id bigint GENERATED ALWAYS AS IDENTITY,
  until timestamptz NOT NULL,
  currency text NOT NULL,
  lines bigint NOT NULL,
  accrued numeric(28,6) NOT NULL,
  carried_in numeric(28,6) NOT NULL,
  amount numeric(24,8) NOT NULL,
  carried_out numeric(28,6) NOT NULL,
  settled_at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'payable' CHECK (state IN ('payable', 'paid')),
  entry bigint,
  paid_entry bigint,
  reference text NOT NULL DEFAULT '' CHECK (length(reference) <= 100),
  paid_at timestamptz,
  PRIMARY KEY (login, id),
  CHECK (accrued + carried_in = amount + carried_out),
  CHECK (amount >= 0 AND (entry IS NULL) = (amount = 0)),
  CHECK ((paid_at IS NULL) = (state = 'payable'))
);
COMMENT ON TABLE settlements IS 'lines approved until then, rounded once, half to even; the rest is carried on';

CREATE TABLE partner_entries (
  login bigint NOT NULL REFERENCES accounts,
  id bigint NOT NULL,
  side text NOT NULL CHECK (side IN ('house:commissions', 'partner:payable', 'house:payouts')),
  currency text NOT NULL,
  amount numeric(24,8) NOT NULL CHECK (amount <> 0),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (login, id, side)
);
COMMENT ON TABLE partner_entries IS 'double entry of what partners are owed and paid; append only';
CREATE SEQUENCE partner_entry_ids;

CREATE FUNCTION refuse_unbalanced_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE told partner_entries := coalesce(NEW, OLD);
BEGIN
  IF EXISTS (SELECT FROM partner_entries WHERE login = told.login AND id = told.id
              GROUP BY currency HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION 'entry %% does not sum to zero', told.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER partner_entries_balanced AFTER INSERT OR UPDATE OR DELETE ON partner_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_entry();
"""

# Lines come with what they add to days, and move with a word to the accounts: days, settlements and disputes announce.
ANNOUNCING = ("disputes", "reward_days", "settlements")
TRIGGERS = """
CREATE TRIGGER {table}_announce_new AFTER INSERT ON {table}
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION announce_accounts();
CREATE TRIGGER {table}_announce_changed AFTER UPDATE ON {table}
  REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION announce_accounts();
CREATE TRIGGER {table}_announce_gone AFTER DELETE ON {table}
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION announce_accounts();
CREATE TRIGGER {table}_announce_emptied AFTER TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION announce_everywhere();
"""

GRANTS = """
GRANT SELECT, INSERT ON plans, reward_bases, reward_workings, recalculations, partner_entries TO opencabinet_serve;
GRANT SELECT, INSERT, UPDATE ON rewards, reward_months, reward_days, disputes, settlements TO opencabinet_serve;
GRANT SELECT, INSERT, UPDATE, DELETE ON reward_waiting TO opencabinet_serve;
GRANT USAGE ON SEQUENCE partner_entry_ids TO opencabinet_serve;
GRANT SELECT ON plans, reward_bases, reward_workings, rewards, reward_months, reward_days, reward_waiting,
                recalculations, disputes, settlements, partner_entries TO opencabinet_read;
"""

DOWN = """
DROP TABLE partner_entries, settlements, disputes, recalculations, reward_waiting, reward_days, reward_months, rewards,
           reward_workings, reward_bases, plans;
DROP SEQUENCE partner_entry_ids;
DROP FUNCTION refuse_unbalanced_entry;
"""


def upgrade() -> None:
    """Make the tables."""
    triggers = [TRIGGERS.format(table=table) for table in ANNOUNCING]
    for part in (PLANS, REWARDS, SETTLEMENTS, *triggers, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
