"""The ledger, the nearest day first, is read in the order of an index."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_assignment_nearest", "assignment"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_index(NAME, TABLE, ["due", "campaign_id", "milestone_id", "period", "id", "state"])


def downgrade() -> None:
    """Take the index away again; nothing is lost with it."""
    op.drop_index(NAME, TABLE)
