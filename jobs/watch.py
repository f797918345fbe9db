"""The watch over the program itself: how long it was away, and whether what waits goes out.

What the coordinators would not see otherwise is put in front of them: a program that does not run reminds nobody, and one
whose messages stand still looks like one with nothing to say.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from db import days, outbox, register
from db.ledger import local_day
from db.lived import LIVED
from db.models import Assignment, Campaign, Message, Notice, Setting
from db.session import Store
from jobs import vitals
from jobs.desk import Desk
from jobs.notices import alarms
from jobs.notices.alarms import Trouble
from jobs.ports import Abilities

log = logging.getLogger(__name__)

AWAY = timedelta(minutes=10)
"""A shorter absence is a restart, and told to nobody."""

STUCK = timedelta(minutes=15)
"""So long nothing goes out on a channel while messages for it wait, in real time, and the coordinators hear of it."""

LATE = timedelta(minutes=5)
"""So long after its time an assignment should have been planned, however much fell due together."""

NO_DIGEST_LATER = timedelta(days=14)
"""No digest is further ahead than the longest holiday."""

CALL_EVERY = timedelta(hours=1)
"""Who is called over another line for a channel that stands still is not called again for so long, in real time."""

_ALIVE = "alive_at"

_CALLED, _PLANNING = "called_for_", "planning"


@dataclass(slots=True)
class _Still:
    """A channel on which something waits: since when (real time, and the house's), and whether that was told."""

    since: datetime
    house_since: datetime
    told: bool = False


class Watch:
    """Looks at the program once a minute; ``look`` is one look."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        channels: Mapping[str, Abilities],
        troubles: Callable[[], Mapping[str, str]],
        machine: str = "",
    ) -> None:
        """``channels`` are those of this program; ``troubles`` says by its name what one goes on in spite of.

        ``machine`` is whose clock this is: that of another may be ahead.
        """
        self._machine = machine
        self._store, self._desk, self._channels, self._troubles = store, desk, channels, troubles
        self._tried_on: date | None = None
        self._still: dict[str, _Still] = {}
        self._unplanned: _Still | None = None
        self._complained: dict[str, str] = {}

    def look(self, now: datetime, real: datetime) -> list[str]:
        """Look once: ``now`` is the house's time, ``real`` the machine's; they differ on a virtual clock alone.

        Return what somebody should be told over another line than the chats, since these stand still.
        """
        self._store.settle(lambda session: self._absence(session, now, real))  # another may be the first with us
        with self._store.write() as session:
            calls = self._standstill(session, now, real) + self._planning_stands_still(session, now, real)
            self._complaints(session, now)
            self._second_chances(session, now)
        return calls

    # ------------------------------------------------------------ away

    def _absence(self, session: Session, now: datetime, real: datetime) -> None:
        """Note that the program runs, any program on this store; tell how long none did."""
        mark = session.get(Setting, _ALIVE, with_for_update={"key_share": True})
        own = f"{real.isoformat()} {self._machine}"
        if mark is None:
            session.add(Setting(key=_ALIVE, value=own))
            return
        written, _, machine = mark.value.partition(" ")
        last = datetime.fromisoformat(written)
        if real <= last and (last - real < AWAY or machine != self._machine):  # another program, or another clock
            return
        mark.value = own
        if real <= last:
            self._clock_put_back(session, now, real, last - real)
            return
        if real - last >= AWAY:
            log.warning("nothing-ran length=%s", real - last)
            self._tell(
                session,
                now,
                "督办停过",
                f"{days.at(last, self._desk.zone, real)}至{days.at(real, self._desk.zone, real)}（{_length(real - last)}）督办没有运行",
                "原因：程序停止、机器断电或休眠。",
                "其间到期的通知现在合并补发；这段时间里如有要紧的答复，请向单位核实。",
            )

    def _clock_put_back(self, session: Session, now: datetime, real: datetime, ahead: timedelta) -> None:
        """The clock had run ahead, and is right again: let nothing wait for a day that was never there."""
        log.error("clock-went-back by=%s", ahead)
        if abs(now - real) < AWAY:  # a virtual clock has no part in it
            heal(session, now)
        self._tell(
            session,
            now,
            "时钟异常",
            f"这台机器的时钟往回走了{_length(ahead)}",
            "原因：时钟此前走快了，现已改正（或被人改动）。",
            "走快期间提前发出的通知不会重发；请管理员检查时钟同步。",
        )

    # ------------------------------------------------------------ standing still

    def _standstill(self, session: Session, now: datetime, real: datetime) -> list[str]:
        waiting = vitals.waiting(session, now, real, tried=True)
        for channel in list(self._still):
            if channel not in waiting or vitals.has_sent(session, channel, self._still[channel].house_since):
                del self._still[channel]
        calls = []
        for channel, queue in waiting.items():
            still = self._still.setdefault(channel, _Still(real, now))
            if real - still.since < STUCK or still.told:
                continue
            still.told = True
            log.error("channel-stands-still channel=%s length=%s waiting=%s", channel, real - still.since, queue.count)
            what = f"{self._title(channel)}已有{_length(real - still.since)}没有发出消息，{queue.count}条在等待"
            if _is_called_for(session, channel, real):
                calls.append(f"督办发送停滞：{what}。请检查网络和服务。")
            self._tell(
                session,
                now,
                "发送停滞",
                what,
                "原因：该渠道连接不上，或程序有故障。",
                "请系统管理员检查网络和服务；要紧的事请先用电话通知。恢复后会自动补发。",
                channel,
            )
        return calls

    def _planning_stands_still(self, session: Session, now: datetime, real: datetime) -> list[str]:
        """What was never planned waits in no queue, and looks like nothing to say."""
        if vitals.late(session, now) <= LATE:
            self._unplanned = None
            return []
        still = self._unplanned = self._unplanned or _Still(real, now)
        if real - still.since < STUCK or still.told:
            return []
        still.told = True
        what = f"已有{_length(real - still.since)}没有排期，到期的提醒和催办没有发出"
        log.error("planning-stands-still length=%s", real - still.since)
        called = _is_called_for(session, _PLANNING, real)
        why = "原因：程序有故障，或数据库太慢。"
        advice = "请系统管理员查看日志；要紧的事请先用电话通知。恢复后会自动补发。"
        self._tell(session, now, "排期停滞", what, why, advice, _PLANNING)
        return [f"督办排期停滞：{what}。请查看程序和数据库。"] if called else []

    # ------------------------------------------------------------ complaints

    def _complaints(self, session: Session, now: datetime) -> None:
        troubles = dict(self._troubles())
        for channel, trouble in troubles.items():
            if self._complained.get(channel) != trouble:
                self._tell(
                    session,
                    now,
                    "渠道异常",
                    self._title(channel),
                    f"原因：{trouble}。",
                    "处理后不必重启督办。",
                    channel,
                )
        self._complained = troubles

    # ------------------------------------------------------------ dead chats that nobody can revive by speaking

    def _second_chances(self, session: Session, now: datetime) -> None:
        """Once a day, and after a start, try the dead chats of a channel that hears nothing: no word would revive them."""
        today = local_day(now, self._desk.timezone)
        if self._tried_on == today:
            return
        self._tried_on = today
        for channel in [name for name, abilities in self._channels.items() if not abilities.hears]:
            for chat in register.on_trial(session, channel):
                chat.dead_told = False
            for chat in register.dead_on(session, channel):
                outbox.revive(session, chat, now, on_trial=True)

    def _tell(
        self, session: Session, now: datetime, heading: str, what: str, why: str, advice: str, cause: str = ""
    ) -> None:
        """Tell the coordinators; what comes and goes for the same ``cause`` counts up in one message."""
        cause = f"{heading} {cause or what}"
        alarms.sound(session, Trouble(cause, what, why, advice, heading=heading), now)

    def _title(self, channel: str) -> str:
        abilities = self._channels.get(channel)
        return abilities.title if abilities else channel


def heal(session: Session, now: datetime) -> None:
    """Bring what a clock that ran ahead has written into the future back to ``now``, so that it is looked at again."""
    planned = update(Assignment).where(col(Assignment.planned_until) > now)
    session.execute(planned.values(planned_until=now, next_action_at=now))
    session.execute(update(Assignment).where(col(Assignment.asked_at) > now).values(asked_at=now))
    lived = session.get(Setting, LIVED)
    if lived is not None:
        lived.value = f"{lived.value.split(' ')[0]} {now.isoformat()}"
    far = now + NO_DIGEST_LATER
    session.execute(update(Campaign).where(col(Campaign.next_digest_at) > far).values(next_digest_at=now))
    session.execute(
        update(Notice)
        .where(col(Notice.state).in_(outbox.WAITING), col(Notice.created_at) > now)
        .values(not_before=now, created_at=now)
    )
    session.execute(update(Message).where(col(Message.stale_since) > now).values(stale_since=now, not_before=now))


def _is_called_for(session: Session, channel: str, real: datetime) -> bool:
    """Tell whether nobody was called for this channel lately, by any program on the store; note that somebody is now."""
    mark = session.get(Setting, f"{_CALLED}{channel}", with_for_update={"key_share": True})
    if mark is not None and timedelta() <= real - datetime.fromisoformat(mark.value) < CALL_EVERY:
        return False
    session.merge(Setting(key=f"{_CALLED}{channel}", value=real.isoformat()))
    return True


def _length(duration: timedelta) -> str:
    minutes = int(duration.total_seconds()) // 60
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{minutes % 60}分" if minutes % 60 else f"{hours}小时"
    return f"{minutes}分钟"
