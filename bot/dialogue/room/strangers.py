"""Units that nobody knows yet: named in what a coordinator says, and entered by them."""

import re

from sqlmodel import Session

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.turn import Turn
from db import register
from jobs.reading.likely import OFFICE_FOR_SHORT, looks_like_unit

_GIVEN_TO = re.compile(
    "^(?:请|让|叫|安排|责成|交给|由)(?P<name>(?!各|有关|相关|所有|大家)[\u4e00-\u9fff]{1,12}?"
    "(?:局|厅|委|办公室|委员会|[学医]院|中心|公司|集团|街道|[镇乡]))"
)


def given_to(text: str) -> str:
    """Return the name of an office with which a sentence begins that gives it something to do, "" where it begins with none."""
    found = _GIVEN_TO.match(text)
    return found["name"] if found is not None and looks_like_unit(found["name"]) else ""


def named_in(session: Session, text: str) -> str:
    """Return what a text calls an office of which the register knows none, "" where it names no such."""
    found = OFFICE_FOR_SHORT.search(text)
    return found[0] if found is not None and not register.mentioned(session, found[0]) else ""


def unknown_among(session: Session, text: str) -> list[str]:
    """Return what a text that names units calls an office of which the register knows none: 公安局和消防支队."""
    parts = re.split("[、，,；;和及与跟\\s]", text)
    return [name for part in parts if (name := named_in(session, part))]


def enter(turn: Turn, rest: str) -> None:
    """新增单位: enter a unit; one that is known, or means a known one, is said to be so."""
    access.require_coordinator(turn.visitor)
    name = rest.strip(' ：:。“”"')
    if not looks_like_unit(name):
        raise Denied(f"请写单位全称，例如：{turn.spoken('新增单位', 'new_unit')} 市卫生健康委员会。")
    known = register.find_unit(turn.session, name)
    if known is not None:
        raise Denied(
            f"名录里已有{known.name}，没有另记；它的另一个名称请写：{turn.spoken('别名', 'alias')} {known.name} 名称。"
        )
    unit = register.ensure_unit(turn.session, name)
    turn.reply("unit_entered", unit=unit.name)
