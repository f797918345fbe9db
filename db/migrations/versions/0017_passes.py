"""Secrets that let people see the board: links that are used once, sign-ins, calendars; each kept as its digest."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "pass",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_pass_person_id", "pass", ["person_id"])


def downgrade() -> None:
    """Refuse: what people were given since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
