"""Who is to have a task from now on, and by when: A-3转给甲局，7月20日前; each unit into the role that was said."""

from bot.dialogue.access import Denied
from bot.dialogue.room import corrections, strangers
from bot.dialogue.room.wish_said import Said, written_day
from bot.dialogue.turn import Turn
from db.models import Unit
from db.words import Role
from jobs.notices.render import shorten


def staffed(said: Said) -> str:
    """Return who is to stand how, as a button shows it."""
    names = {role: "、".join(shorten(unit.name, 8) for unit in units) for role, units in said.roles.items()}
    told = [f"{role.zh}改为{units}" for role, units in names.items()]
    gone = "、".join(shorten(unit.name, 8) for unit in _gone(said))
    return "，".join([*told, f"去掉{gone}"] if gone else told)


def _gone(said: Said) -> list[Unit]:
    kept = {unit.id for units in said.roles.values() for unit in units}
    return [unit for unit in said.gone if unit.id not in kept]


def with_day(said: Said) -> str:
    """Return, as a button shows it, by when a task is owed that is handed over."""
    return f"，期限改为{written_day(said)}" if said.day is not None else ""


def hand_over_task(turn: Turn, said: Said) -> None:
    """Let a unit lead a task, by the day that is said beside it."""
    corrections.correct(turn, f"{said.task} 牵头 {said.unit}")
    _also_by(turn, said)


def _also_by(turn: Turn, said: Said) -> None:
    if said.day is not None:
        corrections.correct(turn, f"{said.task} 期限{said.day:%Y年%-m月%-d日}")


def no_such_unit(turn: Turn, said: Said) -> None:
    """Say that nobody is called so to whom a task is to be handed over."""
    named = strangers.named_in(turn.session, said.text)
    raise Denied(
        f"{f'没有叫“{named}”的单位' if named else '没有看清交给哪个单位'}，〔{said.task}〕没有改动；请写单位全称，例如：{said.task}转给省经信厅。"
    )


def staff(turn: Turn, said: Said) -> None:
    """Put each unit into the role that was said, by the day that is said apart; who leads no more, or has nothing to do with it, before who does from now on."""
    if said.day_apart:
        _also_by(turn, said)
    if gone := _gone(said):
        corrections.correct(turn, f"{said.task} 去掉 {'、'.join(unit.name for unit in gone)}")
    for role, units in sorted(said.roles.items(), key=lambda pair: pair[0] is Role.LEAD):
        corrections.correct(turn, f"{said.task} {role.zh} {'、'.join(unit.name for unit in units)}")


def no_such_helper(_turn: Turn, said: Said) -> None:
    """Say that nobody is called so who is put into a role."""
    raise Denied(f"没有叫“{said.role_stranger}”的单位，〔{said.task}〕没有改动；请写单位全称或简称。")
