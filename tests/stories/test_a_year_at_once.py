"""A rehearsal takes a morning in one jump while nobody listens, and chat by chat where somebody might answer: what is told is the same."""

from pathlib import Path

import pytest

from bot.tools.rehearsal import ScriptedCast, Stage
from db import register
from db.models import Unit
from db.words import NoticeKind, PastChoice
from jobs.desk import Desk
from jobs.reading.document import Document
from jobs.rehearsal import Message
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, at, task

LISTS = {
    "甲": [
        task(1, "2022-06-24", lead=(ECONOMY,), responsible=(EMERGENCY, ENVIRONMENT)),
        task(2, "2022-06-30", lead=(EMERGENCY,), responsible=(ECONOMY, ENVIRONMENT)),
        task(3, "2022-05-20", lead=(ENVIRONMENT,)),
        task(4, None, lead=(ECONOMY,), assist=(EMERGENCY,)),
    ],
    "乙": [task(1, "2022-06-30", lead=(ENVIRONMENT,), responsible=(ECONOMY,)), task(2, "2022-07-08", lead=(ECONOMY,))],
}


def told(folder: Path, policy: str, *, somebody_listens: bool) -> tuple[list[Message], int]:
    """Play both lists from June into August; return what was told and how much the daily cap put off."""
    stage = Stage(Desk(policy), at("2022-06-01 09:00"), folder)
    for name, tasks in LISTS.items():
        stage.load(Document(name, 2022, "", None, tuple(tasks)), name, PastChoice.ESCALATE)
    with stage.store.write() as session:  # a second chat of one unit is another's too
        shared = register.ensure_chat(session, "console", "联合组", "联合组")
        for unit in (register.find_unit(session, name) for name in (ECONOMY, ENVIRONMENT)):
            assert isinstance(unit, Unit)
            register.bind(session, unit, shared)
    played = stage.play(at("2022-08-12 18:00"), ScriptedCast(stage.inbox, []) if somebody_listens else None)
    return played.report.messages, played.report.deferred


@pytest.mark.parametrize("policy", ["", "[limits]\ndaily_cap = 1"])
def test_a_morning_in_one_jump_tells_what_it_tells_chat_by_chat(policy: str, tmp_path: Path) -> None:
    by_the_chat, put_off = told(tmp_path, policy, somebody_listens=True)
    at_once, put_off_at_once = told(tmp_path, policy, somebody_listens=False)
    assert {NoticeKind.SUPERVISION, NoticeKind.SILENT, NoticeKind.BULLETIN, NoticeKind.SUMMONS, NoticeKind.DIGEST} <= {
        message.kind for message in at_once
    }
    assert [message.as_json() for message in at_once] == [message.as_json() for message in by_the_chat]
    assert put_off_at_once == put_off


def test_a_morning_in_one_jump_is_planned_in_a_few_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(Desk(), at("2022-06-01 09:00"), tmp_path)
    stage.load(Document("甲", 2022, "", None, tuple(LISTS["甲"])), "甲", PastChoice.SUMMARY)
    stage.play(at("2022-06-22 18:00"))
    steps: list[object] = []
    planner = stage.rehearsal._planner
    step = planner.step
    monkeypatch.setattr(planner, "step", lambda *when: steps.append(when) or step(*when))
    messages = stage.play(at("2022-06-23 18:00")).report.messages
    assert (
        len({message.at for message in messages if message.at.day == 23}) == 4
    )  # the digest, and three chats' own minutes
    assert len(steps) <= 2
