"""The cast of the demo and of a trial: units with their tempers, a coordinator, a leader, who answer as people do.

Some units answer at once, some late, one asks, some never; a report is returned, an extension granted and another
refused, everybody is written to and two are called, a bulletin and a summons are signed.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from bot.tools.rehearsal import COORDINATOR, LEADER, Line, ScriptedCast
from db.words import NoticeKind
from jobs.rehearsal import Message

ROOM, LEADERS = "协调室", "领导群"

POLICY = '[verification]\nlevels = ["self", "lead", "office"]\n'
"""What the year's policy says beside what ships: somebody else of the unit looks at its report, then the task's lead, then the
coordinators.
"""

_ASKS = frozenset({NoticeKind.SLIP, NoticeKind.RECEIPT_CHASE, NoticeKind.CATCH_UP})
_NEAR = frozenset({NoticeKind.REMINDER, NoticeKind.PROGRESS_QUERY})
_LATE = frozenset({NoticeKind.OVERDUE, NoticeKind.SUPERVISION})


@dataclass(frozen=True, slots=True)
class Temper:
    """How a unit behaves: who speaks, minutes until a receipt, days left at which it reports, whether it needs chasing."""

    who: str
    receipt_after: float = 30
    reports_at: int = 3
    on_time: bool = True


PROMPT = Temper("张工")
LATE = Temper("刘科长", receipt_after=60 * 30, on_time=False)
ASKING = Temper("陈工", receipt_after=90, reports_at=1)
COLLEAGUE = "唐科长"
"""Who looks in a unit at what somebody else of it reports."""

TEMPERS = {
    "省经信厅": PROMPT,
    "省生态环境厅": Temper("周工", receipt_after=15, reports_at=7),
    "省应急管理厅": Temper("吴处长", receipt_after=45, reports_at=3),
    "省消防救援总队": Temper("郑参谋", receipt_after=20, reports_at=7),
    "省安委办": Temper("钱工", receipt_after=25),
    "省公安厅": LATE,
    "省交通运输厅": ASKING,
    "省建设厅": Temper("孙工", receipt_after=120, reports_at=0),
    "省教育厅": Temper("何老师", receipt_after=60),
    "省能源局": LATE,
    "省人力社保厅": Temper("冯工", receipt_after=40, reports_at=3),
    "省市场监管局": Temper("沈工", receipt_after=35, reports_at=7),
    "省发展改革委": Temper("韩工", receipt_after=55, reports_at=3),
}
"""Whoever is not named here never answers."""

EXTENSIONS = {
    "A-11": ("延期 11 到10月20日，因专家组需重新抽取", "同意延期"),
    "A-26": ("延期 26 到12月30日，因检测单位人手不足", "不同意"),
}
RETURNED = "A-9"

WRITTEN = "群发 未办结 今晚有强降雨，请核对值班安排，收到请回。"
CALLED = "叫应 省应急管理厅、省卫生健康委 台风预警升级，请立即核实避险情况！"
SCORED = "公示记分 3月"
ON_DUTY = "6月20日至26日王工、李工值班"
ASKED = "6月28日前报送二季度进展，发黄灯以上单位"
DRAWN = "抽查 5项"
SPOKEN = (
    (date(2022, 4, 1), SCORED),
    (date(2022, 6, 1), "公示记分 5月"),
    (date(2022, 6, 20), ON_DUTY),
    (date(2022, 6, 23), ASKED),
    (date(2022, 7, 1), WRITTEN),
    (date(2022, 8, 1), CALLED),
    (date(2022, 12, 5), DRAWN),
)
"""What the coordinator says in the room, on the first morning from a day on."""

OBJECTS, OBJECTION = "省公安厅", "当天全员在外执勤，次日一早即签收"
"""A unit that objects to its score, and why."""

TOLD = "已完成八成，问题是人手不足，下一步月底前收尾"
"""What a unit answers to a round."""

_CODE = re.compile(r"A-\d+")
_CHECKED = re.compile(r"〔(A-\d+)〕([^：\n]+)：")
"""An item of a spot check, its code and unit: of one task several units' may be drawn."""

_CALLS = frozenset({NoticeKind.BROADCAST, NoticeKind.URGENT})


def _is_back(message: Message) -> bool:
    """Tell whether a unit hears that what it reported is to be done again."""
    return message.kind is NoticeKind.DECISION and ("退回" in message.text or "已重开" in message.text)


@dataclass
class DemoCast(ScriptedCast):
    """The cast of the demo: units with their tempers, a coordinator, a leader."""

    told: Counter[str] = field(default_factory=Counter)
    untrue: set[tuple[str, str]] = field(default_factory=set)
    """What the coordinator found not to be so: of which task, of which unit. It is another's to close."""
    signs: ClassVar[tuple[NoticeKind, ...]] = (NoticeKind.BULLETIN, NoticeKind.SUMMONS)
    """What the leader signs, the first of each."""

    def hear(self, message: Message, message_id: str) -> None:
        """Answer a message as its chat would."""
        lines = self._room(message) if message.chat in (ROOM, LEADERS) else self._unit(message)
        for line in lines:
            self._plan(line, message, message_id)

    def _once(self, what: str) -> bool:
        self.told[what] += 1
        return self.told[what] == 1

    # ------------------------------------------------------------ units

    def _unit(self, message: Message) -> Iterator[Line]:
        temper = TEMPERS.get(message.chat)
        if temper is None:
            return
        if message.kind is NoticeKind.REPLY:
            if any(label == "提交申请" for label, _data in message.buttons):
                yield Line(message.chat, temper.who, press="提交申请", after=3)
            return
        if message.kind in _ASKS and (temper.on_time or message.kind is NoticeKind.RECEIPT_CHASE):
            yield Line(message.chat, temper.who, say="收到", after=temper.receipt_after)
        if message.kind in _CALLS and any(label == "收到" for label, _data in message.buttons):
            yield Line(message.chat, temper.who, press="收到", after=temper.receipt_after / 10)
        if message.kind is NoticeKind.ROUND and temper.on_time:
            for place, item in enumerate(message.items):
                yield Line(message.chat, temper.who, say=f"{item.milestone} {TOLD}", after=temper.receipt_after + place)
        if message.kind is NoticeKind.SCORE and message.chat == OBJECTS and self._once("objection"):
            code = _CODE.search(message.text)
            yield Line(message.chat, temper.who, say=f"异议 {code[0] if code else ''} {OBJECTION}", after=90)
        if message.kind is NoticeKind.REVIEW:
            looks = {"自查通过": COLLEAGUE, "复查通过": temper.who}
            for label in (label for label, _data in message.buttons if label in looks):
                yield Line(message.chat, looks[label], press=label, after=5)
        if message.kind is NoticeKind.CHECKIN:
            yield Line(message.chat, temper.who, say="本季度按计划推进，未发现新的问题", after=200)
        if temper is ASKING and message.kind is NoticeKind.SLIP and self._once("question"):
            yield Line(message.chat, temper.who, say="请问停车场的验收按哪个标准？", after=150)
        if message.kind in _NEAR | _LATE or _is_back(message):
            yield from self._work(message, temper)

    def _work(self, message: Message, temper: Temper) -> Iterator[Line]:
        for place, item in enumerate(message.items):
            code, left = item.milestone, item.days_left
            if item.unit != message.chat or left is None:
                continue
            after = 40 + 7 * place
            if code in EXTENSIONS and left > 0 and self._once(f"extension {code}"):
                yield Line(message.chat, temper.who, say=EXTENSIONS[code][0], after=after)
            elif self._reports(temper, left, message) and self._ready(code, message):
                paper = "补正材料" if message.kind is NoticeKind.DECISION else "佐证"
                file = f"{code}{paper}.pdf" if self.brings_evidence(code) else ""
                yield Line(message.chat, temper.who, say=f"{code} 已完成", after=after + 60, file=file)
            elif left <= 7 and self._once(f"progress {message.chat} {code}"):
                yield Line(message.chat, temper.who, say=f"{code} 已完成八成，预计如期办结", after=after)

    def brings_evidence(self, code: str) -> bool:
        """Tell whether a report of a task comes with a file."""
        return code == RETURNED

    @staticmethod
    def _reports(temper: Temper, left: int, message: Message) -> bool:
        """Tell whether a unit thinks that it is done: near its day, when it is late, or after a return."""
        near = left <= temper.reports_at and (temper.on_time or left < 0)
        return near or message.kind is NoticeKind.DECISION

    def _ready(self, code: str, message: Message) -> bool:
        """Report each thing once, and again after a return."""
        return self._once(f"report {message.chat} {code}") or message.kind is NoticeKind.DECISION

    # ------------------------------------------------------------ the rooms

    def _room(self, message: Message) -> Iterator[Line]:
        if message.chat == LEADERS:
            if message.kind in self.signs and self._once(message.kind):
                yield Line(message.chat, LEADER, press="签发", after=120)
        elif message.kind is NoticeKind.DIGEST:
            for place, (day, words) in enumerate(SPOKEN):
                if message.at.date() >= day and self._once(words):
                    yield Line(message.chat, COORDINATOR, say=words, after=80 + 5 * place)
        elif confirms := [label for label, _data in message.buttons if label in ("确认发出", "确认公示")]:
            yield Line(message.chat, COORDINATOR, press=confirms[0], after=2)
        elif (
            message.text.startswith("【抽查】")
            and (drawn := _CHECKED.search(message.text))
            and self._once("spot check")
        ):
            self.untrue.add((drawn[1], drawn[2]))
            yield Line(message.chat, COORDINATOR, say=f"抽查不属实 {drawn[1]} {drawn[2]} 现场与佐证不符", after=60)
        elif message.kind is NoticeKind.OBJECTION and any(label == "采纳" for label, _data in message.buttons):
            yield Line(message.chat, COORDINATOR, press="采纳", after=60)
        elif message.kind is NoticeKind.VERIFY_REQUEST and message.items:  # a file that follows it speaks of none
            yield from self._decide(message)
        elif message.kind is NoticeKind.RELAY and "请回复本条作答" in message.text:
            yield Line(message.chat, COORDINATOR, say="按省里2021年印发的建设标准验收", after=75)
        elif message.kind is NoticeKind.REPLY and "请回复退回的理由" in message.text:
            yield Line(message.chat, COORDINATOR, say="缺少复核结果的公布文件", after=2)
        elif message.kind is NoticeKind.REPLY and "不同意延期的理由" in message.text:
            yield Line(message.chat, COORDINATOR, say="年底前须完成评估，请增派检测力量", after=2)

    def _decide(self, message: Message) -> Iterator[Line]:
        code = message.items[0].milestone
        labels = {label for label, _data in message.buttons}
        if "核查销号" in labels and (code, message.items[0].unit) in self.untrue:
            yield Line(message.chat, LEADER, press="核查销号", after=100)
        elif "核查销号" in labels:
            returns = code == RETURNED and message.items[0].unit == "省经信厅" and self._once("return")
            yield Line(message.chat, COORDINATOR, press="退回" if returns else "核查销号", after=100)
        elif code in EXTENSIONS:
            yield Line(message.chat, COORDINATOR, press=EXTENSIONS[code][1], after=100)
