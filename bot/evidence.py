"""Evidence 佐证: files that contacts hand in, attached to an assignment, albums together, sent on to who verifies."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from bot import access
from bot.turn import Turn
from db import ledger, outbox
from db.history import append
from db.ledger import Line
from db.models import Evidence, Inbound
from db.outbox import Item
from db.words import EVERY, ChatRole, NoticeKind, Reason, State

WAITS = "album_waits"
"""The outcome of a file of an album before anybody has said what the album is about."""

MAX_OF_ONE = 50
"""Files that are kept for one assignment."""


def keep(turn: Turn, line: Line, files: Sequence[dict[str, Any]]) -> None:
    """Attach files to an assignment of the visitor's unit; what comes after the report is sent on at once."""
    mine = access.for_unit(turn.session, turn.desk, turn.visitor, line.assignment.id or 0)
    number = mine.assignment.id or 0
    query = select(Evidence.sha256).where(Evidence.assignment_id == number)
    known = set(turn.session.exec(query))
    fresh = [file for file in files if file["sha256"] not in known]
    if len(known) + len(fresh) > MAX_OF_ONE:
        turn.reply("refused", why=f"〔{mine.code}〕的佐证已达{MAX_OF_ONE}份，未再收存；请联系协调员。")
        return
    for file in fresh:
        turn.session.add(
            Evidence(
                assignment_id=number, person_id=turn.visitor.person.id or 0, at=turn.now, sha256=file["sha256"],
                name=file["name"], size=file["size"],
            )
        )  # fmt: skip
    names = [file["name"] for file in files]
    append(
        turn.session, mine.campaign.id or 0, turn.now, "交佐证", turn.visitor.actor, assignment_id=number,
        after={"files": names},
    )  # fmt: skip
    _remember(turn, number)
    if fresh and mine.assignment.state is State.REPORTED:
        _send_on(turn, mine, fresh)
    if album_goes_to(turn, before_this=True) is None:
        turn.reply("evidence", code=mine.code, names=names, line=mine)
    else:
        turn.outcomes.append("evidence")


def _remember(turn: Turn, assignment: int) -> None:
    inbound = turn.session.get_one(Inbound, turn.inbound_id)
    inbound.words = {**inbound.words, "evidence_for": assignment}
    turn.session.flush()


def _send_on(turn: Turn, line: Line, files: Sequence[dict[str, Any]]) -> None:
    """Give files to the room that verifies; the report itself is there already."""
    office = access.is_office_task(turn.session, turn.desk, line)
    body = {
        "who": turn.visitor.person.name, "names": [file["name"] for file in files],
        "files": [{"sha256": file["sha256"], "name": file["name"]} for file in files],
    }  # fmt: skip
    outbox.tell_room(
        turn.session, ChatRole.LEADERS if office else ChatRole.COORDINATORS, now=turn.now, kind=NoticeKind.EVIDENCE,
        reason=Reason.CHANGED, campaign_id=line.campaign.id, body=body,
        items=[Item(line.assignment.id or 0, NoticeKind.EVIDENCE, Reason.CHANGED)],
    )  # fmt: skip


# ---------------------------------------------------------------- albums


def album_goes_to(turn: Turn, *, before_this: bool = False) -> Line | None:
    """Return the assignment for which another message of the same album was kept."""
    for inbound in _album(turn):
        number = inbound.words.get("evidence_for")
        if number is not None and (not before_this or inbound.id != turn.inbound_id):
            return ledger.line(turn.session, number, EVERY)
    return None


def waiting_in_album(turn: Turn) -> list[dict[str, Any]]:
    """Return the files of the album's other messages that came before it was known what they are about."""
    files: list[dict[str, Any]] = []
    for inbound in _album(turn):
        if inbound.id != turn.inbound_id and inbound.outcome == WAITS and "evidence_for" not in inbound.words:
            files += inbound.words.get("files_kept", [])
            inbound.words = {**inbound.words, "evidence_for": 0}
    return files


def _album(turn: Turn) -> list[Inbound]:
    """Return the messages of the same album by the same person in the same chat."""
    if turn.incoming.album is None:
        return []
    query = select(Inbound).where(
        Inbound.channel == turn.incoming.channel, Inbound.album == turn.incoming.album,
        Inbound.chat_id == turn.visitor.chat.id, Inbound.person_id == turn.visitor.person.id,
    )  # fmt: skip
    return [one for one in turn.session.exec(query.order_by(col(Inbound.id))) if one.words.get("evidence_for") != 0]
