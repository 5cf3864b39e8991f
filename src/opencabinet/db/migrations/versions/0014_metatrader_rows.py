"""Rows of MetaTrader's reporting databases, as they are read and before they are in our words."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Like the tables of what is staged: a connection reads into temporary tables of the same names, found before these.
# Times are the wall times of the trading server; volumes of MetaTrader 5 are in 1/10^8 lots, those of 4 in 1/100.
READ = """
CREATE UNLOGGED TABLE read_numbers (
  number bigint PRIMARY KEY, left_out boolean NOT NULL, cents boolean NOT NULL, digits smallint NOT NULL
);
COMMENT ON TABLE read_numbers IS 'the accounts of a server: which are left out, kept in cents, and the digits of money';
CREATE UNLOGGED TABLE read_groups (
  "group" text NOT NULL, company text NOT NULL, currency text NOT NULL, digits smallint NOT NULL, margin_mode integer
);
CREATE UNLOGGED TABLE read_accounts (
  number bigint NOT NULL, stamp bigint NOT NULL, name text NOT NULL, currency text NOT NULL, leverage bigint NOT NULL,
  "group" text NOT NULL, agent bigint NOT NULL, registered timestamp, balance numeric NOT NULL, credit numeric NOT NULL,
  margin numeric, equity numeric, floating numeric
);
CREATE UNLOGGED TABLE read_deals (
  deal bigint NOT NULL, stamp bigint NOT NULL, position bigint NOT NULL, number bigint NOT NULL,
  order_ticket bigint NOT NULL, action integer NOT NULL, entry integer NOT NULL, reason integer NOT NULL,
  digits smallint NOT NULL, money_digits smallint NOT NULL, wall timestamp, symbol text NOT NULL,
  price numeric NOT NULL, volume bigint NOT NULL, volume_closed bigint, profit numeric NOT NULL,
  swap numeric NOT NULL, commission numeric NOT NULL, fee numeric NOT NULL, contract_size numeric NOT NULL,
  position_price numeric NOT NULL, stop_loss numeric NOT NULL, take_profit numeric NOT NULL, comment text NOT NULL
);
CREATE UNLOGGED TABLE read_positions (
  ticket bigint NOT NULL, stamp bigint NOT NULL, number bigint NOT NULL, symbol text NOT NULL,
  action integer NOT NULL, digits smallint NOT NULL, money_digits smallint NOT NULL, contract_size numeric NOT NULL,
  wall timestamp, open_price numeric NOT NULL, stop_loss numeric NOT NULL, take_profit numeric NOT NULL,
  volume bigint NOT NULL, comment text NOT NULL, current_price numeric NOT NULL, profit numeric NOT NULL,
  swap numeric NOT NULL
);
CREATE UNLOGGED TABLE read_orders (
  ticket bigint NOT NULL, stamp bigint NOT NULL, number bigint NOT NULL, symbol text NOT NULL,
  digits smallint NOT NULL, contract_size numeric NOT NULL, state integer NOT NULL, type integer NOT NULL,
  placed timestamp, done timestamp, price numeric NOT NULL, stop_loss numeric NOT NULL, take_profit numeric NOT NULL,
  volume bigint NOT NULL, volume_left bigint NOT NULL, comment text NOT NULL, working boolean NOT NULL
);
CREATE UNLOGGED TABLE read_trades (
  ticket bigint NOT NULL, stamp bigint NOT NULL, number bigint NOT NULL, symbol text NOT NULL,
  digits smallint NOT NULL, cmd integer NOT NULL, volume bigint NOT NULL, opened timestamp, open_price numeric NOT NULL,
  stop_loss numeric NOT NULL, take_profit numeric NOT NULL, closed timestamp, commission numeric NOT NULL,
  tax numeric NOT NULL, comment text NOT NULL, close_price numeric NOT NULL, profit numeric NOT NULL,
  swap numeric NOT NULL
);
GRANT SELECT ON read_numbers, read_groups, read_accounts, read_deals, read_positions, read_orders, read_trades
  TO opencabinet_read, opencabinet_serve, opencabinet_feed;
"""

DOWN = """
DROP TABLE read_numbers, read_groups, read_accounts, read_deals, read_positions, read_orders, read_trades;
"""


def upgrade() -> None:
    """Make the shapes of what is read."""
    op.get_bind().exec_driver_sql(READ)


def downgrade() -> None:
    """Drop them."""
    op.get_bind().exec_driver_sql(DOWN)
