"""Figures of assignments are counted from an index alone."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ALIKE = ["campaign_id", "state", "due", "decision_pending", "asked_at", "milestone_id", "unit_id", "period"]


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_index("ix_assignment_figures", "assignment", ALIKE)
    op.drop_index("ix_assignment_campaign_id", "assignment")  # the other begins with it


def downgrade() -> None:
    """Take the index away again; nothing is lost with it."""
    op.create_index("ix_assignment_campaign_id", "assignment", ["campaign_id"])
    op.drop_index("ix_assignment_figures", "assignment")
