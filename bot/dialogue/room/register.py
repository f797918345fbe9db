"""The register from the room: invitations, bindings, units."""

import re

from bot.dialogue import access, binding
from bot.dialogue.access import Denied
from bot.dialogue.binding import ROOM_NAMES
from bot.dialogue.links import invite_link
from bot.dialogue.room import handing
from bot.dialogue.turn import Effect, Turn
from db import ledger, outbox, register
from db.bodies import ReplyBody
from db.ledger import Which
from db.models import Chat, Route, Unit
from db.register import RegisterError
from db.register.likeness import keep_apart
from db.register.merging import merge
from db.words import UNENDED, ChatRole, Rank
from jobs.notices.press import Verb, button
from jobs.notices.render import say

UNITS_SHOWN = 40

_BIND = re.compile(r"^(\S+)\s+(?:到\s*)?(?:群号|群)?\s*(.+)$")

SHEETS = {"全部": False, "全部单位": False, "所有单位": False, "未绑定": True, "未绑定单位": True}
"""For whom a sheet of codes is made: for all units, or for those alone that no chat reaches."""

RANKS = {"协调员": Rank.COORDINATOR, "领导": Rank.LEADER}


def invite(turn: Turn, rest: str) -> None:
    """邀请 单位: a one-time code, and the link that takes the bot into the unit's group; 邀请 协调员 王芳: one for her alone."""
    access.require_coordinator(turn.visitor)
    if rest.strip() in SHEETS:
        handing.codes(turn, unbound=SHEETS[rest.strip()])
        return
    word, _, more = rest.strip().partition(" ")
    if not word:
        invite_word = turn.spoken("邀请", "invite")
        raise Denied(f"请写明邀请谁，例如：{invite_word} 省应急管理厅；{invite_word} 全部；{invite_word} 协调员 王芳。")
    try:
        if word in RANKS:
            _invite_person(turn, RANKS[word], more.split())
            return
        room = ROOM_NAMES.get(rest.strip())
        unit = None if room is not None else register.get_unit(turn.session, rest.strip())
    except RegisterError as error:
        raise Denied(f"{error}；单位以外也可邀请：协调室、领导群、协调员 王芳、领导 李厅长") from None
    _hand_out(turn, turn.visitor.chat, Rank.CONTACT, unit, room=room, name=rest.strip())


def _invite_person(turn: Turn, rank: Rank, words: list[str]) -> None:
    """Make a code for somebody: it is told in private, since whoever reads it in a group could use it."""
    units = [unit for word in words if rank is Rank.LEADER and (unit := register.find_unit(turn.session, word))]
    names = [word for word in words if not (rank is Rank.LEADER and register.find_unit(turn.session, word))]
    if len(names) != 1 or len(units) > 1:
        what = "邀请 领导 李厅长（单位的领导：邀请 领导 省经信厅 赵处）" if rank is Rank.LEADER else "邀请 协调员 王芳"
        turn.reply("refused", why=f"请写明是谁，例如：{what}。")
        return
    chat = turn.visitor.chat
    if not turn.incoming.private:
        alone = register.private_chat(turn.session, turn.visitor.person, chat.channel)
        if alone is None:
            turn.reply("refused", why="绑定码不在群里公开：请与机器人私聊，再发送一次这句话。")
            return
        chat = alone
    _hand_out(turn, chat, rank, units[0] if units else None, name=names[0])
    if chat.id != turn.visitor.chat.id:
        turn.reply("invited_in_private", name=names[0])


def _hand_out(
    turn: Turn, chat: Chat, rank: Rank, unit: Unit | None, *, name: str, room: ChatRole | None = None
) -> None:
    """Say a new code in a chat, with its link and its end."""
    person = rank is not Rank.CONTACT
    code, expires = register.invite(turn.session, rank, unit, turn.now, room, name if person else None)
    link = invite_link(turn.session, turn.visitor.chat.channel, code, group=not person)
    until = ledger.local_iso(expires, turn.desk.timezone) or ""
    told = say(
        "invited",
        name=name,
        code=code,
        link=link,
        until=until[:16].replace("T", " "),
        group=not person,
        bind=turn.abilities.bind_word,
        rank=register.rank_of(rank, unit.name if unit else None) if person else "",
    )
    if chat.id == turn.visitor.chat.id:
        turn.reply_text(told, outcome="invited")
        return
    outbox.answer(turn.session, chat.id, ReplyBody(told), turn.now)


def bind(turn: Turn, rest: str) -> None:
    """绑定 单位 群号12: bind a group that the bot is in already."""
    access.require_coordinator(turn.visitor)
    told = _BIND.match(rest.strip())
    if told is None:
        turn.reply(
            "refused",
            why=f"请写：{turn.spoken('绑定', 'bind')} 单位 群号（或在该群里直接发送：{turn.abilities.bind_word} 单位）。",
        )
        return
    chat = access.to_bind(turn.session, turn.visitor, told[2].strip())
    if chat is None:
        turn.reply("refused", why=f"没有找到群“{told[2].strip()}”；请先把机器人加入该群。")
        return
    if told[1] in ROOM_NAMES:
        register.bind_room(turn.session, ROOM_NAMES[told[1]], chat)
    else:
        unit = register.get_unit(turn.session, told[1])
        register.bind(turn.session, unit, chat)
        binding.call_after(chat, unit.name, turn.abilities)
        outbox.release(turn.session, unit.id, chat, turn.now)
    announced = f"{told[1]}已绑定“{chat.title}”（{turn.visitor.person.name}）。"
    binding.announce(turn.session, announced, turn.now, turn.visitor.chat)
    turn.reply("bound_there", what=told[1], title=chat.title)
    turn.effects.add(Effect.MENUS)


def unbind(turn: Turn, rest: str) -> None:
    """解绑 单位 (群号12): the unit is no longer reached in that chat, or in any."""
    access.require_coordinator(turn.visitor)
    name, _, where = rest.strip().partition(" ")
    unit = register.get_unit(turn.session, name)
    chats = register.chats_of(turn.session, unit.id)
    if where:
        one = access.to_bind(turn.session, turn.visitor, where.removeprefix("群号").strip())
        chats = [chat for chat in chats if one is not None and chat.id == one.id]
    count = sum(register.unbind(turn.session, unit, chat) for chat in chats)
    if not count:
        turn.reply("refused", why=f"{unit.name}没有绑定这样的会话。")
        return
    announced = f"{unit.name}已解绑{count}个会话（{turn.visitor.person.name}）。"
    binding.announce(turn.session, announced, turn.now, turn.visitor.chat)
    turn.reply("unbound_there", unit=unit.name, count=count)


TWO_NAMES = re.compile(
    r"(?=\S*[局厅委办院队站司道镇乡县区部处科]就是)[\u4e00-\u9fff]{2,16}就是[\u4e00-\u9fff]{1,15}[局厅委办院队站司道镇乡县区部处科][吧。！]*"
)
"""教育局就是市教育局: that two names are one unit's."""


def same(turn: Turn, rest: str) -> None:
    """同一单位 名称 单位: show what two units that are one would become, to be merged with a press; either name may stay."""
    one, into = _two_units(turn, rest)
    if one.id == into.id:
        raise Denied(f"这两个名称已经是同一个单位，名录里登记为“{one.name}”，没有改动。")
    both = (one, into), (into, one)
    turn.reply(
        "merge_preview",
        name=one.name,
        into=into.name,
        rows=[_what_moves(turn, unit, other) for unit, other in both],
        buttons=[button(Verb.MERGE, unit.id, other.id, f"留“{other.name}”") for unit, other in both],
    )


def _what_moves(turn: Turn, unit: Unit, into: Unit) -> str:
    """Say what a unit has that would be the other's."""
    owed = ledger.lines(turn.session, Which(UNENDED, units=[unit.id]))
    chats = register.chats_of(turn.session, unit.id)
    has = [f"{len(owed)}项交办"] * bool(owed) + [f"{len(chats)}个会话"] * bool(chats)
    return f"留“{into.name}”：{unit.name}的{'、'.join(has) or '名称'}转入{into.name}，“{unit.name}”以后作它的别名。"


def confirm_same(turn: Turn, unit: int, into: int) -> None:
    """确认合并: the first unit is the second from now on."""
    access.require_coordinator(turn.visitor)
    known = {one.id: one for one in register.all_units(turn.session)}
    if unit not in known or into not in known:
        raise Denied("这两个单位已经合并，没有改动。")
    name, stays = known[unit].name, known[into].name
    moved = merge(turn.session, known[unit], known[into], turn.visitor.actor, turn.now)
    turn.acted("合并单位")
    turn.reply("merged", name=name, into=stays, moved=moved)


def different(turn: Turn, rest: str) -> None:
    """不同单位 名称 单位: two names are two units."""
    pair = _two_units(turn, rest)
    keep_apart(turn.session, *pair)
    turn.reply("kept_apart", one=pair[0].name, other=pair[1].name)


def _two_units(turn: Turn, rest: str) -> tuple[Unit, Unit]:
    access.require_coordinator(turn.visitor)
    told = re.fullmatch(r"(\S+?)(?:[\s，,、]+(?:是|就是|和|与)?\s*|就是)(\S+?)[吧。！]*", rest.strip())
    if told is None:
        raise Denied(f"请写两个单位的名称，例如：{turn.spoken('同一单位', 'same')} 市应急局 市应急管理局。")
    return register.get_unit(turn.session, told[1]), register.get_unit(turn.session, told[2])


def units(turn: Turn, rest: str) -> None:
    """单位: who is reached where, and who is not."""
    page = int(found[1]) if (found := re.search(r"(\d+)", rest)) else 1
    routes = register.routes_by_unit(turn.session, dead=True)
    rows = [
        f"{unit.name}：{'、'.join(_shown(*pair) for pair in routes.get(unit.id, ())) or '未绑定'}"
        for unit in register.all_units(turn.session)
    ]
    pages = max(1, -(-len(rows) // UNITS_SHOWN))
    page = min(max(page, 1), pages)
    heading = "单位和会话" + (f" 第{page}/{pages}页" if pages > 1 else "")
    turn.reply("rows", heading=heading, rows=rows[(page - 1) * UNITS_SHOWN : page * UNITS_SHOWN], total=len(rows))


def _shown(route: Route, chat: Chat) -> str:
    about = f"群号{chat.id}" + ("，备用" if route.fallback else "")
    return f"{chat.title}（{about}）" + (f"【无法送达：{chat.dead_why}】" if chat.dead_why else "")


# ---------------------------------------------------------------- people


def people(turn: Turn, rest: str) -> None:
    """人员: who holds which rank, and where they have an account; of a unit that is named, who stands for it."""
    access.require_coordinator(turn.visitor)
    rows = binding.people_rows(turn.session)
    unit = register.find_unit(turn.session, rest.strip()) if rest.strip() else None
    if unit is not None:
        rows = [row for row in rows if unit.name in row]
        if not rows:
            raise Denied(f"{unit.name}没有登记联络员；在它群里的人都可以答复，不用登记。")
    turn.reply("rows", heading=f"{unit.name}的人员" if unit is not None else "有身份的人员", rows=rows)


def who_is(turn: Turn, rest: str) -> None:
    """陈老师是谁: those who are registered under a name, or whose surname stands before a title."""
    access.require_coordinator(turn.visitor)
    titled = _TITLED.fullmatch(rest)
    rows = [
        row
        for row in binding.people_rows(turn.session)
        if row.startswith(f"{rest}：") or (titled is not None and row.startswith(titled[1]))
    ]
    if not rows:
        raise Denied(f"没有登记“{rest}”；单位群里的人不用登记。登记了的人员请写：{turn.spoken('人员', 'people')}。")
    turn.reply("rows", heading=f"“{rest}”可能是", rows=rows)


_TITLED = re.compile("(.)(?:老师|工|总|处|局|厅|科|主任|处长|科长|局长|厅长|经理|书记|队长|所长)")


def remove(turn: Turn, rest: str) -> None:
    """移除 王芳: take every rank of hers away, once it is confirmed."""
    access.require_coordinator(turn.visitor)
    name = rest.strip()
    held = _held(turn, name)
    if not held:
        turn.reply(
            "refused",
            why=f"没有叫“{name}”的有身份人员；用“{turn.spoken('人员', 'people')}”查看。"
            if name
            else f"请写：{turn.spoken('移除', 'remove')} 王芳。",
        )
        return
    for person_id, ranks in held.items():
        turn.reply("ask_dismiss", who=name, ranks=ranks, buttons=[button(Verb.DISMISS, person_id)])


def _held(turn: Turn, name: str) -> dict[int, list[str]]:
    """Return the ranks of everybody of a name who holds any, by the person."""
    held: dict[int, list[str]] = {}
    for person, rank, unit in register.appointments(turn.session):
        if person.name == name:
            held.setdefault(person.id, []).append(register.rank_of(rank, unit))
    return held


def confirm_removal(turn: Turn, person_id: int, _version: int = 0) -> None:
    """确认移除: somebody has no rank any more, and every coordinators' room hears of it; one coordinator always stays."""
    person = access.to_dismiss(turn.session, turn.visitor, person_id)
    ranks = register.dismiss(turn.session, person, None, turn.now)
    if not ranks:
        turn.reply("refused", why=f"{person.name}已没有任何身份。")
        return
    turn.acted("移除")
    binding.announce(
        turn.session,
        f"{turn.visitor.person.name}已移除{person.name}：{'、'.join(ranks)}。",
        turn.now,
        turn.visitor.chat,
    )
    turn.reply("dismissed", who=person.name, ranks=ranks)
    turn.effects.add(Effect.MENUS)
