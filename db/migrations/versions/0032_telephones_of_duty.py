"""By which telephone who is on duty is reached."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("duty", sa.Column("phone", sa.String(), nullable=True))


def downgrade() -> None:
    """Take the numbers away again."""
    op.drop_column("duty", "phone")
