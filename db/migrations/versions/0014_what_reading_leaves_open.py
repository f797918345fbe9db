"""What reading leaves for a person to say of a list: a row each, so that it can be asked and answered one at a time.

Of drafts that are there the deadlines that are to be checked become such rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "doubt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_doubt_campaign_id", "doubt", ["campaign_id"])
    op.create_index("ix_doubt_task_id", "doubt", ["task_id"])
    with op.batch_alter_table("prompt") as table:
        table.add_column(sa.Column("doubt_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_prompt_doubt", "doubt", ["doubt_id"], ["id"])
    op.execute(
        "INSERT INTO doubt (campaign_id, task_id, milestone_id, kind, why, source, place, settled)"
        " SELECT task.campaign_id, task.id, milestone.id, 'deadline', milestone.uncertain, task.text, '', ''"
        " FROM milestone JOIN task ON task.id = milestone.task_id JOIN campaign ON campaign.id = task.campaign_id"
        " WHERE milestone.uncertain IS NOT NULL AND campaign.status = 'draft'"
        " ORDER BY task.campaign_id, task.position, milestone.position"
    )


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
