"""Waits that services ask for: since when a chat's service wants nothing, so that hours of it are told from a wrong clock."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("chat", sa.Column("retry_from", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
