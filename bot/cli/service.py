"""Running the program: run, demo, try, migrate, doctor, backup, restore, bench."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.reading import Json
from bot.cli.shell import app
from bot.memory import settle_down
from bot.terminal import Failure, Misuse, mutter, say, say_json


@app.command()
def run(
    start_at: Annotated[
        str | None, typer.Option(help="只用于虚拟时钟的库：从这一刻开始，如 2022-06-01T08:59+08:00")
    ] = None,
    speed: Annotated[float, typer.Option(help="只用于虚拟时钟的库：时钟快多少倍")] = 1.0,
) -> None:
    """运行服务：已配置的渠道；都没有则打开本地会话网页。"""
    from bot.service.run import serve

    if speed <= 0:
        raise Misuse("--speed 须大于 0")
    serve(start_at, speed)


@app.command()
def demo(
    whole: Annotated[
        bool, typer.Option("--all", help="另演记分、值班、抽查、定期调度、自查、复查五幕；台账逐项列出，不折叠")
    ] = False,
) -> None:
    """演示：示例清单在虚拟时钟上过完 2022 年，讲成十幕，最后给出台账；不需要账号和网络。"""
    from bot.tools.demo.show import play

    settle_down()
    play(whole=whole)


@app.command(name="try")
def try_(
    day: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="从 2022 年的这一天开始，如 2022-03-01")
    ] = None,
    keep: Annotated[Path | None, typer.Option(help="把试用的库留在这个（新的）文件夹里；不写则不留")] = None,
    port: Annotated[int | None, typer.Option(help="网页的端口", min=0, max=65535)] = None,
) -> None:
    """试用：浏览器里的示例清单和虚拟时钟，可作单位、协调员、领导；不需要账号和网络，什么都不留下。"""
    from bot.cli.shell import a_day
    from bot.service.trying import try_out

    try_out(a_day(day, "--from"), keep, port)


@app.command()
def migrate(
    virtual: Annotated[bool, typer.Option("--virtual", help="建一个活在虚拟时钟上的库（仅供试用和测试）")] = False,
    as_json: Json = False,
) -> None:
    """建立数据库，或把它升级到本程序的版本。"""
    from bot.wiring import prepare_store

    changed, version = prepare_store(virtual)
    if as_json:
        say_json({"changed": changed, "version": version, "virtual": virtual})
    else:
        say(f"数据库已{'建立或升级' if changed else '是最新'}（版本 {version}）{'，使用虚拟时钟' if virtual else ''}。")


@app.command()
def doctor(as_json: Json = False) -> None:
    """体检：配置了什么、缺什么、怎么补。"""
    from bot.tools.doctor import examine

    findings = examine()
    if as_json:
        say_json([{"check": one.check, "ok": one.ok, "found": one.found, "advice": one.advice} for one in findings])
    else:
        for one in findings:
            say(f"{'✓' if one.ok else '✗'} {one.check}：{one.found}" + (f"　→ {one.advice}" if one.advice else ""))
    bad = [one for one in findings if not one.ok]
    if bad:
        raise Failure(f"{len(bad)} 项需要处理：{'、'.join(one.check for one in bad)}")


Faulty = Annotated[bool, typer.Option("--faulty", help="有缺损也照做，并逐条列出")]


@app.command()
def backup(
    to: Annotated[Path, typer.Argument(help="备份文件（.zip），不能已存在")],
    faulty: Faulty = False,
) -> None:
    """备份：同一时刻的数据库和全部文件，核验后放进一个 .zip；运行中、升级前都可以做。"""
    from bot.tools.backup import back_up

    kept = back_up(to, faulty=faulty)
    _list_faults(kept.faults)
    say(f"已备份：{to}（版本 {kept.version}，{kept.rows} 行，{kept.files} 个文件，已核验）")


@app.command()
def restore(
    backup_file: Annotated[Path, typer.Argument(metavar="FILE", help="duban backup 写出的 .zip")],
    to: Annotated[
        str | None, typer.Option("--to", metavar="URL", help="恢复到这个数据库；不写则为设置中的数据库")
    ] = None,
    faulty: Faulty = False,
) -> None:
    """恢复：把备份放进一个空的数据库（SQLite 或 PostgreSQL），逐行核对，并核验记录和文件。"""
    from bot.tools.backup import restore as bring_back
    from db import migrate as versions

    kept, where, folder = bring_back(backup_file, to, faulty=faulty)
    _list_faults(kept.faults)
    say(f"已恢复到 {where}（版本 {kept.version}，{kept.rows} 行），{kept.files} 个文件在 {folder}，已核验。")
    if kept.version != versions.head():
        say("备份的版本较旧：请再运行 duban migrate。")


def _list_faults(faults: Iterable[str]) -> None:
    for fault in faults:
        say(f"缺损：{fault}")


@app.command()
def bench(
    as_json: Json = False,
    quick: Annotated[bool, typer.Option("--quick", help="小规模，快速看一遍")] = False,
    only: Annotated[str | None, typer.Option(help="只测名称里带这个词的项目")] = None,
) -> None:
    """测量：同一次运行中并排比较，输出表格或 JSON。"""
    from bot.tools.bench.run import measure, show

    rows = []
    try:
        for row in measure(quick=quick, only=only):
            rows.append(row)
            if as_json:
                say_json(row)
            else:
                mutter(f"测得 {row['what']}：{row['ours']}")
    finally:  # what was measured before a fault, or before somebody had enough, is shown all the same
        if not as_json:
            show(rows)
