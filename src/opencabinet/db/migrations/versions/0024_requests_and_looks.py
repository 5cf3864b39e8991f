"""How people want pages to look, and their wish to be deleted."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

LOOKS = """
ALTER TABLE people
  ADD COLUMN language text CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$'),
  ADD COLUMN theme text CHECK (theme IN ('auto', 'light', 'dark'));
COMMENT ON COLUMN people.language IS 'what pages are written in; NULL for what the browser likes best';
COMMENT ON COLUMN people.theme IS 'NULL until they chose';
"""

DELETIONS = """
CREATE TABLE deletion_requests (
  person bigint PRIMARY KEY REFERENCES people ON DELETE CASCADE,
  asked_at timestamptz NOT NULL DEFAULT now(),
  due_at timestamptz NOT NULL,
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 1000),
  CHECK (due_at > asked_at)
);
CREATE INDEX deletion_requests_by_due ON deletion_requests (due_at, person);
COMMENT ON TABLE deletion_requests IS 'people who want to be deleted; whoever takes it back has no row any more';
"""

GRANTS = """
GRANT SELECT, INSERT, DELETE ON deletion_requests TO opencabinet_serve;
GRANT SELECT ON deletion_requests TO opencabinet_operate;
GRANT UPDATE (name, language, theme) ON people TO opencabinet_serve;
"""

DOWN = """
REVOKE UPDATE (name) ON people FROM opencabinet_serve;
DROP TABLE deletion_requests;
ALTER TABLE people DROP COLUMN language, DROP COLUMN theme;
"""


def upgrade() -> None:
    """Make the columns and the table."""
    for part in (LOOKS, DELETIONS, GRANTS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
