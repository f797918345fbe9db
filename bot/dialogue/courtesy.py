"""Courtesy: 谢谢, 好的, 在吗 and a row of flowers ask for nothing; they get one short word, or none."""

import re
import unicodedata

from bot.dialogue.phrases import Pieces
from bot.dialogue.turn import Turn
from bot.dialogue.understanding.clauses import clauses_of
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, lexicon

_SAYS_NOTHING = frozenset({Sense.THANKS, Sense.CHAT, Sense.POLITE, Sense.FILLER, Sense.ALL})
_IS_KIND = frozenset({Sense.THANKS, Sense.CHAT})

_NOD = re.compile("(?:好|行|可以|成|ok|知道|明白|清楚|了解|收到)[的吧啊了呀]*[。!]?", re.IGNORECASE)
"""A nod that may be more than one elsewhere: 可以 in answer to a request grants it."""
_SAY = Pieces(
    "courtesy",
    tired="{lately}?{you}?辛苦{you}?[了啦啊]*|在不在",
    laughs="[哈呵嘿嘻]{2,}",
    praises=r"(?:{laughs}[，,\s]*)?(?:这个?)?(?:{bot}{really}?(?:可以|行|{good})|系统{really}?{good})[的啊呀哦]*",
    leaves="{we}?(?:{off}{gone}+|开会去[了啦咯]*)",
    busy="{who}?{now}?在?{at}[着呢中了啊]{0,2}",
    wait="[请你您先]?(?:稍[等候后]|等(?:一?[下会]儿?|[等我])?|待?一?会儿?|回头|晚[点些]|过会儿?)(?:我?再)?[说写回补发给看定]?[你您]?",
)
_CHAT = _SAY("{tired}|{praises}|{laughs}|{leaves}")
"""What people say beside the work, whole; 开会了 and 系统可以了 may be the duty."""
_WORDS = (
    ("在不在", "在的，请讲。"),
    ("在吗", "在的，请讲。"),
    ("test", "在的，请讲。"),
    ("测试", "在的，请讲。"),
    ("你好", "您好。"),
    ("您好", "您好。"),
    ("上好", "您好。"),
    ("谢", "不客气。"),
    ("辛苦", "不客气。"),
)
"""What is answered to a word of courtesy; to others nothing is."""


def word_for(text: str, *, nods: bool = False, chats: bool = False) -> str | None:
    """Return what is answered to a message that is courtesy alone, "" where nothing is, as to marks alone; None for any other message.

    ``nods`` takes 好的 and 👍 as courtesy, too, as they are where a text was asked for; ``chats``
    whatever stands with a word that is meant for people, where nothing else was understood of it.
    """
    clean = heard(text)
    if clean and all(unicodedata.category(sign)[0] in "PZ" for sign in clean) and not re.search("[?？@/]", clean):
        return ""
    senses = {word.sense for clause in clauses_of(clean, (), lexicon()) for word in clause.words}
    allowed = _SAYS_NOTHING | ({Sense.RECEIVE} if nods else set())
    kind = senses & (_IS_KIND | (allowed & {Sense.RECEIVE})) or not any(sign.isalnum() for sign in clean)
    if chats and Sense.CHAT in senses and not senses & {Sense.TASK, Sense.ASK}:
        return next((answer for word, answer in _WORDS if word in clean), "")
    if _CHAT.fullmatch(clean.rstrip("。!~,")):
        return next((answer for word, answer in _WORDS if word in clean), "")
    if nods and _NOD.fullmatch(clean):
        return ""
    if not senses or not senses <= allowed or not kind:
        return None
    return next((answer for word, answer in _WORDS if word in clean), "") if Sense.RECEIVE not in senses else ""


_BUSY = _SAY("{busy}")
_PUTS_OFF = _SAY(r"(?:{busy}[，,。\s]*+{wait}?|{wait}[，,。\s]*+{busy}?)[吧哈啊哦呀]?[。！!~]?")


_IS_AWAY = re.compile("领导|主任|书记|出差|外地|外头")


def puts_off(text: str, *, of_more_time: bool = False) -> bool:
    """Tell whether somebody who was asked for words says no more than that they will write later: 在忙, 领导在开会, 稍等. Asked why
    a task needs more time (``of_more_time``) it may be just that: 领导出差.
    """
    said = text.strip()
    is_why = of_more_time and _IS_AWAY.search(said) and _BUSY.fullmatch(said.rstrip("。！!~"))
    return _PUTS_OFF.fullmatch(said) is not None and not is_why


def answered(turn: Turn, text: str, *, nods: bool = False, chats: bool = False) -> bool:
    """Answer a message that is courtesy alone, where it was said to the bot; tell whether it was such a message."""
    word = None if turn.files else word_for(text, nods=nods, chats=chats)
    if word is None:
        return False
    if word and turn.is_spoken_to:
        turn.reply_text(word, outcome="courtesy")
    else:
        turn.outcomes.append("courtesy")
    return True
