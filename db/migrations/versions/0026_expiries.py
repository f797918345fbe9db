"""Expiries: which tasks are licences and assessments that are renewed."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "expiry",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("ahead", sa.String(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.PrimaryKeyConstraint("task_id"),
    )


def downgrade() -> None:
    """Refuse: what is renewed when would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
