"""What feeds tell of the market: margin and swap of instruments, and quotes as they come, with their candles."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TELLERS = """
ALTER TABLE instruments
  DROP CONSTRAINT instruments_told_by_check,
  ADD CONSTRAINT instruments_told_by_check CHECK (told_by IN ('statement', 'feed', 'operator')),
  ADD COLUMN margin_currency text,
  ADD COLUMN calculation text,
  ADD COLUMN margin_initial numeric(24,8) CHECK (margin_initial > 0),
  ADD COLUMN margin_rate numeric(24,8) CHECK (margin_rate > 0),
  ADD COLUMN margin_hedged numeric(24,8) CHECK (margin_hedged >= 0),
  ADD COLUMN swap_mode text,
  ADD COLUMN swap_long numeric(24,8),
  ADD COLUMN swap_short numeric(24,8),
  ADD COLUMN swap_triple_day smallint CHECK (swap_triple_day BETWEEN 0 AND 6);
COMMENT ON COLUMN instruments.calculation IS 'by which sum profit and margin are counted';
COMMENT ON COLUMN instruments.margin_initial IS 'a fixed margin of one lot, in the margin currency';
COMMENT ON COLUMN instruments.margin_hedged IS 'what is charged of a lot that is bought and sold, in units';
COMMENT ON COLUMN instruments.swap_triple_day IS '0 is Sunday';
CREATE INDEX instruments_by_currencies ON instruments (server, base_currency, profit_currency);
ALTER TABLE quotes
  DROP CONSTRAINT quotes_told_by_check,
  ADD CONSTRAINT quotes_told_by_check CHECK (told_by IN ('statement', 'feed', 'operator'));
"""

OPEN_TRADES = """
ALTER TABLE open_trades ADD COLUMN reported_at timestamptz;
COMMENT ON COLUMN open_trades.reported_at IS 'when price and profit were so; NULL: when its account was';
"""

CANDLES = """
CREATE TABLE candles (
  server text NOT NULL REFERENCES servers,
  folded text NOT NULL,
  step text NOT NULL CHECK (step IN ('M1', 'M5', 'M15', 'M30', 'H1', 'H4', 'D1', 'W1', 'MN1')),
  at timestamptz NOT NULL,
  open numeric(24,8) NOT NULL,
  high numeric(24,8) NOT NULL,
  low numeric(24,8) NOT NULL,
  close numeric(24,8) NOT NULL,
  ticks bigint NOT NULL,
  spread numeric(24,8),
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  CHECK (low <= least(open, close) AND greatest(open, close) <= high),
  PRIMARY KEY (server, folded, step, at)
) WITH (fillfactor = 80);
COMMENT ON TABLE candles IS 'what bids did within a step of the server''s clock';
COMMENT ON COLUMN candles.spread IS 'the narrowest';
COMMENT ON COLUMN candles.first_at IS 'when its first bid came: a late one may come before it';
CREATE INDEX candles_of_minutes ON candles (at) WHERE step = 'M1';
"""

GRANTS = """
GRANT SELECT ON candles TO opencabinet_read, opencabinet_serve;
GRANT DELETE ON candles TO opencabinet_serve;
GRANT SELECT, INSERT, UPDATE, DELETE ON candles TO opencabinet_feed;
"""

DOWN = """
DROP TABLE candles;
ALTER TABLE open_trades DROP COLUMN reported_at;
DELETE FROM quotes WHERE told_by = 'feed';
ALTER TABLE quotes
  DROP CONSTRAINT quotes_told_by_check,
  ADD CONSTRAINT quotes_told_by_check CHECK (told_by IN ('statement', 'operator'));
DELETE FROM instruments WHERE told_by = 'feed';
DROP INDEX instruments_by_currencies;
ALTER TABLE instruments
  DROP CONSTRAINT instruments_told_by_check,
  ADD CONSTRAINT instruments_told_by_check CHECK (told_by IN ('statement', 'operator')),
  DROP COLUMN margin_currency, DROP COLUMN calculation, DROP COLUMN margin_initial, DROP COLUMN margin_rate,
  DROP COLUMN margin_hedged, DROP COLUMN swap_mode, DROP COLUMN swap_long, DROP COLUMN swap_short,
  DROP COLUMN swap_triple_day;
"""


def upgrade() -> None:
    """Let feeds tell, and keep candles."""
    for part in (TELLERS, OPEN_TRADES, CANDLES, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Forget what feeds told."""
    op.get_bind().exec_driver_sql(DOWN)
