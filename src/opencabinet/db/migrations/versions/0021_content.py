"""Content: banners with their bytes and how often each was shown, news, and landing pages."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# A banner's bytes never change, so whoever has them may keep them. One that is shown no more is still named by days.
BANNERS = """
CREATE TABLE banners (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
  width smallint NOT NULL CHECK (width BETWEEN 1 AND 2000),
  height smallint NOT NULL CHECK (height BETWEEN 1 AND 2000),
  theme text NOT NULL CHECK (theme IN ('light', 'dark')),
  language text NOT NULL CHECK (length(language) BETWEEN 2 AND 12),
  kind text NOT NULL CHECK (kind IN ('png', 'jpeg', 'gif', 'webp', 'svg')),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  content bytea NOT NULL CHECK (length(content) BETWEEN 1 AND 524288),
  added_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz,
  UNIQUE (hash, theme, language)
);
COMMENT ON TABLE banners IS 'pictures that partners show, as they were written anew when they came';
ALTER TABLE banners ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE banner_days (
  login bigint NOT NULL,
  day date NOT NULL,
  banner bigint NOT NULL,
  impressions bigint NOT NULL CHECK (impressions > 0),
  PRIMARY KEY (login, day, banner)
);
COMMENT ON TABLE banner_days IS 'how often a banner was asked for with a partner''s code, by day in UTC';
"""

NEWS = """
CREATE TABLE news (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  language text NOT NULL CHECK (length(language) BETWEEN 2 AND 12),
  category text NOT NULL CHECK (category IN ('news', 'analytics', 'company')),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  summary text NOT NULL CHECK (length(summary) <= 1000),
  body text NOT NULL CHECK (length(body) <= 65536),
  symbols text[] NOT NULL DEFAULT '{}' CHECK (cardinality(symbols) <= 20),
  published_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  retracted_at timestamptz
);
COMMENT ON TABLE news IS 'what the operator tells; nobody sees it before it is published, nor once it is retracted';
COMMENT ON COLUMN news.body IS 'HTML that was cleaned when it came';
CREATE INDEX news_by_time ON news (published_at DESC, id DESC) WHERE retracted_at IS NULL;
CREATE INDEX news_by_kind ON news (language, category, published_at DESC, id DESC) WHERE retracted_at IS NULL;
CREATE INDEX news_by_change ON news (GREATEST(published_at, updated_at, retracted_at));
"""

LANDINGS = """
CREATE TABLE landings (
  id text NOT NULL CHECK (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(id) <= 40),
  language text NOT NULL CHECK (length(language) BETWEEN 2 AND 12),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  body text NOT NULL CHECK (length(body) <= 65536),
  form boolean NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, language)
);
COMMENT ON TABLE landings IS 'the operator''s own landing pages; they take the place of ready-made ones';
COMMENT ON COLUMN landings.form IS 'whether an account can be opened on the page';
"""

GRANTS = """
GRANT SELECT ON banners, news, landings TO opencabinet_serve, opencabinet_read;
GRANT SELECT, INSERT, UPDATE ON banner_days TO opencabinet_serve;
GRANT SELECT ON banner_days TO opencabinet_read;
"""

DOWN = """
DROP TABLE landings, news, banner_days, banners;
"""


def upgrade() -> None:
    """Make the tables."""
    for part in (BANNERS, NEWS, LANDINGS, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
