"""A campaign's figures, without the units that assist, are counted from an index alone."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_assignment_figures", "assignment"
ALIKE = ["campaign_id", "state", "due", "decision_pending", "asked_at", "milestone_id", "unit_id", "period"]


def upgrade() -> None:
    """Bring the schema forward."""
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, [*ALIKE, "role"])


def downgrade() -> None:
    """Take the column out of the index again; nothing is lost with it."""
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ALIKE)
