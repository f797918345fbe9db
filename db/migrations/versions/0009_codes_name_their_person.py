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
    a unit does.
    """
    op.add_column("invite", sa.Column("person_name", sa.String(), nullable=True))
    op.execute("UPDATE appointment SET unit_id = NULL WHERE rank = 'coordinator' AND unit_id IS NOT NULL")


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
