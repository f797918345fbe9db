"""What stands beside an end and takes nothing from it: 一切正常, 材料随后补上, 后续长期坚持."""

from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding.clauses import BESIDE, PROOFS
from bot.dialogue.understanding.lexicon import Sense, bears, of_kind
from bot.dialogue.understanding.meaning import Says
from bot.dialogue.understanding.promised import Heard


def goes_as_it_should(part: Heard) -> bool:
    """Tell whether a clause says only that what came to its end goes as it should: 一切正常."""
    words = part.clause.words
    if part.says is not Says.UNDER_WAY or words[-1].text not in of_kind("as_it_should") | {"了"}:
        return False
    return all(word.sense in _TRIED or word.text in of_kind("as_it_should") or word.text in _TRIES for word in words)


_TRIED = BESIDE | {Sense.UNKNOWN, Sense.OBJECT, Sense.PAST}
_TRIES = ("测试", "调试", "联调", "试机", "试水", "试车", "检测", "监测", "试压", "运行", "试运行")
"""What is tried once it is set right: 联网测试正常"""


def follows(part: Heard) -> bool:
    """Tell whether a clause says only that a paper about what was done follows: 材料随后补上."""
    has, papers = part.clause.senses, [word.text for word in part.clause.words if word.sense is Sense.PAPER]
    later = bool(has & {Sense.PLAN, Sense.LATER}) and has <= BESIDE | {
        Sense.PAPER,
        Sense.PLAN,
        Sense.LATER,
        Sense.SETTLE,
        Sense.SEND,
    }
    proof = Sense.SEND in has and all(text in PROOFS for text in papers)  # 照片随后发
    return later and bool(papers) and (proof or any(word.text in ("补上", "补齐") for word in part.clause.words))


def is_kept_up(part: Heard) -> bool:
    """Tell whether a clause vows only that what came to its end is kept so: 后续长期坚持, 下一步加强巡查."""
    has = part.clause.senses
    vows = bool(has & {Sense.PLAN, Sense.GO}) or any(word.text in ("继续", "持续") for word in part.clause.words)
    kept = any(bears("keeps_up", word.text) for word in part.clause.words)
    return (
        vows
        and kept
        and not has & _OPEN_STILL
        and part.says in (Says.NOTHING, Says.WILL, Says.PROMISES, Says.UNDER_WAY)
    )


_OPEN_STILL = frozenset(
    {Sense.SETTLE, Sense.FINISH, Sense.RESULT, Sense.REST, Sense.STEP, Sense.CONDITION, Sense.DAY, Sense.NO, Sense.HAND}
)


_SAY = Pieces("along")
_AFTER = _SAY("{after}")
_OPENS = _SAY("(?!.*(?:通过|同意|合格|批准))(?:.*{handed_on}|.*[报送提交呈][一-龥]{0,6}{decides}|.*{more})")
_TO_BE_GRANTED = _SAY("[报送提交呈][一-龥]{0,4}批[了的]?$")
OBJECTED = _SAY("(?:但|但是|不过)?(?!对)[一-龥]{0,6}(?:有|提出|收到|接到)了?{objects}$")
"""That somebody stands against what came to its end: (已公示，)有异议."""
_ALONG = (Says.NOTHING, Says.STEP, Says.UNDER_WAY, Says.OF_OTHERS, Says.PERHAPS_FINISHED)


def goes_along(part: Heard) -> bool:
    """Tell whether a clause only says what was done with what came to its end: (已整改)并公示, (办结)并归档."""
    if part.clause.words[0].text not in _TOO or part.clause.senses & _STILL_OPEN or part.says not in _ALONG:
        return False
    told = "".join(word.text for word in part.clause.words)
    if _is_settled_too(part):
        return True
    return _AFTER.search(told) is not None and _OPENS.match(told) is None and told[-1] not in "中着"


def _is_settled_too(part: Heard) -> bool:
    """Tell whether something else came to its end along with it, by a verb that says so itself: (已建成)并配齐物资."""
    ended = any(word.sense is Sense.SETTLE and word.text[-1] in "齐足上好新" for word in part.clause.words)
    return ended and part.clause.senses <= _SETTLED and part.says in (Says.NOTHING, Says.PERHAPS_FINISHED)


_SETTLED = BESIDE | {Sense.SETTLE, Sense.UNKNOWN, Sense.OBJECT, Sense.WHOLE, Sense.PAST}


def leaves_it_open(part: Heard) -> bool:
    """Tell whether a clause behind an end says that others have still to do with it, or that there is more: 已送检, 并移送公安, 并留两处."""
    some_not = {Sense.NO, Sense.COUNT} <= part.clause.senses and part.says is Says.NOTHING
    if part.clause.senses & _STILL_OPEN or part.says not in (*_ALONG, Says.HANDS_OVER):
        return some_not and part.clause.words[0].text in (*_TOO, "有", "但", "还")
    too = part.clause.words[0].text in _TOO and not goes_along(part)
    told = "".join(word.text for word in part.clause.words)
    asked = Sense.HAND in part.clause.senses and _TO_BE_GRANTED.search(told) is not None
    return too or asked or (part.says is Says.STEP and _OPENS.match(told) is not None)


_TOO = ("并", "并且")
_STILL_OPEN = frozenset({Sense.GO, Sense.BEGIN, Sense.NO, Sense.PLAN, Sense.DUTY_BOUND, Sense.FUTURE, Sense.LATER})
_STILL_OPEN |= {Sense.BEG, Sense.REST, Sense.CONDITION}
"""What says by itself that it goes on or is to come, and is weighed as such."""
