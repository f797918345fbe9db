"""The demo: the sample list through the whole of 2022 on a virtual clock, told in scenes, and the ledger as it ended.

Nothing is sent anywhere and no account is needed.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from bot.channels.incoming import Incoming
from bot.inbound.inbox import Inbox
from bot.tools.demo.cast import POLICY, DemoCast
from bot.tools.demo.scenes import HABITS, OURS, SCENES, Event, Scene, codes_in, excerpt
from bot.tools.ledger_table import print_ledger
from bot.tools.rehearsal import Outcome, Stage
from bot.wiring import sample
from db import days, ledger
from db.ledger import Line
from db.words import LIVING, Lamp, PastChoice
from jobs.desk import Desk
from jobs.notices.press import name_of
from jobs.notices.render import shorten
from jobs.notices.views import LAMPS
from jobs.reading.document import Document
from jobs.reading.read import read_document
from jobs.rehearsal import Message

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2022, 3, 1, 9, tzinfo=ZONE)
END = datetime(2022, 12, 31, 23, 59, tzinfo=ZONE)

WIDTH = 80
"""Columns in a pipe, and at most in a terminal: what is read here is prose."""

COUNTED = (Lamp.RED, Lamp.YELLOW, Lamp.GREEN, Lamp.BLUE, Lamp.WHITE, Lamp.GREY)


@dataclass
class Witness(DemoCast):
    """The cast, which remembers everything that was said, and what answers what."""

    events: list[Event] = field(default_factory=list)
    told_as: dict[str, tuple[frozenset[str], str]] = field(default_factory=dict)
    labelled: dict[str, str] = field(default_factory=dict)

    def hear(self, message: Message, message_id: str) -> None:
        """Note a message of ours, then answer it."""
        codes = frozenset(item.milestone for item in message.items) or codes_in(message.text)
        self.told_as[message_id] = (codes, message.text)
        self.labelled |= {data: label for label, data in message.buttons}
        labels = tuple(label for label, _data in message.buttons)
        self.events.append(Event(message.at, message.chat, OURS, message.text, labels, message.kind, codes))
        super().hear(message, message_id)

    def spoke(self, at: datetime, said: Incoming) -> None:
        """Note what a person said: about what they name, else about what they answer."""
        pressed = said.press or ""
        words = said.text or f"［{self.labelled.get(pressed) or name_of(pressed)}］"
        words += "".join(f"　附 {file.name}" for file in said.files)
        codes, answers = self.told_as.get(said.reply_to or said.message_id or "", (frozenset(), ""))
        codes = codes_in(said.text) or codes
        self.events.append(Event(at.astimezone(ZONE), said.chat, said.person_name, words, codes=codes, answers=answers))


def play(*, whole: bool = False) -> None:
    """Play the demo and print it, in colour in a terminal; with ``whole`` also the office's habits, and the ledger item by item."""
    terminal = Console().width if sys.stdout.isatty() else WIDTH
    console = Console(width=min(terminal, 100), highlight=False)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        document = read_document(sample("list.txt"), START.year)
        outcome, witness = _rehearse(console, document, Path(folder))
        for number, scene in enumerate((*SCENES, *HABITS) if whole else SCENES, 1):
            _scene(console, number, scene, witness.events)
        _ledger(console, outcome, whole=whole)
        _sum(console, outcome, witness, time.perf_counter() - began)


def stage_of(start: datetime, folder: Path) -> Stage:
    """Return a stage for the year from ``start`` on, under the policy of the demo."""
    return Stage(Desk(POLICY), start, folder)


def _rehearse(console: Console, document: Document, folder: Path) -> tuple[Outcome, Witness]:
    console.print(f"读取示例清单：{document.title}，{len(document.tasks)} 项任务，{len(document.problems)} 处未读懂。")
    stage = stage_of(START, folder)
    stage.load(document, "list.txt", PastChoice.SUMMARY)
    console.print("已启动；每个单位一个会话，另有协调室和领导群。")
    console.print("时钟从2022年3月1日走到12月31日，以下是其中几幕。")
    witness = Witness(Inbox(stage.store, stage.desk), [])
    witness.on_speak = witness.spoke
    columns = (TextColumn("推演"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task("2022-03-01", total=(END - START).total_seconds())

        def advance(moment: datetime) -> None:
            done = (moment - START).total_seconds()
            bar.update(task, completed=done, description=f"{moment.astimezone(ZONE):%Y-%m-%d}")

        return stage.play(END, witness, advance), witness


# ---------------------------------------------------------------- scenes


def folded(text: str, width: int) -> str:
    """Break lines where they are full, or a little before: none begins with a closing mark or ends with an opening one.

    Chinese has no blanks to break at, and the few there are part what belongs together.
    """
    return "\n".join(part for line in text.split("\n") for part in _parts(line, width))


NO_BEGINNING, NO_END = "，。、；：！？）〕】》”’…—", "（〔【《“‘"


def _parts(line: str, width: int) -> Iterator[str]:
    while cell_len(line) > width:
        full = len(chop_cells(line, width)[0])
        may_end = (
            end
            for end in range(full, max(0, full - 4), -1)
            if line[end] not in NO_BEGINNING and line[end - 1] not in NO_END
        )
        end = next(may_end, full)
        yield line[:end]
        line = line[end:]
    yield line


def _scene(console: Console, number: int, scene: Scene, events: list[Event]) -> None:
    found, more = scene.of(events)
    console.print(f"\n[bold]{number}　{scene.title}[/bold]")
    if not found:
        console.print("　这一年没有演到这一幕。", style="dim")
    day: date | None = None
    for event in found:
        if event.at.date() != day:
            day = event.at.date()
            console.print(f"　{days.with_weekday(day)}", style="dim")
        _event(console, event, scene.code)
    if more > 0:
        console.print(f"　……另有{more}条（节选）", style="dim")


def _event(console: Console, event: Event, code: str) -> None:
    head = f"{event.chat} · {event.who}　{event.at:%H:%M}"
    if not event.is_ours:
        console.print(folded(f"  {head}：{event.text}", console.width), style="green", markup=False)
        return
    text = excerpt(event.text, code)
    if event.labels:
        text += "\n" + "  ".join(f"[{label}]" for label in event.labels[:6])
    console.print(
        Panel(folded(text, console.width - 4), title=head, title_align="left", border_style="cyan"), markup=False
    )


# ---------------------------------------------------------------- the ledger


def _ledger(console: Console, outcome: Outcome, *, whole: bool) -> None:
    with outcome.store.read() as session:
        lines = ledger.lines(session, ledger.Which(LIVING))
    today = outcome.end.date()
    console.print(f"\n[bold]{days.written(today)}的台账[/bold]")
    if whole:
        print_ledger(lines, outcome.end, console.width)
    else:
        _red(console, [line for line in lines if line.lamp(today) is Lamp.RED], today)
        _by_unit(console, lines, today)
        console.print("逐项见 duban demo --all。", style="dim")
    lamps = Counter(line.lamp(today) for line in lines)
    console.print("　".join(f"{LAMPS[lamp]}{lamp.zh} {lamps[lamp]}" for lamp in Lamp if lamps[lamp]))


def _red(console: Console, lines: list[Line], today: date) -> None:
    for line in lines:
        late = -(line.days_left(today) or 0)
        told = f"{LAMPS[Lamp.RED]}〔{line.code}〕{line.unit.name}：{shorten(line.title, 16)}（逾期{late}天）"
        console.print(folded(told, console.width), markup=False)


def _by_unit(console: Console, lines: list[Line], today: date) -> None:
    counts: dict[str, Counter[Lamp]] = {}
    for line in lines:
        counts.setdefault(line.unit.name, Counter())[line.lamp(today)] += 1
    made = Table(box=None, header_style="dim", padding=(0, 1))
    made.add_column("单位")
    for lamp in COUNTED:
        made.add_column(lamp.zh, justify="right")
    for unit, lamps in sorted(counts.items(), key=lambda pair: -pair[1][Lamp.RED]):
        made.add_row(unit, *(str(lamps[lamp] or "") for lamp in COUNTED))
    console.print(made)


def _sum(console: Console, outcome: Outcome, witness: Witness, seconds: float) -> None:
    kinds = "，".join(f"{kind.zh} {count}" for kind, count in outcome.report.by_kind().items())
    said = sum(not event.is_ours for event in witness.events)
    told = f"共发出 {len(outcome.report.messages)} 条消息，收到 {said} 条答复（{kinds}）。用时 {seconds:.1f} 秒。"
    console.print(folded(told + "想自己动手：duban try。", console.width))
