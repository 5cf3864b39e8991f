"""${message}."""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None

UP = """
"""

DOWN = """
"""


def upgrade() -> None:
    """Apply the revision."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Undo the revision."""
    op.get_bind().exec_driver_sql(DOWN)
