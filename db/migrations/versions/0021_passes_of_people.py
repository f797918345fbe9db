"""A pass is of a person and of no unit."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward: nothing was ever written there."""
    with op.batch_alter_table("pass") as table:
        table.drop_column("unit_id")


def downgrade() -> None:
    """Give the column back, empty as it was."""
    with op.batch_alter_table("pass") as table:
        table.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_pass_unit", "unit", ["unit_id"], ["id"])
