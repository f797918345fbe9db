"""The demo: the sample list through the whole of 2022 on a virtual clock, with a cast that answers as people do.

Some units answer at once, some late, one asks, some never; a report is returned, an extension granted and another
refused, a bulletin signed. Nothing is sent anywhere and no account is needed.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn

from bot.channels.incoming import Incoming
from bot.inbound.inbox import Inbox
from bot.tools.ledger_table import print_ledger
from bot.tools.rehearsal import COORDINATOR, LEADER, Line, Outcome, ScriptedCast, Stage
from bot.wiring import sample
from db import ledger
from db.words import LIVING, Lamp, NoticeKind, PastChoice
from jobs.desk import Desk
from jobs.notices.press import name_of
from jobs.notices.views import LAMPS
from jobs.reading.read import read_document
from jobs.rehearsal import Message

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2022, 3, 1, 9, tzinfo=ZONE)
END = datetime(2022, 12, 31, 23, 59, tzinfo=ZONE)

SCENES = (("省经信厅", "一个按时答复的单位", 9), ("省卫生健康委", "一个从不答复的单位", 9))
"""Chats that are shown, with what to look for and how many messages."""

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


@dataclass
class DemoCast(ScriptedCast):
    """The cast of the demo: units with their tempers, a coordinator, a leader."""

    told: Counter[str] = field(default_factory=Counter)

    def hear(self, message: Message, message_id: str) -> None:
        """Answer a message as its chat would."""
        lines = self._room(message) if message.chat in ("协调室", "领导群") else self._unit(message)
        for line in lines:
            self._plan(line, message, message_id)

    def _once(self, what: str) -> bool:
        self.told[what] += 1
        return self.told[what] == 1

    # ------------------------------------------------------------ units

    def _unit(self, message: Message) -> Iterator[Line]:
        temper = TEMPERS.get(message.chat)
        if temper is None or message.kind is NoticeKind.REPLY:
            if message.kind is NoticeKind.REPLY and any(label == "提交申请" for label, _data in message.buttons):
                yield Line(message.chat, "刘科长", press="提交申请", after=3)
            return
        if message.kind in _ASKS and (temper.on_time or message.kind is NoticeKind.RECEIPT_CHASE):
            yield Line(message.chat, temper.who, say="收到", after=temper.receipt_after)
        if message.kind is NoticeKind.CHECKIN:
            yield Line(message.chat, temper.who, say="本季度按计划推进，未发现新的问题", after=200)
        if temper is ASKING and message.kind is NoticeKind.SLIP and self._once("question"):
            yield Line(message.chat, temper.who, say="请问停车场的验收按哪个标准？", after=150)
        if message.kind in _NEAR | _LATE or (message.kind is NoticeKind.DECISION and "退回" in message.text):
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
                file = f"{code}佐证.pdf" if self.brings_evidence(code) else ""
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
        if message.chat == "领导群":
            if message.kind is NoticeKind.BULLETIN and self._once("bulletin"):
                yield Line(message.chat, LEADER, press="签发", after=120)
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
        if "核查销号" in labels:
            returns = code == RETURNED and message.items[0].unit == "省经信厅" and self._once("return")
            yield Line(message.chat, COORDINATOR, press="退回" if returns else "核查销号", after=100)
        elif code in EXTENSIONS:
            yield Line(message.chat, COORDINATOR, press=EXTENSIONS[code][1], after=100)


# ---------------------------------------------------------------- the show


@dataclass
class Spoken:
    """What somebody of the cast said, and when."""

    at: datetime
    incoming: Incoming


def play() -> None:
    """Play the demo and print it; in colour in a terminal, plain in a pipe."""
    console = Console(width=None if sys.stdout.isatty() else 110, highlight=False)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outcome, spoken = _rehearse(console, Path(folder))
        _show(console, outcome, spoken, time.perf_counter() - began)


def _rehearse(console: Console, folder: Path) -> tuple[Outcome, list[Spoken]]:
    document = read_document(sample("list.txt"), 2022)
    console.print(f"读取示例清单：{document.title}，{len(document.tasks)} 项任务，{len(document.problems)} 处未读懂。")
    stage = Stage(Desk(), START, folder)
    stage.load(document, "list.txt", PastChoice.SUMMARY)
    console.print("已启动；每个单位一个本地会话，另有协调室和领导群。时钟从 2022年3月1日 走到 12月31日。\n")
    spoken: list[Spoken] = []
    cast = DemoCast(Inbox(stage.store, stage.desk), [], lambda at, said: spoken.append(Spoken(at, said)))
    total = (END - START).total_seconds()
    columns = (TextColumn("推演"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task("2022-03-01", total=total)

        def advance(moment: datetime) -> None:
            done = (moment - START).total_seconds()
            bar.update(task, completed=done, description=f"{moment.astimezone(ZONE):%Y-%m-%d}")

        return stage.play(END, cast, advance), spoken


def _show(console: Console, outcome: Outcome, spoken: list[Spoken], seconds: float) -> None:
    for chat, caption, count in SCENES:
        _scene(console, outcome, spoken, chat, caption, count)
    _digest(console, outcome)
    with outcome.store.read() as session:
        lines = ledger.lines(session, ledger.Which(LIVING))
    console.print("\n[bold]2022年12月31日的台账[/bold]")
    print_ledger(lines, outcome.end)
    lamps = Counter(line.lamp(outcome.end.date()) for line in lines)
    console.print("　".join(f"{LAMPS[lamp]}{lamp.zh} {lamps[lamp]}" for lamp in Lamp if lamps[lamp]))
    kinds = "，".join(f"{kind.zh} {count}" for kind, count in outcome.report.by_kind().items())
    console.print(
        f"共发出 {len(outcome.report.messages)} 条消息，收到 {len(spoken)} 条答复（{kinds}）。用时 {seconds:.1f} 秒。"
    )


def _scene(console: Console, outcome: Outcome, spoken: list[Spoken], chat: str, caption: str, count: int) -> None:
    """Print some messages of one chat in the order in which people saw them, answers among them."""
    told = [
        (message.at, "督办", message.text, message.buttons)
        for message in outcome.report.messages
        if message.chat == chat
    ]
    said = [
        (
            one.at.astimezone(ZONE),
            one.incoming.person_name,
            one.incoming.text or f"［{name_of(one.incoming.press or '')}］",
            (),
        )
        for one in spoken
        if one.incoming.chat == chat
    ]
    both = sorted([*told, *said], key=lambda row: (row[0], row[1] == "督办"))
    console.print(f"\n[bold]{chat}[/bold]（{caption}）")
    for at, who, text, buttons in [*both[: count // 2], *both[-(count - count // 2) :]]:
        labels = "  ".join(f"[{label}]" for label, _data in buttons)
        body = f"{text}\n{labels}" if labels else text
        panel = Panel(body, title=f"{who}　{at:%m月%d日 %H:%M}", title_align="left", width=100)
        panel.border_style = "cyan" if who == "督办" else "green"
        console.print(panel, markup=False)


def _digest(console: Console, outcome: Outcome) -> None:
    digests = [message for message in outcome.report.messages if message.kind is NoticeKind.DIGEST]
    fullest = max(digests, key=lambda message: len(message.text))
    console.print("\n[bold]协调室某日早晨[/bold]")
    console.print(
        Panel(fullest.text, title=f"督办　{fullest.at:%m月%d日 %H:%M}", title_align="left", width=100), markup=False
    )
