"""What a wish of our rooms speaks of: tasks, units, a day, who is to stand how."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from bot.dialogue.room import periods, strangers
from bot.dialogue.room.counted_days import Given
from bot.dialogue.understanding import details
from bot.dialogue.understanding.named_after import names_one
from db import register
from db.ledger import Line
from db.models import Unit
from db.words import Role
from jobs.audiences import called

_ROLES = {
    "牵头": Role.LEAD,
    "主责": Role.LEAD,
    "配合": Role.ASSIST,
    "协助": Role.ASSIST,
    "责任": Role.RESPONSIBLE,
    "负责": Role.RESPONSIBLE,
}
_ROLE = re.compile("|".join(_ROLES))


def roles(session: Session, text: str) -> dict[Role, list[Unit]]:
    """Return which units a text puts into which role, 市消防支队牵头，市公安局配合: a clause without one goes on with the one before it,
    or the one behind it where none was said yet.
    """
    found: dict[Role, list[Unit]] = {}
    role, before = None, list[Unit]()
    clauses = [one for one in re.split("[,，;；。]", text) if not _IS_FREED.search(one)]
    leads = any(_ROLE.search(one) for one in clauses)
    for clause in clauses:
        said = _ROLE.search(clause)
        handed = Role.LEAD if leads and said is None and HANDED_OVER.search(clause) else None
        role = _ROLES[said[0]] if said is not None else handed or role
        units = [*before, *_units_in(session, clause, said)]
        before = units if role is None else []
        if role is not None and units:
            found.setdefault(role, []).extend(units)
    return found


_IS_FREED = re.compile("(?:不用|不必|不再|不)(?:再)?(?:管|负责|办|牵头|配合|参与|报)|退出")
"""That a unit is to have nothing to do with a task any more, 乙局不用管了."""
_SHORT_OF_ROLE = re.compile("(?P<who>[\u4e00-\u9fff]{2,10}?)(?:来|去)?$")


def _units_in(session: Session, clause: str, role: re.Match[str] | None) -> list[Unit]:
    """Return the units of a clause, 公安局配合; of one with a role also those of a short name, 消防配合."""
    units = _receivers_first(session, clause)
    short = _SHORT_OF_ROLE.search(clause[: role.start()].strip()) if role is not None and not units else None
    return called(session, short["who"])[0] if short is not None else units


def _receivers_first(session: Session, clause: str) -> list[Unit]:
    """Return the units of a clause; where one gives a task to another, 由甲局转给乙局, only who gets it."""
    handed = HANDED_OVER.search(clause)
    after = register.mentioned(session, clause[handed.end() :]) if handed is not None else []
    return after or register.mentioned(session, clause)


def freed_in(session: Session, text: str) -> list[Unit]:
    """Return the units that are to have nothing to do with a task any more where it says who has: 换成甲局牵头，乙局不用管了."""
    clauses = [one for one in re.split("[,，;；。]", text) if _IS_FREED.search(one)]
    return [unit for one in clauses for unit in register.mentioned(session, one)]


def stranger_in_a_role(session: Session, text: str) -> str:
    """Return who is put into a role and is none of the register: 园林配合."""
    for clause in re.split("[,，;；。]", text):
        said = _ROLE.search(clause)
        unknown = strangers.unknown_among(session, clause) if said is not None else []
        short = _SHORT_OF_ROLE.search(clause[: said.start()].strip()) if said is not None else None
        if unknown:
            return unknown[0]
        if short is not None and not _units_in(session, clause, said) and not _NO_UNIT.search(short["who"]):
            return short["who"]
    return ""


_NO_UNIT = re.compile("单位|部门|改|换|调|变|由|让|给|为|成|的|是|加|增|和|与|谁|哪|原|仍|还|不|没")


HANDED_OVER = re.compile(r"转给|划给|改由|换成(?!\s*[\d一二三四五六七八九十本下明后今周月年])|交给")
"""That a task is to be another's."""


@dataclass(frozen=True, slots=True)
class Said:
    """A wish: its words as they are understood, said on the local day ``today``, and what it speaks of; ``called`` are the tasks
    that it calls by words of theirs, ``written`` its words as they were written, ``stranger`` a unit that nobody knows,
    ``shared`` how many units stand on the one milestone whose day is spoken of, ``roles`` which of the units is to have which role,
    ``spares`` whether some are left out of what is urged, ``kept`` the units that are to stay: 只留乙局, ``campaigns`` the letters of
    those that are named, ``query`` which list is asked for, in the words of its command,
    ``but`` whom it leaves out, ``unheard`` a word of it that no list accounts for, ``several`` whether several figures are asked for, ``given`` what is given so much more time,
    ``gone`` the units that have nothing to do with it any more, ``role_stranger`` who is put into a role and is not known.
    """

    text: str
    tasks: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    day: date | None = None
    called: tuple[Line, ...] = ()
    written: str = ""
    today: date = date.min
    stranger: str = ""
    shared: int = 1
    roles: Mapping[Role, Sequence[Unit]] = field(default_factory=dict)
    spares: bool = False
    kept: tuple[Unit, ...] = ()
    campaigns: tuple[str, ...] = ()
    query: str = ""
    but: str = ""
    unheard: str = ""
    several: bool = False
    given: Given = field(default_factory=Given)
    gone: tuple[Unit, ...] = ()
    role_stranger: str = ""

    @property
    def letters(self) -> str:
        """The campaigns that are named, as a command takes them."""
        return " ".join(self.campaigns)

    @property
    def names_days(self) -> bool:
        """Whether a stretch of days is named: what stands today answers no question about it."""
        return periods.names_one(self.text, self.today)

    @property
    def moves(self) -> bool:
        """Whether tasks that are named fall due on several days, and each moves by as much."""
        return self.given.codes and len({day for _line, day in self.given.lines}) > 1

    @property
    def gives_a_unit(self) -> bool:
        """Whether a unit is given more time for what it owes, and no task is named."""
        return bool(self.given.lines) and not self.given.codes

    @property
    def task(self) -> str:
        """All tasks that are spoken of together, as a command takes them."""
        return "、".join(self.tasks)

    @property
    def unit(self) -> str:
        return self.units[0].name

    @property
    def whom(self) -> str:
        return "、".join(unit.name for unit in self.units)

    @property
    def is_of_a_paper(self) -> bool:
        """Whether an act is only named, with a paper or a state of it."""
        return names_one(self.text)

    @property
    def day_apart(self) -> bool:
        """Whether a day stands in a clause of its own beside who is to have the task: 改成甲局牵头，7月20日前."""
        clauses = re.split("[,，;；。]", self.text) if self.day is not None else ()
        return any(_ROLE.search(one) is None and details.day_named(one, self.today) for one in clauses)

    @property
    def to_a_stranger(self) -> bool:
        """Whether a task is handed to somebody, of whom no unit is known."""
        return not self.units and HANDED_OVER.search(self.text) is not None

    @property
    def is_of_some(self) -> bool:
        """Whether units are named, and others share what is spoken of."""
        return 0 < len(self.units) < self.shared


def written_day(said: Said) -> str:
    """Return the day as a button shows it: with its year where that is another, and a word where it is past."""
    assert said.day is not None, "only what names a day"
    written = f"{said.day:%-m月%-d日}" if said.day.year == said.today.year else f"{said.day:%Y年%-m月%-d日}"
    return f"{written}（已过）" if said.day < said.today else written
