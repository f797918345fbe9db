"""What a unit says of a round beside its answers, purely: that they come later, and whether more time is asked for a task.

An answer tells of delays as well: 设备延迟交付，目前完成60%. A wish is one that a whole clause says, of the answer alone.
"""

import re

from bot.dialogue.phrases import Pieces

_SAY = Pieces(
    "round_words",
    to_be_sent="(?:{asks}|{who}|{sent})*",
    a_while=r"(?!.*[了已])[^，,。；;！!？?\s]{0,8}?",
    ends="(?:{whom}|{may_it}|{sent})*",
    subjectless=r"(?:^|[\s，,。；;！!：:〕\d])(?:{who})*{put_off}",
)
_BETWEEN = re.compile(r"[\s，,。；;！!]+")
_LATER = _SAY(
    "{to_be_sent}{later}{a_while}[再才]?{sends}{ends}|{to_be_sent}{sends}{limit}?(?:{asks})*{later}{a_while}{ends}[?？]?"
)
_ASKS = _SAY("{begs}|[?？]|{subjectless}")


def later_apart(text: str) -> tuple[bool, str]:
    """Tell whether a text says that an answer is to be handed in later, 能不能晚一天报, and return its other clauses."""
    clauses = [one for one in _BETWEEN.split(text) if one]
    others = [one for one in clauses if _LATER.fullmatch(one.rstrip("?？")) is None]
    return len(others) < len(clauses), "，".join(others)


def asks_for_time(text: str) -> bool:
    """Tell whether words that speak of a delay ask for more time, 申请延期到7月10日, and do not only tell of it, 项目推迟到8月交工."""
    return _ASKS.search(text) is not None
