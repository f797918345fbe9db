"""Of which part of the day a duty is; what was kept before is of whole days."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("duty", sa.Column("part", sa.Integer(), nullable=False, server_default="7"))
    with op.batch_alter_table("duty") as table:  # apart: SQLite copies the table, and what it copies is to be there
        table.alter_column("part", server_default=None)


def downgrade() -> None:
    """Take the parts away again."""
    op.drop_column("duty", "part")
