"""Papers that close: several a day, numbered when signed, or dropped. Rooms that are shown what waits."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OLD = ("id", "campaign_id", "kind", "day", "unit_id", "drafted_at", "words", "signed_by_id", "signed_at")


def upgrade() -> None:
    """Bring the schema forward. Papers that were signed before keep no number: none was printed on them.

    SQLite cannot let go of a unique key in place, and cannot rebuild a table that others refer to; what refers to papers
    is therefore put aside and back.
    """
    bind = op.get_bind()
    papers = bind.execute(sa.text(f"SELECT {', '.join(_OLD)} FROM paper ORDER BY id")).mappings().all()
    items = bind.execute(sa.text("SELECT paper_id, assignment_id FROM paper_item")).mappings().all()
    op.drop_table("paper_item")
    op.drop_table("paper")
    paper = op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("dropped_by_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["dropped_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "kind", "day", "unit_id", "seq", name="uq_paper_day"),
        sa.UniqueConstraint("campaign_id", "kind", "year", "number", name="uq_paper_number"),
    )
    paper_item = op.create_table(
        "paper_item",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"]),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"]),
        sa.PrimaryKeyConstraint("paper_id", "assignment_id"),
    )
    if papers:
        columns = ", ".join((*_OLD, "seq"))
        values = ", ".join(f":{name}" for name in (*_OLD, "seq"))
        told = [{**row, "seq": seq} for row, seq in zip(papers, _in_order(papers), strict=True)]
        bind.execute(sa.text(f"INSERT INTO paper ({columns}) VALUES ({values})"), told)
    if items:
        bind.execute(paper_item.insert(), [dict(row) for row in items])
    if papers and bind.dialect.name == "postgresql":
        bind.execute(
            sa.select(sa.func.setval(sa.text("'paper_id_seq'"), sa.select(sa.func.max(paper.c.id)).scalar_subquery()))
        )
    op.add_column("chat", sa.Column("briefed", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("ix_notice_item_assignment", "notice_item", ["assignment_id"])


def _in_order(papers: Sequence[sa.RowMapping]) -> list[int]:
    """Return each paper's place among those of its campaign, kind, day and unit; bulletins had no key that kept them one."""
    seen: dict[tuple[object, ...], int] = {}
    places = []
    for row in papers:
        key = (row["campaign_id"], row["kind"], row["day"], row["unit_id"])
        seen[key] = seen.get(key, 0) + 1
        places.append(seen[key])
    return places


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
