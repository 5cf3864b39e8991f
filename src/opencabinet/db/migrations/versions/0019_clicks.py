"""Links of partners, where they lead, and the clicks that came by them."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LINKS = """
CREATE TABLE destinations (
  id text PRIMARY KEY CHECK (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(id) <= 40),
  url text NOT NULL CHECK (length(url) BETWEEN 9 AND 2048),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
  language text NOT NULL DEFAULT 'en' CHECK (length(language) BETWEEN 2 AND 12),
  carries boolean NOT NULL DEFAULT false,
  active boolean NOT NULL DEFAULT true,
  place integer NOT NULL DEFAULT 0
);
COMMENT ON TABLE destinations IS 'where links may lead, and nowhere else; the first active one is usual';
COMMENT ON COLUMN destinations.carries IS 'whether the click''s token is told to it';

CREATE TABLE links (
  login bigint NOT NULL REFERENCES partners,
  id bigint GENERATED ALWAYS AS IDENTITY,
  code text NOT NULL UNIQUE REFERENCES partner_codes,
  destination text NOT NULL REFERENCES destinations,
  campaign text NOT NULL DEFAULT '' CHECK (length(campaign) <= 64),
  keywords text[] NOT NULL DEFAULT '{}' CHECK (cardinality(keywords) <= 5),
  created_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz,
  PRIMARY KEY (login, id)
);
COMMENT ON TABLE links IS 'a partner''s own links, each by a code of its own';
"""

# A month's clicks are one table: what is too old is dropped with it, and nothing is searched for it.
CLICKS = """
CREATE TABLE clicks (
  login bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  id bigint GENERATED ALWAYS AS IDENTITY,
  token bytea NOT NULL CHECK (length(token) = 16),
  link bigint,
  banner bigint,
  landing text,
  destination text NOT NULL,
  keyword text NOT NULL DEFAULT '' CHECK (length(keyword) <= 64),
  subs text[] NOT NULL DEFAULT '{}' CHECK (cardinality(subs) <= 5),
  country text NOT NULL DEFAULT '' CHECK (length(country) <= 2),
  network cidr,
  visitor bytea NOT NULL CHECK (length(visitor) = 16),
  mark text NOT NULL DEFAULT '' CHECK (mark IN ('', 'bot', 'flood', 'suspended')),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (login, at, id)
) PARTITION BY RANGE (at);
COMMENT ON TABLE clicks IS 'each redirect that was answered; a visitor is a keyed hash of a day';
COMMENT ON COLUMN clicks.mark IS 'why it does not count, as far as was known when it came';
CREATE INDEX clicks_by_token ON clicks (token);
CREATE INDEX clicks_by_order ON clicks (xid, id);
CREATE TABLE clicks_other PARTITION OF clicks DEFAULT;

CREATE TABLE click_days (
  login bigint NOT NULL,
  day date NOT NULL,
  country text NOT NULL,
  link bigint NOT NULL,
  banner bigint NOT NULL,
  landing text NOT NULL,
  keyword text NOT NULL,
  clicks bigint NOT NULL,
  unique_clicks bigint NOT NULL,
  marked bigint NOT NULL,
  PRIMARY KEY (login, day, country, link, banner, landing, keyword)
);
COMMENT ON TABLE click_days IS 'clicks by day and origin; 0 and empty without link, banner or landing';

CREATE TABLE click_visitors (
  login bigint NOT NULL,
  day date NOT NULL,
  visitor bytea NOT NULL,
  PRIMARY KEY (login, day, visitor)
);
COMMENT ON TABLE click_visitors IS 'who was counted today already; forgotten after two days';
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE ON destinations, links TO opencabinet_serve;
GRANT SELECT, INSERT ON clicks TO opencabinet_serve;
GRANT SELECT, INSERT, UPDATE, DELETE ON click_days, click_visitors TO opencabinet_serve;
GRANT SELECT ON destinations, links, clicks, click_days TO opencabinet_read;
"""

DOWN = """
DROP TABLE click_visitors, click_days, clicks, links, destinations;
"""


def upgrade() -> None:
    """Make the tables."""
    for part in (LINKS, CLICKS, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
