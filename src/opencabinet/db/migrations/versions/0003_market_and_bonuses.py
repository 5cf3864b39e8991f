"""Instruments, the last quotes, and the rules by which credit becomes money."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# MetaTrader 4 prints symbols in lower case, so they are known by that. What statements told stays beside what the
# operator said, who may be silent on a column; NULL means that nobody told.
MARKET = """
CREATE TABLE instruments (
  server text NOT NULL REFERENCES servers,
  symbol text NOT NULL CHECK (length(symbol) BETWEEN 1 AND 64),
  folded text NOT NULL GENERATED ALWAYS AS (lower(symbol)) STORED,
  told_by text NOT NULL CHECK (told_by IN ('statement', 'operator')),
  digits smallint NOT NULL CHECK (digits BETWEEN 0 AND 8),
  contract_size numeric(24,8) CHECK (contract_size > 0),
  disputed boolean NOT NULL DEFAULT false CHECK (NOT disputed OR contract_size IS NULL),
  base_currency text,
  profit_currency text,
  tick_size numeric(24,8) CHECK (tick_size > 0),
  tick_value numeric(24,8) CHECK (tick_value > 0),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (server, folded, told_by)
);
COMMENT ON COLUMN instruments.disputed IS 'statements told different contract sizes, so none of them is believed';
COMMENT ON COLUMN instruments.tick_value IS 'what one lot makes of a move by tick_size, in the profit currency';

CREATE TABLE quotes (
  server text NOT NULL REFERENCES servers,
  symbol text NOT NULL CHECK (length(symbol) BETWEEN 1 AND 64),
  folded text NOT NULL GENERATED ALWAYS AS (lower(symbol)) STORED,
  bid numeric(24,8),
  ask numeric(24,8),
  quoted_at timestamptz NOT NULL,
  told_by text NOT NULL CHECK (told_by IN ('statement', 'operator')),
  CHECK (bid IS NOT NULL OR ask IS NOT NULL),
  PRIMARY KEY (server, folded)
);
COMMENT ON TABLE quotes IS 'the last quote of each symbol';
"""

# The driver reads %% as %.
BONUSES = """
CREATE TABLE bonus_programmes (
  name text PRIMARY KEY CHECK (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(name) <= 40),
  place smallint NOT NULL,
  title text NOT NULL,
  family text NOT NULL CHECK (family IN ('welcome', 'club', 'other')),
  kinds text[] NOT NULL,
  comments text[] NOT NULL,
  percent numeric(24,8) CHECK (percent > 0),
  base text NOT NULL CHECK (base IN ('all', 'own')),
  lots_per_unit numeric(24,8) NOT NULL CHECK (lots_per_unit > 0),
  lot_units numeric(24,8) NOT NULL CHECK (lot_units > 0),
  factors jsonb NOT NULL,
  counts_from text NOT NULL CHECK (counts_from IN ('first_bonus', 'last_bonus', 'ever')),
  symbols_left_out text[] NOT NULL,
  least_seconds bigint NOT NULL CHECK (least_seconds >= 0),
  withdrawal text NOT NULL CHECK (withdrawal IN ('keeps_profit', 'cancels'))
);
COMMENT ON TABLE bonus_programmes IS 'which credit is a bonus, and how many lots turn it into money';
COMMENT ON COLUMN bonus_programmes.factors IS 'what bonuses are multiplied by, for each currency that has a rule';

INSERT INTO bonus_programmes VALUES
  ('bonus-30', 10, '30 %% bonus', 'welcome', '{credit,bonus}', '{30%%,30 %%}', 30, 'all', 3, 10000,
   '{"USD": "1", "EUR": "1.1", "RUB": "0.02", "RUR": "0.02"}', 'first_bonus', '{}', 0, 'keeps_profit'),
  ('bonus-55', 20, '55 %% bonus', 'welcome', '{credit,bonus}', '{55%%,55 %%}', 55, 'all', 6, 10000,
   '{"USD": "1", "EUR": "1.1", "RUB": "0.02", "RUR": "0.02"}', 'first_bonus', '{}', 0, 'keeps_profit');
"""

GRANTS = """
GRANT SELECT ON instruments, quotes, bonus_programmes TO opencabinet_read, opencabinet_serve;
"""

DOWN = """
DROP TABLE bonus_programmes, quotes, instruments;
"""


def upgrade() -> None:
    """Make the tables, with the first two programmes."""
    for part in (MARKET, BONUSES, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
