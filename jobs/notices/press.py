"""Presses: what a button asks for. Its data is made and read here alone: ``verb:what:version``, a letter (or two: there are more
verbs than letters) and numbers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from db.bodies import Buttons
from db.plain import whole_number
from db.words import Word
from jobs.ports import Button

ALL = "all"
"""What stands in place of an item's number where a choice means every item of its message."""


class Verb(Word):
    """What a press does. The letters stand in buttons that are out: they stay, and no other verb takes them."""

    ACKNOWLEDGE = "a", "收到"
    ACKNOWLEDGE_ALL = "A", "全部收到"
    SHOW = "o", "看一项"
    PROGRESS = "p", "报进展"
    AS_PROGRESS = "P", "报进展"
    REPORT = "d", "报办结"
    SUPPLY = "ds", "补交材料"
    EXTEND = "e", "申请延期"
    AS_EXTENSION = "ep", "申请延期"
    SUBMIT = "y", "提交申请"
    LET_BE = "n", "取消"
    UNDO = "u", "撤回"
    WITHDRAW_FILE = "uw", "撤回一份"
    WITHDRAW_FILES = "uf", "撤回"
    CHOOSE = "c", "选一项"
    PROGRESS_OF_ONE = "cp", "报进展"
    AS_QUESTION = "cq", "问协调员"
    ANSWER_QUESTION = "ca", "答复提问"
    TURN_PAGE = "L", "翻页"

    PASS_ON = "lp", "通过"
    SEND_BACK = "lr", "退回"
    VERIFY = "v", "核查销号"
    LOOK_AT_REPORTS = "vl", "全部核查"
    VERIFY_THESE = "va", "确认核查"
    DECIDE_THESE = "vd", "确认"
    VERIFY_SAYING = "vw", "核查销号并转告"
    GRANT_SAYING = "gw", "同意延期并转告"
    RETURN = "r", "退回"
    REOPEN = "vo", "重开"
    GRANT = "g", "同意延期"
    GRANT_UNTIL = "gd", "同意延期至"
    REFUSE = "x", "不同意"

    SIGN = "s", "签发"
    SIGN_ALL = "S", "全部签发"
    LOOK_AT_PAPER = "O", "看文稿"
    CHANGE_PAPER = "M", "确认修改"
    KEEP_PAPER = "m", "取消"
    ASK_DROP_PAPER = "w", "作废"
    DROP_PAPER = "z", "确认作废"

    RECEIVE = "k", "收到"
    CHOOSE_OPTION = "ko", "答复"
    BROADCAST = "B", "确认发出"
    CANCEL_BROADCAST = "Q", "取消"
    HURRY = "H", "现在就发"
    CHASE = "h", "催未确认"
    CLOSE_BROADCAST = "q", "结束"
    EXPORT = "X", "导出"
    LOOK_AT_TALLY = "t", "刷新"

    APPLY_ROSTER = "ur", "按名录更新"
    EXPAND = "un", "确认展开"
    MERGE = "um", "确认合并"
    LEDGER = "xl", "导出台账"
    PRINT_PAPER = "xp", "要文稿"
    PRINT_PAGE = "xg", "要一页纸"

    REHEARSE = "R", "推演"
    START = "G", "启动"
    START_IN_YEAR = "J", "仍按此年启动"
    READ_AGAIN = "Y", "换年重读"
    REVISE = "V", "按修订更新"
    DISCARD = "D", "放弃"
    END = "E", "确认结束"
    DISMISS = "W", "确认移除"
    TAKE_OFF = "wt", "撤下旧联络员"
    KEEP_CONTACT = "wk", "保留"
    GIVE_OUT = "N", "交办"
    CHOOSE_UNIT = "U", "选单位"
    CHOOSE_DAY = "T", "选期限"
    LET_GO = "F", "不交办"
    CHECKLIST = "K", "核对表"
    AS_LIST = "rl", "读作清单"
    CHECK = "qa", "再问一遍"
    TAKE_AS_READ = "qr", "无误"
    TAKE_AS_ONGOING = "ql", "为长期"
    TAKE_UNIT = "qu", "选单位"
    SAY_OTHERWISE = "qw", "另写"
    LEAVE_OUT = "qx", "不列入"
    PASS_OVER = "qp", "跳过"

    LOOK_AT_LIST = "l", "看清单"
    WISH = "cw", "要这样办"
    NUDGE_ALL = "i", "催一下"
    NUDGE = "j", "催办"
    CONFIRM_NUDGE = "I", "确认催办"

    OPEN_ROUND = "rb", "确认发出"
    DROP_ROUND = "rq", "取消"
    CHASE_ROUND = "rh", "催未报"
    MOVE_ROUND = "rm", "确认改期"
    CLOSE_ROUND = "rz", "结束并出表"
    EXPORT_ROUND = "rx", "出表"
    LOOK_AT_ROUND = "rt", "刷新"
    COSIGN = "rs", "确认报送"
    ANSWER_ROUND = "ra", "报送"

    LOOK_AT_CHECKED = "ck", "看抽查"
    HOLDS = "ch", "属实"
    FAILS = "cn", "不属实（重开）"
    REST_HOLDS = "cr", "都属实"

    UPHOLD = "ou", "采纳"
    OVERRULE = "oo", "不采纳"
    PUBLISH_SCORE = "os", "公示"


_HIGHEST = 2**31 - 1
"""No row has a higher number, and no store takes one."""
DAYS_APART = 512
"""A press carries an old day modulo this: with any new day before it that stays below the highest number."""


@dataclass(frozen=True, slots=True)
class Press:
    """What somebody asks for: ``what`` is a row's number, ``version`` the state in which they saw it, or a second number.

    With ``every`` it is each item of the message, as a choice offers it.
    """

    verb: Verb
    what: int = 0
    version: int = 0
    every: bool = False

    @property
    def data(self) -> str:
        """What a button carries, and what comes back with the press."""
        return f"{self.verb}:{ALL if self.every else thing(self.what, self.version)}"

    @classmethod
    def read(cls, data: str) -> "Press | None":
        """Read what came back; None for what is no button of ours: people can send any data."""
        letter, _, rest = data.partition(":")
        verb = Verb.read(letter)
        if not (isinstance(verb, Verb) and verb.is_known):
            return None
        if rest == ALL:
            return cls(verb, every=True)
        numbers = [whole_number(number) for number in rest.split(":")]
        known = [number for number in numbers if number is not None and number <= _HIGHEST]
        if len(numbers) > 2 or known != numbers:
            return None
        what, version = (*known, 0)[:2]
        return cls(verb, what, version)


def thing(what: int, version: int = 0) -> str:
    """Return the part of a press's data that tells of what it is, for services where one chooses that by itself."""
    return f"{what}:{version}" if version else str(what)


def from_to(was: int, due: int) -> int:
    """Return the second number of a press that moves a day: the new one, and of the old one what tells it from others near it."""
    return due * DAYS_APART + was % DAYS_APART


def button(verb: Verb, what: int, version: int = 0, label: str = "") -> Button:
    """Return a button; it is called what the verb is, where no ``label`` says more. Numbers are those of rows that are stored."""
    return Button(label or verb.zh, Press(verb, what, version).data)


def name_of(data: str) -> str:
    """Return what a press is called where it is shown afterwards."""
    verb = verb_of(data)
    return verb.zh if verb is not None else "按钮"


def verb_of(data: str) -> Verb | None:
    """Return what a press does, None for what is no button of ours."""
    press = Press.read(data)
    return press.verb if press is not None else None


def pairs(buttons: Iterable[Button]) -> Buttons:
    """Return buttons as a notice's body keeps them: label and data of each."""
    return tuple((one.label, one.data) for one in buttons)
