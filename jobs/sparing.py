"""Who is not to be urged, as coordinators write it: all but those, wherever in the sentence they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from db import register
from db.models import Unit
from jobs.audiences import called, listed


@dataclass(frozen=True, slots=True)
class Spared:
    """The units that are left out, the words without what leaves them out, and what may name another and is not known; both are
    empty where nobody is left out. ``unclear`` are named beside a group that is urged, and nothing says whether they are, too.
    """

    units: Sequence[Unit]
    words: str
    unknown: str = ""
    unclear: Sequence[Unit] = ()

    @property
    def says_so(self) -> bool:
        """Tell whether somebody is left out, or may be."""
        return bool(self.units or self.unknown or self.unclear)


_BUT = re.compile(r"^(?:把|请)?除了?(?P<who>.{2,40})$")
_OUTSIDE = re.compile(r"^(?:之外|以外|外)?的?(?:其他|其余|其它)?的?")
_OTHERS_OF_IT = re.compile(r"(?:之外|以外|外)")
_LEFT_OUT = (
    re.compile(
        r"^(?:但是?|不过|请|先)?(?:别|不要|不用|不必|先不|先别|不)再?[催管](?:一下)?(?P<who>.{2,40}?)[了吧的]*$"
    ),
    re.compile(r"^(?:但是?|不过)?(?:不含|不包[括含])(?P<who>.{2,40}?)$"),
    re.compile(
        r"^(?:但是?|不过|就)?(?P<who>.{2,40}?)的?(?:那边|这边)?"
        r"(?:除外|例外|不算|(?:就|可以|先|暂时?|都)*(?:不用|不必|不要|别|不)再?(?:催|发|通知|管|叫|提醒))[了吧的啊]*$"
    ),
    re.compile(
        r"^(?:但是?|不过)?(?P<who>.{2,40}?)(?:的|那边|这边)(?:先|就|可以|再)*(?:等|放|缓|下午|明天|后天|晚点|回头|过几天|再说).{0,8}$"
    ),
)
"""How a clause says that somebody is left out: 别催甲局; 甲局除外; 甲局不用催; 甲局的等下午."""
_AT_THE_END = re.compile(r"(?:就|可以|先|暂时?|都)*(?:不用|不必|不要|免|算|不急|放过)[了吧的啊]*$")
"""How it ends where what stands behind the unit tells why: 甲局刚来过电话就算了."""
_A_GROUP = re.compile(
    r"其他|其余|其它|别的|剩下|全部|所有|大家|各单位|都再?催|催一?遍|(?:逾期|[超过]期|[没未][\u4e00-\u9fff]{1,3})[了]?的"
)
"""What is urged and names nobody: beside it a unit is not urged for being named."""
_CLAUSES = re.compile(r"[，,。；;！!\n（）()]|\s+")


def spared(session: Session, text: str) -> Spared:
    """Return whom a sentence of urging leaves out: 催逾期的，甲局除外; 除甲局外都催; 别催甲局，其他的都催."""
    units: dict[int, Unit] = {}
    kept, unknown = [], ""
    beside: list[Unit] = []
    for clause in filter(None, _CLAUSES.split(text)):
        who, rest = _who(session, clause)
        if not who:
            kept.append(clause)
            beside += register.mentioned(session, clause) if "催" not in clause else []
            continue
        found, no_unit = called(session, who)
        units |= {one.id: one for one in found}
        unknown = unknown or no_unit
        kept.append(rest)
    of_a_group = any(_A_GROUP.search(one) and not register.mentioned(session, one) for one in kept)
    unclear = [unit for unit in beside if unit.id not in units] if of_a_group else []
    if not units and not unknown:
        return Spared([], text, unclear=unclear)
    return Spared(list(units.values()), "，".join(filter(None, kept)), unknown, unclear)


def _who(session: Session, clause: str) -> tuple[str, str]:
    """Return whom a clause leaves out, "" where nobody, and what else it says."""
    but = _BUT.match(clause)
    if but is not None:
        units, rest, _unknown = listed(session, but["who"], joined=True)
        if units:
            return but["who"].removesuffix(rest), _OUTSIDE.sub("", rest)
        parts = _OTHERS_OF_IT.split(but["who"], maxsplit=1)
        return parts[0], "".join(parts[1:])
    found = next((found for one in _LEFT_OUT if (found := one.match(clause)) is not None), None)
    if found is not None:
        return found["who"], ""
    units, why, _unknown = listed(session, clause, joined=True)
    return (clause.removesuffix(why), "") if units and _AT_THE_END.search(why) else ("", "")
