"""Waits for a service, and the first try, in real time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("chat", sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
