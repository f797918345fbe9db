"""The register's commands for people and chats: contacts, invitations, bindings."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import Failure, Misuse, say, say_json, table
from db import ledger, outbox, register
from db.words import ChatRole, Rank

contact_app = typer.Typer(help="人员：联络员、协调员、领导。", no_args_is_help=True)
app.add_typer(contact_app, name="contact")

UNHEARD = "群里还没有人@过机器人，发不出去：请在群里@机器人说一句话（例如：@督办机器人 我的任务）"
"""Why a chat that was bound from here cannot be reached yet, where somebody must speak to the bot first."""


@contact_app.command("list")
def contact_list(as_json: Json = False) -> None:
    """列出有身份的人员。"""
    from bot.wiring import build

    with build().store.read() as session:
        told = [
            {"name": person.name, "rank": str(rank), "unit": unit}
            for person, rank, unit in register.appointments(session)
        ]
    if as_json:
        say_json(told)
        return
    table(("姓名", "身份", "单位"), [(one["name"], Rank(one["rank"] or "").zh, one["unit"] or "") for one in told])


@contact_app.command("add")
def contact_add(
    name: Annotated[str, typer.Argument(help="姓名")],
    account: Annotated[str, typer.Option(help="账号：渠道:账号，如 console:张三；不给则为 console:姓名")] = "",
    unit: Annotated[str | None, typer.Option(help="联络员所属单位")] = None,
    rank: Annotated[Rank, typer.Option(help="身份")] = Rank.CONTACT,
    at: At = None,
) -> None:
    """登记一个人的身份。"""
    from bot.dialogue.binding import announce
    from bot.wiring import build

    channel, _, external = (account or f"console:{name}").partition(":")
    if not external:
        raise Misuse("--account 须写成 渠道:账号，如 console:张三")
    if rank is Rank.CONTACT and unit is None:
        raise Misuse("联络员须用 --unit 写明单位")
    house = build(at)

    def appointed(session: Session) -> None:
        person = register.person_of(session, channel, external, name)
        of = register.get_unit(session, unit) if unit else None
        register.appoint(session, person, rank, of, house.now())
        held = register.rank_of(rank, of.name if of else None)
        announce(session, f"{person.name}登记为{held}（命令行）。", house.now())

    house.store.settle(appointed)
    say(f"已登记：{name}，{rank.zh}{f'（{unit}）' if unit else ''}。")


@contact_app.command("remove")
def contact_remove(
    name: Annotated[str, typer.Argument(help="姓名")],
    rank: Annotated[Rank | None, typer.Option(help="只取消这一种身份；不给则全部")] = None,
    erase: Annotated[bool, typer.Option("--erase", help="同时删去该人的姓名、文字和账号（链条仍可核验）")] = False,
    at: At = None,
) -> None:
    """取消一个人的身份；--erase 删去其个人信息。"""
    from bot.dialogue.binding import announce
    from bot.wiring import build
    from jobs import personal

    house = build(at)

    def dismissed(session: Session) -> tuple[list[str], int]:
        found = register.people_named(session, name)
        if not found:
            raise Failure(f"没有叫{name}的人员；见 duban contact list")
        ended = [one for person in found for one in register.dismiss(session, person, rank, house.now())]
        if not ended and not erase:
            raise Failure(f"{name}没有{rank.zh if rank else '任何'}身份；见 duban contact list")
        if ended:
            announce(session, f"{name}的身份已取消：{'、'.join(ended)}（命令行）。", house.now())
        return ended, sum(personal.forget(session, person, house.now()) for person in found) if erase else 0

    ended, erased = house.store.settle(dismissed)
    said = [f"已取消{name}的身份：{'、'.join(ended)}"] if ended else []
    say("；".join([*said, *([f"删去 {erased} 条记录中的个人信息"] if erase else [])]) + "。")


@contact_app.command("export")
def contact_export(name: Annotated[str, typer.Argument(help="姓名")], at: At = None) -> None:
    """以 JSON 列出保存的某人的全部信息：账号、身份、记录、说过的话。"""
    from bot.wiring import build
    from jobs import personal

    with build(at).store.read() as session:
        found = register.people_named(session, name)
        for person in found:
            say_json(personal.of_person(session, person))
    if not found:
        raise Failure(f"没有叫{name}的人员；见 duban contact list")


@app.command()
def invite(
    unit: Annotated[str | None, typer.Option(help="邀请一个单位的群")] = None,
    coordinator: Annotated[bool, typer.Option("--coordinator", help="邀请一名协调员")] = False,
    leader: Annotated[
        bool, typer.Option("--leader", help="邀请一名领导（同时给 --unit 则为该单位的领导，只看该单位、只接它的叫应）")
    ] = False,
    name: Annotated[str | None, typer.Option(help="给谁（协调员、领导）：绑定码只认这个人，登记为这个姓名")] = None,
    room: Annotated[ChatRole | None, typer.Option(help="邀请协调室（coordinators）或领导群（leaders）")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="每个单位一个绑定码，写入 --out")] = False,
    out: Annotated[Path | None, typer.Option(help="--all 时写出的文件（.xlsx）")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """生成一次性的绑定码和链接，72 小时内有效。"""
    from bot.dialogue.links import any_invite_link
    from bot.wiring import bind_words, build, learn_links

    kinds = (unit is not None and not leader, coordinator, leader, everyone, room is not None)
    if sum(kinds) != 1 or room is ChatRole.UNIT:
        raise Misuse("请指明一种：--unit 单位、--room coordinators、--coordinator、--leader 或 --all --out 文件")
    if name is not None and not (coordinator or leader):
        raise Misuse("--name 只用于 --coordinator 和 --leader")
    if everyone and out is None:
        raise Misuse("--all 须同时用 --out 给出要写的文件")
    house = build(at, connected=True)
    learn_links(house)
    if everyone and out is not None:
        from bot.dialogue.room.codes import codes_book

        made = house.store.settle(
            lambda session: codes_book(session, bind_words(house), house.now(), house.desk.timezone)
        )
        out.write_bytes(made.content)
        count = made.count
        say_json({"codes": count, "file": str(out)}) if as_json else say(f"已写出 {count} 个绑定码：{out}")
        return
    rank = Rank.COORDINATOR if coordinator else Rank.LEADER if leader else Rank.CONTACT
    group = rank is Rank.CONTACT

    def invited(session: Session) -> tuple[str, datetime, str | None]:
        named = register.get_unit(session, unit) if unit else None
        code, expires = register.invite(session, rank, named, house.now(), room, name)
        return code, expires, any_invite_link(session, code, group=group)

    code, expires, link = house.store.settle(invited)
    told = {"code": code, "link": link, "expires_at": ledger.local_iso(expires, house.desk.timezone)}
    if as_json:
        say_json(told)
        return
    words = bind_words(house) if group else [f"{'/start' if link else '绑定'}"]
    where = "该群里" if group else "与机器人的私聊中"
    how = " 或 ".join(f"{word} {code}" for word in words)
    say(f"绑定码 {code}，{told['expires_at']} 前有效；请在{where}发送：{how}")
    if link:
        say(f"{'点此把机器人加入该群' if group else '请本人点开'}：{link}")


@app.command()
def bind(
    unit: Annotated[str | None, typer.Option(help="把会话绑定给这个单位")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="给每个未绑定的单位各建一个本地会话")] = False,
    room: Annotated[ChatRole | None, typer.Option(help="把会话作为协调室或领导群")] = None,
    chat: Annotated[str | None, typer.Option(help="会话名；不给则与单位同名")] = None,
    channel: Annotated[
        str, typer.Option(help="渠道：console、wecom（群号）、wecom_robot（群机器人的名称）、wecom_app（成员账号）")
    ] = "console",
    fallback: Annotated[bool, typer.Option("--fallback", help="作备用：单位的其他会话都失效时才用")] = False,
    as_json: Json = False,
    at: At = None,
) -> None:
    """绑定本地会话（试用、演练）、群机器人和应用的成员；真实的群用绑定码绑定。"""
    from bot.channels.console import OnBoard
    from bot.dialogue.binding import announce
    from bot.wiring import build

    if sum((unit is not None, everyone, room is not None)) != 1 or room is ChatRole.UNIT:
        raise Misuse("请指明一种：--unit 单位、--all、--room coordinators 或 --room leaders")
    house = build(at, connected=True)
    bindable = [name for name, one in house.channels.items() if not isinstance(one, OnBoard)]
    if channel not in bindable:
        raise Misuse(f"渠道 {channel} 未配置；已配置：{'、'.join(bindable)}")
    unheard = house.channels[channel].abilities.spoken_first

    def bound_to(session: Session) -> list[str]:
        bound = []
        if room is not None:
            name = chat or {ChatRole.COORDINATORS: "协调室", ChatRole.LEADERS: "领导群"}[room]
            known = register.find_chat(session, channel, name)
            made = register.ensure_chat(session, channel, name, name)
            register.bind_room(session, room, made)
            made.dead_why = UNHEARD if unheard and known is None else None
            bound.append(name)
        units = [register.get_unit(session, unit)] if unit else register.unbound_units(session) if everyone else []
        for one in units:
            name = chat or one.name
            known = register.find_chat(session, channel, name)
            made = register.ensure_chat(session, channel, name, name)
            # somebody must have spoken first; what hears nothing is tried anew by being bound anew
            dead_why = (UNHEARD if known is None else made.dead_why) if unheard else None
            register.bind(session, one, made, fallback=fallback)
            if dead_why is not None:
                made.dead_why = dead_why
            elif not fallback or not register.routes_of(session, one.id, own=True):
                outbox.release(session, one.id, made, house.now())
            bound.append(name)
        if bound:
            announce(session, f"{'、'.join(bound)}已绑定（命令行）。", house.now())
        return bound

    bound = house.store.settle(bound_to)
    say_json({"bound": bound}) if as_json else say(
        f"已绑定 {len(bound)} 个会话：{'、'.join(bound) or '没有未绑定的单位'}"
    )
