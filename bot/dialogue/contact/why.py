"""Why more time is needed, said where only that was asked for: 没钱 says so; 那个表发我一下, 晚点写 and 王工你来填 are something else."""

import re
from datetime import date

from bot.dialogue.phrases import Pieces
from bot.dialogue.understand import Intent, Understanding
from bot.dialogue.understanding.clauses import words_of
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, Word, lexicon
from jobs.duties.in_parts import read


def says_why(text: str, said: Understanding, on: date) -> bool:
    """Tell whether a text, said on the local day ``on``, may say why more time is needed: whatever lacks or is waited for does, and
    so does all that is not plainly something else. What is taken for it is echoed before it is submitted.
    """
    clean = heard(text)
    if (
        said.intent in _APART
        or said.not_ours
        or puts_off(text)
        or _CALLS.search(text.strip())
        or not _LETTER.search(clean)
    ):
        return False
    words = tuple(words_of(clean, lexicon()))
    senses = {word.sense for word in words}
    acknowledged = said.intent is Intent.ACKNOWLEDGE
    if senses & (_LACKS - {Sense.CONDITION} if acknowledged else _LACKS):
        return not (said.will_answer or said.in_charge is not None)
    return not (
        acknowledged
        or (Sense.SHOW in senses and senses <= _LOOKING)
        or _BEGS.match(clean)
        or _CALLS_ON.match(clean)
        or _sends(words)
        or _tells_only_how_much(senses)
        or read(text, on) is not None
    )


def puts_off(text: str) -> bool:
    """Tell whether somebody says no more than that they answer later: 稍等, 晚点再写, 原因回头补."""
    return _LATER.fullmatch(heard(text)) is not None


_APART = frozenset({Intent.LIST, Intent.UNDO, Intent.HELP, Intent.SHOW, Intent.QUESTION})
"""What is said for its own sake, whether or not that is sure."""
_LACKS = frozenset({Sense.NO, Sense.STUCK, Sense.REST, Sense.REASON, Sense.CONDITION})
_LATER = Pieces("why", nod=r"好的?|嗯|行|那|我|理由|原因|[,。\s]")("{nod}*{later}{lightly}*{tells}?(?:{ends}|[。!~])*")
_CALLS = re.compile(r"^在(?:吗|不在|么|不)|^@\S+\s")
_CALLS_ON = re.compile(r"^[\u4e00-\u9fff]{1,3}[,:]?[你您](?:[来去看帮给把先])")
"""How somebody calls another, the bot or a colleague: 在吗, 有事问; 王工你来填."""
_BEGS = re.compile(
    "^(?:请(?:把|将|问|给|帮|你|您|发|告|说|看|尽快|重新|再)|麻烦[你您把帮给发]|劳驾|帮(?:我|忙|看)|[把将][^,。]{1,10}[发给说填改传转看])"
)
"""How one asks for something to be done; 请厂家检修中 and 把握不准 are no asking."""
_LOOKING = frozenset({Sense.SHOW, Sense.OURS, Sense.FILLER, Sense.POLITE, Sense.BEG, Sense.DUTY, Sense.PAPER})
"""Of what one wants to see: 我看看; what others look at, 领导要看, is waited for."""
_LETTER = re.compile(r"[A-Za-z\u4e00-\u9fff]")


def _sends(words: tuple[Word, ...]) -> bool:
    """Tell whether something is sent, or asked to be: 那个表发我一下, 照片发了."""
    sends = next((place for place, word in enumerate(words) if word.sense is Sense.SEND), None)
    if sends is None:
        return False
    before, behind = {word.sense for word in words[:sends]}, words[sends + 1 :]
    here = any(word.text in _GOES_TO for word in behind) or (Sense.PAPER in before and Sense.STEP not in before)
    return here and all(word.text in _GOES_TO or word.sense in _BEHIND for word in behind)


_GOES_TO = frozenset({"我", "我们", "群里", "你", "您", "过来", "过去"})
_BEHIND = frozenset({Sense.PAST, Sense.FILLER, Sense.POLITE, Sense.OURS})


def _tells_only_how_much(senses: set[Sense]) -> bool:
    """Tell whether no more is told than how much is finished: 已完成八成."""
    return Sense.FINISH in senses and bool(senses & {Sense.SHARE, Sense.COUNT}) and senses <= _MEASURED


_MEASURED = frozenset(
    {Sense.FINISH, Sense.SHARE, Sense.COUNT, Sense.PAST, Sense.NOW, Sense.FILLER, Sense.DUTY, Sense.UNKNOWN}
)
