"""Chats that live: private ones, topics, messages brought up to date, albums, broadcasts with
receipts, errands.

Columns are added in place: rebuilding a table that others refer to would fail on SQLite as soon as it holds rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_REFERENCES = (
    ("chat", "person_id", "person.id", True),
    ("notice", "edit_of", "notice.id", True),
    ("notice", "broadcast_id", "broadcast.id", True),
    ("prompt", "source_id", "notice.id", False),
)
"""Table, column, what it refers to, whether it has an index."""


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "broadcast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("next_round_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tally_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["room_id"], ["chat.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_broadcast_next_round_at"), "broadcast", ["next_round_at"])
    op.create_table(
        "broadcast_unit",
        sa.Column("broadcast_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("above_told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("broadcast_id", "unit_id"),
    )
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("reply_to", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_errand_done_at"), "errand", ["done_at"])
    for table, column, target, indexed in _REFERENCES:
        op.add_column(table, sa.Column(column, sa.Integer(), sa.ForeignKey(target)), inline_references=True)
        if indexed:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.add_column("prompt", sa.Column("source_part", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("inbound", sa.Column("album", sa.String(), nullable=True))
    op.add_column("inbound", sa.Column("repeats", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_inbound_album"), "inbound", ["album"])
    op.add_column("invite", sa.Column("room", sa.String(length=32), nullable=True))
    op.add_column("paper", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_delivery_at", "delivery", ["at"])


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
