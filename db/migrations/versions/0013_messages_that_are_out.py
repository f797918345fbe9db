"""Messages that are out, a row each: as sent, as shown, who did what since, and since when a change waits.

What lay in the notice, in five keys of its body and in notices that changed others comes together here.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)

_NOTICE = sa.table(
    "notice",
    sa.column("id"),
    sa.column("chat_id"),
    sa.column("body", sa.JSON),
    sa.column("parts", sa.JSON),
    sa.column("state"),
    sa.column("created_at", _WHEN),
    sa.column("not_before", _WHEN),
    sa.column("edit_of"),
)
_DELIVERY = sa.table(
    "delivery",
    sa.column("id"),
    sa.column("notice_id"),
    sa.column("chat_id"),
    sa.column("part"),
    sa.column("at", _WHEN),
    sa.column("outcome"),
    sa.column("message_id"),
    sa.column("change_of"),
    sa.column("why"),
)
_MESSAGE = sa.table(
    "message",
    sa.column("id"),
    sa.column("notice_id"),
    sa.column("part"),
    sa.column("chat_id"),
    sa.column("external_id"),
    sa.column("out_at", _WHEN),
    sa.column("sent", sa.JSON),
    sa.column("shown", sa.JSON),
    sa.column("marks", sa.JSON),
    sa.column("handle"),
    sa.column("stale_since", _WHEN),
    sa.column("told", sa.Boolean),
    sa.column("not_before", _WHEN),
    sa.column("changing", sa.Boolean),
    sa.column("tries"),
    sa.column("failures"),
)

_KEYS = frozenset({"marks", "shown", "handles", "stale"})
_UNDONE = ("queued", "retrying", "sending")


def upgrade() -> None:
    """Bring the schema forward."""
    _create()
    store = op.get_bind()
    _copy_messages(store)
    _fold_changes(store)
    _tidy_bodies(store)
    with op.batch_alter_table("notice") as table:
        table.drop_index("ix_notice_edit_of")
        table.drop_column("edit_of")
        table.drop_column("parts")


def _create() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("out_at", _WHEN, nullable=True),
        sa.Column("sent", sa.JSON(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("handle", sa.String(), nullable=True),
        sa.Column("stale_since", _WHEN, nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("not_before", _WHEN, nullable=True),
        sa.Column("changing", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("tried_at", _WHEN, nullable=True),
        sa.Column("retry_at", _WHEN, nullable=True),
        sa.Column("lease_until", _WHEN, nullable=True),
        sa.Column("leased_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"]),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("notice_id", "part", name="uq_message_part"),
        sa.UniqueConstraint("chat_id", "external_id", name="uq_message_external"),
    )
    stale = sa.text("stale_since IS NOT NULL")
    op.create_index("ix_message_stale", "message", ["not_before"], sqlite_where=stale, postgresql_where=stale)
    changing = sa.text("changing")
    op.create_index("ix_message_changing", "message", ["chat_id"], sqlite_where=changing, postgresql_where=changing)
    with op.batch_alter_table("delivery") as table:
        table.add_column(sa.Column("change_of", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_delivery_change_of", "message", ["change_of"], ["id"])
        table.create_index("ix_delivery_change_of", ["change_of"])


def _copy_messages(store: sa.Connection) -> None:
    """Make a row of each part that was rendered: where it is out, under the number that the service gave it."""
    out = _tries_that_arrived(store)
    newest: dict[tuple[int, str], int] = {}
    for try_id, chat, number in ((one.id, one.chat_id, one.message_id) for one in out.values() if one.message_id):
        newest[chat, number] = max(try_id, newest.get((chat, number), 0))
    for notice in _all(store, sa.select(_NOTICE).where(_NOTICE.c.edit_of.is_(None)), _NOTICE.c.id):
        rows = []
        for part, sent in enumerate(notice.parts or [], 1):
            arrived = out.get((notice.id, part))
            if arrived is None and notice.chat_id is None:
                continue
            rows.append(_message(notice, part, sent, arrived, newest))
        if rows:
            store.execute(sa.insert(_MESSAGE), rows)


def _tries_that_arrived(store: sa.Connection) -> dict[tuple[int, int], Any]:
    changes = sa.select(_NOTICE.c.id).where(_NOTICE.c.edit_of.is_not(None))
    query = sa.select(_DELIVERY).where(_DELIVERY.c.outcome == "sent", _DELIVERY.c.notice_id.not_in(changes))
    found: dict[tuple[int, int], Any] = {}
    for one in _all(store, query, _DELIVERY.c.id):
        found.setdefault((one.notice_id, one.part), one)
    return found


def _message(
    notice: Any, part: int, sent: dict[str, Any], arrived: Any, newest: dict[tuple[int, str], int]
) -> dict[str, Any]:
    body = notice.body if isinstance(notice.body, dict) else {}
    named = arrived is not None and newest.get((arrived.chat_id, arrived.message_id)) == arrived.id
    stale = part in body.get("stale", ())
    return {
        "notice_id": notice.id,
        "part": part,
        "chat_id": arrived.chat_id if arrived else notice.chat_id,
        "external_id": arrived.message_id if named else None,
        "out_at": arrived.at if arrived else None,
        "sent": sent,
        "shown": body.get("shown", {}).get(str(part)),
        "marks": body.get("marks", {}).get(str(part), []),
        "handle": body.get("handles", {}).get(str(part)),
        "stale_since": notice.created_at if stale else None,
        "told": False,
        "not_before": notice.not_before if stale else None,
        "changing": False,
        "tries": 0,
        "failures": 0,
    }


def _fold_changes(store: sa.Connection) -> None:
    """Let a change that waits be its message's own, and its tries tries of that; then it is no notice any more."""
    for edit in _all(store, sa.select(_NOTICE).where(_NOTICE.c.edit_of.is_not(None)), _NOTICE.c.id):
        part = edit.body.get("part") if isinstance(edit.body, dict) else None
        place = (_MESSAGE.c.notice_id == edit.edit_of) & (_MESSAGE.c.part == (part if isinstance(part, int) else 0))
        message = store.execute(sa.select(_MESSAGE.c.id, _MESSAGE.c.told, _MESSAGE.c.stale_since).where(place)).first()
        tries = sa.update(_DELIVERY).where(_DELIVERY.c.notice_id == edit.id)
        store.execute(tries.where(_DELIVERY.c.outcome == "sending").values(outcome="retrying", why="发送途中程序中断"))
        if message is not None:
            store.execute(tries.values(notice_id=edit.edit_of, part=part, change_of=message.id))
        else:
            store.execute(sa.delete(_DELIVERY).where(_DELIVERY.c.notice_id == edit.id))
        if message is not None and edit.state in _UNDONE:
            told = bool(edit.body.get("told")) and (message.told or message.stale_since is None)
            store.execute(
                sa.update(_MESSAGE)
                .where(_MESSAGE.c.id == message.id)
                .values(stale_since=edit.created_at, not_before=edit.not_before, told=told)
            )
    store.execute(sa.text("DELETE FROM notice WHERE edit_of IS NOT NULL"))


def _tidy_bodies(store: sa.Connection) -> None:
    for notice in _all(store, sa.select(_NOTICE), _NOTICE.c.id):
        if isinstance(notice.body, dict) and _KEYS & notice.body.keys():
            left = {key: value for key, value in notice.body.items() if key not in _KEYS}
            store.execute(sa.update(_NOTICE).where(_NOTICE.c.id == notice.id).values(body=left))


def _all(store: sa.Connection, query: Any, number: Any, batch: int = 500) -> Iterator[Any]:
    """Return a query's rows by their numbers, so many in memory at a time, whatever is written meanwhile."""
    last = 0
    while rows := store.execute(query.where(number > last).order_by(number).limit(batch)).all():
        yield from rows
        last = rows[-1].id


def downgrade() -> None:
    """Refuse: what people said since would be lost. Restore the backup that was made before the upgrade."""
    raise NotImplementedError("restore the backup that was made before the upgrade")
