"""The doctor: what is configured, what is missing, and how to mend it."""

import asyncio
import os
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlmodel import Session, select

from bot import settings as settings_module
from bot.channels.incoming import Refused
from bot.channels.service import Service, as_called, introduce
from bot.settings import Settings, SettingsError
from bot.wiring import SERVICES, Offer, make_desk, open_store
from db import leases, ledger, register
from db.clock import WallClock, shared
from db.models import Notice
from db.session import Store, StoreError
from db.words import ChatRole, DeliveryState
from db.workdays import china
from jobs.planning.policy import PolicyError

LOW_DISK = 200 * 1024 * 1024
"""Bytes of free space under which the doctor complains."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    check: str
    ok: bool
    found: str
    advice: str = ""


def examine() -> list[Finding]:
    """Look at everything; later checks are left out where an earlier one makes them impossible."""
    try:
        settings = settings_module.load()
    except SettingsError as error:
        return [Finding("设置", False, str(error), "改正后再运行 duban doctor")]
    found = [Finding("设置", True, f"数据文件夹 {settings.data_dir}，时区 {settings.timezone}")]
    found += [Finding("设置名称", False, line, "改正或删去这个环境变量") for line in settings_module.unknown()]
    found += [check(settings) for check in _CHECKS]
    try:
        store = open_store(settings)
    except StoreError as error:
        return [*found, Finding("数据库", False, str(error))]
    found.append(Finding("数据库", True, f"{store.shown_url}，版本相符"))
    return [*found, *_store_checks(store)]


def _policy(settings: Settings) -> Finding:
    try:
        make_desk(settings)
    except PolicyError as error:
        return Finding("策略", False, str(error), "修改 DUBAN_POLICY 所指的文件")
    return Finding("策略", True, str(settings.policy or "默认"))


def _calendar(settings: Settings) -> Finding:
    today = ledger.local_day(WallClock().now(), settings.timezone)
    ahead = today.replace(year=today.year + 1, day=min(today.day, 28))
    if china().provisional(today):
        return Finding("节假日", False, f"{today.year}年的节假日未知，只按周末计算", "升级 chinesecalendar")
    note = "" if not china().provisional(ahead) else f"；{ahead.year}年尚未公布，按周末暂算"
    return Finding("节假日", True, f"{today.year}年已知{note}")


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir if settings.data_dir.exists() else settings.data_dir.absolute().parent
    free = shutil.disk_usage(folder).free
    return Finding("磁盘", free > LOW_DISK, f"剩余 {free // 2**20} MB", "" if free > LOW_DISK else "清理磁盘")


def _privacy(settings: Settings) -> Finding:
    """Look whether others on this machine can read what is kept; the folder's own lock protects all that is in it."""
    if os.name != "posix" or not settings.data_dir.exists():
        return Finding("文件权限", True, "尚无数据文件夹")
    folder = settings.data_dir
    written = [(path, path.lstat()) for path in _written(settings)]
    strangers = [path for path, status in written if status.st_uid not in (os.geteuid(), 0)]
    if strangers:
        return Finding("文件权限", False, f"{strangers[0]} 属于其他用户", f"chown -R $(id -un) {strangers[0].parent}")
    wide = [path for path, status in written if status.st_mode & 0o077 and not path.is_symlink()]
    if wide:
        where = folder if folder in (wide[0], *wide[0].parents) else wide[0]
        return Finding("文件权限", False, f"其他用户可读：{wide[0]}等 {len(wide)} 处", f"chmod -R go-rwx {where}")
    return Finding("文件权限", True, "只有本用户可读")


def _written(settings: Settings) -> Iterator[Path]:
    yield settings.data_dir
    yield from settings.data_dir.rglob("*")
    if settings.url.startswith("sqlite:///"):
        database = settings.url.removeprefix("sqlite:///").partition("?")[0]
        yield from (path for tail in ("", "-wal", "-shm") if (path := Path(database + tail)).exists())


def _web(settings: Settings) -> Finding:
    safe = not settings.room_is_open_to_all
    advice = "" if safe else "对外监听须设置 DUBAN_WEB_PASSWORD"
    return Finding("网页", safe, f"{settings.web_host}:{settings.web_port}", advice)


LOOK_SECONDS = 10.0
"""How long the doctor waits for a service to say who we are there."""


async def _introduced(channel: Service) -> str:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await introduce(channel)
        return channel.greeting
    except TimeoutError:
        raise ConnectionError(f"{LOOK_SECONDS:.0f}秒内没有应答") from None
    finally:
        await channel.close()


def _service(offer: Offer, settings: Settings) -> Finding:
    """Look at one service that may be configured; looking disturbs nothing that runs."""
    try:
        channel = offer.make(settings)
        if channel is None:
            return Finding(offer.title, True, f"未配置（{offer.setting}）")
        who = asyncio.run(_introduced(channel))
    except (Refused, ConnectionError, SettingsError) as error:
        return Finding(offer.title, False, f"连不上（{error}）", offer.advice)
    return Finding(offer.title, True, f"{who}，网址回调" if as_called(channel) else who)


def _scanner(settings: Settings) -> Finding:
    if settings.scanner is None:
        return Finding("病毒检查", True, "未配置（DUBAN_SCANNER）")
    words = shlex.split(settings.scanner)
    there = bool(words) and shutil.which(words[0]) is not None
    return Finding("病毒检查", there, settings.scanner, "" if there else "找不到该程序；收到的文件将一律不收存")


def _call(settings: Settings) -> Finding:
    if settings.call is None:
        return Finding("电话叫应", True, "未配置（DUBAN_CALL）")
    words = shlex.split(settings.call)
    there = bool(words) and shutil.which(words[0]) is not None
    return Finding(
        "电话叫应", there, words[0] if words else "", "" if there else "找不到该程序；叫应未回应的单位将无法电话呼叫"
    )


_CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    _policy,
    _calendar,
    _disk,
    _privacy,
    _web,
    *(partial(_service, offer) for offer in SERVICES),
    _scanner,
    _call,
)


APART = timedelta(seconds=10)
"""So far apart a machine's clock and its database's may be; days and office hours go by the machine's."""


def clock(session: Session) -> Finding:
    """Look whether this machine's clock goes with the database's."""
    ahead = WallClock().now() - shared(session)
    if abs(ahead) < APART:
        return Finding("时钟", True, "与数据库一致")
    way = "快" if ahead > timedelta() else "慢"
    return Finding("时钟", False, f"本机比数据库{way} {abs(ahead).total_seconds():.0f} 秒", "校准两边的时钟（NTP）")


def _store_checks(store: Store) -> Iterator[Finding]:
    with store.read() as session:
        yield clock(session)
        unbound = register.unbound_units(session)
        room = register.rooms(session, ChatRole.COORDINATORS)
        campaigns = ledger.running(session)
        states = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
        dead = register.dead_chats(session)
        held = leases.held(session, shared(session))
        troubled = session.exec(select(Notice.id).where(Notice.state.in_(states))).all()  # type: ignore[attr-defined]
    yield Finding(
        "专项行动", True, f"{len(campaigns)} 个进行中", "" if campaigns else "duban import 文件，再 duban activate"
    )
    yield Finding(
        "协调室",
        bool(room) or not campaigns,
        room[0].title if room else "未绑定",
        "" if room else "duban bind --room coordinators",
    )
    yield Finding(
        "单位会话",
        not (unbound and campaigns),
        f"{len(unbound)} 个单位未绑定" if unbound else "全部已绑定",
        "duban invite --unit 单位，或 duban bind --all（本地试用）" if unbound else "",
    )
    yield Finding(
        "失效会话",
        not dead,
        "；".join(f"{chat.title}：{chat.dead_why}" for chat in dead[:5]) or "没有",
        "按说明处理后，在该群里发一句话" if dead else "",
    )
    for lease in held:
        seen = f"，最近正常 {ledger.local_iso(lease.seen_at, 'Asia/Shanghai')}" if lease.seen_at else ""
        yield Finding("连接", True, f"{lease.name} 由 {lease.holder} 使用{seen}")
    yield Finding(
        "送达",
        not troubled,
        f"{len(troubled)} 条失败或结果不明" if troubled else "无失败",
        "duban deliveries --state failed" if troubled else "",
    )
