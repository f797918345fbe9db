"""Leases for what only one program may use, fallback routes, people whose name the service does not tell."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.add_column("route", sa.Column("fallback", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("nameless", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("name_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
