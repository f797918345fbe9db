"""Broadcasts that ask: what units may choose from and what they chose, and when a broadcast is to go out."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("broadcast", sa.Column("options", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("broadcast", sa.Column("send_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("broadcast_unit", sa.Column("answers", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
