"""Binding: a one-time code makes a chat a unit's or one of our rooms, or a person a coordinator or leader.

Nothing else unbound is heard. A coordinator may bind a group by naming the unit in it.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from bot.channels.incoming import Incoming
from bot.dialogue import membership
from bot.dialogue.turn import Effect, Spoken
from db import outbox, register
from db.bodies import RelayBody, ReplyBody
from db.models import Chat, Inbound, Invite, Person, Unit
from db.register import Redeemed, RegisterError
from db.words import ChatRole, NoticeKind, Rank, Reason
from jobs import pending
from jobs.notices.render import say
from jobs.ports import Abilities

_BIND = re.compile(r"^(?:@\S+\s+)*(?:/?(?:绑定|bind|start)(?:@\w+)?)\s*[:：]?\s*([A-Za-z0-9]{6,16})\s*$", re.IGNORECASE)
_BY_NAME = re.compile(r"^(?:@\S+\s+)*/?(?:绑定|bind)(?:@\w+)?\s*[:：]?\s*(\S+)\s*$", re.IGNORECASE)

WRONG_CODES, WRONG_WITHIN = 5, timedelta(minutes=10)
"""So many wrong codes of one chat in so short a time, and no more are looked at until it is over."""

CODE_REFUSED = "code_refused"
"""The outcome of a code that is right and gave nothing here: it stays good, and its letters are kept nowhere."""

ROOM_NAMES = {"协调室": ChatRole.COORDINATORS, "领导群": ChatRole.LEADERS}


def wants(text: str) -> bool:
    """Tell whether a message hands in a code."""
    return bool(_BIND.match(text.strip()))


def wants_to_name(text: str) -> bool:
    """Tell whether a message asks to bind something by its name, as only coordinators may."""
    return bool(_BY_NAME.match(text.strip()))


def bind(session: Session, incoming: Incoming, inbound: Inbound, abilities: Abilities, now: datetime) -> Spoken:
    """Use the code that a message hands in; a wrong one is answered in one line, and many wrong ones with silence."""
    match = _BIND.match(incoming.text.strip())
    assert match is not None, "wants() has said yes"
    chat = register.ensure_chat(session, incoming.channel, incoming.chat, incoming.chat_title)
    inbound.chat_id = chat.id
    wrong = _wrong_lately(session, chat, now)
    if wrong >= WRONG_CODES:
        return (
            _reply(session, chat, incoming, now, "too_many_codes") if wrong == WRONG_CODES else Spoken("too_many_codes")
        )
    known = register.look_up_code(session, match[1])
    if known is None or known[0].used_at is not None or known[0].expires_at <= now:
        return _wrong_code(session, incoming, chat, known[1] if known else None, now)
    invite, redeemed = known
    use = _use_for_a_person if redeemed.for_a_person else _use_for_a_chat
    try:
        with session.begin_nested():  # a code that is refused is not used, and gives nobody anything
            return use(session, incoming, inbound, chat, invite, redeemed, abilities, now)
    except RegisterError as error:
        return _refused(session, chat, incoming, now, f"{error}；绑定码没有用掉")


def _use_for_a_chat(
    session: Session,
    incoming: Incoming,
    inbound: Inbound,
    chat: Chat,
    invite: Invite,
    redeemed: Redeemed,
    abilities: Abilities,
    now: datetime,
) -> Spoken:
    """Bind a chat by a code, and make who uses it a contact of the unit; raise ``RegisterError``."""
    invite.used_at = now
    person = register.person_of(session, incoming.accounts, incoming.person, incoming.person_name)
    inbound.person_id = person.id
    if redeemed.room is not None:
        return bind_room(session, redeemed.room, chat, incoming, abilities, now)
    assert redeemed.unit is not None, "a code is for a room, a person or a unit"
    if not incoming.anonymous:
        register.appoint(session, person, Rank.CONTACT, redeemed.unit, now)
    return bind_unit(session, redeemed.unit, chat, incoming, abilities, now)


def _refused(session: Session, chat: Chat, incoming: Incoming, now: datetime, why: str) -> Spoken:
    _reply(session, chat, incoming, now, "refused", why=f"{why}。")
    return Spoken(CODE_REFUSED)


def _wrong_lately(session: Session, chat: Chat, now: datetime) -> int:
    """Count the wrong codes of a chat in the last minutes."""
    query = (
        select(func.count())
        .select_from(Inbound)
        .where(
            Inbound.chat_id == chat.id,
            Inbound.at > now - WRONG_WITHIN,
            col(Inbound.outcome).in_(["bad_code", "too_many_codes"]),
        )
    )
    return session.exec(query).one()


def _wrong_code(session: Session, incoming: Incoming, chat: Chat, used: Redeemed | None, now: datetime) -> Spoken:
    """Say that a code is of no use; who uses once more the one that has bound this very chat hears that it is bound."""
    membership.withdraw_greeting(session, chat, now)
    served = register.units_of(session, chat.id) if chat.role is ChatRole.UNIT else []
    if used is not None and used.unit is not None and not used.for_a_person and used.unit in served:
        return _reply(session, chat, incoming, now, "refused", why=f"本群已绑定{used.unit.name}，不用再绑。")
    if used is not None and used.room is not None and used.room is chat.role:
        return _reply(session, chat, incoming, now, "refused", why=f"本群已是{used.room.zh}，不用再绑。")
    return _reply(session, chat, incoming, now, "bad_code")


def _use_for_a_person(
    session: Session,
    incoming: Incoming,
    inbound: Inbound,
    chat: Chat,
    invite: Invite,
    redeemed: Redeemed,
    abilities: Abilities,
    now: datetime,
) -> Spoken:
    """Give somebody the rank that a code is for: in private only, and only who is not known by another name."""
    whose = f"给{redeemed.name}的" if redeemed.name else "给个人的"
    if not incoming.private or incoming.anonymous:
        invite.used_at = now
        why = f"这个绑定码是{whose}，只能由本人在与机器人的私聊中使用；它已在群里公开，现已作废，请协调员重新生成。"
        return _reply(session, chat, incoming, now, "refused", why=why)
    known = register.find_person(session, incoming.accounts, incoming.person)
    if redeemed.name and known is not None and register.ranks(session, known) and known.name != redeemed.name:
        return _refused(session, chat, incoming, now, f"这个绑定码是{whose}；您已登记为{known.name}，不能使用")
    person = register.person_of(session, incoming.accounts, incoming.person, incoming.person_name)
    if redeemed.name:
        register.rename(person, redeemed.name)
    register.appoint(session, person, redeemed.rank, redeemed.unit, now)
    invite.used_at = now  # a code that gave nothing is not used
    inbound.person_id = chat.person_id = person.id
    rank = register.rank_of(redeemed.rank, redeemed.unit.name if redeemed.unit else None)
    account = f"（账号名：{incoming.person_name}）" if incoming.person_name not in ("", person.name) else ""
    announce(session, f"{person.name}{account}凭绑定码登记为{rank}。如有不符，请发送：移除 {person.name}", now)
    rooms = register.rooms(session, ChatRole.COORDINATORS)
    return _reply(
        session,
        chat,
        incoming,
        now,
        "appointed",
        who=person.name,
        rank=rank,
        bind=abilities.bind_word,
        room=redeemed.rank is Rank.COORDINATOR and not rooms,
        unit=redeemed.unit.name if redeemed.unit else "",
        drafts=_to_sign(session, now) if redeemed.rank is Rank.LEADER and redeemed.unit is None else [],
        sign=abilities.spoken("签发", "sign"),
    )


def _to_sign(session: Session, now: datetime) -> list[tuple[str, int]]:
    """Return what waits for the signature of a leader who comes, by its name."""
    return [(kind.zh, count) for kind, count in pending.to_sign(session, now).items()]


def announce(session: Session, what: str, now: datetime, here: Chat | None = None) -> None:
    """Tell the coordinators' rooms who was appointed, removed or bound, so that nobody gets in without its showing; not
    the one ``here``, which has just been answered.
    """
    for room in register.rooms(session, ChatRole.COORDINATORS):
        if here is None or room.id != here.id:
            outbox.enqueue(
                session,
                now=now,
                kind=NoticeKind.RELAY,
                reason=Reason.CHANGED,
                chat_id=room.id,
                body=RelayBody(announced=what),
            )


def names_a_unit(session: Session, incoming: Incoming) -> bool:
    """Tell whether a coordinator binds the group they speak in by naming a unit or a room."""
    if incoming.private or incoming.anonymous or not _BY_NAME.match(incoming.text.strip()):
        return False
    chat = register.find_chat(session, incoming.channel, incoming.chat)
    person = register.find_person(session, incoming.accounts, incoming.person)
    in_a_room = chat is not None and chat.role in (ChatRole.COORDINATORS, ChatRole.LEADERS)
    return register.coordinates(session, person) and not in_a_room


def bind_by_name(session: Session, incoming: Incoming, inbound: Inbound, abilities: Abilities, now: datetime) -> Spoken:
    """Bind the group that a coordinator speaks in to the unit or as the room that they name."""
    match = _BY_NAME.match(incoming.text.strip())
    assert match is not None, "names_a_unit() has said yes"
    chat, _person = _who_and_where(session, incoming, inbound)
    try:
        if match[1] in ROOM_NAMES:
            return bind_room(session, ROOM_NAMES[match[1]], chat, incoming, abilities, now)
        return bind_unit(session, register.get_unit(session, match[1]), chat, incoming, abilities, now)
    except RegisterError as error:
        return _reply(session, chat, incoming, now, "refused", why=str(error))


def bind_unit(
    session: Session, unit: Unit, chat: Chat, incoming: Incoming, abilities: Abilities, now: datetime
) -> Spoken:
    """Bind a chat to a unit, say so there, and let out what waited for it; raise ``RegisterError``."""
    register.bind(session, unit, chat)
    call_after(chat, unit.name, abilities)
    membership.withdraw_greeting(session, chat, now)
    announce(session, f"{unit.name}已绑定“{chat.title}”（{_who(session, incoming)}）。", now, chat)
    spoken = _reply(
        session,
        chat,
        incoming,
        now,
        "bound",
        what=unit.name,
        rank="unit",
        rows=[],
        answer_word=abilities.answer_word,
    )
    outbox.release(session, unit.id, chat, now)
    return spoken


def bind_room(
    session: Session, role: ChatRole, chat: Chat, incoming: Incoming, abilities: Abilities, now: datetime
) -> Spoken:
    """Make a chat one of our rooms and say so there; raise ``RegisterError``."""
    register.bind_room(session, role, chat)
    call_after(chat, role.zh, abilities)
    membership.withdraw_greeting(session, chat, now)
    announce(session, f"“{chat.title}”已绑定为{role.zh}（{_who(session, incoming)}）。", now, chat)
    rows = people_rows(session) if role is ChatRole.COORDINATORS else []
    return _reply(session, chat, incoming, now, "bound", what=role.zh, rank="room", rows=rows)


def people_rows(session: Session) -> list[str]:
    """Say of each person who holds a rank which, and where they have an account."""
    held: dict[int, tuple[Person, list[str]]] = {}
    for person, rank, unit in register.appointments(session):
        held.setdefault(person.id, (person, []))[1].append(register.rank_of(rank, unit))
    return [
        f"{person.name}：{'、'.join(ranks)}（{'、'.join(register.accounts_of(session, person))}）"
        for person, ranks in held.values()
    ]


def _who(session: Session, incoming: Incoming) -> str:
    person = None if incoming.anonymous else register.find_person(session, incoming.accounts, incoming.person)
    return person.name if person is not None else "匿名管理员" if incoming.anonymous else incoming.person_name


def call_after(chat: Chat, name: str, abilities: Abilities) -> None:
    """Call a chat after what it is bound to, where the service does not tell what it is called."""
    if not abilities.names:
        chat.title = name


def tell_unbound(session: Session, incoming: Incoming, inbound: Inbound, abilities: Abilities, now: datetime) -> Spoken:
    """Refuse in one line who clearly speaks to the bot where nothing is bound; other talk there is recorded in silence."""
    known = register.find_chat(session, incoming.channel, incoming.chat)
    chat = known or register.ensure_chat(session, incoming.channel, incoming.chat, incoming.chat_title)
    inbound.chat_id = chat.id
    name = "stranger" if incoming.private else "unbound"
    if incoming.press is not None and abilities.toasts:
        return Spoken(name, say(name, bind=abilities.bind_word))
    if known is not None and not incoming.is_addressed:
        return Spoken("unheard")
    return _reply(session, chat, incoming, now, name, bind=abilities.bind_word)


def _who_and_where(session: Session, incoming: Incoming, inbound: Inbound) -> tuple[Chat, Person]:
    chat = register.ensure_chat(session, incoming.channel, incoming.chat, incoming.chat_title)
    person = register.person_of(session, incoming.accounts, incoming.person, incoming.person_name)
    inbound.chat_id, inbound.person_id = chat.id, person.id
    return chat, person


def _reply(session: Session, chat: Chat, incoming: Incoming, now: datetime, name: str, **values: Any) -> Spoken:
    outbox.answer(session, chat.id, ReplyBody(say(name, **values)), now, reply_to=incoming.message_id)
    return Spoken(name, effects=frozenset({Effect.MENUS}) if name in ("bound", "appointed") else frozenset())
