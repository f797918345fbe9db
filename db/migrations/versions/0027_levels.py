"""Whose look a report waits for before the coordinators', and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward: what waits to be verified waits for the coordinators, as before."""
    op.add_column("assignment", sa.Column("level", sa.String(32), nullable=True))
    op.add_column("assignment", sa.Column("goes_on_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_assignment_level", "assignment", ["level"])


def downgrade() -> None:
    """Refuse: what waits for a level would look verified by it. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
