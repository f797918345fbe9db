"""What is said while a reason is asked for and is none: an order, a question, another verdict. It goes its own way; the question stays."""

import re

from bot.dialogue.phrases import Pieces
from bot.dialogue.room import plainly, second_thoughts
from bot.dialogue.room.verdict_words import Of, verdicts
from bot.dialogue.targets import CODE
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent
from db import register
from db.ledger import Line
from jobs.rounds import asked

_SAY = Pieces("aside_from_reasons", day="[今明后]天|周[一二三四五六日天]|\\d{1,2}[号日]")
_ORDERS = _SAY("^(?:{softly})*(?:{orders})")
_DUTY = _SAY("(?:{day}).{0,8}(?:{duty})[吧了。]*$|(?:{duty})(?:的)?(?:{who})")
_ASKS = _SAY("(?:{asks})[了啊呀呢]*[。?？]*$|^(?:{looks})")
_TO = re.compile("^(?:另外|还有|对了)?[，,]?(?P<to>请|让|叫|给|把)(?P<whom>.+)")
_PUTS_RIGHT = re.compile("^(?:不对|说?错了|[退打说弄搞发选点]错)|应该是.{0,12}(?:退回|打回|通过|不批|同意)")
_GRANTS = frozenset({Intent.VERIFY, Intent.GRANT})


def is_aside(turn: Turn, text: str, line: Line | None) -> bool:
    """Tell whether words are heard in the room for what they are, and not as the reason that was asked for."""
    if _ORDERS.match(text) or _DUTY.search(text) or _ASKS.search(text) or _PUTS_RIGHT.search(text):
        return True
    round_opened = asked.read(text, turn.today())
    if second_thoughts.errs(text) or (round_opened is not None and round_opened.plain):
        return True
    return _decides(turn, text) or _is_for(turn, text, line)


def _decides(turn: Turn, text: str) -> bool:
    """Tell whether words decide of something else: 除了甲局的都通过, 塔吊那个没问题，销了吧."""
    told = plainly.understood(text, turn.today())
    if told.intent in _GRANTS and told.confident and not told.reason:
        return True
    return any(one.of in (Of.BUT, Of.REST) for one in verdicts(text))


def _is_for(turn: Turn, text: str, line: Line | None) -> bool:
    """Tell whether words give another unit something to do, or change a day: 请甲局7月10日前报表, 把A-8改到7月20日."""
    said = _TO.match(text)
    if said is None:
        return False
    units = [unit.id for _name, unit in register.beginning_with(turn.session, said["whom"])]
    own = line.unit.id if line is not None else None
    if said["to"] in "给把":
        return bool(units) or re.match(rf"[〔\[]?{CODE}", said["whom"]) is not None
    return bool(units) and own not in units
