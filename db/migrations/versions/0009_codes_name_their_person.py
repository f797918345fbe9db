"""Codes for ranks that name their person; coordinators are of no unit."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward.

    A coordinator who was appointed for a unit has steered everything so far, and goes on: from now on only a rank without
    a unit does. Who was one of two units is one once, and a code that waits is of no unit either.
    """
    op.add_column("invite", sa.Column("person_name", sa.String(), nullable=True))
    op.execute("UPDATE appointment SET unit_id = NULL WHERE rank = 'coordinator' AND unit_id IS NOT NULL")
    op.execute("UPDATE invite SET unit_id = NULL WHERE rank = 'coordinator' AND unit_id IS NOT NULL")
    op.execute(
        """UPDATE appointment SET ended_at = since WHERE rank = 'coordinator' AND ended_at IS NULL AND EXISTS (
               SELECT 1 FROM appointment AS other
               WHERE other.person_id = appointment.person_id AND other.rank = 'coordinator'
                 AND other.ended_at IS NULL AND other.id < appointment.id)"""
    )


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
