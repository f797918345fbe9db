"""Years in doubt: what speaks against a draft's year, and the other year in which it may be read."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("campaign", sa.Column("year_doubt", sa.Text(), nullable=True))
    op.add_column("campaign", sa.Column("other_year", sa.Integer(), nullable=True))
    op.create_index("ix_task_number", "task", ["number"])


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
