"""What people say to one another, and not to the office: of their own life, of the work of others, of what they lend."""

import re

from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding.clauses import BESIDE, Clause
from bot.dialogue.understanding.lexicon import Sense, Word
from bot.dialogue.understanding.what import What


def of_talk(clause: Clause) -> What | None:
    """Return what a clause is that is meant for people, None where it is none."""
    has, words = clause.senses, clause.words
    learns = words[0].text[0] == "向" and words[-1].text == "学习"  # 向住建局学习
    wishes_joy = words[0].sense is Sense.PRAISE and words[0].text[:2] in ("恭喜", "祝贺")
    if learns or wishes_joy or (Sense.PRAISE in has and not has & _OF_THE_WORK):
        return What.PRAISE
    home = Sense.HOME in has and _is_of_ones_home(words)
    return What.CHAT if home or Sense.CHAT in has or _asks_around(words) or _wishes_care(words) else None


_WISHES_CARE = Pieces("talk")("{lately}*{weather}(?:天气?|天)?了?大?家?(?:都|要|请|多|路上|出门|开车)*注意(?!到|事项)")
"""How people wish one another well in any weather: 下雨了注意行车安全."""


def _wishes_care(words: tuple[Word, ...]) -> bool:
    return _WISHES_CARE.match("".join(word.text for word in words)) is not None and not _tells_of_care(words)


def _tells_of_care(words: tuple[Word, ...]) -> bool:
    """Tell whether it is what a unit did: 大风天注意防护已提醒到户."""
    return any(word.text in ("已", "已经") or word.sense is Sense.OURS for word in words)


_OF_THE_WORK = frozenset({Sense.GO, Sense.TASK, Sense.FINISH, Sense.SETTLE})


def _is_of_ones_home(words: tuple[Word, ...]) -> bool:
    """Tell whether it is told of people's own life: 我家水管修好了; not 我家酒坊已整改, nor 五保户家里的线路换了."""
    first = next((word for word in words if word.sense not in BESIDE | {Sense.PAST, Sense.THANKS}), words[0])
    official = any(word.sense in (Sense.TASK, Sense.HAND) or _OFFICIAL.search(word.text) for word in words)
    return first.sense is Sense.HOME and not official


_OFFICIAL = re.compile("整改|办结|销号|验收|合格")
"""What is said of a duty, and of nobody's kitchen."""


def _asks_around(words: tuple[Word, ...]) -> bool:
    """Tell whether somebody asks who has a thing that is no duty: 谁有会议模板."""
    if words[0].sense is not Sense.ASK and words[0].text != "有":
        return False
    has = {word.sense for word in words[2:]}
    told = "".join(word.text for word in words)
    if _LOST.match(told) is not None:
        return not has & _OF_THE_OFFICE
    return "".join(word.text for word in words[:2]) == "谁有" and has <= _LENT and bool(has - {Sense.FILLER})


_LOST = re.compile(
    "(?:谁|哪位|有谁|有没有人|哪个)(?:.{0,4}?(?:捡|拾|丢|落|忘|拿|借|挡|堵|占)|的车|看[到见](?!通知))|谁有.{1,8}(?:借|匀|用一下|用用)|谁有多余"
)
"""How people ask around for a thing: 谁捡到钥匙, 哪位的车挡路了."""
_OF_THE_OFFICE = frozenset(
    {Sense.TASK, Sense.FINISH, Sense.HAND, Sense.PAPER, Sense.LIST, Sense.URGE, Sense.DEADLINE, Sense.NO}
)
_LENT = frozenset(
    {
        Sense.UNKNOWN,
        Sense.PLAIN,
        Sense.PAPER,
        Sense.LIST,
        Sense.EVENT,
        Sense.LINK,
        Sense.CHAT,
        Sense.FILLER,
        Sense.THEIRS,
        Sense.NOW,
        Sense.FUTURE,
    }
)
