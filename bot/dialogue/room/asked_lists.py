"""Which list a question asks for, in the words of the list's command: 住建局这周要到期的, 省厅那批待核查的, 上周销号几项."""

import re
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from bot.dialogue.phrases import Phrase, Pieces
from bot.dialogue.room import periods
from db import ledger
from db.models import Unit

_SAY = Pieces("asked_lists")

_OF: tuple[tuple[str, Phrase], ...] = (
    ("延过期", _SAY("{not}?{more_time}")),
    ("退回过", _SAY("{not}?{sent_back}")),
    ("逾期", _SAY("{late}|拖(?!延期|到)")),
    ("临期", _SAY("临期|{soon}.{0,4}{due}|快到{day}")),
    ("未签收", _SAY("{not}{signed}|{silent}")),
    ("待核查", _SAY("待核|[要待等]我?.{0,3}核|[没未]核|报上来|报了?办结|{asks_us}")),
    ("延期", _SAY("(?:申请|要求)?延期(?:申请|待批)?|[要待没]审?批")),
    ("办理中", _SAY("(?:办理|进行|推进|整改)中|正在[办推做]")),
    ("待定", _SAY("{not}.{0,3}{day}|{day}.{0,2}{not}定")),
    ("长期", _SAY("{no_end}")),
    ("销号", _SAY("(?<![没未]){ended}了?(?:的|(?={many}))|已经?{ended}")),
)
"""What a list is narrowed to, and how people speak of it."""

_ROLES = (("牵头", re.compile("牵头")), ("配合", re.compile("配合")))

ASKS = _SAY(
    "{who}|{wants}|[吗么?？]|[没有]没?有?$|的.{0,2}(?:任务|事项|申请|清单|名单|情况)?[呢啊]?$|^(?:看|查|列)|情况"
)
"""That something is asked, and not told."""

_LETTER = (
    re.compile(r"专项(?:行动)?\s*([A-Za-z]{1,2})(?![A-Za-z-])"),
    re.compile(r"(?<![A-Za-z-])([A-Za-z]{1,2})(?=专项|那批|这批|那个专项|清单)"),
)
_CALLED = re.compile(r"([^，,。；;：:！!？?\s]{2,16}?)(?=[那这](?:批|个?专项|个?清单|个?方案))")
"""A campaign by its letter, or before 那批 by words of its title."""

LIKE_A_TITLE = 4
"""Signs of a title that name its campaign without 那批 behind them."""


EVERY_ONE = _SAY("^(?:请|把|给我|帮我|{wants})*(?:所有|全部|整个)的?(?:任务|事项|清单)?的?(?:都|{wants})*[吧。！!]*$")
"""That all there is is wanted: 全部任务列一下."""

BY_UNIT = _SAY(
    "(?:{each}.{0,8}|按|分)(?:{rate}|单位)|统计.{0,4}{each}|{each}.{0,4}统计|(?:谁|{which}).{0,6}最多|最多.{0,3}{which}"
)
"""That figures of each unit are wanted: 各单位完成率, 谁欠得最多."""

COMPARED = _SAY("对比|相比|比[一比较]|谁.{0,3}(?:快|慢|好|差|多|少)|哪[家个].{0,3}(?:快|慢|好|差|多|少)")
"""That units are held against each other."""

IN_A_FILE = _SAY("^(?!.*(?:[?？吗]|调度|值班|核对|编号|问题|编码)).*(?:导出|导一份|导个|{file})")
"""That what stands is wanted as a file: 导出给我, 给我个Excel."""


def without_campaigns(text: str) -> str:
    """Return a text without the words that name a campaign by its letter or before 那批."""
    for said in (*_LETTER, re.compile("[那这](?:批|个?专项|个?清单|个?方案)|专项(?:行动)?")):
        text = said.sub(" ", text)
    return text


def campaigns(session: Session, text: str) -> tuple[str, ...]:
    """Return the letters of the running campaigns that a text names."""
    running = ledger.running(session)
    lettered = {found[1].upper() for found in (said.search(text) for said in _LETTER) if found is not None}
    if lettered:
        return tuple(one.letter for one in running if one.letter in lettered)
    found = _CALLED.search(text)
    called = found[1] if found is not None else ""
    for start in range(max(0, len(called) - 1)):
        titled = [one.letter for one in running if called[start:] in one.title]
        if titled:
            return tuple(titled) if len(titled) == 1 else ()
    parts = [
        (one.letter, one.title[at : at + LIKE_A_TITLE])
        for one in running
        for at in range(len(one.title) - LIKE_A_TITLE + 1)
    ]
    named = {letter for letter, part in parts if part in text}
    return tuple(named) if len(named) == 1 and len(running) > 1 else ()


_WHY = _SAY("{why}")


def asked_for(text: str, units: Sequence[Unit], campaigns: Sequence[str], today: date) -> tuple[str, str]:
    """Return which list a text asks for, "" where it names nothing by which there are lists, or a stretch of days that is not placed; and
    the text without the words by which it does.
    """
    when, rest = periods.named_in(text, today)
    if not when and periods.names_one(text, today):
        return "", text
    of = [(name, said) for name, said in _OF if said.search(rest)]
    of = [one for one in of if one[0] != "延期" or _WHY.search(text) is None]
    if when:
        of = [one for one in of if one[0] == "逾期" and when.endswith(periods.DUE)]
    narrowers: list[tuple[str, Phrase | re.Pattern[str]]] = [*of[:1], *(one for one in _ROLES if one[1].search(rest))]
    for _name, narrows in narrowers:
        rest = narrows.sub(" ", rest)
    if not (narrowers or when):
        return "", text
    named = (name for name, _narrows in narrowers)
    return " ".join([*(unit.name for unit in units), *campaigns, *([when] if when else []), *named]), rest
