"""The composition root: settings become a store, a desk, channels and an inbox. It alone may import everything."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from alembic.util import CommandError
from sqlmodel import Session, select

from bot import settings as settings_module
from bot.channels.console import ConsoleChannel, InBrowser, OnBoard
from bot.channels.incoming import Refused
from bot.channels.service import Invites, Service, introduce
from bot.dialogue.links import invite_link, remember_links
from bot.inbound.inbox import Inbox
from bot.inbound.keeping import command_scanner
from bot.settings import Settings, SettingsError
from db import migrate, outbox
from db.archive import Archive
from db.clock import Clock, FastClock, VirtualClock, WallClock
from db.models import Campaign, Setting
from db.session import Store, StoreError
from jobs.desk import Desk, default_policy
from jobs.letterhead import Letterhead, fonts_in
from jobs.planning.policy import PolicyError
from jobs.ports import Abilities, Channel
from jobs.printed.charts import drawer

VIRTUAL_START = datetime(2000, 1, 1, tzinfo=UTC)
"""Where a new virtual store's clock stands until somebody turns it."""


@dataclass(frozen=True)
class House:
    """Everything a command or the service needs, put together once; what changes while it runs has an object of its own.

    ``channels`` are all that messages go out by, ``services`` those of them that are configured from outside.
    """

    settings: Settings
    store: Store
    desk: Desk
    clock: Clock
    channels: Mapping[str, Channel]
    inbox: Inbox
    virtual: bool
    services: tuple[Service, ...] = ()

    def now(self) -> datetime:
        """Return the present instant of the house's clock, in UTC."""
        return self.clock.now()

    @property
    def abilities(self) -> dict[str, Abilities]:
        """What each channel can do, by its name."""
        return {name: channel.abilities for name, channel in self.channels.items()}


def policy_text(settings: Settings) -> str:
    """Return the policy that settings name, or the one that ships with the program."""
    if settings.policy is None:
        return default_policy()
    try:
        return settings.policy.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"策略文件无法读取：{settings.policy}（DUBAN_POLICY）：{error}") from None


def make_desk(settings: Settings) -> Desk:
    """Return the desk with the operator's policy, zone, letterhead and address."""
    own = settings
    letterhead = Letterhead(
        own.paper_office, own.paper_copies, own.paper_code, own.paper_number, fonts_in(own.paper_fonts)
    )
    return Desk(
        policy_text(own),
        own.timezone,
        letterhead=letterhead,
        archive=Archive(own.data_dir),
        site=own.web_url,
        telephones=own.call is not None,
        keep_days=own.keep_days,
        draw=drawer(Path(own.chart_font) if own.chart_font else None),
    )


def open_store(settings: Settings) -> Store:
    """Open the store that settings name; its schema must be this program's. Raise ``StoreError``."""
    data_folder(settings)
    store = Store(settings.url)
    try:
        migrate.check(store)
    except CommandError as error:
        raise StoreError(f"数据库版本无法识别：{error}") from error
    return store


def data_folder(settings: Settings) -> None:
    """Make the data folder where it is not there yet; raise ``StoreError`` where it cannot be."""
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
    data_folder(settings)
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


def build(at: str | None = None, *, connected: bool = False) -> House:
    """Put the house together from the settings; ``at`` turns the clock of a virtual store.

    Where it is ``connected``, it has the services that are configured; nothing is asked of them yet.
    """
    settings = settings_module.load()
    desk, store = make_desk(settings), open_store(settings)
    virtual, clock = _clock(store, at, settings)
    return _house(settings, desk, store, clock, virtual, services_of(settings, virtual) if connected else ())


def build_service(start_at: str | None, speed: float) -> House:
    """Put the house together for a service that runs, with every channel that is configured.

    A virtual store's clock runs on from ``start_at``, or from where it stood, ``speed`` times as fast as real time; for any
    other store neither may be given.
    """
    settings = settings_module.load()
    desk, store = make_desk(settings), open_store(settings)
    virtual, clock = _clock(store, None, settings)
    if virtual:
        clock = _running_on(store, clock, start_at, speed, settings)
    elif start_at is not None or speed != 1.0:
        raise StoreError("--start-at 和 --speed 只能用于虚拟时钟的库；请先用 duban migrate --virtual 建立")
    return _house(settings, desk, store, clock, virtual, services_of(settings, virtual), InBrowser())


def _running_on(store: Store, clock: Clock, start_at: str | None, speed: float, settings: Settings) -> Clock:
    """Let a virtual store's clock run on from where it stood, also where the program was killed."""
    start = parse_moment(start_at, settings.timezone) if start_at else clock.now()
    with store.read() as session:
        last = outbox.last_try(session)
    return FastClock(max(start, clock.now(), last or start), speed)


def _house(
    settings: Settings,
    desk: Desk,
    store: Store,
    clock: Clock,
    virtual: bool,
    services: tuple[Service, ...],
    console: ConsoleChannel | None = None,
) -> House:
    """Put a house together; ``console`` is how the local chats are shown where that is not a terminal."""
    local: Channel = console or ConsoleChannel()
    ours: tuple[Channel, ...] = (local, OnBoard())
    channels: dict[str, Channel] = {channel.name: channel for channel in (*ours, *services)}
    abilities = {name: channel.abilities for name, channel in channels.items()}
    scan = command_scanner(settings.scanner) if settings.scanner else None
    inbox = Inbox(store, desk, abilities, scan, WallClock().now)
    return House(settings, store, desk, clock, channels, inbox, virtual, services)


def _telegram(settings: Settings) -> Service | None:
    if settings.telegram_token is None:
        return None
    from bot.channels.telegram.channel import TelegramChannel

    return TelegramChannel(
        settings.telegram_token.get_secret_value(), settings.telegram_api_url, webhook=settings.telegram_webhook
    )


def _wecom_bot(settings: Settings) -> Service | None:
    if settings.wecom_bot_id is None or settings.wecom_bot_secret is None:
        return None
    from bot.channels.wecom.ai_bot import WecomBot

    return WecomBot(settings.wecom_bot_id, settings.wecom_bot_secret.get_secret_value(), settings.wecom_ws_url)


def _wecom_robots(settings: Settings) -> Service | None:
    if not settings.wecom_robots:
        return None
    from bot.channels.wecom.robot import WecomRobot

    keys = {name: key.get_secret_value() for name, key in settings.wecom_robots.items()}
    return WecomRobot(keys, settings.wecom_api_url)


def _wecom_app(settings: Settings) -> Service | None:
    if settings.wecom_corp_id is None or settings.wecom_app_secret is None or settings.wecom_app_agent_id is None:
        return None
    from bot.channels.wecom.app import WecomApp

    token, key = settings.wecom_app_token, settings.wecom_app_aes_key
    try:
        return WecomApp(
            settings.wecom_corp_id,
            settings.wecom_app_secret.get_secret_value(),
            settings.wecom_app_agent_id,
            now=WallClock().now,
            token=token.get_secret_value() if token else None,
            aes_key=key.get_secret_value() if key else None,
            api_url=settings.wecom_api_url,
            home=settings.wecom_home,
        )
    except Refused as refusal:
        raise SettingsError(f"{refusal}（DUBAN_WECOM_APP_AES_KEY）") from None


@dataclass(frozen=True, slots=True)
class Offer:
    """A chat service that there is: what it is called, the setting that turns it on, what makes it where its settings are
    given, and what to look at where it cannot be reached."""

    title: str
    setting: str
    make: Callable[[Settings], Service | None]
    advice: str


_WECOM_ADVICE = "核对网络和出站防火墙，以及 DUBAN_WECOM_WS_URL、DUBAN_WECOM_API_URL"

SERVICES = (
    Offer("Telegram", "DUBAN_TELEGRAM_TOKEN", _telegram, "核对令牌、网络和 DUBAN_TELEGRAM_API_URL"),
    Offer("企业微信机器人", "DUBAN_WECOM_BOT_ID", _wecom_bot, _WECOM_ADVICE),
    Offer("企业微信群机器人", "DUBAN_WECOM_ROBOTS", _wecom_robots, _WECOM_ADVICE),
    Offer("企业微信应用", "DUBAN_WECOM_CORP_ID", _wecom_app, _WECOM_ADVICE),
)
"""The chat services there are; whoever adds one adds its line."""


def services_of(settings: Settings, virtual: bool) -> tuple[Service, ...]:
    """Return the services that are configured; nothing is asked of them yet.

    On a virtual clock a service must be on this machine: people would hear of days that are not today.
    """
    made = tuple(service for offer in SERVICES if (service := offer.make(settings)) is not None)
    if virtual and not all(is_loopback(url) for service in made for url in service.addresses):
        raise StoreError("虚拟时钟的库不能连接真实的聊天服务；请换用普通的库（duban migrate），或指向本机的服务")
    return made


def learn_links(house: House) -> None:
    """Ask the services of a house how their links look, where nobody has yet; without them a code alone will do."""
    for service in house.services:
        if not isinstance(service, Invites):
            continue
        with house.store.read() as session:
            known = invite_link(session, service.name, "", group=True) is not None
        if not known:
            links = asyncio.run(_links_of(service, service))
            if links is not None:
                with house.store.write() as session:
                    remember_links(session, service.name, *links)


def bind_words(house: House) -> list[str]:
    """Return how a group is bound with a code on the services of a house, or where it has none, in general."""
    every = [service.abilities for service in house.services]
    hearing = [one for one in every if one.hears and (one.announces or one.spoken_first)]
    return list(dict.fromkeys(one.bind_word for one in hearing)) or ["/bind"]


async def _links_of(service: Service, inviting: Invites) -> tuple[str, str] | None:
    try:
        await introduce(service)
        return inviting.links()
    except ConnectionError:
        return None
    finally:
        await service.close()


def is_loopback(url: str) -> bool:
    """Tell whether an address is this machine."""
    return urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")


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
