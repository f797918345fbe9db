"""Evidence that was sent by mistake and is taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("evidence", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Refuse: what was taken back would count again. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
