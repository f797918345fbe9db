"""The first day on which somebody signs in a leader's place."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("deputy", sa.Column("begins", sa.Date(), nullable=True))


def downgrade() -> None:
    """Refuse: who is to sign only later would sign at once. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
