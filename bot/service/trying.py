"""duban try: plays the year up to where it becomes telling, opens the page, and waits until whoever tries has seen enough."""

import asyncio
import contextlib
import signal
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from bot import settings as settings_module
from bot.service.trial import START, TELLING, ZONE, Trial
from bot.service.web.server import Served, Site, planned
from bot.terminal import Failure, say
from db import days
from jobs.reading import guard


def try_out(day: date | None, keep: Path | None, port: int | None) -> None:
    """Open a trial that begins on ``day``; its store stays in the new folder ``keep``, or goes when the trial ends."""
    with contextlib.ExitStack() as stack:
        if keep is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="duban-", ignore_cleanup_errors=True)))
        else:
            folder = _made(keep)
        settings = settings_module.load()
        if port is not None:
            settings = settings.model_copy(update={"web_port": port})
        trial = Trial(folder, settings)
        site = planned(trial.house)
        _begin(trial, day)
        asyncio.run(_serve(trial, site))
        trial.turn("pause")
        trial.rests()
        if keep is not None:
            trial.keep()
            say(f"已停止。试用的库留在 {keep}：DUBAN_DATA_DIR={keep} duban ledger")
        else:
            say("已停止，什么都没有留下。")
        trial.house.store.close()


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise Failure(f"{folder} 已经存在；--keep 须指向一个新的文件夹") from None
    except OSError as error:
        raise Failure(f"文件夹无法建立：{folder}（{error.strerror}）") from None
    return folder


def _begin(trial: Trial, day: date | None) -> None:
    """Play the year up to the beginning; in a terminal a bar shows how far it is."""
    console = Console(highlight=False)
    say(f"示例清单：{trial.title}，{trial.tasks} 项任务。")
    say("请稍候，先让这一年过到开始的那天。")
    end = datetime.combine(day, TELLING.timetz()) if day is not None else TELLING
    columns = (TextColumn("让这一年过到今天"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task("", total=max((end - START).total_seconds(), 1))

        def advance(moment: datetime) -> None:
            local = moment.astimezone(ZONE)
            bar.update(task, completed=(local - START).total_seconds(), description=f"{local:%Y-%m-%d}")

        trial.begin(day, advance)


async def _serve(trial: Trial, site: Site) -> None:
    loop, stopping = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    served = Served(trial.house, site, {}, trial)
    await served.open()
    today = trial.house.now().astimezone(ZONE)
    say(
        f"虚拟时间 {days.with_weekday(today.date())}{today:%H:%M}；别人由程序扮演，您在哪个会话发言，哪个会话就交给您。"
    )
    say(f"请在浏览器打开：{served.address}")
    say("三个入口：作为单位 · 作为协调员 · 作为领导。Ctrl-C 结束。")
    sys.stdout.flush()
    await stopping.wait()
    guard.stop_all()
    await served.close()
