"""What two people at once may never leave: two pending extensions, a closing without its instant; who sent a broadcast."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PENDING = "granted IS NULL AND NOT withdrawn"
CLOSED = "(state = 'closed') = (closed_at IS NOT NULL)"

_TIDY = (
    # what nobody will decide any more, and all but the last of several: that is the one that people were shown
    f"""UPDATE extension SET withdrawn = true WHERE {PENDING} AND (
            NOT (SELECT decision_pending FROM assignment WHERE assignment.id = extension.assignment_id)
            OR id < (SELECT max(other.id) FROM extension AS other
                     WHERE other.assignment_id = extension.assignment_id
                       AND other.granted IS NULL AND NOT other.withdrawn))""",
    "UPDATE assignment SET closed_at = NULL WHERE state <> 'closed'",
    """UPDATE assignment SET closed_at = coalesce(
           (SELECT max(at) FROM history WHERE history.assignment_id = assignment.id),
           reported_at, born_at, CURRENT_TIMESTAMP)
       WHERE state = 'closed' AND closed_at IS NULL""",
)


def upgrade() -> None:
    """Bring the schema forward; rows that two people left at the same moment are tidied first."""
    for name in ("sent_by", "chased_by", "closed_by"):
        op.add_column("broadcast", sa.Column(name, sa.String(), nullable=True))
    for statement in _TIDY:
        op.execute(statement)
    op.create_index(
        "uq_extension_pending",
        "extension",
        ["assignment_id"],
        unique=True,
        sqlite_where=sa.text(PENDING),
        postgresql_where=sa.text(PENDING),
    )
    with op.batch_alter_table("assignment") as table:
        table.create_check_constraint("ck_assignment_closed", CLOSED)


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
