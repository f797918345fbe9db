"""Papers beside an end: what is finished may be no more than one, and what is sent may be what was asked for."""

import re

from bot.dialogue.understanding.clauses import BESIDE, PROOFS
from bot.dialogue.understanding.lexicon import Sense, Word, of_kind
from bot.dialogue.understanding.speaking import US


def is_of_papers(words: tuple[Word, ...]) -> bool:
    """Tell whether papers are what is finished, and no proof that is sent along: 已完成整改并上传佐证."""
    return any(
        (
            word.sense is Sense.PAPER
            or (word.text == "清单" and [one.text for one in words[place + 1 : place + 2]] != ["里"])
        )
        and not (
            word.text in PROOFS and any(one.sense in (Sense.SEND, Sense.FINISH, Sense.SETTLE) for one in words[:place])
        )
        for place, word in enumerate(words)
    )


def sends_a_paper(words: tuple[Word, ...]) -> bool:
    """Tell whether what is sent may be what was asked for, 报告已发给你们, and no proof that goes along."""
    papers = [word.text for word in words if word.sense is Sense.PAPER or word.text == "台账"]
    return bool(papers) and not any(text in PROOFS for text in papers)


def is_sent_to_us(words: tuple[Word, ...]) -> bool:
    return any(word.text in US or word.text in of_kind("to_the_office") for word in words)


def sends_then(after: tuple[Word, ...]) -> bool:
    """Tell whether what follows an end is sent, or is only to be sent then: 弄好了发您."""
    place = next((place for place, word in enumerate(after) if word.sense is Sense.SEND), None)
    if place is None or after[place - 1].text.startswith("已"):
        return False
    return all(word.sense not in (Sense.PAST, Sense.RESULT) for word in after[place:])


_NAMES_NOTHING = BESIDE | {Sense.HAND, Sense.PAST, Sense.WHOLE, Sense.THANKS, Sense.POLITE}
_HANDED_IN = re.compile("报|送|填|寄|交(?![通警叉易流])|提[供交]|材料|台账|方案|清单|名[单册]|数据")


def is_only_said(words: tuple[Word, ...], about: str) -> bool:
    """Tell whether what was handed in is named by nothing, and may be how things stand: 已经报过了怎么还催, or 上报了 where nothing was to be
    handed in by the words of the task ``about`` which it is said.
    """
    if any(word.sense not in _NAMES_NOTHING for word in words):
        return False
    return any(word.text == "报过" for word in words) or (bool(about) and _HANDED_IN.search(about) is None)
