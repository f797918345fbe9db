"""What people write of duty otherwise than it is read, brought to one form: 王工李工两个人一起值班 is 王工、李工值班."""

import re

from db.plain import SURNAME

DUTY = r"(?:值班|带班|值守)"
SIGN = rf"(?![和与及]|(?:同志)?(?:来|负责|轮)?{DUTY})[\u4e00-\u9fff]"
"""What a name is written with; what parts two names is in none, or a row of them could be parted in endless ways, nor what says
that it is about duty.
"""
WATCHES = r"(?:来|在|负责)?(?:盯着|守着|盯班|盯守|顶班|坐班|看班)(?:点|值班)?[吧了]?$"
"""What is said of who is on duty on a day, where no task is spoken of."""

_TITLED = rf"[小老]?{SURNAME}(?:{SIGN})?(?:工|主任|处长?|科长?|局长?|经理|老师)"
_PERSON = rf"(?:{_TITLED}|{SURNAME}(?:{SIGN}){{1,2}})"
_DAY = r"(?:\d{1,2}月)?\d{1,2}[日号]|[明后]天|下?周[一二三四五六日天]"
_AWAY = "(?:有事|有会|请假|出差|外出|来不了|值不了)"

_PLAIN = (
    (re.compile(rf"(?<=[日号天]){_AWAY}了?[，,\s]+(?:想|要|能)?[跟和与同](?=.{{2,16}}[换调])"), "和"),
    (re.compile("(?<=[日号天工科处])(?:换|调)(?:一下|下|一换)?(?:班|值班)?[了吧]?$"), "换班"),
    (re.compile("(?:换|调)一?下班$"), "换班"),
    (re.compile(rf"^我?({_DAY})[跟和与同]({_PERSON})({_DAY})换班$"), r"\1我和\3\2换班"),
    (re.compile(rf"(?<=[日号天])({_TITLED})(?:换成|改成|换)({_PERSON})$"), r"\1换成\2值班"),
    (re.compile(rf"(?<=[日号天])({_PERSON})(?:换成|改成|换)({_TITLED})$"), r"\1换成\2值班"),
    (re.compile(r"(?<![\s，,：:（(])[\s，,：:（(]++$"), ""),
    (
        re.compile(
            r"[，,]\s*(?:请|把|他的|联系)*(?:电话|手机|联系方式)(?:号码?)?(?:是?多少|也?[给发](?:我|一下)(?:一?[个下份])?)$"
        ),
        "",
    ),
    (
        re.compile(
            rf"(?:轮流|轮班|轮值|轮换|依次){DUTY}?(?:安排|人员|表)?(?:如下)?[：:是由]\s*(?=[^：:]+$)(.{{2,60}})$"
        ),
        r"\1轮流值班",
    ),
    (
        re.compile(
            rf"^(?:请|给我|我要)*(?:看一?下|看看|查一下|发一?下|发我)(?=[^，,。]{{1,16}}{DUTY}(?:表|安排|情况)?$)"
        ),
        "",
    ),
    (re.compile(r"明后两?天"), "明天、后天"),
    (
        re.compile(
            rf"(?<=[天日号晚末午期一二三四五六，,、])(?:还是|又是|仍然?是|照旧是?|依然是|只有|变成|麻烦|让|就是)(?=.{{2,24}}{DUTY})"
        ),
        "",
    ),
    (re.compile(rf"(?<=[天日号晚末午期一二三四五六，,、])(?:就|就由|请)(?=[小老]?{SURNAME}.{{0,20}}{DUTY})"), ""),
    (re.compile(rf"(?<=[小老])({SURNAME})先(?={DUTY})"), r"\1"),
    (re.compile(rf"(?<=[工总处局科长任理师])也(?=(?:来|在|是|负责)?{DUTY})"), ""),
    (re.compile(r"(?<=[节假])(?:期)?[三四五七八两3-8]天"), ""),
    (re.compile(rf"(?<![，,、\s])[，,、\s]*+(?:每人|一人|各)(?:值|上)?一天(?:班|{DUTY})?$"), "轮流值班"),
    (re.compile(rf"(?:[两三二2-4]个?人)?(?<!一起|一同|一块|同时|共同)(?:一起|一同|一块|同时|共同)++(?={DUTY})"), ""),
    (re.compile(r"(?<=[来着])值[吧了]?$"), "值班"),
    (re.compile(rf"(?:我们|咱们?)(?:这边|这里|这头|单位|办公室)?(?=由?{SURNAME})"), ""),
    (re.compile(WATCHES), "值班"),
    (re.compile(rf"({SURNAME}(?:{SIGN})?(?:工(?!程)|主任|处长|科长|局长|老师|经理))(?={SURNAME})"), r"\1、"),
)
"""What people write otherwise than it is read below, and what says no more: 王工李工两个人一起值班 is 王工、李工值班."""


def plainly(words: str) -> str:
    """Return a sentence about duty in the forms that are read."""
    for pattern, instead in _PLAIN:
        words = pattern.sub(instead, words)
    return words
