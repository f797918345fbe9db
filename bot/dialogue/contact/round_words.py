"""What a unit says of a round beside its answers, purely: that they come later, that what another told may not go or is not so, and
whether more time is asked for a task.

An answer tells of delays and of others' consent as well: 设备延迟交付，目前完成60%; 企业不同意停产. So a whole clause must say it, of
what is answered alone.
"""

import re

from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import CODE

_SAY = Pieces(
    "round_words",
    to_be_sent="(?:{asks}|{who}|{sent})*",
    a_while=r"(?!.*[了已])[^，,。；;！!？?\s]{0,8}?",
    ends="(?:{whom}|{may_it}|{sent})*",
    subjectless=r"(?:^|[\s，,。；;！!：:〕\d])(?:{who})*{put_off}",
)
_OPINES = Pieces(
    "round_words",
    mildly="(?:{softly}|{who})*",
    told="(?:{shown}|{things}|{confirms}|[一-龥]{1,3}[报填写说]的)",
    refuses_it="{mildly}{refuses}{told}+|{mildly}{told}+{mildly}{not_to}{confirms}|{mildly}{not_to}{surely}{told}*",
    is_wrong="{mildly}{told}*{mildly}(?:{wrong}|[报填写弄搞]错|统计错)|{mildly}{told}+{mildly}{doubtful}",
    is_other=r"{mildly}{told}*(?:应该?是|应该?|应当是?|应为|不是)\s*\d+(?:\.\d+)?\s*{counted}",
    looks_again="{mildly}{told}*{mildly}{again}(?:核实|核对|核一核|核一下|修改)(?:一下)?",
    counted="[%％处家个项户人条件起台套座次份亩米吨元]?",
    faintly="[了的啊吧呀哦]*",
)
_REFUSES_IT = _OPINES("(?:{refuses_it}){faintly}")
_REFUSES = _OPINES("{mildly}{refuses}{faintly}")
_UNTRUE = _OPINES("(?:{is_wrong}|{is_other}|{looks_again}){faintly}")
_CODE = re.compile(rf"[〔\[]?(?:{CODE}|第\d+[项条号])[〕\]]?(?:这项|的)?")
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


def refuses(text: str) -> bool:
    """Tell whether a text says that what another told may not go: 不同意 at its head, 这个数不能报, 先别确认报送; 业主不同意签字 is of the
    work.
    """
    clauses = _clauses(text)
    return any(_REFUSES_IT.fullmatch(one) for one in clauses) or any(_REFUSES.fullmatch(one) for one in clauses[:1])


def finds_untrue(text: str) -> bool:
    """Tell whether a text says that what another told is not so: 数字不对, 应该是25家; 应该是下周能完成 is of the work."""
    return any(_UNTRUE.fullmatch(one) for one in _clauses(text))


def _clauses(text: str) -> list[str]:
    """Return the clauses of a text without the tasks that they name."""
    return [one for clause in _BETWEEN.split(_CODE.sub(" ", text)) if (one := clause.strip("：:、"))]
