"""What settles a verdict that gives no reason: 现场看过, 池子清了, 请继续保持, 王局已同意. What is none of these, 照片模糊, 报王局批, 通过有难度,
may be said against it, or leave it to somebody else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.dialogue.phrases import Phrase, Pieces
from bot.dialogue.understanding.clauses import clauses_of, words_of
from bot.dialogue.understanding.features import features
from bot.dialogue.understanding.lexicon import Sense, Word, lexicon
from bot.dialogue.understanding.meaning import Says, said_by

_SAY = Pieces(
    "settled",
    tail="[了吧的啊呀呢嘛掉哈哦]",
    so="{finds}|(?:没有?|未|无)(?:什么|任何|发现|见)*{fault}",
    leads="{agrees}|{rounds}",
    around="{leads}|{so}|{tail}",
    which="(?P<of>.{0,14}?)",
    look="{looks}(?:过|了|完|对|到|发现)+{things}?|(?:已经?|经){going}*{looks}",
    digits=r"\d{1,4}+|[一二三四五六七八九十]{1,3}+",
    date="(?:(?:{digits})[年月./-])*(?:(?:{digits})[日号]?|[年月]?[底末]|[上中下]旬)",
    until="{leads}|{within}|{them}",
)
_BEFORE = _SAY("[那就]{0,2}{which}{around}*")
_ROUND = _SAY("^{around}*+")
_SO = _SAY("{around}*(?:{so}|{agrees}){tail}*|{tail}+")
_FOUND = _SAY("{which}(?:{so}|{look}){tail}*")
"""材料齐全, 没有隐患, 锅炉房看了."""
_OF_ELSE = re.compile("(?:举报|投诉|信访|反映|来信|曝光|问题)的?(?:情况)?$")
"""Of what else it may be said that it is so: 群众投诉属实."""
_LOOKED = _SAY("{looks+going}+")
_KEEPS = _SAY("(?:{them}|{leads})*{keeps}.{0,6}|{polite}.{0,3}")
_BY = _SAY("{by}(?:{meets}|(?P<whose>.{1,12}?)){held}|{which}(?:(?:已经?|也|都){agreed}了?|{agreed}了|同意)")
"""按7月会议纪要办, 王局已同意."""
_UNTIL = _SAY("{until}*(?:{date}){until}*")
_HURRIES = _SAY("(?:{until}|{date})*{hurries}[^报批定等先]{0,6}")
_HARD = _SAY("{which}(?:确?有|确实|客观|实际)*{hard}{tail}*|{because}.+")
"""Why more time is given: 汛期施工困难."""
_UNDECIDED = re.compile("[定想决议批研商]|同意")
"""What is not so may be that nobody has decided: 还没定."""
_WEAK = re.compile("[称说像似疑欠难谎据估猜料恐怕或旧假错差漏]|临时|口头|条件|原则|前提|保留")
"""What makes less of what is found: 自称属实."""

_NAMES = frozenset(
    {
        Sense.OBJECT,
        Sense.PAPER,
        Sense.LIST,
        Sense.DUTY,
        Sense.EVENT,
        Sense.STEP,
        Sense.WORK,
        Sense.UNIT,
        Sense.PERSON,
        Sense.LEADER,
    }
)
"""What names of which or of what something is said …"""
_BESIDE = _NAMES | {
    Sense.PLAIN,
    Sense.FINISH,
    Sense.SETTLE,
    Sense.RESULT,
    Sense.WHOLE,
    Sense.ALL,
    Sense.PAST,
    Sense.NOW,
    Sense.DAY,
    Sense.FILLER,
    Sense.OURS,
    Sense.THEIRS,
    Sense.COUNT,
    Sense.REASON,
}
"""… and what may stand with it and takes nothing away, as 基本, 部分, 没, 等 and 要 do."""
_TELLS = _BESIDE - {Sense.WORK}
_LONGEST = 30
"""Characters of a clause that says no more than such a thing."""
_DONE = frozenset({Says.FINISHED, Says.PERHAPS_FINISHED})
_NOT_DONE = frozenset({Says.UNFINISHED, Says.OTHERS_LACK})

REASON = re.compile("(?:理由|原因)(?:是|为)?")
"""Who writes the word before a reason means one, whatever it is: 退回 A-3 理由：不合适."""


@dataclass
class Settling:
    """A verdict by the line of its ``own`` words in the table. Beside it may be said that it is ``done``, until when and why more ``time`` is
    given, that they ``hurry``.
    """

    own: str
    done: bool = False
    time: bool = False
    hurry: bool = False

    act: Phrase = field(init=False)
    """Its own words."""

    def __post_init__(self) -> None:
        """Make the form over this verdict's own words."""
        self.act = Pieces("unsettled")(f"{{{self.own}}}")

    def open_in(self, clauses: Sequence[str], *, day: bool, asked: bool) -> str:
        """Return the first clause that does not leave the verdict settled, "" where all do. ``day`` tells that the day is known that is
        named.
        """
        return next(iter(self.all_open(clauses, day=day)), "")

    def all_open(self, clauses: Sequence[str], *, day: bool) -> list[str]:
        """Return every clause that does not leave the verdict settled; why more time is given ends them."""
        left = []
        for clause in clauses:
            if REASON.fullmatch(clause):
                if self.time:
                    break
            elif len(clause) > _LONGEST or not self._settles(clause, day):
                left.append(clause)
        return left

    def _settles(self, clause: str, day: bool) -> bool:
        return self._may_be_said(clause, day) or self._is_the_act(clause, day) or self._is_why(clause)

    def _may_be_said(self, clause: str, day: bool) -> bool:
        found = [said for form in (_FOUND, _BY) if (said := form.fullmatch(clause)) is not None]
        if any(all(_names(of) and not _OF_ELSE.search(of) for of in said.groups("")) for said in found):
            return True
        told = [_SO, _KEEPS, *([_HURRIES] if self.hurry else []), *([_UNTIL] if self.time and day else [])]
        return any(form.fullmatch(clause) for form in told) or self._tells(clause)

    def _tells(self, clause: str) -> bool:
        """Tell whether a clause says that something is finished, or in words that are all known that a step is taken: 会议精神都传达了."""
        said, words = _said(clause), list(words_of(clause, lexicon()))
        if said and said <= _DONE:
            return self.done
        at = next((place for place, word in enumerate(words) if word.sense in (Sense.PAST, Sense.WHOLE)), len(words))
        known = all(word.sense in _TELLS for word in words[at:])
        return said == {Says.STEP} and at < len(words) and known and _names("".join(word.text for word in words[:at]))

    def _is_the_act(self, clause: str, day: bool) -> bool:
        """Tell whether a clause is the act and what it is of, and what touches it says no more: 通过有难度 does."""
        said = self.act.search(clause)
        before = _BEFORE.fullmatch(clause[: said.start()]) if said is not None else None
        if said is None or before is None or _OF_ELSE.search(before["of"]) or not _names(before["of"], alone=True):
            return False
        rest = _ROUND.sub("", self.act.sub("", clause[said.end() :]))
        return not rest or self._may_be_said(rest, day)

    def _is_why(self, clause: str) -> bool:
        """Tell whether a clause says why more time is given: 设备没到货."""
        if not self.time or self.act.search(clause):
            return False
        hard = _HARD.fullmatch(clause)
        plain = not _UNDECIDED.search(clause)
        lacks = any(word.sense is Sense.NO for word in words_of(clause, lexicon()))
        return plain and (
            (hard is not None and _names(hard["of"] or "")) or (lacks and bool(_said(clause) & _NOT_DONE))
        )


def _said(clause: str) -> frozenset[Says]:
    cut = clauses_of(clause, (), lexicon())
    return frozenset(said_by(features(one, coordinator=False)) for one in cut)


def _names(of: str, *, alone: bool = False) -> bool:
    """Tell whether words name of what something is said and take nothing away; what the lexicon does not have may be a name at their
    head. ``alone`` tells that they stand before an act, where such a name has 的 or 那项 behind it: 有条件通过 names nothing.
    """
    words = list(words_of(_ROUND.sub("", of), lexicon()))
    unknown = [
        place for place, word in enumerate(words) if word.sense not in _BESIDE and not _LOOKED.fullmatch(word.text)
    ]
    if not all(words[place].sense is Sense.UNKNOWN and _may_be_a_name(words, place) for place in unknown):
        return False
    marked = _MARKED.search(of) is not None
    named = any(word.sense in _NAMES or (marked and word.sense is Sense.UNKNOWN) for word in words)
    return not alone or not of or (named and (marked or not unknown))


def _may_be_a_name(words: Sequence[Word], place: int) -> bool:
    goes_on = not place or words[place - 1].sense in _NAMES
    return goes_on and _WEAK.search(words[place].text) is None


_MARKED = re.compile("(?:的|[那这]一?[项个条份])$")
