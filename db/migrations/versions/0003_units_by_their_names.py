"""Units by their names: levels, former names, and names that a person said are two units."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("unit", sa.Column("level", sa.String(), nullable=False, server_default=""))
    op.add_column("unit_alias", sa.Column("former", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "unit_distinct",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("one_id", "other_id"),
    )
