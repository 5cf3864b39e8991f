"""What feeds tell of the market: margin and swap of instruments, and quotes as they come."""

from alembic import op

revision = "0011"
down_revision = "0009"
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
ALTER TABLE quotes
  DROP CONSTRAINT quotes_told_by_check,
  ADD CONSTRAINT quotes_told_by_check CHECK (told_by IN ('statement', 'feed', 'operator'));
"""

DOWN = """
DELETE FROM quotes WHERE told_by = 'feed';
ALTER TABLE quotes
  DROP CONSTRAINT quotes_told_by_check,
  ADD CONSTRAINT quotes_told_by_check CHECK (told_by IN ('statement', 'operator'));
DELETE FROM instruments WHERE told_by = 'feed';
ALTER TABLE instruments
  DROP CONSTRAINT instruments_told_by_check,
  ADD CONSTRAINT instruments_told_by_check CHECK (told_by IN ('statement', 'operator')),
  DROP COLUMN margin_currency, DROP COLUMN calculation, DROP COLUMN margin_initial, DROP COLUMN margin_rate,
  DROP COLUMN margin_hedged, DROP COLUMN swap_mode, DROP COLUMN swap_long, DROP COLUMN swap_short,
  DROP COLUMN swap_triple_day;
"""


def upgrade() -> None:
    """Let feeds tell."""
    op.get_bind().exec_driver_sql(TELLERS)


def downgrade() -> None:
    """Forget what feeds told."""
    op.get_bind().exec_driver_sql(DOWN)
