"""Scenes: what belongs together of a year, picked from everything that was said, in the order in which it was."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.tools.demo.cast import ASKED, CALLED, DRAWN, LEADERS, OBJECTS, ON_DUTY, ROOM, SCORED, WRITTEN
from db.words import NoticeKind

OURS = "督办"
"""Who speaks where the program does."""

LINES = 9
"""Lines of a message that are shown whole; of a longer one its head, what it is about, and its end."""

LEFT_OUT = "……（节选）"

_CODE = re.compile(r"(?<![A-Z0-9])A-\d+(?:\.\d+)*")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was said: where, by whom, with which buttons, of what kind (None: a person's), about which codes.

    ``answers`` are the words of what it answers, "" where it answers nothing.
    """

    at: datetime
    chat: str
    who: str
    text: str
    labels: tuple[str, ...] = ()
    kind: NoticeKind | None = None
    codes: frozenset[str] = frozenset()
    answers: str = ""

    @property
    def is_ours(self) -> bool:
        """Tell whether the program said it."""
        return self.who == OURS


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene: it begins with the first thing said that has ``begins`` in it, in ``chats``, and lasts so many hours.

    ``code`` leaves what is about another task, ``unit`` what the rooms say of another unit; ``kinds`` are those of our
    messages that belong to it; ``most`` things are shown.
    """

    title: str
    begins: str
    chats: tuple[str, ...]
    hours: float
    kinds: frozenset[NoticeKind] = frozenset()
    code: str = ""
    most: int = 8
    unit: str = ""

    def of(self, events: Iterable[Event]) -> tuple[list[Event], int]:
        """Return what belongs to the scene, as much as is shown, and how much more there is."""
        there = [one for one in events if one.chat in self.chats]
        first = next((one for one in there if self.begins in one.text), None)
        if first is None:
            return [], 0
        end = first.at + timedelta(hours=self.hours)
        found = [one for one in there[there.index(first) :] if one.at <= end and self._belongs(one)]
        return found[: self.most], len(found) - self.most

    def _belongs(self, event: Event) -> bool:
        if event.kind is not None and self.kinds and event.kind not in self.kinds:
            return False
        if self.unit and event.chat != self.unit and self.unit not in event.text + event.answers:
            return False
        return not self.code or not event.codes or self.code in event.codes


_TALK = frozenset({NoticeKind.REPLY, NoticeKind.RELAY, NoticeKind.VERIFY_REQUEST, NoticeKind.DECISION})
_LADDER = frozenset({NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.SUPERVISION})
_PAPERS = frozenset({NoticeKind.BULLETIN, NoticeKind.SUMMONS})

SCENES = (
    Scene("交办、签收", "【交办通知】", ("省经信厅",), 2, most=3),
    Scene("提问，协调室回复一句，答复送回", "请问停车场", ("省交通运输厅", ROOM), 30, _TALK),
    Scene("报办结，退回，补正后销号", "A-9 已完成", ("省经信厅", ROOM), 9 * 24, _TALK, "A-9", 24, "省经信厅"),
    Scene("申请延期，同意；原来的期限仍看得见", "延期 11", ("省应急管理厅", ROOM), 30, _TALK, "A-11", 10, "省应急管理厅"),
    Scene("提醒、催办、督办单：从不答复的单位", "今天到期", ("省卫生健康委",), 9 * 24, _LADDER, "A-32", 3),
    Scene("群发，回执自己数着", WRITTEN, (ROOM, "省建设厅"), 3, most=7),
    Scene("叫应：十分钟一叫，两次不应，报其上级或领导", CALLED, (ROOM, "省应急管理厅", "省卫生健康委", LEADERS), 2, most=14),
    Scene("通报：先拟稿，领导签发后才发出", "【通报（待签发）】", (LEADERS, "省经信厅"), 4, _PAPERS, most=3),
    Scene("约谈：只写确已发生的，签发后只发该单位", "【约谈通知（待签发）】", (LEADERS, "市、县（市、区）党委政府"), 30, _PAPERS, most=3),
    Scene("协调室的一个早晨", "2022年12月26日（周一）", (ROOM,), 0, frozenset({NoticeKind.DIGEST})),
)  # fmt: skip
"""The year in ten scenes."""

_SCORES = frozenset({NoticeKind.SCORE, NoticeKind.OBJECTION})
_REVIEWS = frozenset({NoticeKind.REVIEW, NoticeKind.VERIFY_REQUEST, NoticeKind.REPLY})
_ROUNDS = frozenset({NoticeKind.ROUND, NoticeKind.ROUND_TALLY, NoticeKind.REPLY})
_CHECKED = frozenset({NoticeKind.REPLY})
_LOOKING = ("省教育厅", "省应急管理厅", ROOM)

HABITS = (
    Scene("记分：先告知各单位，有异议由人裁定，再生效", SCORED, (ROOM, OBJECTS), 24, _SCORES, most=7),
    Scene("值班：说一句就记下", ON_DUTY, (ROOM,), 1, frozenset({NoticeKind.REPLY}), most=2),
    Scene(
        "抽查：从已销号的里随机抽，不属实的重开、列入问题清单，整改后由另一人销号",
        DRAWN,
        (ROOM, LEADERS),
        8,
        _CHECKED,
        most=7,
    ),
    Scene("定期调度：一句话发出，单位用自己的话答，随答随计", ASKED, (ROOM, "省建设厅"), 3, _ROUNDS, "A-10", 9),
    Scene(
        "自查、复查：本单位另一人先看，再到牵头单位、协调员",
        "〔A-38〕已报办结",
        _LOOKING,
        1,
        _REVIEWS,
        "A-38",
        8,
        "省教育厅",
    ),
)
"""The office's habits, which are told with the whole ledger."""


def codes_in(text: str) -> frozenset[str]:
    """Return the tasks that a text names."""
    return frozenset(_CODE.findall(text))


def excerpt(text: str, code: str) -> str:
    """Return a message as it is shown: a long one without what is not about ``code``, and it says so."""
    lines = text.split("\n")
    if len(lines) <= LINES:
        return text
    about = [line for line in lines[2:-1] if code and code in codes_in(line)] or lines[2 : LINES - 2]
    return "\n".join([*lines[:2], *about[: LINES - 4], LEFT_OUT, lines[-1]])
