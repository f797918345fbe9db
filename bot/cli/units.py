"""The register's commands for units: their names, members, groups."""

from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import say, say_json, table
from db import register
from db.models import Chat, Route

unit_app = typer.Typer(help="单位：查看、别名、成员。", no_args_is_help=True)
app.add_typer(unit_app, name="unit")


@unit_app.command("list")
def unit_list(as_json: Json = False) -> None:
    """列出单位、别名、成员和会话。"""
    from bot.wiring import build

    house = build()
    with house.store.read() as session:
        told: list[dict[str, Any]] = [
            {
                "unit": unit.name,
                "collective": unit.collective,
                "level": unit.level,
                "aliases": register.aliases(session, unit),
                "former": register.aliases(session, unit, former=True),
                "members": [member.name for member in register.members(session, unit)],
                "chats": [_shown(route, chat) for route, chat in register.routes_of(session, unit.id, dead=True)],
            }
            for unit in register.all_units(session)
        ]
    if as_json:
        say_json(told)
        return
    table(
        ("单位", "层级", "别名", "成员", "会话"),
        [
            (
                one["unit"],
                one["level"],
                "、".join([*one["aliases"], *(f"{name}（曾用名）" for name in one["former"])]),
                "、".join(one["members"]) or ("未展开" if one["collective"] else ""),
                "、".join(one["chats"]) or "未绑定",
            )
            for one in told
        ],
    )


def _shown(route: Route, chat: Chat) -> str:
    about = [*(["备用"] if route.fallback else []), *([f"无法送达：{chat.dead_why}"] if chat.dead_why else [])]
    return chat.title + (f"（{'，'.join(about)}）" if about else "")


@unit_app.command("alias")
def unit_alias(
    name: Annotated[str, typer.Argument(help="单位")], other: Annotated[str, typer.Argument(help="别名")]
) -> None:
    """记下单位的另一个名称。"""
    from bot.wiring import build

    build().store.settle(lambda session: register.add_alias(session, register.get_unit(session, name), other))
    say(f"已记下：{other}即{name}。")


@unit_app.command("members")
def unit_members(
    name: Annotated[str, typer.Argument(help="集合单位，如 省危化安全专委会成员单位")],
    member: Annotated[list[str], typer.Argument(help="成员单位（可多个）")],
    at: At = None,
) -> None:
    """说明集合单位由哪些单位组成；已有的交办随之展开到各成员。"""
    from bot.wiring import build
    from jobs.campaigns.expansion import expand_unit

    house = build(at)

    def expanded(session: Session) -> tuple[int, int]:
        unit = register.get_unit(session, name)
        new = register.set_members(session, unit, member)
        return len(new), expand_unit(session, unit, house.now())

    new, made = house.store.settle(expanded)
    say(f"{name}：新增成员 {new} 个，展开出 {made} 项交办。")


@unit_app.command("former")
def unit_former(
    name: Annotated[str, typer.Argument(help="单位")],
    other: Annotated[str, typer.Argument(help="它的曾用名，或并入它的单位")],
) -> None:
    """记下单位的曾用名：机构改革前的名称。"""
    from bot.wiring import build

    build().store.settle(
        lambda session: register.add_alias(session, register.get_unit(session, name), other, former=True)
    )
    say(f"已记下：{other}现为{name}。")


@unit_app.command("suggest")
def unit_suggest(as_json: Json = False) -> None:
    """列出名称相近、可能是同一单位的，由人确认。"""
    from bot.wiring import build
    from db.register.likeness import suggestions

    with build().store.read() as session:
        found = [{"unit": one.unit.name, "known": one.known.name, "score": one.score} for one in suggestions(session)]
    if as_json:
        say_json(found)
        return
    if not found:
        say("没有名称相近的单位。")
        return
    table(("名称", "可能就是", "相似度"), [(one["unit"], one["known"], one["score"]) for one in found])
    say("确认：duban unit same 名称 单位；不是同一单位：duban unit different 名称 单位")


@unit_app.command("same")
def unit_same(
    name: Annotated[str, typer.Argument(help="多出来的名称")],
    known: Annotated[str, typer.Argument(help="它其实是哪个单位")],
    at: At = None,
) -> None:
    """确认两个名称是同一单位：交办并到一处，以后自动认得。"""
    from bot.wiring import build
    from db.history import OPERATOR
    from db.register.merging import merge

    house = build(at)

    def merged(session: Session) -> tuple[str, int]:
        into = register.get_unit(session, known)
        return into.name, merge(session, register.get_unit(session, name), into, OPERATOR, house.now())

    told, moved = house.store.settle(merged)
    say(f"已合并：{name}即{told}，转入 {moved} 项交办。")


@unit_app.command("different")
def unit_different(
    name: Annotated[str, typer.Argument(help="单位")], other: Annotated[str, typer.Argument(help="另一个单位")]
) -> None:
    """确认两个名称是不同的单位：以后不再提示。"""
    from bot.wiring import build
    from db.register.likeness import keep_apart

    build().store.settle(
        lambda session: keep_apart(session, register.get_unit(session, name), register.get_unit(session, other))
    )
    say(f"已记下：{name}和{other}是两个单位。")


@unit_app.command("export")
def unit_export(out: Annotated[Path, typer.Option(help="写到哪个 .xlsx 文件")] = Path("units.xlsx")) -> None:
    """导出单位名录：名称、层级、别名、曾用名、成员。"""
    from bot.wiring import build
    from jobs import roster

    with build().store.read() as session:
        out.write_bytes(roster.book(session))
        say(f"已写出 {len(register.all_units(session))} 个单位：{out}")


@unit_app.command("import")
def unit_import(file: Annotated[Path, typer.Argument(help="填好的 .xlsx 或 .csv")], as_json: Json = False) -> None:
    """导入单位名录；已有的只增不减。"""
    from bot.tools import unit_sheet
    from bot.wiring import build
    from db.history import OPERATOR
    from jobs import roster

    house, told = build(), unit_sheet.read(file)
    done = house.store.settle(lambda session: roster.apply(session, told, OPERATOR, house.now()))
    members = sum(len(names) for _unit, names in done.members)
    if as_json:
        say_json({"new": len(done.new), "names": len(done.names), "members": members, "refused": done.refused})
        return
    say(f"新增单位 {len(done.new)} 个、名称 {len(done.names)} 个、成员 {members} 个。")
    for line in done.refused:
        say(f"　未采用：{line}")
