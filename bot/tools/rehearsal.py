"""Rehearsing a document or the stored campaigns: a throw-away store, console chats, a virtual clock, and a cast."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, SQLModel, col, select

from bot.channels.console import ConsoleChannel
from bot.channels.incoming import File, Incoming
from bot.inbound.inbox import Inbox
from bot.terminal import Failure, say, table
from db import days, ledger, outbox, register
from db.archive import Archive
from db.clock import VirtualClock
from db.history import SYSTEM
from db.models import Broadcast, Campaign, Chat, Notice, Unit
from db.session import MEMORY, Store
from db.stored import Json
from db.whoever import is_open
from db.words import CampaignStatus, ChatRole, DeliveryState, NoticeKind, PastChoice, Rank, Reason
from jobs.campaigns.activation import activate
from jobs.campaigns.import_ import import_document
from jobs.desk import Desk
from jobs.reading.document import Document
from jobs.reading.guard import read_guarded
from jobs.rehearsal import Message, Recorder, Rehearsal, Report, moved, suppressed

Progress = Callable[[datetime], None] | None

BUSIEST = 10
"""How many of the busiest days a summary lists."""

COORDINATOR = "协调员"
LEADER = "领导"
"""Who plays the rooms of a rehearsal."""


@dataclass
class Outcome:
    """A rehearsal that is over: what was told, what was not, and the store as it ended."""

    report: Report
    store: Store
    end: datetime
    not_told: dict[Reason, int]
    moved: dict[date, tuple[date, int]]

    def show(self) -> None:
        """Print the summary for people: by month, kind, chat and day, what the cap and days off did, what was held back."""

        report = self.report
        by_day = report.by_day()
        say(f"推演：共会发出 {len(report.messages)} 条消息。")
        if not by_day:
            return
        busiest = max(by_day, key=lambda day: by_day[day])
        say(
            f"最忙的一天：{days.with_weekday(busiest)}，{by_day[busiest]} 条；平均每个有消息的日子 {len(report.messages) / len(by_day):.1f} 条。"
        )
        months: dict[str, int] = {}
        for day, count in by_day.items():
            months[f"{day:%Y-%m}"] = months.get(f"{day:%Y-%m}", 0) + count
        table(("月份", "消息"), sorted(months.items()), "按月")
        table(("种类", "消息"), [(kind.zh, count) for kind, count in report.by_kind().items()], "按种类")
        table(("会话", "消息"), list(report.by_chat().items()), "按会话")
        busy = sorted(by_day.items(), key=lambda pair: (-pair[1], pair[0]))[:BUSIEST]
        table(("日期", "消息"), [(days.with_weekday(day), count) for day, count in busy], "最忙的几天")
        say(f"每日上限：{report.deferred} 项推到下一个工作日。" if report.deferred else "每日上限：没有碰到。")
        if self.moved:
            rows = [
                (days.with_weekday(day), days.with_weekday(actual), count)
                for day, (actual, count) in self.moved.items()
            ]
            table(("落在休息日", "改在", "项"), rows, "休息日")
        if self.not_told:
            table(("原因", "次数"), [(reason.zh, count) for reason, count in self.not_told.items()], "未发出的步骤")


class Stage:
    """A throw-away store in memory, or another, with one console chat a unit, the two rooms, and a clock to turn."""

    def __init__(
        self,
        desk: Desk,
        start: datetime,
        folder: Path,
        store: Store | None = None,
        channel: type[ConsoleChannel] = ConsoleChannel,
    ) -> None:
        """Set the clock to ``start``; evidence that the cast hands in goes below ``folder``.

        A ``store`` that is handed in has its tables; ``channel`` is the console as it is shown there.
        """
        desk.archive = Archive(folder)
        self.desk, self.clock = desk, VirtualClock(start)
        if store is None:
            store = Store(MEMORY)
            store.create_all()
        self.store = store
        self.recorder = Recorder(self.store, self.clock)
        self.channel = channel(self.recorder.take)
        self.inbox = Inbox(self.store, desk, {self.channel.name: self.channel.abilities})
        self.rehearsal = Rehearsal(self.store, desk, self.clock, self.channel, self.recorder, with_lists=True)

    def bind_everybody(self, session: Session) -> None:
        """Give every unit a chat of its own name, and the coordinators and leaders their rooms."""
        for unit in [one for one in session.exec(select(Unit)) if not is_open(one.name)]:
            register.bind(session, unit, register.ensure_chat(session, "console", unit.name, unit.name))
        for role, name, who, rank in (
            (ChatRole.COORDINATORS, "协调室", COORDINATOR, Rank.COORDINATOR),
            (ChatRole.LEADERS, "领导群", LEADER, Rank.LEADER),
        ):
            register.bind_room(session, role, register.ensure_chat(session, "console", name, name))
            person = register.person_of(session, "console", who, who)
            register.appoint(session, person, rank, None, self.clock.now())

    def load(self, document: Document, name: str, past: PastChoice) -> Campaign:
        """Import a document, bind everybody, activate."""
        now = self.clock.now()
        with self.store.write() as session:
            done = import_document(
                session,
                document,
                name=name,
                sha256=name,
                timezone=self.desk.timezone,
                today=ledger.local_day(now, self.desk.timezone),
                now=now,
                actor=SYSTEM,
            )
            self.bind_everybody(session)
            activate(session, self.desk, done.campaign, past, SYSTEM, now, year_is_right=True)
            return done.campaign

    def play(self, end: datetime, cast: "ScriptedCast | None" = None, progress: Progress = None) -> Outcome:
        """Turn the clock to ``end`` (inclusive), with or without people who answer."""
        self.recorder.cast = cast
        report = self.rehearsal.run(end, progress)
        with self.store.read() as session:
            return Outcome(report, self.store, end, suppressed(session), moved(session, self.desk.workdays))


def rehearse_document(
    file: Path,
    desk: Desk,
    start: datetime,
    end: datetime,
    *,
    year: int | None,
    issued: date | None,
    past: PastChoice,
    answers: Path | None,
    progress: Progress,
) -> Outcome:
    """Rehearse a document that is not in the store."""
    stage = Stage(desk, start, Path("/nonexistent"))
    stage.load(read_guarded(file, year, issued), file.name, past)
    return stage.play(end, _cast(stage, answers), progress)


def rehearse_stored(
    store: Store,
    desk: Desk,
    start: datetime,
    end: datetime,
    *,
    past: PastChoice,
    answers: Path | None,
    progress: Progress,
    only: int | None = None,
) -> Outcome:
    """Rehearse the campaigns of a store, or ``only`` one, from a copy of it; drafts are activated.

    Nothing of the store is changed, and what waits in its outbox is left out.
    """
    from db.copying import copy_rows

    stage = Stage(desk, start, Path("/nonexistent"))
    with store.snapshot() as reading, stage.store.write() as writing:
        copy_rows(reading, writing, SQLModel.metadata.sorted_tables)
    with stage.store.write() as session:
        _leave_out(session, only)
        stage.bind_everybody(session)
        for campaign in session.exec(select(Campaign).where(Campaign.status == CampaignStatus.DRAFT)).all():
            activate(session, desk, campaign, past, SYSTEM, stage.clock.now(), year_is_right=True)
    return stage.play(end, _cast(stage, answers), progress)


def _leave_out(session: Session, only: int | None) -> None:
    """Take what waits, and the campaigns that are not asked for, out of a copy."""
    for notice in session.exec(select(Notice).where(col(Notice.state).in_(outbox.REVOCABLE))):
        notice.state = DeliveryState.WITHDRAWN
    for broadcast in session.exec(select(Broadcast).where(col(Broadcast.next_round_at).is_not(None))):
        broadcast.next_round_at = None
    for chat in session.exec(select(Chat)):
        chat.dead_why, chat.dead_told = "推演不用真实的群", True
        chat.role = None if chat.role is not ChatRole.UNIT else chat.role
    for campaign in session.exec(select(Campaign)):
        if only is not None and campaign.id != only:
            campaign.status, campaign.next_digest_at = CampaignStatus.ENDED, None
    session.flush()


# ---------------------------------------------------------------- people who answer


@dataclass
class Line:
    """One thing a member of the cast does: hearing what, after how long, saying or pressing what, how often.

    ``chat`` is a unit's name, 协调室 or 领导群, ``"*"`` any unit; ``kinds`` the kinds of message it answers
    (empty: any); ``code`` only messages that name it. ``after`` is in minutes.
    """

    chat: str
    who: str
    say: str = ""
    press: str = ""
    kinds: tuple[NoticeKind, ...] = ()
    code: str = ""
    after: float = 60.0
    times: int = 1
    file: str = ""

    def answers(self, message: Message) -> bool:
        """Tell whether this line is a reaction to ``message``."""
        if self.times <= 0 or self.chat not in (message.chat, "*"):
            return False
        if self.kinds and message.kind not in self.kinds:
            return False
        if self.code and f"〔{self.code}〕" not in message.text:
            return False
        return not self.press or any(label.strip("〔〕") == self.press for label, _data in message.buttons)


@dataclass
class ScriptedCast:
    """People who answer by a script; the first line that fits a message is played."""

    inbox: Inbox
    lines: list[Line]
    on_speak: Callable[[datetime, Incoming], None] | None = None
    _waiting: list[tuple[datetime, int, Incoming]] = field(default_factory=list)
    _count: int = 0

    def hear(self, message: Message, message_id: str) -> None:
        """Plan the answer to a message, if somebody has one."""
        for line in self.lines:
            if line.answers(message):
                line.times -= 1
                self._plan(line, message, message_id)
                return

    def _plan(self, line: Line, message: Message, message_id: str) -> None:
        self._count += 1
        data = next((data for label, data in message.buttons if label.strip("〔〕") == line.press), None)
        incoming = Incoming(
            channel="console",
            external_id=f"cast-{self._count}",
            chat=message.chat,
            chat_title=message.chat,
            person=line.who,
            person_name=line.who,
            text=line.say,
            press=data if line.press else None,
            reply_to=None if line.press else message_id,
            message_id=message_id if line.press else f"cast-{self._count}",
            files=(File(line.file, self.evidence(line.file)),) if line.file else (),
        )
        self._waiting.append((message.at + timedelta(minutes=line.after), self._count, incoming))
        self._waiting.sort(key=lambda waiting: waiting[:2])

    @staticmethod
    def evidence(name: str) -> bytes:
        """Return what is in a file that somebody hands in: its name will do."""
        return name.encode()

    def next_at(self) -> datetime | None:
        """Return when somebody speaks next."""
        return self._waiting[0][0] if self._waiting else None

    def speak(self, now: datetime) -> None:
        """Say everything that is due."""
        while self._waiting and self._waiting[0][0] <= now:
            _at, _number, incoming = self._waiting.pop(0)
            if self.on_speak is not None:
                self.on_speak(now, incoming)
            self.inbox.take(incoming, now)


def _cast(stage: Stage, answers: Path | None) -> ScriptedCast | None:
    if answers is None:
        return None
    try:
        told = json.loads(answers.read_text(encoding="utf-8"))
        return ScriptedCast(stage.inbox, [_line(one) for one in told])
    except FileNotFoundError:
        raise Failure(f"没有这个文件：{answers}") from None
    except (ValueError, TypeError, KeyError) as error:
        raise Failure(f"答复脚本 {answers} 不对：{error}；格式见 docs/rehearsal.md") from None


def _line(told: Json) -> Line:
    kinds = tuple(NoticeKind(kind) for kind in told.get("kinds", ()))
    return Line(**{**told, "kinds": kinds})
