"""What calls on others: what they are asked to do, what somebody above wants done, what has to be."""

import re

from bot.dialogue.understanding.clauses import Clause
from bot.dialogue.understanding.lexicon import Sense, Word


def calls(before: tuple[Word, ...]) -> bool:
    """Tell whether others are asked to do it: 请完成; whom one asked in the past did it: 昨天请人做完了."""
    past = next((place for place, word in enumerate(before) if word.sense is Sense.PAST), len(before))
    return any(word.text in ("请", "望") for word in before[:past])


def is_an_order(clause: Clause) -> bool:
    """Tell whether it is told what somebody above wants done, and not that it is: 领导要求周五前全部销号; but 领导要求已落实."""
    words = clause.words
    begins = "".join(word.text for word in words[:2])[:2]
    if words[0].sense not in _MAY_ORDER and begins not in _ABOVE:
        return False
    orders = _ORDERS.search("".join(word.text for word in words))
    given_to_one = any(word.sense is Sense.PERSON for word in clause.words[1:])  # 领导让小陈跟进
    return orders is not None and Sense.PAST not in clause.senses and not given_to_one


_MAY_ORDER = frozenset({Sense.LEADER, Sense.PERSON, Sense.UNIT, Sense.THEIRS})
_ABOVE = ("上面", "上头", "上级", "老板", "老总", "领导")
_ORDERS = re.compile(
    "^.{2,5}(?:[说讲](?=必须|务必|一定要)|要求|指示|强调|批示|交代|吩咐|让|叫|催着?|盯着?)(?![的了我单函件令时])"
)


def orders_others(words: tuple[Word, ...]) -> bool:
    """Tell whether others are told what they must do: 各单位务必抓紧完成."""
    others = (place for place, word in enumerate(words) if word.sense is Sense.THEIRS or word.text == "各")
    return any(word.text in ("务必", "必须", "须", "应", "要") for word in words[next(others, len(words)) :])


def has_to_be(clause: Clause) -> bool:
    """Tell whether what somebody says is what has to be: (书记说，)月底前必须整改到位."""
    return any(word.text in ("务必", "必须", "一定", "确保", "不得", "抓紧") for word in clause.words) and not (
        clause.senses & {Sense.PAST, Sense.CONDITION, Sense.NO}
    )
