"""Who answers for a task by name, as the document has it: 分管领导, 责任人."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("task", sa.Column("leaders", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Refuse: who answers for what would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
