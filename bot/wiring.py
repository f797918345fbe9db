"""The composition root: settings become a store, a desk, channels and an inbox. It alone may import everything."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from alembic.util import CommandError
from sqlmodel import Session, select

from bot import settings as settings_module
from bot.channels.console import ConsoleChannel
from bot.inbox import Inbox
from bot.settings import Settings
from db import migrate
from db.archive import Archive
from db.clock import Clock, VirtualClock, WallClock
from db.models import Campaign, Setting
from db.session import Store, StoreError
from jobs.desk import Desk, default_policy
from jobs.planning.policy import PolicyError
from jobs.ports import Channel

VIRTUAL_START = datetime(2000, 1, 1, tzinfo=UTC)
"""Where a new virtual store's clock stands until somebody turns it."""


@dataclass
class House:
    """Everything a command needs."""

    settings: Settings
    store: Store
    desk: Desk
    clock: Clock
    channels: dict[str, Channel]
    inbox: Inbox
    virtual: bool

    def now(self) -> datetime:
        """Return the present instant of the house's clock, in UTC."""
        return self.clock.now()


def policy_text(settings: Settings) -> str:
    """Return the policy that settings name, or the one that ships with the program."""
    if settings.policy is None:
        return default_policy()
    try:
        return settings.policy.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"策略文件无法读取：{settings.policy}（DUBAN_POLICY）：{error}") from None


def make_desk(settings: Settings) -> Desk:
    """Return the desk with the operator's policy and zone."""
    return Desk(policy_text(settings), settings.timezone, archive=Archive(settings.data_dir))


def open_store(settings: Settings) -> Store:
    """Open the store that settings name; its schema must be this program's. Raise ``StoreError``."""
    _data_folder(settings)
    store = Store(settings.url)
    try:
        migrate.check(store)
    except CommandError as error:
        raise StoreError(f"数据库版本无法识别：{error}") from error
    return store


def _data_folder(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"数据文件夹无法建立：{settings.data_dir}（{error.strerror}）；请检查 DUBAN_DATA_DIR"
        ) from error


def prepare_store(virtual: bool) -> tuple[bool, str]:
    """Bring the store that settings name to this program's schema; tell whether anything was done, and the version.

    ``virtual`` marks a new store as living on a virtual clock; one with campaigns in it is not turned into that.
    """
    settings = settings_module.load()
    _data_folder(settings)
    store = Store(settings.url)
    changed = migrate.upgrade(store)
    if virtual:
        with store.write() as session:
            if session.get(Setting, "virtual_now") is None:
                if session.exec(select(Campaign.id)).first() is not None:
                    raise StoreError("库里已有专项行动，不能改用虚拟时钟；请用 DUBAN_DATABASE_URL 指向新的库")
                keep_clock(session, VIRTUAL_START)
                changed = True
    return changed, migrate.head()


def build(at: str | None = None) -> House:
    """Put the house together from the settings; ``at`` turns the clock of a virtual store."""
    settings = settings_module.load()
    desk = make_desk(settings)
    store = open_store(settings)
    virtual, clock = _clock(store, at, settings)
    inbox = Inbox(store, desk)
    return House(settings, store, desk, clock, {"console": ConsoleChannel()}, inbox, virtual)


def _clock(store: Store, at: str | None, settings: Settings) -> tuple[bool, Clock]:
    with store.read() as session:
        stands = session.get(Setting, "virtual_now")
    if stands is None:
        if at is not None:
            raise StoreError("--at 只能用于虚拟时钟的库；请先用 duban migrate --virtual 建立")
        return False, WallClock()
    clock = VirtualClock(datetime.fromisoformat(stands.value))
    if at is not None:
        clock.turn_to(parse_moment(at, settings.timezone))
        with store.write() as session:
            keep_clock(session, clock.now())
    return True, clock


def keep_clock(session: Session, now: datetime) -> None:
    """Remember where a virtual store's clock stands."""
    session.merge(Setting(key="virtual_now", value=now.isoformat()))


def parse_moment(text: str, timezone: str) -> datetime:
    """Read an ISO 8601 instant; without an offset it is the zone's. Raise ``StoreError`` in one line."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise StoreError(f"时间写法不对：{text}；请写成 2022-06-01T08:59+08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))


def sample(name: str) -> Path:
    """Return the path of a sample document."""
    import samples

    return Path(samples.__file__).parent / name
